"""The convolutional and recurrent network over log-mel spectrograms (CRNN).

Four local feature learning blocks (convolutions, batch normalisation, ELU, max pooling; Zhao et
al. 2019) slide over the spectrogram, so that every step of the recurrent layer sees a rolling
window of it; a recurrent layer and attention pooling (Mirsamadi et al. 2017) follow. The
code is neutral to the backend of Keras.
"""

from collections.abc import Sequence

import keras
from keras import layers

from interview.analysis.audio.crnn import Shape

HIDE = -30.0
"""Added to the log odds of a class that a clip's corpus does not contain."""


@keras.saving.register_keras_serializable("interview")
class AttentionPooling(layers.Layer):
    """Mean over time, weighted by a learnt score of each step."""

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Make the vector that scores a step."""
        self.score = self.add_weight(shape=(shape[-1], 1), initializer="zeros", name="score")
        self.built = True

    def call(self, value: keras.KerasTensor) -> keras.KerasTensor:
        """Pool ``(batch, time, features)`` to ``(batch, features)``."""
        weights = keras.ops.softmax(keras.ops.matmul(value, self.score), axis=1)
        return keras.ops.sum(weights * value, axis=1)


def build(shape: Shape, norm: type[layers.Layer] = layers.BatchNormalization) -> keras.Model:
    """Build the network: spectrogram windows and known classes in, log odds of classes out.

    ``norm`` is the layer that normalises, for training, which may have a quicker one.
    """
    entry = keras.Input((shape.window, shape.bands), name="spectrogram")
    known = keras.Input((shape.classes,), name="known")
    value = keras.ops.expand_dims(entry, -1)
    if shape.early > 1:
        value = layers.AveragePooling2D((shape.early, 1))(value)
    for index, (filters, stride, pool) in enumerate(
        zip(shape.filters, shape.strides, shape.pools, strict=True)
    ):
        value = _block(value, f"block{index}", filters, stride, shape.depth, norm)
        value = layers.MaxPooling2D(pool)(value)
        value = layers.SpatialDropout2D(shape.block_dropout)(value)
    value = layers.Reshape((value.shape[1], value.shape[2] * value.shape[3]))(value)
    for index in range(shape.memories):
        value = _memory(shape, f"memory{index}")(value)
    if shape.attention:
        value = AttentionPooling(name="attention")(value)
    else:
        value = layers.GlobalAveragePooling1D()(value)
    value = layers.Dropout(shape.dropout)(value)
    odds = layers.Dense(shape.classes, name="emotions", dtype="float32")(value)
    return keras.Model([entry, known], odds + HIDE * (1.0 - known))


def _block(
    entry: keras.KerasTensor,
    name: str,
    filters: int,
    stride: int,
    depth: int,
    norm: type[layers.Layer],
) -> keras.KerasTensor:
    """Add ``depth`` normalised convolutions and, around more than one, a shorter way."""
    value = entry
    for layer in range(depth):
        value = layers.Activation("elu")(value) if layer else value
        value = layers.Conv2D(
            filters,
            3,
            strides=1 if layer else stride,
            padding="same",
            use_bias=False,
            name=f"{name}_conv{layer}",
        )(value)
        value = norm(momentum=0.95, name=f"{name}_norm{layer}")(value)
    if depth > 1:
        way = layers.Conv2D(filters, 1, strides=stride, name=f"{name}_way")(entry)
        value = layers.Add()([value, way])
    return layers.Activation("elu")(value)


def _memory(shape: Shape, name: str) -> layers.Layer:
    """Return a recurrent layer that says something at every step."""
    if shape.cell == "gru":
        memory = layers.GRU(shape.memory, return_sequences=True, name=name)
    else:
        # The vendor's own implementation is not there on every accelerator.
        memory = layers.LSTM(shape.memory, return_sequences=True, use_cudnn=False, name=name)
    return layers.Bidirectional(memory, name=name) if shape.both_ways else memory


def average(networks: Sequence[keras.Model]) -> keras.Model:
    """Join networks of one shape into one that gives the mean of their log odds."""
    entries = [keras.Input(entry.shape[1:]) for entry in networks[0].inputs]
    odds = [network(entries) for network in networks]
    return keras.Model(entries, layers.Average()(odds) if len(odds) > 1 else odds[0])
