"""Training of the network on varied clips, with any backend of Keras."""

from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from interview.analysis.audio.emotion import CLASSES
from interview.training.speech.corpus import VOTED, Clip, classes_of
from interview.training.speech.hearing import Hearing, Lesson
from interview.training.speech.network_settings import Cycle, NetworkSettings
from interview.training.speech.store import Store


def targets(clips: Sequence[Clip], settings: NetworkSettings) -> NDArray[np.float32]:
    """Return what the network should say: the emotion, smoothed, and what listeners heard."""
    hard = np.array([[clip.emotion == name for name in CLASSES] for clip in clips], np.float32)
    known = classes_of(clips, CLASSES)
    soft = hard * (1 - settings.smoothing) + settings.smoothing * known / known.sum(
        1, keepdims=True
    )
    for row, clip in enumerate(clips):
        if clip.votes:
            votes = np.zeros(len(CLASSES), np.float32)
            votes[[CLASSES.index(name) for name in VOTED]] = clip.votes
            soft[row] = (1 - settings.listeners) * soft[row] + settings.listeners * votes
    return soft


class Turns(keras.utils.PyDataset):
    """Batches of numbers of clips; their sounds are where the network is."""

    def __init__(
        self,
        clips: Sequence[Clip],
        rows: NDArray[np.int64],
        batch: int,
        share: float,
        random: np.random.Generator,
    ) -> None:
        super().__init__()
        always = np.array([clips[row].dataset == "ravdess" for row in rows])
        self._always, self._sometimes = rows[always], rows[~always]
        self._some = int(share * len(self._sometimes))
        total = len(self._always) + self._some
        self._batch, self._length = min(batch, total), max(1, total // batch)
        self._random = random
        self.on_epoch_end()

    def __len__(self) -> int:
        return self._length

    def on_epoch_end(self) -> None:
        """Draw the clips of the next epoch."""
        some = self._random.permutation(self._sometimes)[: self._some]
        self._order = self._random.permutation(np.concatenate([self._always, some]))

    def __getitem__(self, index: int) -> tuple[NDArray, NDArray]:
        chosen = self._order[index * self._batch :][: self._batch]
        return chosen[:, None].astype(np.int32), np.zeros(len(chosen), np.float32)


def fit(
    network: keras.Model,
    store: Store,
    clips: Sequence[Clip],
    rows: NDArray[np.int64],
    settings: NetworkSettings,
    cycle: Cycle,
    seed: int,
    checkpoint: Path,
    log: Callable[[str], None],
) -> list[float]:
    """Train the network for a cycle on the clips in ``rows``, and return the loss of each epoch.

    Goes on from ``checkpoint`` if an earlier run left it. The network is left with the moving
    average of its weights.
    """
    keras.utils.set_random_seed(seed)
    random = np.random.default_rng(seed)
    turns = Turns(clips, rows, settings.batch, cycle.share, random)
    model = lesson(network, store, clips, settings, seed)
    optimiser = _optimiser(settings, cycle.rate, cycle.epochs * len(turns))
    compiled = keras.backend.backend() == "jax"  # the others are not quicker for it
    model.compile(optimiser, lambda _, losses: ops.mean(losses), jit_compile=compiled)
    note = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: log(f"epoch {epoch + 1}: loss {logs['loss']:.4f}")
    )
    resume = keras.callbacks.BackupAndRestore(str(checkpoint), delete_checkpoint=True)
    history = model.fit(turns, epochs=cycle.epochs, verbose=0, callbacks=[note, resume])
    optimiser.finalize_variable_values(model.trainable_variables)
    return [float(value) for value in history.history["loss"]]


def lesson(
    network: keras.Model, store: Store, clips: Sequence[Clip], settings: NetworkSettings, seed: int
) -> keras.Model:
    """Return the model that is trained: numbers of clips in, the network's losses out."""
    wanted, known = targets(clips, settings), classes_of(clips, CLASSES)
    hearing = Hearing(store, wanted, known, settings.shape.window, settings.mixup, seed)
    rows = keras.Input((1,), dtype="int32", name="rows")
    windows, known, wanted = hearing(rows)
    return keras.Model(rows, Lesson()(network([windows, known]), wanted))


def _optimiser(settings: NetworkSettings, rate: float, steps: int) -> keras.Optimizer:
    """Return AdamW with a warm start, a falling rate and a moving average of the weights."""
    falling = keras.optimizers.schedules.CosineDecay(
        rate * 0.05,
        steps,
        alpha=0.01,
        warmup_target=rate,
        warmup_steps=min(steps // 12 + 1, steps),
    )
    return keras.optimizers.AdamW(
        falling,
        weight_decay=settings.decay,
        clipnorm=1.0,
        use_ema=True,
        ema_momentum=settings.average,
        ema_overwrite_frequency=None,
    )
