"""A model of faces without weights: what it sees follows from the grey values alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interview.analysis.report import EMOTIONS

AHEAD = 128
"""Grey of the first pixel of a face that looks straight ahead; each step more is a degree."""


@dataclass(frozen=True)
class FakeFaces:
    """What faces show, as the trained model tells it."""

    emotions: NDArray[np.float32]
    contempt: NDArray[np.float32]
    smile: NDArray[np.float32]
    pose: NDArray[np.float32]


class FakeFaceModel:
    """Stands in for the trained model: the brighter a face, the happier; the rest is neutral."""

    version = "fake-1"
    size = 48

    def __init__(self) -> None:
        """Begin without having looked at anything."""
        self.batches: list[int] = []

    def look(self, crops: NDArray[np.uint8]) -> FakeFaces:
        """Return what faces show; yaw follows from the first pixel."""
        self.batches.append(len(crops))
        light = crops.mean(axis=(1, 2)).astype(np.float32) / 255
        emotions = np.zeros((len(crops), len(EMOTIONS)), np.float32)
        emotions[:, EMOTIONS.index("happy")] = light
        emotions[:, EMOTIONS.index("neutral")] = 1 - light
        pose = np.zeros((len(crops), 3), np.float32)
        pose[:, 0] = np.radians(crops[:, 0, 0].astype(np.float32) - AHEAD)
        return FakeFaces(emotions, np.zeros_like(light), light, pose)

    def activation(self, crop: NDArray[np.uint8], emotion: int) -> NDArray[np.float32]:
        """Return a map that grows from left to right."""
        return np.tile(np.linspace(0, 1, 48, dtype=np.float32), (48, 1))
