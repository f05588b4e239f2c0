"""The convolutional network over grey faces, with a head for each thing that a face shows.

The code is neutral to the backend of Keras.
"""

import keras
from keras import layers

from interview.analysis.video.shape import OUTPUTS, Shape

FLATTEST = 8.0
"""Least deviation of the grey values, of 255, by which a face is scaled."""


def build(shape: Shape, norm: type[layers.Layer] = layers.BatchNormalization) -> keras.Model:
    """Build the network: faces of shape ``(n, height, width)``, 0 to 255, in; ``HEADS`` out.

    The outputs are linear in the last feature map, averaged over its places, so that each place's
    part in an output can be told (Zhou et al. 2016). ``norm`` is the layer that normalises, for
    training, which may have a quicker one.
    """
    entry = keras.Input((None, None), name="faces")  # 48 pixels at work, fewer early in training
    features = trunk(entry, shape, norm)
    pooled = layers.GlobalAveragePooling2D(name="pooled")(features)
    pooled = layers.Dropout(shape.dropout)(pooled)
    return keras.Model(entry, layers.Dense(OUTPUTS, name="heads", dtype="float32")(pooled))


def trunk(entry: keras.KerasTensor, shape: Shape, norm: type[layers.Layer]) -> keras.KerasTensor:
    """Return the last feature map of faces."""
    value = standardise(entry)
    value = _convolve(value, shape.stem, 5, 2, norm)
    value = layers.Activation("relu")(value)
    for width, depth, stride in zip(shape.widths, shape.depths, shape.strides, strict=True):
        for index in range(depth):
            value = _block(value, width, stride if index == 0 else 1, norm)
    return value


def standardise(faces: keras.KerasTensor) -> keras.KerasTensor:
    """Bring each face to mean 0 and deviation 1, so that the light in the room counts less."""
    value = keras.ops.expand_dims(keras.ops.cast(faces, "float32"), -1)
    mean = keras.ops.mean(value, axis=(1, 2), keepdims=True)
    spread = keras.ops.std(value, axis=(1, 2), keepdims=True)
    return (value - mean) / keras.ops.maximum(spread, FLATTEST)


def _block(
    value: keras.KerasTensor, width: int, stride: int, norm: type[layers.Layer]
) -> keras.KerasTensor:
    """Add two convolutions to what they read, halved and widened where need be."""
    new = layers.Activation("relu")(_convolve(value, width, 3, stride, norm))
    new = _convolve(new, width, 3, 1, norm)
    if stride != 1:
        value = layers.AveragePooling2D(stride)(value)
    if value.shape[-1] != width:
        value = _convolve(value, width, 1, 1, norm)
    return layers.Activation("relu")(layers.Add()([value, new]))


def _convolve(
    value: keras.KerasTensor, filters: int, size: int, stride: int, norm: type[layers.Layer]
) -> keras.KerasTensor:
    value = layers.Conv2D(filters, size, strides=stride, padding="same", use_bias=False)(value)
    return norm(momentum=0.97)(value)
