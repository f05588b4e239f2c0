"""Following one face through a video."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from interview.analysis.video.finder import Box

Source = Literal["cascade", "tracker", "second"]
"""How a face was found: by the cascade, by following it, or by the second detector."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one frame shows of the person.

    ``width`` and ``height`` of the frame in pixels; ``faces`` is how many were seen, and ``box``
    the one that is followed (`finder.Face` says what it spans), None where there is none.
    ``crop`` is its (48, 48) grey picture for the face network. ``brightness`` is the mean of the
    face's grey values, or of the whole frame where there is no face, and ``surroundings`` that of
    the rest of the frame, both in 0..1.
    """

    time: float
    width: int
    height: int
    faces: int
    box: Box | None = None
    source: Source | None = None
    landmarks: NDArray[np.float32] | None = None
    crop: NDArray[np.uint8] | None = None
    brightness: float = 0.0
    surroundings: float = 0.0
