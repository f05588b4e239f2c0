"""Single pictures out of a video, upright and reduced, a few per second."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture of a video.

    ``time`` in seconds since the recording began; ``image`` is (height, width, 3), blue, green,
    red, upright and at most `MAX_WIDTH` wide.
    """

    time: float
    image: NDArray[np.uint8]
