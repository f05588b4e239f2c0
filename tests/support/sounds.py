"""Sound for tests: speech-like signals made here, and files as browsers and phones write them."""

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

RATE = 16_000
_VOWELS = ((730, 1090, 2440), (530, 1840, 2480), (270, 2290, 3010), (570, 840, 2410))
"""First three formants of four vowels, in Hz (Peterson & Barney 1952)."""


def speech(
    seconds: float,
    stretches: Sequence[tuple[float, float]] | None = None,
    *,
    syllable_rate: float = 4.0,
    pitch: float = 120.0,
    level: float = 0.2,
    noise: float = 0.0005,
    seed: int = 0,
) -> NDArray[np.float32]:
    """Return mono 16 kHz sound of someone saying vowel after vowel in the given stretches.

    Without stretches, speech goes from half a second to half a second before the end. The pitch
    falls by three semitones in each stretch; syllables of even length swell and fade.
    """
    rng = np.random.default_rng(seed)
    sound = noise * rng.standard_normal(round(seconds * RATE))
    for start, end in stretches or [(0.5, seconds - 0.5)]:
        spoken = _stretch(end - start, syllable_rate, pitch, rng)
        at = round(start * RATE)
        sound[at : at + len(spoken)] += level * spoken[: len(sound) - at]
    return np.clip(sound, -1, 1).astype(np.float32)


def _stretch(
    seconds: float, syllable_rate: float, pitch: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return voiced pulses through formants, under the envelope of syllables, with peaks at 1."""
    times = np.arange(round(seconds * RATE)) / RATE
    fundamental = pitch * 2 ** (-3 / 12 * times / seconds)
    turns = np.floor(np.cumsum(fundamental) / RATE)
    pulses = np.diff(turns, prepend=0.0) + 0.003 * rng.standard_normal(len(times))
    count = max(1, round(seconds * syllable_rate))
    which = np.minimum((times / seconds * count).astype(int), count - 1)
    voices = np.stack([_formants(pulses, vowel) for vowel in _VOWELS])
    envelope = 0.05 + 0.95 * np.sin(np.pi * (times / seconds * count % 1)) ** 2
    spoken = voices[which % len(_VOWELS), np.arange(len(times))] * envelope
    return spoken / np.abs(spoken).max()


def _formants(pulses: NDArray[np.float64], vowel: tuple[int, ...]) -> NDArray[np.float64]:
    """Send pulses through one resonance after the other (Klatt 1980), 90 Hz wide each."""
    radius = np.exp(-np.pi * 90 / RATE)
    for formant in vowel:
        middle = 2 * radius * np.cos(2 * np.pi * formant / RATE)
        pulses = lfilter([1 - middle + radius**2], [1, -middle, radius**2], pulses)
    return pulses / np.abs(pulses).max()


def tone(seconds: float, hertz: float = 1000.0, level: float = 0.3) -> NDArray[np.float32]:
    """Return a steady tone."""
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(
        np.float32
    )


def white_noise(seconds: float, level: float = 0.1, seed: int = 0) -> NDArray[np.float32]:
    """Return steady noise."""
    rng = np.random.default_rng(seed)
    return (level * rng.standard_normal(round(seconds * RATE))).astype(np.float32)


def write(
    path: Path,
    samples: NDArray[np.float32],
    *,
    container: str = "webm",
    codec: str = "libopus",
    rate: int = 48_000,
    layout: str = "mono",
    title: str = "",
    picture: bool = False,
    **options: str,
) -> Path:
    """Write 16 kHz sound as a file of another rate, coding and container; return its path.

    ``options`` go to the writer of the container, such as ``live="1"``, with which WebM gets no
    duration, like Chrome's. With ``picture`` there is a second of video beside the sound.
    """
    with av.open(str(path), "w", format=container, options=options) as output:
        stream = output.add_stream(codec, rate=rate, layout=layout)
        if title:
            output.metadata["title"] = title
            stream.metadata["title"] = title
        if picture:
            _add_picture(output)
        size = stream.codec_context.frame_size or 1024
        frame = av.AudioFrame.from_ndarray(samples[None], format="flt", layout="mono")
        frame.sample_rate = RATE
        resampler = av.AudioResampler(stream.codec_context.format, layout, rate, size)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            output.mux(stream.encode(piece))
        output.mux(stream.encode(None))
    return path


def _add_picture(output: av.container.OutputContainer) -> None:
    """Write 25 black pictures."""
    video = output.add_stream("libvpx" if output.format.name == "webm" else "mpeg4", rate=25)
    video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
    for _ in range(25):
        black = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
        output.mux(video.encode(black))
    output.mux(video.encode(None))
