"""What would be seen in the frames of a video, for tests that need no pictures."""

from collections.abc import Iterator

import numpy as np

from interview.analysis.video.finder import Box
from interview.analysis.video.tracker import Sighting
from tests.support.face_model import AHEAD

MIDDLE = Box(240, 120, 160, 160)


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
