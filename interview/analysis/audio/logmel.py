"""The log-mel spectrogram that the recurrent network reads."""

import numpy as np
from numpy.typing import NDArray

from interview.analysis.audio.frames import blocks, cut, mel_bank

BANDS = 64
FLOOR_DB = -80.0


def log_mel(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the spectrogram of 16 kHz sound in decibels, shape ``(frames, 64)``.

    A frame lasts 25 ms and begins 10 ms after the one before.
    """
    parts = [(cut(part).power @ mel_bank(BANDS))[own] for part, own in blocks(samples)]
    energy = np.concatenate(parts)
    return (10 * np.log10(np.maximum(energy, 10 ** (FLOOR_DB / 10)))).astype(np.float32)


def normalise(spectrogram: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a spectrogram relative to the level of its louder half, in units of 20 dB.

    Whoever sits further from the microphone or turned it down gets the same input.
    """
    level = spectrogram.mean(axis=1)
    louder = spectrogram[level >= np.median(level)]
    return np.clip((spectrogram - louder.mean()) / 20, -3, 3).astype(np.float32)
