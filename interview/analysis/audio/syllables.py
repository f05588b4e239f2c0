"""Counting syllables without knowing the words.

Method: de Jong & Wempe (2009). A syllable's nucleus is a peak of the intensity that is no more
than 25 dB below the loud ones, has a dip of at least 2 dB before and after it, and is voiced.
Unlike theirs, the loud ones are those of the five seconds around it, since one shout would
otherwise silence the rest, and intensity is taken between 300 and 2500 Hz, where vowels are:
hissing and hum make no peaks there (docs/audio-analysis.md has the effect on the errors).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from scipy.signal import butter, find_peaks, sosfilt

from interview.analysis.audio.frames import FRAME, HOP, RATE

Floats = NDArray[np.float32]

DIP_DB = 2.0
RANGE_DB = 25.0
AROUND_SECONDS = 5.0
VOWEL_BAND = (300.0, 2500.0)
"""Hz between which the intensity is taken."""

_SMOOTHING = 0.064
"""Seconds over which intensity is taken: Praat's window for a lowest pitch of 50 Hz."""
_PIECE = 40
"""Samples whose energy is summed first."""
_FILTER = butter(2, VOWEL_BAND, "band", fs=RATE, output="sos").astype(np.float32)


@dataclass(frozen=True, slots=True)
class Nuclei:
    """The nuclei of syllables: the frames they lie in, one every 10 ms, and their level in dB."""

    frames: NDArray[np.intp]
    level: Floats


def find_nuclei(samples: Floats, voiced: NDArray[np.bool_], speaking: NDArray[np.bool_]) -> Nuclei:
    """Find the syllables of 16 kHz sound.

    ``voiced`` and ``speaking`` tell for each frame whether it has a pitch and lies in speech.
    """
    level = intensity(samples, len(voiced))
    if not speaking.any():
        return Nuclei(np.empty(0, np.intp), np.empty(0, np.float32))
    loud = maximum_filter1d(np.where(speaking, level, -100), round(AROUND_SECONDS * RATE / HOP))
    peaks, _ = find_peaks(level, height=loud - RANGE_DB, prominence=DIP_DB)
    # a peak may lie a frame beside the voiced ones
    near = voiced | np.roll(voiced, 1) | np.roll(voiced, -1)
    found = peaks[near[peaks] & speaking[peaks]]
    return Nuclei(found, level[found])


def intensity(samples: Floats, count: int) -> Floats:
    """Return the intensity of vowels, in dBFS, at the middle of each of ``count`` frames."""
    pieces = len(samples) // _PIECE
    if not pieces:
        return np.full(count, -100.0, np.float32)
    vowels = sosfilt(_FILTER, samples).astype(np.float32, copy=False)
    square = np.square(vowels[: pieces * _PIECE]).reshape(pieces, _PIECE).mean(axis=1)
    window = np.hanning(round(_SMOOTHING * RATE / _PIECE) + 2)
    smooth = np.convolve(square, window / window.sum(), mode="same")
    middles = np.minimum((np.arange(count) * HOP + FRAME // 2) // _PIECE, pieces - 1)
    return (10 * np.log10(np.maximum(smooth[middles], 1e-10))).astype(np.float32)
