"""Where somebody speaks.

Three things make speech: it is louder than the noise around it, whose level follows the quietest
moments of the last seconds (minimum statistics, Martin 2001); its spectrum keeps changing, which
tones and steady noise do not do (long-term variability, Ghosh, Tsiartas & Narayanan 2011); and some
of it is voiced. A stretch begins and ends at a lower level than the one that proves it
(hysteresis), and gaps shorter than a pause belong to it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d, uniform_filter1d

from interview.analysis.audio.frames import FRAME, HOP, RATE, cut, mel_bank
from interview.analysis.report import Stretch

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

STEPS_PER_SECOND = RATE // HOP
SHORTEST_PAUSE = 0.25
"""Seconds of silence from which it is a pause and not the closure of a consonant (Goldman-Eisler
1968; de Jong & Bosker 2013)."""
SHORTEST_SPEECH = 0.15
SILENCE_DB = -72.0
"""Frames below this level, in dBFS, are never speech."""

_BANDS = 20
_BLOCK = 3000
"""Frames that are worked on at once."""
_FLOOR_SECONDS = 10.0
_LEAST_RISE_DB = 6.0
_PROOF, _EDGE = 0.45, 0.28
"""Shares of the way from the floor to the loud frames: what proves speech, what still belongs."""
_CHANGE_DB = 3.0
"""Bands of speech vary by more than this within half a second, those of steady noise by about 1.
The upper quartile of the bands counts, since noise may cover most of them."""
_STEADY_SECONDS = 1.0
"""A vowel may be held for this long before it is taken for a tone."""
_VOICED_SECONDS = 0.05
_RIM = 4
"""Frames at either end of a stretch in which any sound changes, since it begins or ends."""


@dataclass(frozen=True, slots=True)
class Energy:
    """Levels of frames of 25 ms, one every 10 ms.

    ``level`` in dBFS; ``bands`` in dB, shape ``(frames, 20)``: mel bands of the pre-emphasised
    signal.
    """

    level: Floats
    bands: Floats

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.level)


def measure_energy(samples: Floats) -> Energy:
    """Measure the energy of 16 kHz sound, a block at a time."""
    levels, bands = [], []
    total = max(1, (len(samples) - FRAME) // HOP + 1)
    for start in range(0, total, _BLOCK):
        end = min(start + _BLOCK, total)
        piece = cut(samples[start * HOP : (end - 1) * HOP + FRAME])
        count = end - start
        square = np.einsum("ij,ij->i", piece.samples[:count], piece.samples[:count]) / FRAME
        levels.append(10 * np.log10(np.maximum(square, 1e-10)))
        power = piece.power[:count] @ mel_bank(_BANDS, 100.0, 6000.0)
        bands.append(10 * np.log10(np.maximum(power, 1e-9)))
    return Energy(
        np.concatenate(levels).astype(np.float32), np.concatenate(bands).astype(np.float32)
    )


def find_speech(energy: Energy, voiced: Mask) -> tuple[Stretch, ...]:
    """Return the stretches of speech, in order.

    ``voiced`` tells for each frame whether it has a pitch. Neighbouring stretches are at least
    ``SHORTEST_PAUSE`` apart.
    """
    height = rise(energy.bands)
    loud = float(np.percentile(height, 95))
    if loud < _LEAST_RISE_DB:
        return ()
    audible = energy.level > SILENCE_DB
    lively = audible & _changing(energy.bands)
    proof = lively & (height > max(_LEAST_RISE_DB, _PROOF * loud))
    edge = lively & (height > max(_LEAST_RISE_DB / 2, _EDGE * loud))
    mask = _joined(edge, SHORTEST_PAUSE)
    stretches = []
    for start, end in runs(mask):
        long_enough = end - start >= SHORTEST_SPEECH * STEPS_PER_SECOND
        voices = np.count_nonzero(voiced[start:end] & proof[start:end])
        if (
            long_enough
            and voices >= _VOICED_SECONDS * STEPS_PER_SECOND
            and _liveliness(energy.bands[start:end]) > _CHANGE_DB
        ):
            stretches.append(_stretch(start, end))
    return tuple(stretches)


def speaking(stretches: tuple[Stretch, ...], frames: int) -> Mask:
    """Tell for each frame whether it lies in a stretch."""
    mask = np.zeros(frames, bool)
    for stretch in stretches:
        mask[round(stretch.start * STEPS_PER_SECOND) : round(stretch.end * STEPS_PER_SECOND)] = True
    return mask


def runs(mask: Mask) -> list[tuple[int, int]]:
    """Return start and end (exclusive) of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def rise(bands: Floats) -> Floats:
    """Return by how much each frame is above the noise, in dB.

    Each band has a floor of its own, the quietest 0.2 s within five seconds around; the half of
    the bands that stands out most counts, since noise may cover the others.
    """
    smooth = 10 * np.log10(uniform_filter1d(10 ** (bands / 10), 5, axis=0, mode="nearest"))
    floor = uniform_filter1d(bands, STEPS_PER_SECOND // 5, axis=0, mode="nearest")
    span = round(_FLOOR_SECONDS * STEPS_PER_SECOND) + 1
    floor = minimum_filter1d(floor, span, axis=0, mode="nearest")
    above = np.sort(smooth - floor, axis=1)
    return above[:, _BANDS // 2 :].mean(axis=1)


def _changing(bands: Floats) -> Mask:
    """Tell which frames lie within half a second of a spectrum that changes."""
    half_second = STEPS_PER_SECOND // 2
    smooth = uniform_filter1d(bands, 5, axis=0, mode="nearest")
    mean = uniform_filter1d(smooth, half_second, axis=0, mode="nearest")
    square = uniform_filter1d(smooth**2, half_second, axis=0, mode="nearest")
    deviation = np.percentile(np.sqrt(np.maximum(square - mean**2, 0)), 75, axis=1)
    reach = round(_STEADY_SECONDS * STEPS_PER_SECOND) // 2
    return maximum_filter1d(deviation, reach, mode="nearest") > _CHANGE_DB


def _liveliness(bands: Floats) -> float:
    """Return how much a stretch changes, in dB, apart from its beginning and its end."""
    inside = uniform_filter1d(bands, 5, axis=0, mode="nearest")[_RIM : len(bands) - _RIM]
    return float(np.percentile(inside.std(axis=0), 75))


def _joined(mask: Mask, seconds: float) -> Mask:
    """Return the mask with gaps shorter than ``seconds`` filled."""
    joined = mask.copy()
    for start, end in runs(~mask):
        inside = start > 0 and end < len(mask)
        if inside and end - start < seconds * STEPS_PER_SECOND:
            joined[start:end] = True
    return joined


def _stretch(start: int, end: int) -> Stretch:
    """Return a stretch of frames in seconds."""
    return Stretch(start / STEPS_PER_SECOND, end / STEPS_PER_SECOND)
