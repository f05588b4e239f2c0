"""What a fake camera sees: a portrait that moves about, as Chromium reads it from a file."""

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, RATE = 640, 480, 10
SECONDS = 4
"""Length of the film; Chromium plays it again and again."""


def film(path: Path, *, light: float = 1.0) -> Path:
    """Write a film as raw JPEG pictures (.mjpeg): a face that sways before a plain wall.

    The portrait is the public-domain one of an astronaut that scikit-image carries; `light`, 0 to
    1, dims it. Returns the path.
    """
    portrait = _portrait()
    with av.open(str(path), "w", format="mjpeg") as output:
        stream = output.add_stream("mjpeg", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuvj420p"
        for index in range(SECONDS * RATE):
            turn = 2 * np.pi * index / (SECONDS * RATE)
            left = round(110 + 20 * np.sin(turn))
            picture = np.full((HEIGHT, WIDTH, 3), 150, np.uint8)
            down = round(6 * (1 + np.cos(2 * turn)))
            picture[down:, left : left + portrait.shape[1]] = portrait[: HEIGHT - down]
            shot = av.VideoFrame.from_ndarray((picture * light).astype(np.uint8), format="rgb24")
            output.mux(stream.encode(shot))
        output.mux(stream.encode(None))
    return path


def _portrait() -> NDArray[np.uint8]:
    """Return the upper part of the picture, in which the face is; its middle is near x = 220."""
    from skimage.data import astronaut

    picture: NDArray[np.uint8] = astronaut()[:HEIGHT, :420]
    return picture
