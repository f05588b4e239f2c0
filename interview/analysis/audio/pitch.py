"""The pitch of a voice, frame by frame.

Method: normalised autocorrelation (Boersma 1993) under a Hann window of 50 ms, three periods of
the lowest voice; then each frame's best candidate within a range that fits the speaker (De Looze
& Hirst 2008; Hirst 2011), which keeps most octave errors out without a search over time.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.ndimage import median_filter
from scipy.signal import butter, resample_poly, sosfilt

from interview.analysis.audio.frames import FRAME, HOP, pad

Floats = NDArray[np.float32]

LOWEST_HZ, HIGHEST_HZ = 60.0, 550.0
VOICED_STRENGTH = 0.45
"""Autocorrelation from which a frame counts as voiced (Boersma's default)."""
PITCHED_STRENGTH = 0.5
"""Autocorrelation from which its pitch is believed."""
SPEAKER_RANGE = (0.75, 2.5)
"""Share of the lower and of the upper quartile between which a speaker's pitch is sought; the
upper one is Hirst's for expressive speech."""

_RATE = 8_000
_WINDOW = 400
_STEP = 80
_FFT = 1024
_CANDIDATES = 4
_OCTAVE_COST = 0.05
"""What a candidate loses per octave below the highest: a period repeats at its multiples too."""
_NEIGHBOURS = 15
_STRAY = 4.0
"""Semitones from the median of its neighbours beyond which a frame is an octave error or noise."""
_SHORTEST = 4
"""Frames of voice in a row below which they are none."""
_QUIET_DB = -35.0
"""Frames so far below the loud ones have no pitch."""
_RUMBLE = butter(4, 65.0, "high", fs=16_000, output="sos").astype(np.float32)
"""Takes out the hum of the mains, which would be heard as a very low voice."""
_BLOCK = 2000
"""Frames that are worked on at once."""


@dataclass(frozen=True, slots=True)
class Pitch:
    """Pitch in Hz of each frame, one every 10 ms as in `frames`, NaN where it is not sure.

    ``voiced`` tells where there is voice at all, also where its pitch is unsure.
    """

    hertz: Floats
    voiced: NDArray[np.bool_]


def track_pitch(samples: Floats, count: int) -> Pitch:
    """Find the pitch of the first ``count`` frames of 16 kHz sound."""
    clean = sosfilt(_RUMBLE, pad(samples)).astype(np.float32, copy=False)
    found = [_candidates(block) for block in _blocks(clean, count)]
    hertz = np.concatenate([one[0] for one in found])
    strength = np.concatenate([one[1] for one in found])
    level = np.concatenate([one[2] for one in found])
    loud = (level > np.percentile(level, 95) + _QUIET_DB)[:, None]
    voiced = (loud & (strength >= VOICED_STRENGTH)).any(axis=1)
    strength = np.where(loud & (strength >= PITCHED_STRENGTH), strength, -np.inf)
    first = _best(hertz, strength)
    sure = first[~np.isnan(first)]
    if not len(sure):
        return Pitch(first, voiced)
    lower, upper = np.percentile(sure, [25, 75])
    fits = (hertz >= SPEAKER_RANGE[0] * lower) & (hertz <= SPEAKER_RANGE[1] * upper)
    return Pitch(_without_strays(_best(hertz, np.where(fits, strength, -np.inf))), voiced)


def _without_strays(hertz: Floats) -> Floats:
    """Return the pitch without frames far from their neighbours', and without voice too short."""
    voiced = np.flatnonzero(~np.isnan(hertz))
    kept = np.full_like(hertz, np.nan)
    if not len(voiced):
        return kept
    tones = 12 * np.log2(hertz[voiced])
    steady = voiced[np.abs(tones - median_filter(tones, _NEIGHBOURS, mode="nearest")) <= _STRAY]
    runs = np.split(steady, np.flatnonzero(np.diff(steady) > 1) + 1)
    long_enough = np.concatenate([run if len(run) >= _SHORTEST else run[:0] for run in runs])
    kept[long_enough] = hertz[long_enough]
    return kept


def _best(hertz: Floats, strength: Floats) -> Floats:
    """Return each frame's strongest candidate, NaN where all are out of question."""
    score = strength + _OCTAVE_COST * np.log2(hertz / HIGHEST_HZ)
    rows = np.arange(len(score))
    which = score.argmax(axis=1)
    return np.where(np.isfinite(score[rows, which]), hertz[rows, which], np.nan).astype(np.float32)


def _blocks(samples: Floats, count: int) -> Iterator[Floats]:
    """Yield windows at 8 kHz, shape ``(frames, 400)``, whose middles are those of the frames."""
    for start in range(0, count, _BLOCK):
        frames = min(_BLOCK, count - start)
        # from the middle of a frame, half a window of 50 ms to either side
        first = start * HOP + FRAME // 2 - _WINDOW
        last = first + (frames - 1) * HOP + 2 * _WINDOW
        piece = samples[max(first, 0) : last]
        before = max(-first, 0)
        padded = np.pad(piece, (before, last - first - before - len(piece)))
        halved = resample_poly(padded, 1, 2).astype(np.float32, copy=False)
        yield np.lib.stride_tricks.sliding_window_view(halved, _WINDOW)[::_STEP]


_HANN = np.hanning(_WINDOW).astype(np.float32)


def _autocorrelation(windows: Floats) -> Floats:
    """Return the autocorrelation at lags 0 to 255, shape ``(frames, 256)``."""
    spectrum = scipy.fft.rfft(windows, _FFT, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    return scipy.fft.irfft(power, _FFT, axis=1)[:, :256]


def _candidates(windows: Floats) -> tuple[Floats, Floats, Floats]:
    """Return pitch and strength of each frame's best peaks, and the frames' levels in dB."""
    centred = windows - windows.mean(axis=1, keepdims=True)
    raw = _autocorrelation(centred * _HANN)
    energy = np.maximum(raw[:, :1], 1e-12)
    # What a window does to the autocorrelation is divided out (Boersma 1993, equation 9).
    own = _autocorrelation(_HANN[None])
    first, last = int(_RATE / HIGHEST_HZ), int(_RATE / LOWEST_HZ) + 1
    lags = np.arange(first - 1, last + 2)
    curve = raw[:, lags] / energy / (own[:, lags] / own[:, :1])
    left, middle, right = curve[:, :-2], curve[:, 1:-1], curve[:, 2:]
    peaks = np.where((middle >= left) & (middle > right), middle, np.float32(-1))
    order = np.argpartition(-peaks, _CANDIDATES, axis=1)[:, :_CANDIDATES]
    rows = np.arange(len(peaks))[:, None]
    a, b, c = left[rows, order], middle[rows, order], right[rows, order]
    bend = np.where(peaks[rows, order] > -1, a - 2 * b + c, -1)
    # a parabola through the peak and its neighbours finds the period between two samples
    shift = np.clip((a - c) / (2 * np.minimum(bend, -1e-9)), -0.5, 0.5)
    hertz = _RATE / (order + first + shift)
    return hertz.astype(np.float32), peaks[rows, order], 10 * np.log10(energy[:, 0])
