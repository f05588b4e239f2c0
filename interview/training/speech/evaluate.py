"""Scoring of the shipped weights on labelled clips."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from interview.analysis.audio.emotion import CLASSES, SpeechEmotionModel
from interview.training.speech.corpus import Clip, DataError, read_manifest, read_sounds
from interview.training.speech.figures_of import MACHINES, names_in
from interview.training.speech.measures import figures

AT_ONCE = 64
"""Clips that are scored together."""


def evaluate(data: Path, set_name: str, models: Path) -> dict[str, Any]:
    """Score the shipped model on the clips of one ``dataset`` of ``data/speech/manifest.csv``.

    ``models`` is the folder of all models or that of the speech model. Only the classes that the
    set contains take part. Clips with a label that the model does not know are counted under
    ``skipped``. ``trained_on`` says whether a scored speaker was among the training speakers, and
    then the figures say nothing of new people. Raises ``DataError``.
    """
    folder = models / "speech" if (models / "speech" / "card.json").exists() else models
    every = [clip for clip in read_manifest(data) if clip.dataset == set_name]
    clips = [clip for clip in every if clip.emotion in CLASSES]
    if not clips:
        raise DataError(f"no clips of a known emotion in the set {set_name!r}")
    model = SpeechEmotionModel.load(folder)
    chances = _chances(model, data, clips)
    names, labels = names_in(clips), [clip.emotion for clip in clips]
    blocks = {name: figures(values, labels, CLASSES, names) for name, values in chances.items()}
    known = set(json.loads((folder / "training_speakers.json").read_text(encoding="utf-8")))
    seen = {f"{clip.dataset}/{clip.speaker}" for clip in clips} & known
    skipped: dict[str, int] = {}
    for clip in every:
        if clip.emotion not in CLASSES:
            skipped[clip.emotion] = skipped.get(clip.emotion, 0) + 1
    return {
        "set": set_name,
        "version": model.version,
        "task": "emotion",
        "trained_on": bool(seen),
        "trained_on_speakers": len(seen),
        **blocks["ensemble"],
        "skipped": skipped,
        "models": blocks,
    }


def _chances(model: SpeechEmotionModel, data: Path, clips: list[Clip]) -> dict[str, np.ndarray]:
    """Return each machine's chances of the clips, shape ``(clips, classes)``."""
    found: dict[str, list[np.ndarray]] = {name: [] for name in MACHINES}
    sounds = read_sounds(data, clips)
    for first in range(0, len(sounds), AT_ONCE):
        for name, chances in model.utterances(sounds[first : first + AT_ONCE]).items():
            found[name].append(chances)
    return {name: np.concatenate(rows) for name, rows in found.items()}
