"""Single pictures out of a video, upright and reduced, a few per second.

They are decoded in a child process (see `decode`) while the caller looks at those before, and
come through a pipe one at a time, so that memory does not grow with the length.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interview.analysis.decode import DEFAULT_LIMITS, Limits, check, open_pictures
from interview.analysis.media_reader.picture import HEADER

RATE = 8.0
"""Pictures per second."""
MAX_SIDE = 640
"""Pixels of a frame's longer side."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture of a video.

    ``time`` in seconds since the recording began; ``image`` is (height, width, 3), blue, green,
    red, upright and at most `MAX_SIDE` wide and high.
    """

    time: float
    image: NDArray[np.uint8]


def stream_frames(
    path: str | os.PathLike[str], limits: Limits = DEFAULT_LIMITS, rate: float = RATE
) -> Iterator[Frame]:
    """Yield ``rate`` frames per second of a video; fewer where it has fewer.

    Times rise strictly. A file that was cut off gives what is there. Raises ``MediaError``, also
    after frames, when the video is damaged or larger than its headers say, and ``OSError``.
    """
    head = bytearray(HEADER.size)
    with open_pictures(path, limits, rate, MAX_SIDE) as output:
        while True:
            output.fill(memoryview(head))
            time, width, height, line, orientation = HEADER.unpack(head)
            if not width:
                check(output.answer())
                return
            plane = np.empty((height, line), np.uint8)
            output.fill(memoryview(plane).cast("B"))
            image = plane[:, : 3 * width].reshape(height, width, 3)
            yield Frame(time, _upright(image, orientation))


def _upright(image: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Turn a picture as `media_reader.picture.orientation` says."""
    if orientation & 1:
        image = image.swapaxes(0, 1)
    if orientation & 2:
        image = image[:, ::-1]
    if orientation & 4:
        image = image[::-1]
    return np.ascontiguousarray(image)
