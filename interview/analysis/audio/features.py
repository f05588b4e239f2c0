"""Statistics of an utterance for the support vector machine.

Short-term descriptors of 25 ms frames every 10 ms (Giannakopoulos & Pikrakis 2014; Eyben et al.
2016 for the spectral balance), their first differences, and of each of both ten statistics over
the utterance. Everything that depends on the distance to the microphone is taken relative to the
utterance's own level.
"""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from interview.analysis.audio.frames import (
    FRAME,
    HOP,
    RATE,
    Frames,
    blocks,
    cut,
    frequencies,
    mel_bank,
)

COEFFICIENTS = 13
MEL_BANDS = 26
SUB_FRAMES = 10
ROLL_OFF = 0.9
TINY = 1e-10
PITCH_HZ = (62.5, 500.0)
VOICED = 0.5
"""Height of the autocorrelation's peak from which a frame counts as voiced (Boersma 1993: 0.45)."""

STATISTICS = (
    "mean", "median", "deviation", "kurtosis", "skewness", "p1", "p99",
    "minimum", "maximum", "range",
)  # fmt: skip
BASE = (
    "zero_crossings", "energy", "energy_entropy", "centroid", "spread", "spectral_entropy", "flux",
    "roll_off", "alpha_ratio", "hammarberg", "slope_low", "slope_high", "voicing",
)  # fmt: skip
ENERGY = BASE.index("energy")


@dataclass(frozen=True, slots=True)
class Descriptors:
    """Descriptors of each frame, shape ``(frames, n)``, and pitch in semitones, NaN unvoiced.

    Levels are still those of the recording; `summarise` takes them relative to the utterance.
    """

    values: NDArray[np.float32]
    pitch: NDArray[np.float32]

    def part(self, first: int, last: int) -> "Descriptors":
        """Return the descriptors of some of the frames."""
        return Descriptors(self.values[first:last], self.pitch[first:last])


def names() -> list[str]:
    """Return the name of each number that `utterance` gives."""
    short = [*BASE, *(f"mfcc{k}" for k in range(1, COEFFICIENTS + 1))]
    short += [f"mel{k}" for k in range(1, MEL_BANDS + 1)]
    both = [*short, *(f"{name}_delta" for name in short)]
    found = [f"{name}_{statistic}" for statistic in STATISTICS for name in both]
    found += [f"pitch{kind}_{statistic}" for kind in ("", "_delta") for statistic in STATISTICS]
    return [*found, "voiced_share", "voiced_stretches", "voiced_length", "peaks_rate", "modulation"]


def utterance(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the statistics of one utterance of 16 kHz sound, shape ``(len(names()),)``."""
    return summarise(describe(samples))


def summarise(found: Descriptors) -> NDArray[np.float32]:
    """Return the statistics of one utterance's descriptors, shape ``(len(names()),)``."""
    values = _relative(found.values)
    both = np.concatenate([values, _differences(values)], axis=1)
    voiced = ~np.isnan(found.pitch)
    pitch = found.pitch[voiced] if voiced.sum() > 4 else np.zeros(5, np.float32)
    parts = [_statistics(both).ravel()]
    parts += [_statistics(part[:, None]).ravel() for part in (pitch, np.diff(pitch))]
    parts.append(_rhythm(voiced, values[:, ENERGY]))
    return np.nan_to_num(np.concatenate(parts)).astype(np.float32)


def describe(samples: NDArray[np.float32]) -> Descriptors:
    """Return the short-term descriptors of 16 kHz sound."""
    found = [_describe(part).part(own.start, own.stop) for part, own in blocks(samples)]
    return Descriptors(
        np.concatenate([part.values for part in found]),
        np.concatenate([part.pitch for part in found]),
    )


def _describe(samples: NDArray[np.float32]) -> Descriptors:
    """Return the descriptors of a part of a signal."""
    frames = cut(samples)
    mel = 10 * np.log10(frames.power @ mel_bank(MEL_BANDS) + TINY)
    energy = 10 * np.log10((frames.samples**2).mean(axis=1) + TINY)
    cepstrum = scipy.fft.dct(mel, axis=1, norm="ortho")[:, :COEFFICIENTS]
    height, period = _periodicity(frames.samples)
    columns = [_crossings(frames.samples), energy, _energy_entropy(frames.samples)]
    columns += [*_spectral(frames), *_balance(frames.power), height]
    base = np.column_stack(columns)
    pitch = np.where(height > VOICED, 12 * np.log2(RATE / period / 100), np.nan)
    values = np.concatenate([base, cepstrum, mel], axis=1)
    return Descriptors(values.astype(np.float32), pitch.astype(np.float32))


def _relative(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take energy, cepstrum and mel bands relative to the level of the louder half."""
    loud = values[:, ENERGY] >= np.median(values[:, ENERGY])
    level = values[loud][:, -MEL_BANDS:].mean()
    found = values.copy()
    found[:, ENERGY] -= values[loud, ENERGY].mean()
    found[:, -MEL_BANDS:] -= level
    found[:, len(BASE)] -= level * np.sqrt(MEL_BANDS)
    return found


def _differences(values: NDArray) -> NDArray:
    """Return first differences over two frames on either side (Young et al. 2006)."""
    padded = np.pad(values, ((2, 2), (0, 0)), mode="edge")
    near = padded[3:-1] - padded[1:-3]
    far = padded[4:] - padded[:-4]
    return (near + 2 * far) / 10


def _statistics(values: NDArray) -> NDArray:
    """Return the ten statistics of each column, shape ``(10, columns)``."""
    ordered = np.sort(values, axis=0)
    last = len(values) - 1
    mean = values.mean(axis=0)
    deviation = values.std(axis=0)
    scaled = (values - mean) / (deviation + 1e-6)
    cube = scaled**3
    low, high = ordered[round(0.01 * last)], ordered[round(0.99 * last)]
    return np.stack(
        [
            mean,
            ordered[last // 2],
            deviation,
            (cube * scaled).mean(axis=0) - 3,
            cube.mean(axis=0),
            low,
            high,
            ordered[0],
            ordered[last],
            ordered[last] - ordered[0],
        ]
    )


def _crossings(samples: NDArray) -> NDArray:
    return (np.diff(np.signbit(samples), axis=1) != 0).mean(axis=1)


def _entropy(parts: NDArray) -> NDArray:
    """Return the entropy of each row's shares, in bits."""
    shares = parts / (parts.sum(axis=1, keepdims=True) + TINY)
    return -(shares * np.log2(shares + TINY)).sum(axis=1)


def _energy_entropy(samples: NDArray) -> NDArray:
    parts = samples.reshape(len(samples), SUB_FRAMES, FRAME // SUB_FRAMES)
    return _entropy((parts**2).sum(axis=2))


def _spectral(frames: Frames) -> list[NDArray]:
    """Return centroid, spread, entropy, flux and roll-off; frequencies as shares of 8 kHz."""
    power = frames.power
    total = power.sum(axis=1, keepdims=True) + TINY
    place = frequencies() / (RATE / 2)
    shares = power / total
    centroid = shares @ place
    spread = np.sqrt(np.maximum(shares @ place**2 - centroid**2, 0))
    bands = shares[:, 1:].reshape(len(shares), 16, 16).sum(axis=2)
    flux = np.concatenate([[0.0], (np.diff(shares, axis=0) ** 2).sum(axis=1)])
    roll_off = (np.cumsum(shares, axis=1) < ROLL_OFF).mean(axis=1)
    return [centroid, spread, _entropy(bands), np.log10(flux + 1e-6), roll_off]


def _balance(power: NDArray) -> list[NDArray]:
    """Return alpha ratio, Hammarberg index and the slopes of 0-500 and 500-1500 Hz, in dB."""
    hertz = frequencies()
    level = 10 * np.log10(power + TINY)
    between = lambda low, high: (hertz >= low) & (hertz < high)  # noqa: E731
    alpha = 10 * np.log10(
        (power[:, between(50, 1000)].sum(axis=1) + TINY)
        / (power[:, between(1000, 5000)].sum(axis=1) + TINY)
    )
    peaks = level[:, between(0, 2000)].max(axis=1) - level[:, between(2000, 5000)].max(axis=1)
    return [alpha, peaks, _slope(level, between(0, 500)), _slope(level, between(500, 1500))]


def _slope(level: NDArray, part: NDArray) -> NDArray:
    """Return the slope of a straight line through a part of each spectrum."""
    places = np.arange(part.sum(), dtype=np.float32)
    places -= places.mean()
    return level[:, part] @ (places / (places @ places))


def _periodicity(samples: NDArray) -> tuple[NDArray, NDArray]:
    """Return the height (0 to 1) and lag in samples of the autocorrelation's highest peak.

    Divided by the window's own autocorrelation, over three neighbouring frames (Boersma 1993).
    """
    count = len(samples)
    after = [samples[np.minimum(np.arange(count) + step, count - 1)] for step in (1, 2)]
    long = np.concatenate([samples[:, :HOP], after[0], after[1][:, -HOP:]], axis=1)
    long = long - long.mean(axis=1, keepdims=True)
    size = long.shape[1]
    window = np.hanning(size).astype(np.float32)
    own = scipy.fft.irfft(np.abs(scipy.fft.rfft(window, 2048)) ** 2)[:size]
    spectrum = scipy.fft.rfft(long * window, 2048, axis=1)
    lags = scipy.fft.irfft(spectrum.real**2 + spectrum.imag**2, axis=1)[:, :size]
    first, last = int(RATE / PITCH_HZ[1]), int(RATE / PITCH_HZ[0])
    relative = lags[:, first : last + 1] / (lags[:, :1] + 1e-6) / (own[first : last + 1] / own[0])
    # A slight preference for short lags avoids choosing two periods for one.
    best = (relative * np.linspace(1, 0.92, last + 1 - first)).argmax(axis=1)
    height = relative[np.arange(count), best]
    return np.clip(height, 0, 1), (best + first).astype(np.float32)


def _rhythm(voiced: NDArray[np.bool_], energy: NDArray) -> NDArray:
    """Return how much is voiced, in how many and how long stretches, and peaks of energy."""
    seconds = len(voiced) / 100
    starts = int((np.diff(voiced.astype(int), prepend=0) == 1).sum())
    smooth = np.convolve(energy, np.ones(7) / 7, "same")
    peaks = (smooth[1:-1] > smooth[:-2]) & (smooth[1:-1] > smooth[2:]) & (smooth[1:-1] > -10)
    return np.array(
        [
            voiced.mean(),
            starts / seconds,
            voiced.sum() / max(starts, 1) / 100,
            peaks.sum() / seconds,
            np.abs(np.diff(smooth)).mean(),
        ]
    )
