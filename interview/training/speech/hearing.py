"""Layers through which a network hears clips while it is trained: drawn, varied and mixed.

They hold every clip's spectrogram, so that nothing but numbers of rows goes to the accelerator.
"""

from typing import Any

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from interview.analysis.audio.crnn import QUIETEST
from interview.analysis.audio.logmel import FLOOR_DB
from interview.training.speech import augment
from interview.training.speech.augment import Chance
from interview.training.speech.store import STEP_DB, Store

Tensor = Any


class Hearing(layers.Layer):
    """Rows in; varied windows, the classes of their corpora and what to say of them out."""

    def __init__(
        self,
        store: Store,
        wanted: NDArray[np.float32],
        known: NDArray[np.float32],
        window: int,
        mixup: float,
        seed: int,
    ) -> None:
        super().__init__(name="hearing", dtype="float32")
        self._window, self._mixup = window, mixup
        self._seed = keras.random.SeedGenerator(seed)
        self._frames = self._keep(store.frames, "uint8", "frames")
        self._firsts = self._keep(store.firsts, "int32", "firsts")
        self._counts = self._keep(store.counts, "int32", "counts")
        self._wanted = self._keep(wanted, "float32", "wanted")
        self._known = self._keep(known, "float32", "known")

    def _keep(self, values: NDArray, kind: str, name: str) -> Any:
        return self.add_weight(
            shape=values.shape,
            dtype=kind,
            trainable=False,
            name=name,
            initializer=lambda *_, **__: ops.convert_to_tensor(values, kind),
        )

    def save_own_variables(self, store: Any) -> None:
        """Keep the clips out of checkpoints."""

    def load_own_variables(self, store: Any) -> None:
        """Keep the clips that are there."""

    def call(self, rows: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return windows ``(batch, frames, bands)``, known and wanted ``(batch, classes)``."""
        rows = ops.reshape(rows, (-1,))
        chance = Chance(self._seed, ops.shape(rows)[0])
        decibels, there = self._cut(rows, chance)
        power = 10.0 ** (decibels / 10) * there
        power = augment.voice(power, chance)
        power = augment.line(augment.noise(augment.room(power, chance), there, chance), chance)
        decibels = 10 * ops.log10(ops.maximum(power, augment.TINY))
        windows = augment.mask(normalise(decibels, there), chance)
        return self._mixed(windows, ops.take(self._known, rows, 0), ops.take(self._wanted, rows, 0))

    def _cut(self, rows: Tensor, chance: Chance) -> tuple[Tensor, Tensor]:
        """Return decibels of random windows at random speeds, and 1 where the clip has frames."""
        count = ops.cast(ops.take(self._counts, rows, 0), "float32")[:, None, None]
        speed = augment.speeds(chance)
        spare = count - speed * self._window
        low, high = ops.minimum(spare, 0.0), ops.maximum(spare, 0.0)
        start = ops.floor(low + chance.between(0.0, 1.0) * (high - low))
        steps = ops.arange(self._window, dtype="float32")
        place = start + speed * steps[None, :, None]
        there = ops.cast(ops.logical_and(place >= 0, place <= count - 1), "float32")
        place = ops.clip(place, 0.0, count - 1)
        before = ops.floor(place)
        first = ops.take(self._firsts, rows, 0)[:, None]
        index = first + ops.cast(before[:, :, 0], "int32")
        after = first + ops.cast(ops.minimum(before + 1, count - 1)[:, :, 0], "int32")
        part = place - before
        level = (1 - part) * self._at(index) + part * self._at(after)
        blur = chance.between(-0.5, 0.5, self._window, level.shape[-1])
        return FLOOR_DB + STEP_DB * (level + blur), there

    def _at(self, index: Tensor) -> Tensor:
        return ops.cast(ops.take(self._frames, index, 0), "float32")

    def _mixed(
        self, windows: Tensor, known: Tensor, wanted: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Mix each window with another (mixup, Zhang et al. 2018)."""
        if not self._mixup:
            return windows, known, wanted
        shape = (ops.shape(windows)[0], 1)
        part = keras.random.beta(shape, self._mixup, self._mixup, seed=self._seed)
        part = ops.maximum(part, 1 - part)
        other = [ops.roll(value, 1, axis=0) for value in (windows, known, wanted)]
        whole = part[:, :, None]
        return (
            whole * windows + (1 - whole) * other[0],
            ops.maximum(known, other[1]),
            part * wanted + (1 - part) * other[2],
        )


def normalise(decibels: Tensor, there: Tensor) -> Tensor:
    """Do what :func:`interview.analysis.audio.logmel.normalise` does, for the frames there are."""
    level = ops.mean(decibels, axis=2)
    here = there[:, :, 0]
    count = ops.sum(here, axis=1, keepdims=True)
    ordered = ops.sort(ops.where(here > 0, level, 1e6), axis=1)
    middle = ops.take_along_axis(ordered, ops.cast(count // 2, "int32"), axis=1)
    loud = here * ops.cast(level >= middle, "float32")
    mean = ops.sum(loud * level, axis=1) / ops.maximum(ops.sum(loud, axis=1), 1.0)
    value = ops.clip((decibels - mean[:, None, None]) / 20, QUIETEST, -QUIETEST)
    return there * value + (1 - there) * QUIETEST


class Lesson(layers.Layer):
    """The loss of each clip: what was said against what was wanted."""

    def call(self, said: Tensor, wanted: Tensor) -> Tensor:
        """Return cross entropies, shape ``(batch,)``."""
        return -ops.sum(wanted * ops.log_softmax(said), axis=1)
