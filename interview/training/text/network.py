"""The convolutional and recurrent network over word embeddings, with five independent outputs.

Three blocks of convolution (128, 256, 512 filters of width 8), max pooling, spatial dropout and
batch normalisation, three LSTMs of 180, a dense layer of 128. Two thousand essays are too few to
find such a network from random weights, so it starts as a weighted mean of what it reads, set layer
by layer on data (Mishkin & Matas 2016): filters average the directions in which texts differ most,
the last memory holds 60 to 300 steps (Tallec & Ollivier 2018), and the output layers start as a
ridge regression on its states (Kumar et al. 2022). What it learns is not the 0/1 labels but what a
ridge regression of the fold says of each text when that text is left out (Hinton et al. 2015).
"""

from collections.abc import Sequence

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from interview.training.text.network_settings import NetworkSettings


def windows(
    sequences: Sequence[NDArray[np.int32]], size: int
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Cut sequences into windows, padded in front; a last rest of less than a third is dropped.

    Returns the windows, shape ``(windows, size)``, and the index of the sequence of each.
    """
    found, owners = [], []
    for owner, sequence in enumerate(sequences):
        for start in range(0, max(1, len(sequence) - size // 3), size):
            found.append(window_at(sequence, start, size))
            owners.append(owner)
    return np.stack(found), np.array(owners)


def window_at(sequence: NDArray[np.int32], start: int, size: int) -> NDArray[np.int32]:
    """Return ``size`` indexes from ``start``, padded in front."""
    part = sequence[start : start + size]
    return np.concatenate([np.zeros(size - len(part), np.int32), part])


def build(vocabulary: int, outputs: int, settings: NetworkSettings) -> keras.Model:
    """Build the network; its outputs are independent probabilities."""
    entry = keras.Input((settings.window,), dtype="int32")
    value = layers.Embedding(vocabulary, settings.size, name="words")(entry)
    for index, filters in enumerate(settings.filters):
        value = layers.Conv1D(
            filters, settings.kernel, padding="same", activation="relu", name=f"conv{index}"
        )(value)
        value = layers.MaxPooling1D(2, name=f"pool{index}")(value)
        value = layers.SpatialDropout1D(settings.dropout, name=f"drop{index}")(value)
        value = layers.BatchNormalization(momentum=0.95, name=f"norm{index}")(value)
    for index in range(settings.memories):
        last = index == settings.memories - 1
        value = layers.LSTM(settings.memory, return_sequences=not last, name=f"memory{index}")(
            value
        )
    value = layers.BatchNormalization(momentum=0.95, name="norm")(value)
    value = layers.Dense(settings.dense, activation="relu", name="dense")(value)
    value = layers.Dropout(settings.dropout, name="drop")(value)
    return keras.Model(entry, layers.Dense(outputs, activation="sigmoid", name="traits")(value))


def prepare(
    model: keras.Model,
    embedding: NDArray[np.float32],
    sample: NDArray[np.int32],
    settings: NetworkSettings,
    seed: int,
) -> None:
    """Set the weights of the trunk so that its last state is nearly the mean of what it reads.

    ``sample`` are windows, shape ``(windows, settings.window)``, that the scales are taken from.
    """
    random = np.random.default_rng(seed)
    model.get_layer("words").set_weights([embedding])
    value = embedding[sample]
    for index, filters in enumerate(settings.filters):
        axes = _axes(value, filters, random)
        kernel = np.repeat(axes.T[None] / settings.kernel, settings.kernel, axis=0)
        passed = keras.ops.convert_to_numpy(keras.ops.conv(value, kernel, padding="same"))
        # Raised above 0 where the rectifier would cut off half of what an axis says; axes beyond
        # the input's own are cut at their mean, which adds what is not linear.
        raised = settings.raised * passed.std((0, 1))
        raised[value.shape[-1] :] = 0
        bias = raised - passed.mean((0, 1))
        model.get_layer(f"conv{index}").set_weights([kernel, bias])
        pooled = model.get_layer(f"pool{index}")(np.maximum(passed + bias, 0))
        value = _normalise(model.get_layer(f"norm{index}"), keras.ops.convert_to_numpy(pooled))
    for index in range(settings.memories):
        memory, last = model.get_layer(f"memory{index}"), index == settings.memories - 1
        _set_memory(memory, value, settings, random, averages=last)
        value = keras.ops.convert_to_numpy(memory(value))


def _axes(value: NDArray, count: int, random: np.random.Generator) -> NDArray[np.float32]:
    """Return orthonormal directions: those in which windows differ most, then random turns."""
    means = value.mean(1)
    found = [np.linalg.svd(means - means.mean(0), full_matrices=True)[2]]
    channels = value.shape[-1]
    while channels * len(found) < count:
        found.append(np.linalg.qr(random.standard_normal((channels, channels)))[0])
    return np.concatenate(found)[:count].astype(np.float32)


def _normalise(layer: layers.Layer, value: NDArray) -> NDArray:
    """Give a batch normalisation the statistics of its input, and return its output."""
    axes = tuple(range(value.ndim - 1))
    scale, shift, _, _ = layer.get_weights()
    layer.set_weights([scale, shift, value.mean(axes), value.var(axes) + 1e-8])
    return keras.ops.convert_to_numpy(layer(value, training=False))


def _set_memory(
    layer: layers.Layer,
    value: NDArray,
    settings: NetworkSettings,
    random: np.random.Generator,
    *,
    averages: bool,
) -> None:
    """Have an LSTM average its input over a long time, or pass it on and forget it at once."""
    units = settings.memory
    axes = _axes(value, units, random)
    read = value @ axes.T
    scale = settings.read / np.maximum(read.std((0, 1)), 1e-9)
    kernel = np.zeros((value.shape[-1], 4 * units), np.float32)
    kernel[:, 2 * units : 3 * units] = axes.T * scale
    if averages:
        keep = np.log(random.uniform(*settings.remembered, units))
        write = 1.5 - keep
    else:
        keep, write = np.full(units, -3.0), np.full(units, 3.0)
    bias = np.concatenate([write, keep, -read.mean((0, 1)) * scale, np.full(units, 2.0)])
    recurrent = np.zeros((units, 4 * units), np.float32)
    layer.set_weights([kernel, recurrent, bias.astype(np.float32)])


def set_outputs(
    model: keras.Model, states: NDArray, odds: NDArray, settings: NetworkSettings, seed: int
) -> None:
    """Set the layers after the memories to a ridge regression of log odds on the states.

    The dense layer's units are pairs of opposite mixtures of the regression's scores, so that
    their rectified difference is linear. The scores get the spread of ``odds``, which a ridge
    regression would shrink.
    """
    value = _normalise(model.get_layer("norm"), states).astype(np.float64)
    value -= value.mean(0)
    system = value.T @ value
    system[np.diag_indices_from(system)] += settings.penalty * np.trace(system) / len(system)
    weights = np.linalg.solve(system, value.T @ (odds - odds.mean(0)))
    weights *= odds.std(0) / np.maximum((value @ weights).std(0), 1e-9)
    pairs = settings.dense // 2
    turned = np.random.default_rng(seed).standard_normal((pairs, weights.shape[1]))
    mixtures = np.linalg.qr(turned)[0]
    inner = weights @ mixtures.T
    model.get_layer("dense").set_weights([np.hstack([inner, -inner]), np.zeros(2 * pairs)])
    model.get_layer("traits").set_weights([np.vstack([mixtures, -mixtures]), odds.mean(0)])


class _Batches(keras.utils.PyDataset):
    """One window at a random place of each training text, in random order."""

    def __init__(
        self,
        sequences: Sequence[NDArray[np.int32]],
        wanted: NDArray[np.float32],
        settings: NetworkSettings,
        random: np.random.Generator,
    ) -> None:
        super().__init__()
        self._sequences, self._wanted = sequences, wanted
        self._settings, self._random = settings, random
        self.on_epoch_end()

    def __len__(self) -> int:
        return len(self._sequences) // self._settings.batch

    def on_epoch_end(self) -> None:
        """Shuffle."""
        self._order = self._random.permutation(len(self._sequences))

    def __getitem__(self, index: int) -> tuple[NDArray, NDArray]:
        size = self._settings.window
        chosen = self._order[index * self._settings.batch :][: self._settings.batch]
        found = []
        for row in chosen:
            latest = max(1, len(self._sequences[row]) - size * 2 // 3)
            found.append(window_at(self._sequences[row], self._random.integers(latest), size))
        return np.stack(found), self._wanted[chosen]


def fit_predict(
    sequences: Sequence[NDArray[np.int32]],
    odds: NDArray,
    held: Sequence[NDArray[np.int32]],
    embedding: NDArray[np.float32],
    settings: NetworkSettings,
    seed: int,
) -> dict[str, NDArray]:
    """Train on ``sequences`` of word indexes, towards log odds, and score ``held`` ones.

    Returns log odds, averaged over each text's windows, under ``head`` (output layers fitted) and
    ``tuned`` (everything fitted), shape ``(held, traits)``, and under ``losses`` the cross-entropy
    of some training windows before and after the tuning.
    """
    keras.utils.set_random_seed(seed)
    random = np.random.default_rng(seed)
    train, owners = windows(sequences, settings.window)
    test, test_owners = windows(held, settings.window)
    model = build(len(embedding), odds.shape[1], settings)
    sample = random.permutation(len(train))[: settings.sample]
    prepare(model, embedding, train[sample], settings, seed)
    trunk = keras.Model(model.input, model.get_layer("norm").input)
    states = _in_batches(trunk, train)
    set_outputs(model, states, odds[owners], settings, seed)
    wanted = (1 / (1 + np.exp(-odds))).astype(np.float32)
    outputs = outputs_of(model)
    found = {
        "head": average_odds(outputs.predict(_in_batches(trunk, test), verbose=0), test_owners)
    }
    before = outputs.predict(states[sample], verbose=0)
    _tune(model, _Batches(sequences, wanted, settings, random), settings)
    found["tuned"] = average_odds(_in_batches(model, test), test_owners)
    after = _in_batches(model, train[sample])
    losses = [_loss(chances, wanted[owners[sample]]) for chances in (before, after)]
    return found | {"losses": np.array(losses)}


def outputs_of(model: keras.Model) -> keras.Model:
    """Return the layers after the memories as a model of their own."""
    entry = keras.Input(model.get_layer("norm").input.shape[1:])
    value = entry
    for name in ("norm", "dense", "drop", "traits"):
        value = model.get_layer(name)(value)
    return keras.Model(entry, value)


def _tune(model: keras.Model, batches: _Batches, settings: NetworkSettings) -> None:
    """Fit all weights but the normalisations, whose statistics dropout would change."""
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.trainable = False
    steps = max(1, settings.tuning_epochs * len(batches))
    rate = keras.optimizers.schedules.CosineDecay(
        settings.tuning_rate * 0.1,
        steps,
        alpha=0.05,
        warmup_target=settings.tuning_rate,
        warmup_steps=min(25, steps),
    )
    optimiser = keras.optimizers.AdamW(rate, weight_decay=settings.decay, clipnorm=1.0)
    # XLA is left out: it takes long to compile the memories and runs no faster on a processor.
    model.compile(optimiser, "binary_crossentropy", jit_compile=False)
    model.fit(batches, epochs=settings.tuning_epochs, verbose=0)


def _loss(chances: NDArray, wanted: NDArray) -> float:
    """Return the mean cross-entropy."""
    safe = np.clip(chances, 1e-6, 1 - 1e-6)
    return float(-(wanted * np.log(safe) + (1 - wanted) * np.log(1 - safe)).mean())


def _in_batches(model: keras.Model, values: NDArray, size: int = 64) -> NDArray:
    """Predict in batches of one shape, so that the network is compiled once."""
    padded = np.concatenate([values, np.repeat(values[:1], -len(values) % size, axis=0)])
    return model.predict(padded, batch_size=size, verbose=0)[: len(values)]


def average_odds(chances: NDArray, owners: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the mean log odds of each text's windows."""
    safe = np.clip(chances, 1e-4, 1 - 1e-4)
    odds = np.log(safe / (1 - safe))
    count = np.bincount(owners)[:, None]
    sums = np.stack([np.bincount(owners, column) for column in odds.T], axis=1)
    return (sums / count).astype(np.float32)
