"""A model of faces without weights, and sightings for it: what it sees follows from the crop."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interview.analysis.report import EMOTIONS
from interview.analysis.video.finder import Box
from interview.analysis.video.tracker import Sighting

AHEAD = 128
"""Grey of the first pixel of a face that looks straight ahead; each step more is a degree."""

MIDDLE = Box(240, 120, 160, 160)


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


def sighting(
    time: float,
    *,
    happy: float = 0.2,
    yaw: int = 0,
    faces: int = 1,
    box: Box = MIDDLE,
    brightness: float = 0.5,
    surroundings: float = 0.4,
) -> Sighting:
    """Return a sighting in a frame of 640x480; without faces there is no box and no crop."""
    crop = np.full((48, 48), round(255 * happy), np.uint8)
    crop[0, 0] = AHEAD + yaw
    return Sighting(
        time=time,
        width=640,
        height=480,
        faces=faces,
        box=box if faces else None,
        source="cascade" if faces else None,
        crop=crop if faces else None,
        brightness=brightness,
        surroundings=surroundings,
    )


def sightings(seconds: float, **values: object) -> Iterator[Sighting]:
    """Return eight sightings a second that are all alike."""
    for index in range(round(8 * seconds)):
        yield sighting(index / 8, **values)  # type: ignore[arg-type]
