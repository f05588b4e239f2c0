"""Training of the network on variants of the clips, and its scores on held-out ones."""

from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from interview.analysis.audio.crnn import window_at
from interview.analysis.audio.emotion import CLASSES
from interview.analysis.audio.logmel import log_mel, normalise
from interview.training.speech import augment
from interview.training.speech.corpus import VOTED, Clip, classes_of
from interview.training.speech.network_settings import Cycle, NetworkSettings

VARIANTS = 4
"""Spectrograms of each clip: as it is, at another speed, and twice as recorded less well."""

Spectrograms = list[NDArray[np.float16]]


def spectrograms(sounds: Sequence[NDArray[np.float32]], seed: int) -> list[Spectrograms]:
    """Return, for each variant, the normalised spectrogram of each clip."""
    found: list[Spectrograms] = [[] for _ in range(VARIANTS)]
    for index, sound in enumerate(sounds):
        random = np.random.default_rng([seed, index])
        for variant in range(VARIANTS):
            heard = augment.vary(sound, random, harsh=variant > 1) if variant else sound
            found[variant].append(normalise(log_mel(heard)).astype(np.float16))
    return found


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


class Batches(keras.utils.PyDataset):
    """Random windows of random variants, masked, coloured and mixed (mixup, Zhang et al. 2018)."""

    def __init__(
        self,
        variants: list[Spectrograms],
        clips: Sequence[Clip],
        rows: NDArray[np.int64],
        settings: NetworkSettings,
        share: float,
        random: np.random.Generator,
    ) -> None:
        super().__init__()
        self._variants, self._settings, self._random = variants, settings, random
        self._wanted = targets(clips, settings)
        self._known = classes_of(clips, CLASSES)
        always = np.array([clips[row].dataset == "ravdess" for row in rows])
        self._always, self._sometimes = rows[always], rows[~always]
        self._some = int(share * len(self._sometimes))
        self._length = max(1, (len(self._always) + self._some) // settings.batch)
        self.on_epoch_end()

    def __len__(self) -> int:
        return self._length

    def on_epoch_end(self) -> None:
        """Draw the clips of the next epoch."""
        some = self._random.permutation(self._sometimes)[: self._some]
        self._order = self._random.permutation(np.concatenate([self._always, some]))

    def __getitem__(self, index: int) -> tuple[tuple[NDArray, NDArray], NDArray]:
        settings, random = self._settings, self._random
        chosen = self._order[index * settings.batch :][: settings.batch]
        windows = np.stack([self._window(row) for row in chosen])
        augment.tilt(windows, random)
        augment.mask(windows, random)
        wanted, known = self._wanted[chosen], self._known[chosen]
        if settings.mixup:
            other = random.permutation(len(chosen))
            part = random.beta(settings.mixup, settings.mixup, len(chosen)).astype(np.float32)
            part = np.maximum(part, 1 - part)
            windows = part[:, None, None] * windows + (1 - part[:, None, None]) * windows[other]
            wanted = part[:, None] * wanted + (1 - part[:, None]) * wanted[other]
            known = np.maximum(known, known[other])
        return (windows, known), wanted

    def _window(self, row: int) -> NDArray[np.float32]:
        variant = self._random.choice(VARIANTS, p=(0.4, 0.24, 0.18, 0.18))
        spectrogram = self._variants[variant][row]
        spare = len(spectrogram) - self._settings.shape.window
        start = self._random.integers(min(0, spare), max(0, spare) + 1)
        return window_at(spectrogram, int(start), self._settings.shape.window)


def fit(
    model: keras.Model,
    variants: list[Spectrograms],
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
    batches = Batches(variants, clips, rows, settings, cycle.share, random)
    optimiser = _optimiser(settings, cycle.rate, cycle.epochs * len(batches))
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(optimiser, loss, jit_compile=False)
    note = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: log(f"epoch {epoch + 1}: loss {logs['loss']:.4f}")
    )
    resume = keras.callbacks.BackupAndRestore(str(checkpoint), delete_checkpoint=True)
    history = model.fit(batches, epochs=cycle.epochs, verbose=0, callbacks=[note, resume])
    optimiser.finalize_variable_values(model.trainable_variables)
    return [float(value) for value in history.history["loss"]]


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
