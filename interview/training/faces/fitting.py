"""Training of a network of faces: the faces lie where it is trained, a step names their rows.

So the same code keeps an accelerator busy and runs on a processor, under any backend of Keras.
"""

import math
import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from interview.analysis.video.emotion import BATCH, mirror_signs
from interview.analysis.video.shape import HEADS, SIZE, head
from interview.training.faces import augment
from interview.training.faces.data import Lessons
from interview.training.faces.settings import Fit

SMILE_SHARE, POSE_SHARE, VOTES_SHARE = 0.5, 2.0, 1.0
"""Weights of the other heads' losses beside that of the emotion."""
SMALL = 32
"""Side of the faces in the first part of the training, in pixels."""
TAUGHT = ("emotion", "votes")
"""Heads that learn from a teacher."""
WARM = 0.05
"""Part of the training in which the learning rate rises."""


class Averaging(keras.optimizers.AdamW):
    """AdamW that keeps a moving average of the weights and puts it in their place when told.

    Keras would do so whenever its ``fit`` returns, which here is after each epoch: most of what the
    epoch taught would be lost each time.
    """

    def finalize_variable_values(self, var_list: list) -> None:
        """Leave the weights as they are."""

    def put_average(self, var_list: list) -> None:
        """Put the moving average in place of the weights."""
        super().finalize_variable_values(var_list)


class Teacher:
    """A trained network whose answers make up a part of what another one learns."""

    def __init__(self, network: keras.Model, taught: float) -> None:
        network.trainable = False
        self._network, self._taught = network, taught

    def targets(
        self, faces: keras.KerasTensor, targets: keras.KerasTensor, told: keras.KerasTensor
    ) -> keras.KerasTensor:
        """Return the targets with a part from what the teacher says of these very variants.

        Of its emotions only where the face's set tells some, so that faces of other sets, which
        it has not seen labelled, count no more than before.
        """
        said = ops.stop_gradient(self._network(faces, training=False))
        parts = []
        for name in HEADS:
            part = targets[:, head(name)]
            if name in TAUGHT:
                mixed = self._taught * ops.softmax(said[:, head(name)], axis=-1)
                part = ops.where(told[:, head(name)] > 0, mixed + (1 - self._taught) * part, part)
            parts.append(part)
        return ops.concatenate(parts, axis=1)


class Lesson(keras.Model):
    """A network with the faces it learns from: rows of the faces in, the loss of each out.

    ``side`` is the size at which the network sees them.
    """

    def __init__(
        self,
        network: keras.Model,
        lessons: Lessons,
        settings: Fit,
        seed: int,
        teacher: Teacher | None = None,
    ) -> None:
        super().__init__(dtype="float32")
        self.network, self.side, self.teacher = network, SIZE, teacher
        self.mixup, self.strength = settings.mixup, settings.strength
        self.seed = keras.random.SeedGenerator(seed)
        self.faces, self.targets, self.told = (
            self.add_weight(
                shape=array.shape,
                dtype=array.dtype.name,
                initializer=lambda shape, dtype=None, value=array: ops.convert_to_tensor(value),
                trainable=False,
                name=name,
            )
            for name, array in (
                ("faces", lessons.faces),
                ("targets", lessons.targets),
                ("told", lessons.weights),
            )
        )

    def call(self, rows: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Return the loss of each row, shape ``(n,)``."""
        faces = ops.cast(ops.take(self.faces, rows, axis=0), "float32")
        targets, told = ops.take(self.targets, rows, axis=0), ops.take(self.told, rows, axis=0)
        if not training:
            return losses(self.network(faces), targets, told)
        faces, targets = augment.vary(faces, targets, self.seed, self.strength)
        if self.side != SIZE:
            faces = ops.image.resize(faces[..., None], (self.side, self.side))[..., 0]
        if self.teacher:
            targets = self.teacher.targets(faces, targets, told)
        if not self.mixup:
            return losses(self.network(faces, training=True), targets, told)
        # Each face is mixed with that of another row (mixup, Zhang et al. 2018).
        part = keras.random.beta((ops.shape(rows)[0],), self.mixup, self.mixup, seed=self.seed)
        part = ops.maximum(part, 1 - part)
        kept = part[:, None, None]
        said = self.network(kept * faces + (1 - kept) * ops.flip(faces, 0), training=True)
        other = losses(said, ops.flip(targets, 0), ops.flip(told, 0))
        return part * losses(said, targets, told) + (1 - part) * other


def losses(
    said: keras.KerasTensor, targets: keras.KerasTensor, told: keras.KerasTensor
) -> keras.KerasTensor:
    """Return the loss of each face over the heads that its set tells something about."""
    total = 0.0
    for name, share in (("emotion", 1.0), ("votes", VOTES_SHARE)):
        part = head(name)
        crossed = -ops.sum(targets[:, part] * ops.log_softmax(said[:, part], axis=-1), axis=-1)
        total = total + share * told[:, part.start] * crossed
    smile, pose = head("smile"), head("pose")
    odds = said[:, smile]
    binary = ops.softplus(odds) - targets[:, smile] * odds
    total = total + SMILE_SHARE * ops.sum(told[:, smile] * binary, axis=-1)
    away = ops.abs(said[:, pose] - targets[:, pose])
    return total + POSE_SHARE * ops.sum(told[:, pose] * away, axis=-1)


class Rows(keras.utils.PyDataset):
    """The rows of each step: the first are in every epoch, with a share of the others."""

    def __init__(self, always: int, count: int, share: float, batch: int, seed: int) -> None:
        super().__init__()
        self._always, self._sometimes = np.arange(always), np.arange(always, count)
        self._some, self._seed = int(share * (count - always)), seed
        self._batch = min(batch, always + self._some)
        self.begin(0)

    def __len__(self) -> int:
        return len(self._order) // self._batch

    def __getitem__(self, index: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        rows = self._order[index * self._batch :][: self._batch]
        return rows, np.zeros(len(rows), np.float32)

    def begin(self, epoch: int) -> None:
        """Draw the rows of an epoch, the same whenever that one is reached."""
        random = np.random.default_rng([self._seed, epoch])
        some = random.permutation(self._sometimes)[: self._some]
        self._order = random.permutation(np.concatenate([self._always, some])).astype(np.int32)


def rate_at(done: float, rate: float) -> float:
    """Return the learning rate after a part of the training: it rises, then falls to nothing."""
    rising = min(1.0, done / WARM + 0.02)
    return max(rate * 1e-3, rate * rising * 0.5 * (1 + math.cos(math.pi * min(1.0, done))))


def fit(
    network: keras.Model,
    lessons: Lessons,
    rows: Rows,
    settings: Fit,
    seed: int,
    *,
    teacher: Teacher | None = None,
    checkpoint: Path | None = None,
    watch: Callable[[int], None] | None = None,
    log: Callable[[str], None] = print,
) -> list[float]:
    """Train a network and return the loss of each epoch.

    Goes on from ``checkpoint`` if an earlier run left it. ``watch`` is called after each epoch,
    with its number from 0. The network is left with the moving average of its weights.
    """
    keras.utils.set_random_seed(seed)
    lesson = Lesson(network, lessons, settings, seed, teacher)
    optimiser = Averaging(
        settings.rate,
        weight_decay=settings.decay,
        clipnorm=5.0,
        use_ema=True,
        ema_momentum=settings.average,
        ema_overwrite_frequency=None,
    )
    optimiser.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    optimiser.build(network.trainable_variables)
    kept = network.weights + optimiser.variables
    found = _restore(checkpoint, kept)
    small = round(settings.small * settings.epochs)
    for epoch in range(len(found), settings.epochs):
        side = SMALL if epoch < small else SIZE
        if lesson.side != side or not lesson.compiled:
            lesson.side = side
            lesson.compile(optimiser, loss=lambda true, said: said)
        rows.begin(epoch)
        optimiser.learning_rate.assign(rate_at((epoch + 0.5) / settings.epochs, settings.rate))
        found.append(float(lesson.fit(rows, epochs=1, verbose=0).history["loss"][0]))
        log(f"epoch {epoch + 1}: loss {found[-1]:.4f}")
        _keep(checkpoint, kept, found)
        if watch:
            watch(epoch)
    optimiser.put_average(network.trainable_variables)
    return found


def _keep(path: Path | None, variables: list, found: list[float]) -> None:
    """Store how far a training has come."""
    if path is None:
        return
    arrays = {str(place): np.asarray(value) for place, value in enumerate(variables)}
    new = path.with_suffix(".new.npz")
    np.savez(new, losses=np.array(found), **arrays)
    new.replace(path)


def _restore(path: Path | None, variables: list) -> list[float]:
    """Go on where an earlier run was; return the losses of its epochs."""
    if path is None or not path.exists():
        return []
    with np.load(path) as arrays:
        for place, variable in enumerate(variables):
            variable.assign(arrays[str(place)])
        return [float(value) for value in arrays["losses"]]


def predict(network: keras.Model, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the outputs for faces, each averaged with its mirror image's as at work."""
    said, other = (
        np.asarray(network.predict(part.astype(np.float32), batch_size=128, verbose=0))
        for part in (faces, faces[:, :, ::-1])
    )
    return (said + other * mirror_signs(said.shape[1])) / 2


def milliseconds(network: keras.Model) -> float:
    """Return the time a face takes in a batch of 64: the median of twenty batches."""
    faces = np.random.default_rng(0).integers(0, 256, (BATCH, SIZE, SIZE)).astype(np.float32)
    taken = []
    for _ in range(25):
        began = time.perf_counter()
        network.predict_on_batch(faces)
        taken.append(time.perf_counter() - began)
    return float(1000 * np.median(taken[5:]) / BATCH)
