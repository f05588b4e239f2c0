"""Ways a recording could also have sounded: another tempo and voice, a room, noise, a bad line."""

import numpy as np
import scipy.signal
from numpy.typing import NDArray

from interview.analysis.audio.frames import RATE

SPEEDS = (0.88, 0.94, 1.0, 1.06, 1.12)


def vary(
    samples: NDArray[np.float32], random: np.random.Generator, harsh: bool
) -> NDArray[np.float32]:
    """Return a variant: another speed (with its pitch) and, if ``harsh``, room, noise and line."""
    value = change_speed(samples, float(random.choice(SPEEDS)))
    if not harsh:
        return value
    if random.random() < 0.5:
        value = reverberate(value, random.uniform(0.15, 0.6), random)
    if random.random() < 0.3:
        value = narrow(value, random.uniform(3200, 6500))
    if random.random() < 0.7:
        value = add_noise(value, random.uniform(8, 30), random)
    return value


def change_speed(samples: NDArray[np.float32], speed: float) -> NDArray[np.float32]:
    """Resample, which changes tempo and pitch together."""
    if speed == 1.0:
        return samples
    return scipy.signal.resample_poly(samples, 50, round(50 * speed)).astype(np.float32)


def reverberate(
    samples: NDArray[np.float32], seconds: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """Put the sound into a room whose echo falls by 60 dB in ``seconds`` (Polack 1988)."""
    times = np.arange(int(seconds * RATE)) / RATE
    echo = random.standard_normal(len(times)) * 10 ** (-3 * times / seconds)
    echo *= random.uniform(0.1, 0.5) / max(float(np.linalg.norm(echo)), 1e-9)
    echo[0] = 1.0
    return scipy.signal.fftconvolve(samples, echo)[: len(samples)].astype(np.float32)


def narrow(samples: NDArray[np.float32], highest: float) -> NDArray[np.float32]:
    """Take away what a narrow line does not carry."""
    filters = scipy.signal.butter(6, [150, highest], "bandpass", fs=RATE, output="sos")
    return scipy.signal.sosfilt(filters, samples).astype(np.float32)


def add_noise(
    samples: NDArray[np.float32], decibels: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """Add coloured noise at a signal-to-noise ratio; its power falls by 0 to 6 dB an octave."""
    spectrum = np.fft.rfft(random.standard_normal(len(samples)))
    spectrum[1:] /= np.arange(1, len(spectrum)) ** (random.uniform(0, 1))
    spectrum[0] = 0
    noise = np.fft.irfft(spectrum, len(samples))
    scale = np.sqrt((samples**2).mean() / max((noise**2).mean(), 1e-12)) * 10 ** (-decibels / 20)
    return (samples + scale * noise).astype(np.float32)


def mask(
    windows: NDArray[np.float32], random: np.random.Generator, bands: int = 10, frames: int = 30
) -> None:
    """Blank a stripe of bands and two of frames in each window, in place (SpecAugment, 2019)."""
    for window in windows:
        low = random.integers(window.shape[1])
        window[:, low : low + random.integers(bands + 1)] = 0
        for _ in range(2):
            first = random.integers(window.shape[0])
            window[first : first + random.integers(frames + 1)] = 0


def tilt(windows: NDArray[np.float32], random: np.random.Generator) -> None:
    """Colour each window as another microphone would: a smooth curve of about 3 dB, in place."""
    places = np.linspace(0, 1, windows.shape[2])
    curve = random.normal(0, 0.12, (len(windows), 1)) * (places - 0.5)
    curve = curve + random.normal(0, 0.08, (len(windows), 1)) * np.cos(2 * np.pi * places)
    windows += curve[:, None].astype(np.float32)
