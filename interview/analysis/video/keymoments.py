"""The most telling frames of a video, as small pictures."""

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from interview.analysis.report import EMOTIONS, KeyMoment
from interview.analysis.video.watching import FaceModel, Telling

COLOUR = (255, 140, 0)
"""Orange of the activation map: it stands out from grey whatever colours one sees."""
LEVELS = 32
"""Shades of the map; more would only make the file larger."""
OPAQUE = 200
"""Opacity, of 255, of the strongest activation: the face stays visible below it."""


def describe_moments(telling: tuple[Telling, ...], model: FaceModel) -> tuple[KeyMoment, ...]:
    """Return the most telling faces with what in them speaks for their emotion."""
    return tuple(
        KeyMoment(
            emotion=EMOTIONS[best.emotion],
            time=round(best.time, 3),
            probability=round(best.probability, 4),
            face=_encoded(png(best.crop)),
            activation=_encoded(png(overlay(model.activation(best.crop, best.emotion)))),
        )
        for best in telling
    )


def overlay(activation: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return an activation map (0 to 1) in one colour, the more opaque the stronger."""
    shades = np.round(np.clip(activation, 0, 1) * (LEVELS - 1)) / (LEVELS - 1)
    picture = np.empty((*activation.shape, 4), np.uint8)
    picture[..., :3] = COLOUR
    picture[..., 3] = np.round(OPAQUE * shades)
    return picture


def png(picture: NDArray[np.uint8]) -> bytes:
    """Write a picture, grey ``(h, w)`` or with colours and opacity ``(h, w, 4)``, as PNG."""
    height, width = picture.shape[:2]
    rows = picture.reshape(height, -1)
    lines = np.concatenate([np.zeros((height, 1), np.uint8), rows], axis=1)
    kind = 0 if picture.ndim == 2 else 6
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _encoded(file: bytes) -> str:
    return base64.b64encode(file).decode("ascii")
