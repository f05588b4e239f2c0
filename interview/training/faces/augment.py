"""Ways a face could also have been seen: turned, nearer, aside, in other light, partly covered.

Everything is computed by Keras' operations, so that it runs where the network is trained.
"""

import math

import keras
from keras import ops

from interview.analysis.video.shape import OUTPUTS, POSE, SIZE, head

TURN = 0.26
"""Largest rotation in the picture, in radians."""
ZOOM = 0.18
SHIFT = 0.09
COVERED = 0.25
"""Share of the faces of which a rectangle is covered."""


def vary(
    faces: keras.KerasTensor,
    targets: keras.KerasTensor,
    seed: keras.random.SeedGenerator,
    strength: float = 1.0,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Return variants of faces of shape ``(n, 48, 48)``, 0 to 255, and what they teach.

    A mirrored face looks to the other side, and a turned one leans as much more. ``strength``, 0 to
    1, is how far all but the mirroring may go.
    """
    count = ops.shape(faces)[0]
    mirrored = keras.random.uniform((count,), seed=seed) < 0.5
    turn = TURN * strength
    angle = keras.random.uniform((count,), -turn, turn, seed=seed)
    targets = _follow(targets, mirrored, angle)
    faces = ops.where(mirrored[:, None, None], ops.flip(faces, 2), faces)
    faces = _move(faces, angle, seed, strength)
    faces = _light(faces, seed, strength)
    return _cover(faces, seed, strength), targets


def _follow(
    targets: keras.KerasTensor, mirrored: keras.KerasTensor, angle: keras.KerasTensor
) -> keras.KerasTensor:
    """Return the targets of mirrored and turned faces: yaw and roll change."""
    first = head("pose").start
    yaw, roll = (
        ops.one_hot(first + POSE.index(name), OUTPUTS, dtype="float32") for name in ("yaw", "roll")
    )
    sides = 1 - 2 * ops.cast(mirrored, "float32")[:, None] * (yaw + roll)[None]
    return targets * sides + angle[:, None] * roll[None]


def _move(
    faces: keras.KerasTensor,
    angle: keras.KerasTensor,
    seed: keras.random.SeedGenerator,
    strength: float,
) -> keras.KerasTensor:
    """Turn faces clockwise, zoom and shift them; what comes into sight repeats the edge."""
    count = ops.shape(faces)[0]
    zoom, far = ZOOM * strength, SHIFT * SIZE * strength
    scale = ops.exp(keras.random.uniform((count,), -zoom, zoom, seed=seed))
    wide = ops.exp(keras.random.uniform((count,), -zoom / 2, zoom / 2, seed=seed))
    shift = keras.random.uniform((count, 2), -far, far, seed=seed)
    cosine, sine = ops.cos(angle) * scale, ops.sin(angle) * scale
    middle = (SIZE - 1) / 2
    # Where in the face each place of the result comes from.
    places = ops.arange(SIZE, dtype="float32") - middle
    down, along = places[None, :, None], places[None, None, :]
    columns = (cosine * wide)[:, None, None] * along + sine[:, None, None] * down
    rows = cosine[:, None, None] * down - (sine / wide)[:, None, None] * along
    return _sample(
        faces, rows + middle + shift[:, 1, None, None], columns + middle + shift[:, 0, None, None]
    )


def _sample(
    faces: keras.KerasTensor, rows: keras.KerasTensor, columns: keras.KerasTensor
) -> keras.KerasTensor:
    """Read faces between their pixels (bilinear); outside is the nearest pixel of the edge."""
    rows, columns = ops.clip(rows, 0, SIZE - 1), ops.clip(columns, 0, SIZE - 1)
    top, left = ops.floor(rows), ops.floor(columns)
    lower, right = rows - top, columns - left
    flat = ops.reshape(faces, (-1, SIZE * SIZE))

    def at(row: keras.KerasTensor, column: keras.KerasTensor) -> keras.KerasTensor:
        place = ops.minimum(row, SIZE - 1) * SIZE + ops.minimum(column, SIZE - 1)
        index = ops.reshape(ops.cast(place, "int32"), (-1, SIZE * SIZE))
        return ops.reshape(ops.take_along_axis(flat, index, axis=1), (-1, SIZE, SIZE))

    above = at(top, left) * (1 - right) + at(top, left + 1) * right
    below = at(top + 1, left) * (1 - right) + at(top + 1, left + 1) * right
    return above * (1 - lower) + below * lower


def _light(
    faces: keras.KerasTensor, seed: keras.random.SeedGenerator, strength: float
) -> keras.KerasTensor:
    """Bend the grey values, light one side more, and add the camera's noise."""
    count = ops.shape(faces)[0]
    bend = 0.4 * strength
    gamma = ops.exp(keras.random.uniform((count, 1, 1), -bend, bend, seed=seed))
    bent = 255 * ops.power(ops.clip(faces / 255, 1e-3, 1.0), gamma)
    slope = keras.random.uniform((count, 2), -0.3 * strength, 0.3 * strength, seed=seed)
    places = ops.linspace(-1.0, 1.0, SIZE)
    lit = 1 + slope[:, :1, None] * places[None, :, None] + slope[:, 1:, None] * places[None, None]
    noise = keras.random.normal(ops.shape(faces), seed=seed)
    loud = keras.random.uniform((count, 1, 1), 0, 6 * strength, seed=seed)
    return ops.clip(bent * lit + noise * loud, 0, 255)


def _cover(
    faces: keras.KerasTensor, seed: keras.random.SeedGenerator, strength: float
) -> keras.KerasTensor:
    """Cover a rectangle of some faces with a grey (random erasing, Zhong et al. 2020)."""
    count = ops.shape(faces)[0]
    drawn = keras.random.uniform((count, 6), seed=seed)
    area = 0.02 + 0.23 * drawn[:, 0]
    ratio = ops.exp((2 * drawn[:, 1] - 1) * math.log(2.5))
    height = SIZE * ops.sqrt(area * ratio) / 2
    width = SIZE * ops.sqrt(area / ratio) / 2
    places = ops.cast(ops.arange(SIZE), "float32")
    rows = ops.abs(places[None] - SIZE * drawn[:, 2:3]) < height[:, None]
    columns = ops.abs(places[None] - SIZE * drawn[:, 3:4]) < width[:, None]
    chosen = (drawn[:, 4] < COVERED * strength)[:, None, None]
    inside = ops.logical_and(ops.logical_and(rows[:, :, None], columns[:, None]), chosen)
    return ops.where(inside, 255 * drawn[:, 5][:, None, None], faces)
