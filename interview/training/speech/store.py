"""Spectrograms of all clips in one table, small enough to lie on an accelerator."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from interview.analysis.audio.logmel import FLOOR_DB

STEP_DB = 3.0
"""Decibels between two levels of the table; training blurs them again."""
DEPTH_DB = 62.0
"""What is so much below a clip's loud half is cut off; the network hears nothing beyond 60 dB."""


@dataclass(frozen=True, slots=True)
class Store:
    """Levels of the frames of all clips, shape ``(frames, bands)``, and the frames of each clip."""

    frames: NDArray[np.uint8]
    counts: NDArray[np.int32]

    @classmethod
    def of(cls, spectrograms: Sequence[NDArray[np.float32]]) -> Self:
        """Put spectrograms in decibels into a table."""
        parts = []
        for spectrogram in spectrograms:
            level = spectrogram.mean(axis=1)
            floor = spectrogram[level >= np.median(level)].mean() - DEPTH_DB
            kept = np.maximum(spectrogram, max(floor, FLOOR_DB))
            parts.append(np.round((kept - FLOOR_DB) / STEP_DB).astype(np.uint8))
        return cls(np.concatenate(parts), np.array([len(part) for part in parts], np.int32))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what :meth:`save` wrote."""
        with np.load(path) as arrays:
            return cls(arrays["frames"], arrays["counts"])

    def save(self, path: Path) -> None:
        """Write the table; it compresses to a third."""
        np.savez_compressed(path, frames=self.frames, counts=self.counts)

    @property
    def firsts(self) -> NDArray[np.int32]:
        """Where each clip begins."""
        return np.concatenate([[0], np.cumsum(self.counts)[:-1]]).astype(np.int32)
