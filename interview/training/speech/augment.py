"""Ways a recording could also have sounded, on spectrograms and on the accelerator.

Another tempo and voice, a room, noise, another microphone, a bad line. Works on batches of
power spectrograms, shape ``(batch, frames, bands)``, with any backend of Keras. Every chance is
drawn for each clip anew.
"""

from typing import Any

import keras
import numpy as np
from keras import ops

from interview.analysis.audio.frames import FFT, PRE_EMPHASIS, mel_bank

Tensor = Any
SLOWEST, QUICKEST = 0.85, 1.18
DEEPEST, HIGHEST = 0.89, 1.12
TINY = 1e-9


class Chance:
    """Random numbers for a batch of clips."""

    def __init__(self, seed: keras.random.SeedGenerator, batch: Any) -> None:
        self.seed, self.batch = seed, batch

    def between(self, low: float, high: float, *more: int) -> Tensor:
        """Draw evenly, shape ``(batch, 1, 1)`` or ``(batch, *more)``."""
        shape = (self.batch, *(more or (1, 1)))
        return keras.random.uniform(shape, low, high, seed=self.seed)

    def normal(self, deviation: float, *more: int) -> Tensor:
        """Draw from a normal distribution."""
        shape = (self.batch, *(more or (1, 1)))
        return keras.random.normal(shape, 0.0, deviation, seed=self.seed)

    def happens(self, share: float) -> Tensor:
        """Draw 1 for about ``share`` of the clips and 0 for the others."""
        return ops.cast(self.between(0.0, 1.0) < share, "float32")


def speeds(chance: Chance) -> Tensor:
    """Return how quickly each clip is spoken, 1 for a third of them."""
    other = ops.exp(chance.between(float(np.log(SLOWEST)), float(np.log(QUICKEST))))
    changed = chance.happens(0.67)
    return changed * other + (1 - changed)


def voice(power: Tensor, chance: Chance) -> Tensor:
    """Lengthen or shorten the vocal tract: read each band at another frequency (VTLP, 2013)."""
    bands = power.shape[-1]
    stretch = ops.exp(chance.between(float(np.log(DEEPEST)), float(np.log(HIGHEST))))
    changed = chance.happens(0.67)
    stretch = changed * stretch + (1 - changed)
    hertz, low, step = _centres(bands)
    mel = 2595.0 * ops.log(1 + _tensor(hertz) / stretch / 700.0) / float(np.log(10))
    place = ops.clip((mel - low) / step - 1, 0, bands - 1)
    rows = ops.reshape(ops.arange(bands, dtype="float32"), (1, bands, 1))
    matrix = ops.maximum(0.0, 1 - ops.abs(place - rows))
    return ops.matmul(power, matrix)


def _tensor(values: np.ndarray) -> Tensor:
    """Put constants where the backend computes."""
    return ops.convert_to_tensor(values.astype(np.float32))


def _centres(bands: int) -> tuple[np.ndarray, float, float]:
    """Return the bands' middle frequencies ``(1, 1, bands)``, first edge and step in mel."""
    low, high = (2595 * float(np.log10(1 + edge / 700)) for edge in (50.0, 7600.0))
    step = (high - low) / (bands + 1)
    middles = low + step * np.arange(1, bands + 1)
    return 700 * (10 ** (middles[None, None] / 2595) - 1), low, step


def room(power: Tensor, chance: Chance) -> Tensor:
    """Smear along time: an echo that falls by 60 dB in 0.15 to 0.7 s (Polack 1988)."""
    frames = power.shape[1]
    fall = 10.0 ** (-0.06 / chance.between(0.15, 0.7))
    gone = np.arange(frames)[:, None] - np.arange(frames)[None]
    echo = ops.power(fall, _tensor(np.maximum(gone, 0)[None])) * _tensor((gone > 0)[None])
    loudness = chance.happens(0.4) * 10.0 ** chance.between(-2.0, -0.3)
    return power + loudness * (1 - fall) / fall * ops.matmul(echo, power)


def noise(power: Tensor, there: Tensor, chance: Chance) -> Tensor:
    """Add noise 5 to 35 dB below the clip; its power falls by 0 to 6 dB an octave."""
    bands = power.shape[-1]
    hertz, *_ = _centres(bands)
    bank = mel_bank(bands)
    emphasis = np.abs(1 - PRE_EMPHASIS * np.exp(-2j * np.pi * np.arange(FFT // 2 + 1) / FFT)) ** 2
    flat = (emphasis[:, None] * bank).sum(axis=0)[None, None] + TINY
    bins = np.maximum(1, bank.sum(axis=0))[None, None]
    colour = _tensor(flat) * ops.power(_tensor(hertz / 1000), -chance.between(0.0, 2.0))
    colour = colour / ops.mean(colour, axis=-1, keepdims=True)
    blurred = chance.normal(1.0, power.shape[1], bands) * _tensor(0.55 / np.sqrt(bins))
    spread = ops.exp(blurred * float(np.log(10)))
    level = ops.sum(power * there, axis=(1, 2), keepdims=True) / (
        bands * ops.maximum(ops.sum(there, axis=(1, 2), keepdims=True), 1)
    )
    below = chance.happens(0.5) * 10.0 ** (-chance.between(0.5, 3.5))
    return power + below * level * colour * spread


def line(power: Tensor, chance: Chance) -> Tensor:
    """Take away what a narrow line does not carry, and colour as a microphone does."""
    bands = power.shape[-1]
    hertz, *_ = _centres(bands)
    over = _tensor(np.log2(hertz)) - ops.log(chance.between(3200.0, 6500.0)) / float(np.log(2))
    under = _tensor(np.maximum(0, np.log2(150 / hertz)))
    loss = chance.happens(0.3) * 36.0 * (ops.maximum(over, 0.0) + under)
    places = np.linspace(0, 1, bands)[None, None]
    tilt, bend = _tensor(places - 0.5), _tensor(np.cos(2 * np.pi * places))
    curve = chance.normal(2.8) * tilt + chance.normal(1.8) * bend
    return power * 10.0 ** ((curve - loss) / 10)


def mask(value: Tensor, chance: Chance, bands: int = 10, frames: int = 30) -> Tensor:
    """Blank a stripe of bands and two of frames in each window (SpecAugment, 2019)."""
    value = value * _stripe(value.shape[2], bands, chance)[:, None, :]
    for _ in range(2):
        value = value * _stripe(value.shape[1], frames, chance)[:, :, None]
    return value


def _stripe(size: int, widest: int, chance: Chance) -> Tensor:
    """Return 0 in a random stretch of ``size`` places and 1 elsewhere, shape ``(batch, size)``."""
    first = chance.between(0.0, size, 1)
    width = chance.between(0.0, widest, 1)
    places = _tensor(np.arange(size)[None])
    return 1 - ops.cast(places >= first, "float32") * ops.cast(places < first + width, "float32")
