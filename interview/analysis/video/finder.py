"""Where faces are in a picture."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Box(NamedTuple):
    """A rectangle in pixels of a frame: left and upper edge, width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Face:
    """A face in a picture.

    ``box`` is a square as the frontal Haar cascade draws it, from the middle of the forehead to
    the chin, whichever detector found the face. ``landmarks`` are left eye, right eye, nose, left
    and right corner of the mouth as seen in the picture, (5, 2) in pixels, where the detector
    knows them.
    """

    box: Box
    landmarks: NDArray[np.float32] | None = None
