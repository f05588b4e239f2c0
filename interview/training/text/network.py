"""The convolutional and recurrent network over word embeddings, with five independent outputs.

Three blocks of convolution (128, 256, 512 filters of width 8), max pooling, spatial dropout and
batch normalisation, three LSTMs of 180, a dense layer of 128. Two thousand essays are too few to
find such a network from random weights, so it starts where it averages what it reads: filters that
begin nearly alike at every position, memories of 4 to 60 steps (Tallec & Ollivier 2018) and layers
scaled to unit variance on data (Mishkin & Matas 2016). The output layers are fitted first, then
everything together (Kumar et al. 2022), towards labels mixed with what a ridge regression of the
same fold says (Hinton et al. 2015).
"""

from collections.abc import Callable, Sequence

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from interview.training.text.network_settings import NetworkSettings

Teacher = Callable[[NDArray[np.int32]], NDArray]
"""Gives, for windows of word indexes, a probability per trait."""


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
    """Set the weights from which the network averages what it reads."""
    random = np.random.default_rng(seed)
    model.get_layer("words").set_weights([embedding])
    value = keras.ops.convert_to_numpy(model.get_layer("words")(sample))
    for index, filters in enumerate(settings.filters):
        shape = (settings.kernel, value.shape[-1], filters)
        common = random.standard_normal(shape[1:])[None]
        own = random.standard_normal(shape)
        kernel = common * settings.alike + own * np.sqrt(1 - settings.alike**2)
        kernel /= np.sqrt(shape[0] * shape[1])
        conv, norm = model.get_layer(f"conv{index}"), model.get_layer(f"norm{index}")
        conv.set_weights([kernel.astype(np.float32), np.zeros(filters, np.float32)])
        value = keras.ops.convert_to_numpy(model.get_layer(f"pool{index}")(conv(value)))
        value = _normalise(norm, value)
    for index in range(settings.memories):
        memory = model.get_layer(f"memory{index}")
        _set_memory(memory, value, settings.memory, random)
        value = keras.ops.convert_to_numpy(memory(value))
    _normalise(model.get_layer("norm"), value)


def _normalise(layer: layers.Layer, value: NDArray) -> NDArray:
    """Give a batch normalisation the statistics of its input, and return its output."""
    axes = tuple(range(value.ndim - 1))
    scale, shift, _, _ = layer.get_weights()
    layer.set_weights([scale, shift, value.mean(axes), value.var(axes) + 1e-8])
    return keras.ops.convert_to_numpy(layer(value, training=False))


def _set_memory(
    layer: layers.Layer, value: NDArray, units: int, random: np.random.Generator
) -> None:
    """Scale an LSTM's gates to its input and let it remember for 4 to 60 steps."""
    kernel, recurrent, _ = layer.get_weights()
    forget = np.log(random.uniform(4, 60, units))
    bias = np.concatenate([-forget, forget, np.zeros(units), np.ones(units)])
    flat = value.reshape(-1, value.shape[-1])
    centre = flat.mean(0)
    for gate in range(4):
        part = slice(gate * units, (gate + 1) * units)
        spread = ((flat - centre) @ kernel[:, part]).std()
        kernel[:, part] *= (1.0 if gate == 2 else 0.2) / max(spread, 1e-9)  # 2: what is stored
        bias[part] -= centre @ kernel[:, part]
    layer.set_weights([kernel, recurrent * 0.2, bias.astype(np.float32)])


class _Batches(keras.utils.PyDataset):
    """One window at a random place of each training text, in random order."""

    def __init__(
        self,
        sequences: Sequence[NDArray[np.int32]],
        labels: NDArray[np.float32],
        teacher: Teacher,
        settings: NetworkSettings,
        random: np.random.Generator,
    ) -> None:
        super().__init__()
        self._sequences, self._labels, self._teacher = sequences, labels, teacher
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
        batch = np.stack(found)
        return batch, targets(self._labels[chosen], self._teacher(batch), self._settings)


def targets(labels: NDArray, taught: NDArray, settings: NetworkSettings) -> NDArray[np.float32]:
    """Return smoothed labels mixed with what the teacher says."""
    smooth = labels * (1 - settings.smoothing) + settings.smoothing / 2
    return ((1 - settings.taught) * smooth + settings.taught * taught).astype(np.float32)


def fit_predict(
    sequences: Sequence[NDArray[np.int32]],
    labels: NDArray[np.float64],
    held: Sequence[NDArray[np.int32]],
    embedding: NDArray[np.float32],
    teacher: Teacher,
    settings: NetworkSettings,
    seed: int,
) -> dict[str, NDArray]:
    """Train on ``sequences`` of word indexes and score ``held`` ones.

    Returns log odds, averaged over each text's windows, under ``head`` (output layers fitted) and
    ``tuned`` (everything fitted), shape ``(held, traits)``, and the losses of each epoch.
    """
    keras.utils.set_random_seed(seed)
    random = np.random.default_rng(seed)
    train, owners = windows(sequences, settings.window)
    test, test_owners = windows(held, settings.window)
    model = build(len(embedding), labels.shape[1], settings)
    prepare(model, embedding, train[random.permutation(len(train))[:64]], settings, seed)
    head_losses, head = _fit_head(
        model, train, targets(labels[owners], teacher(train), settings), settings
    )
    state = keras.Model(model.input, model.get_layer("norm").input)
    found = {
        "head": average_odds(head.predict(_in_batches(state, test), verbose=0), test_owners),
        "head_losses": np.array(head_losses),
    }
    batches = _Batches(sequences, labels.astype(np.float32), teacher, settings, random)
    steps = settings.tuning_epochs * len(batches)
    rate = keras.optimizers.schedules.CosineDecay(
        settings.tuning_rate * 0.1,
        max(1, steps),
        alpha=0.05,
        warmup_target=settings.tuning_rate,
        warmup_steps=min(25, steps),
    )
    optimiser = keras.optimizers.AdamW(rate, weight_decay=settings.decay, clipnorm=1.0)
    model.compile(optimiser, "binary_crossentropy", jit_compile=settings.compiled)
    history = model.fit(batches, epochs=settings.tuning_epochs, verbose=0)
    found["tuned"] = average_odds(_in_batches(model, test), test_owners)
    found["tuning_losses"] = np.array(history.history["loss"])
    return found


def _fit_head(
    model: keras.Model, train: NDArray, wanted: NDArray, settings: NetworkSettings
) -> tuple[list[float], keras.Model]:
    """Fit the layers after the memories on their fixed states."""
    states = _in_batches(keras.Model(model.input, model.get_layer("norm").input), train)
    norm = model.get_layer("norm")
    scale, shift, _, _ = norm.get_weights()
    norm.set_weights([scale, shift, states.mean(0), states.var(0) + 1e-8])
    entry = keras.Input(states.shape[1:])
    value = norm(entry)
    for name in ("dense", "drop", "traits"):
        value = model.get_layer(name)(value)
    head = keras.Model(entry, value)
    head.compile(
        keras.optimizers.AdamW(settings.head_rate, weight_decay=1e-2),
        "binary_crossentropy",
        jit_compile=False,
    )
    history = head.fit(states, wanted, batch_size=32, epochs=settings.head_epochs, verbose=0)
    return history.history["loss"], head


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
