"""The outline of a recording, for drawing."""

import numpy as np
from numpy.typing import NDArray

MOST_POINTS = 800


def outline(samples: NDArray[np.float32], points: int = MOST_POINTS) -> tuple[float, ...]:
    """Return the largest amplitude, 0 to 1, of each of at most ``points`` equal parts."""
    if not len(samples):
        return ()
    starts = np.unique(np.linspace(0, len(samples), points, endpoint=False).astype(int))
    peaks = np.maximum.reduceat(np.abs(samples), starts)
    return tuple(round(float(peak), 3) for peak in np.minimum(peaks, 1.0))
