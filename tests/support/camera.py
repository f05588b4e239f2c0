"""What a fake camera sees: a portrait that moves about, as Chromium reads it from a file."""

from pathlib import Path

import av
import numpy as np

from tests.support import sounds
from tests.support.videos import scene

WIDTH, HEIGHT, RATE = 640, 480, 10
SECONDS = 4
"""Length of the film; Chromium plays it again and again."""


def film(path: Path, *, light: float = 1.0) -> Path:
    """Write a film as raw JPEG pictures (.mjpeg): a face that sways before a plain wall.

    `light`, 0 to 1, dims it. Returns the path.
    """
    with av.open(str(path), "w", format="mjpeg") as output:
        stream = output.add_stream("mjpeg", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuvj420p"
        for index in range(SECONDS * RATE):
            turn = 2 * np.pi * index / (SECONDS * RATE)
            face = (320 + 20 * np.sin(turn), 215 + 6 * np.cos(2 * turn), 170)
            picture = scene(face, width=WIDTH, height=HEIGHT, light=light)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        output.mux(stream.encode(None))
    return path


def studio(folder: Path) -> list[str]:
    """Return flags with which Chromium's fake camera and microphone play a face and speech."""
    face = film(folder / "face.mjpeg")
    speech = sounds.speech(20, [(0.0, 8.0), (9.0, 20.0)], level=0.5)
    voice = sounds.write(folder / "speech.wav", speech, container="wav", codec="pcm_s16le")
    return [
        f"--use-file-for-fake-video-capture={face}",
        f"--use-file-for-fake-audio-capture={voice}",
    ]
