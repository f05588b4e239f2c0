"""The words of a recording, by a speech recogniser that an operator may install.

faster-whisper (Radford et al. 2023, run by CTranslate2) is no requirement, and its model is a
folder that the operator puts on the machine: nothing is fetched. Without either there is no
transcript, and candidates may type one.
"""

import logging
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)


class Recogniser:
    """Writes down what is said in a recording."""

    def __init__(self, model: Any, version: str) -> None:
        """Keep a ``faster_whisper.WhisperModel`` and the name of its folder."""
        self._model = model
        self.version = version

    @classmethod
    def load(cls, folder: Path | None) -> Self | None:
        """Read the model in a folder; ``None``, said in the log, when that is not possible."""
        if folder is None:
            return None
        if not (folder / "model.bin").is_file():
            log.warning("no speech recognition: %s holds no model.bin of CTranslate2", folder)
            return None
        try:
            from faster_whisper import WhisperModel
        except ImportError:
            log.warning("no speech recognition: the package faster-whisper is not installed")
            return None
        try:
            model = WhisperModel(
                str(folder), device="cpu", compute_type="int8", local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            log.warning("no speech recognition: the model in %s is unreadable: %s", folder, error)
            return None
        return cls(model, folder.name)

    def transcribe(self, samples: NDArray[np.float32]) -> str:
        """Return the words in mono 16 kHz sound; the same sound gives the same words."""
        # One fixed temperature: the fallback to higher ones draws at random.
        segments, _ = self._model.transcribe(
            samples, beam_size=5, temperature=0.0, condition_on_previous_text=False
        )
        return " ".join(segment.text.strip() for segment in segments).strip()
