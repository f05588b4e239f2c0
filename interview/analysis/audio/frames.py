"""Frames of a signal and their spectra, from which every feature of speech is computed.

Sound is mono, 16 kHz, float32 in -1..1. Frames last 25 ms and begin every 10 ms; a pre-emphasis
of 0.97 and a Hamming window come before the spectrum, as in the HTK book (Young et al. 2006).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import scipy.fft
from numpy.typing import NDArray

RATE = 16_000
FRAME = 400
HOP = 160
FFT = 512
PRE_EMPHASIS = 0.97
BLOCK = 3000
"""Frames that are worked on at once."""
SHORTEST = FRAME + 4 * HOP
"""Samples below which a signal is padded: statistics over frames need a few of them."""


@dataclass(frozen=True, slots=True)
class Frames:
    """Frames of a signal: as they are, shape ``(n, 400)``, and their power, ``(n, 257)``."""

    samples: NDArray[np.float32]
    power: NDArray[np.float32]


def pad(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the signal, with silence behind it when it is shorter than five frames."""
    missing = SHORTEST - len(samples)
    return np.pad(samples, (0, missing)) if missing > 0 else samples


def cut(samples: NDArray[np.float32]) -> Frames:
    """Cut a signal into frames and take each one's power spectrum."""
    signal = pad(samples.astype(np.float32, copy=False))
    emphasised = np.concatenate([signal[:1], signal[1:] - PRE_EMPHASIS * signal[:-1]])
    windowed = _windows(emphasised) * np.hamming(FRAME).astype(np.float32)
    spectrum = scipy.fft.rfft(windowed, FFT, axis=1)
    return Frames(_windows(signal), (spectrum.real**2 + spectrum.imag**2) / FFT)


def blocks(samples: NDArray[np.float32]) -> Iterator[tuple[NDArray[np.float32], slice]]:
    """Cut a signal into parts of half a minute, so that memory does not grow with its length.

    Yields each part with two frames more on either side, where there are, and the slice of its
    own frames; these follow each other without gap.
    """
    signal = pad(samples)
    count = (len(signal) - FRAME) // HOP + 1
    for first in range(0, count, BLOCK):
        start, last = max(0, first - 2), min(count, first + BLOCK)
        end = min(count, last + 2)
        yield signal[start * HOP : (end - 1) * HOP + FRAME], slice(first - start, last - start)


def _windows(signal: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.lib.stride_tricks.sliding_window_view(signal, FRAME)[::HOP]


@cache
def frequencies() -> NDArray[np.float32]:
    """Return the frequency of each bin of the spectrum, in Hz, shape ``(257,)``."""
    return np.linspace(0, RATE / 2, FFT // 2 + 1).astype(np.float32)


@cache
def mel_bank(bands: int, low: float = 50.0, high: float = 7600.0) -> NDArray[np.float32]:
    """Return triangular filters, shape ``(257, bands)``, evenly spaced in mel (O'Shaughnessy)."""

    def mel(hertz: float) -> float:
        return 2595 * float(np.log10(1 + hertz / 700))

    points = 700 * (10 ** (np.linspace(mel(low), mel(high), bands + 2) / 2595) - 1)
    rising = (frequencies()[:, None] - points[:-2]) / (points[1:-1] - points[:-2])
    falling = (points[2:] - frequencies()[:, None]) / (points[2:] - points[1:-1])
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


def trim(samples: NDArray[np.float32], below: float = 35.0) -> NDArray[np.float32]:
    """Return a signal without the silence around it: what is ``below`` dB under its loud parts.

    A tenth of a second is left on either side.
    """
    signal = pad(samples)
    energy = (_windows(signal) ** 2).mean(axis=1)
    loud = np.flatnonzero(energy > np.percentile(energy, 95) * 10 ** (-below / 10))
    if not len(loud):
        return signal
    margin = RATE // 10
    start = max(0, loud[0] * HOP - margin)
    return signal[start : loud[-1] * HOP + FRAME + margin]
