"""Videos for tests: pictures drawn here, and files as browsers and phones write them."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

RATE = 16_000
CLOCK = Fraction(1, 60_000)
FACE = (222, 116, 50)
"""Middle (x, y) of the portrait's face, and half of the side of the square around it."""


@cache
def portrait() -> NDArray[np.uint8]:
    """Return the portrait of the astronaut Eileen Collins (NASA, public domain), BGR."""
    import skimage

    path = Path(skimage.__file__).parent / "data" / "astronaut.png"
    return cv2.imread(str(path))


def scene(
    *faces: tuple[float, float, float], width: int = 320, height: int = 240, light: float = 1.0
) -> NDArray[np.uint8]:
    """Return a BGR picture with a face for each (x, y, side): middle and side in pixels.

    ``light`` darkens all of it.
    """
    picture = np.full((height, width, 3), (150, 140, 130), np.uint8)
    x, y, half = FACE
    around = portrait()[max(0, y - 2 * half) : y + 2 * half, max(0, x - 2 * half) : x + 2 * half]
    for middle_x, middle_y, side in faces:
        scale = side / (2 * half)
        small = cv2.resize(around, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        left = round(middle_x - (x - max(0, x - 2 * half)) * scale)
        upper = round(middle_y - (y - max(0, y - 2 * half)) * scale)
        _paste(picture, small, left, upper)
    return (picture * light).astype(np.uint8)


def _paste(picture: NDArray[np.uint8], piece: NDArray[np.uint8], left: int, upper: int) -> None:
    height, width = picture.shape[:2]
    x, y = max(0, left), max(0, upper)
    right, lower = min(width, left + piece.shape[1]), min(height, upper + piece.shape[0])
    if x < right and y < lower:
        picture[y:lower, x:right] = piece[y - upper : lower - upper, x - left : right - left]


def counted(number: int, width: int = 64, height: int = 48) -> NDArray[np.uint8]:
    """Return a picture whose brightness says its number, with a white bar along its upper edge."""
    picture = np.full((height, width, 3), 20 + 4 * (number % 50), np.uint8)
    picture[: height // 6] = 255
    return picture


def write(
    path: Path,
    pictures: Iterable[NDArray[np.uint8]],
    *,
    container: str = "mp4",
    codec: str = "libx264",
    rate: int = 25,
    rotation: int = 0,
    stamps: Sequence[float] | None = None,
    sound: NDArray[np.float32] | None = None,
    sound_codec: str = "aac",
    title: str = "",
    **options: str,
) -> Path:
    """Write BGR pictures of one size, and 16 kHz sound, as a file; return its path.

    ``stamps`` are the seconds of the pictures, where they do not follow each other evenly.
    ``rotation`` is what a phone notes, counterclockwise in degrees; ``options`` go to the writer
    of the container.
    """
    tuning = {"libx264": {"preset": "ultrafast"}, "libvpx": {"deadline": "realtime"}}
    with av.open(str(path), "w", format=container, options=options) as output:
        if title:
            output.metadata.update(title=title, location="+48.1372+011.5756/", comment=title)
        video = output.add_stream(codec, rate=rate, options=tuning.get(codec, {}))
        video.pix_fmt, video.codec_context.time_base = "yuv420p", CLOCK
        heard = None if sound is None else output.add_stream(sound_codec, rate=48_000)
        for number, picture in enumerate(pictures):
            if number == 0:
                video.height, video.width = picture.shape[:2]
                if rotation:
                    video.set_display_rotation(rotation)
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            second = number / rate if stamps is None else stamps[number]
            frame.pts, frame.time_base = round(second / CLOCK), CLOCK
            output.mux(video.encode(frame))
        output.mux(video.encode(None))
        if heard is not None and sound is not None:
            _add_sound(output, heard, sound)
    return path


def _add_sound(
    output: av.container.OutputContainer, stream: av.AudioStream, sound: NDArray[np.float32]
) -> None:
    frame = av.AudioFrame.from_ndarray(sound[None], format="flt", layout="mono")
    frame.sample_rate = RATE
    context = stream.codec_context
    resampler = av.AudioResampler(
        context.format, context.layout, 48_000, context.frame_size or 1024
    )
    for piece in [*resampler.resample(frame), *resampler.resample(None)]:
        output.mux(stream.encode(piece))
    output.mux(stream.encode(None))
