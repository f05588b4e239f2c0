"""A short video of a face and a humming voice, quick to make, for benchmarks of the platform."""

from fractions import Fraction
from pathlib import Path

import numpy as np

SIZE, FRAMES_PER_SECOND = (640, 480), 15
SOUND_RATE = 48_000
SYLLABLES_PER_SECOND, PITCH = 4.0, 140.0


def write_film(path: Path, face: Path, seconds: int) -> None:
    """Write a WebM file as a browser's recorder does: the picture of a face, and a voice's hum."""
    import av

    with av.open(str(face)) as file:
        still = next(file.decode(video=0)).reformat(*SIZE, format="yuv420p")
    with av.open(str(path), "w", format="webm", options={"live": "1"}) as output:
        quick = {"deadline": "realtime", "cpu-used": "8"}
        picture = output.add_stream("libvpx", rate=FRAMES_PER_SECOND, options=quick)
        picture.width, picture.height = SIZE
        picture.pix_fmt, picture.bit_rate = "yuv420p", 1_000_000
        sound = output.add_stream("libopus", rate=SOUND_RATE, layout="mono")
        for number in range(seconds * FRAMES_PER_SECOND):
            still.pts, still.time_base = number, Fraction(1, FRAMES_PER_SECOND)
            output.mux(picture.encode(still))
        output.mux(picture.encode(None))
        frame = av.AudioFrame.from_ndarray(_hum(seconds)[None], format="flt", layout="mono")
        frame.sample_rate = SOUND_RATE
        resampler = av.AudioResampler(sound.format, "mono", SOUND_RATE, 960)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            output.mux(sound.encode(piece))
        output.mux(sound.encode(None))


def _hum(seconds: int) -> np.ndarray:
    """Return harmonics that swell as often as syllables do."""
    time = np.arange(seconds * SOUND_RATE) / SOUND_RATE
    voice = sum(np.sin(2 * np.pi * PITCH * k * time) / k for k in range(1, 12))
    swell = 0.55 + 0.45 * np.sin(2 * np.pi * SYLLABLES_PER_SECOND * time)
    return (0.15 * swell * voice).astype(np.float32)
