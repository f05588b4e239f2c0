"""Which emotion a voice conveys: support vectors and recurrent networks, combined and calibrated.

The machines know eight classes; ``calm``, which only one corpus has, is shown with ``neutral``.
What is unlike every voice the machines were trained on gets no emotion.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from interview.analysis.audio import features
from interview.analysis.audio.crnn import Crnn, Shape, window_at
from interview.analysis.audio.frames import HOP, RATE, trim
from interview.analysis.audio.logmel import log_mel, normalise
from interview.analysis.audio.svm import Svm
from interview.analysis.report import EMOTIONS

Floats = NDArray[np.float32]

CLASSES = ("angry", "calm", "disgust", "fear", "happy", "neutral", "sad", "surprise")
"""Outputs of the machines, in order."""
SHOWN_WITH = {"calm": "neutral"}
STEPS = RATE // HOP
LEAST_SPEECH = 0.3
"""Seconds of speech that a second must hold to get emotions."""
STRANGE_SHARE = 0.5
"""Share of strange seconds from which the whole recording counts as something else than speech."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard: emotions of the whole and of each second of speech, or why there are none.

    ``seconds`` holds start, end and the seven shown emotions; ``reason`` is a notice's code.
    """

    overall: Mapping[str, float] | None
    seconds: Sequence[tuple[float, float, Mapping[str, float]]] = field(default=())
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Combination:
    """A calibrated mixture: weights of the machines' scores and an offset per class."""

    crnn: float
    svm: float
    offsets: Floats

    def chances(self, odds: Floats, scores: Floats) -> Floats:
        """Return probabilities from the machines' scores, shape ``(n, classes)``."""
        return softmax(self.crnn * odds + self.svm * scores + self.offsets)


@dataclass(frozen=True, slots=True)
class SpeechEmotionModel:
    """The trained machines of ``models/speech``.

    ``alone`` holds a combination for each machine alone, for comparison. ``strangeness`` is the
    distance, in deviations per component, beyond which a window is unlike the training voices.
    """

    version: str
    svm: Svm
    crnn: Crnn
    ensemble: Combination
    alone: Mapping[str, Combination]
    strangeness: float
    spread: Floats

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the model. Raises ``OSError`` or ``KeyError`` when files are missing or damaged."""
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        with np.load(folder / "svm.npz") as arrays:
            svm, spread = Svm.of(arrays), arrays["spread"].astype(np.float32)
        shape = Shape(**_tuples(card["shape"]))
        mixtures = {
            name: Combination(
                crnn=part["crnn"],
                svm=part["svm"],
                offsets=np.asarray(part["offsets"], np.float32),
            )
            for name, part in card["combinations"].items()
        }
        return cls(
            version=card["version"],
            svm=svm,
            crnn=Crnn.load(folder / "networks.npz", card["networks"], shape),
            ensemble=mixtures.pop("ensemble"),
            alone=mixtures,
            strangeness=card["strangeness"],
            spread=spread,
        )

    def utterances(self, sounds: Sequence[Floats]) -> dict[str, Floats]:
        """Return the chances of ``CLASSES`` for short utterances, by each machine and both.

        Each has the shape ``(utterances, classes)``.
        """
        trimmed = [trim(sound) for sound in sounds]
        scores = self.svm.scores(np.stack([features.utterance(sound) for sound in trimmed]))
        odds = self.crnn.clip_odds([normalise(log_mel(sound)) for sound in trimmed])
        found = {name: mixture.chances(odds, scores) for name, mixture in self.alone.items()}
        return {"ensemble": self.ensemble.chances(odds, scores), **found}

    def listen(self, samples: Floats, speech: Sequence[tuple[float, float]]) -> Heard:
        """Return the emotions of a recording, second by second where somebody speaks.

        ``speech`` holds start and end of each stretch of speech, in seconds.
        """
        seconds = spoken_seconds(speech, len(samples) / RATE)
        if not seconds:
            return Heard(None, reason="too_little_speech")
        chances, strange = self._windows(samples, speech, [second for second, _ in seconds])
        if strange.mean() > STRANGE_SHARE:
            return Heard(None, reason="music_or_noise")
        kept = [index for index in range(len(seconds)) if not strange[index]]
        weights = np.array([seconds[index][1] for index in kept])
        whole = (chances[kept] * weights[:, None]).sum(axis=0) / weights.sum()
        end = len(samples) / RATE
        timeline = tuple(
            (
                float(seconds[index][0]),
                float(min(seconds[index][0] + 1, end)),
                shown(chances[index]),
            )
            for index in kept
        )
        return Heard(shown(whole), timeline)

    def _windows(
        self, samples: Floats, speech: Sequence[tuple[float, float]], seconds: Sequence[int]
    ) -> tuple[Floats, NDArray[np.bool_]]:
        """Return, for a window around each second, its chances and whether it is strange."""
        size = self.crnn.shape.window
        described = features.describe(samples)
        spectrogram = log_mel(samples)
        bounds = [_around(second, speech, size, len(spectrogram)) for second in seconds]
        statistics = np.stack([features.summarise(described.part(*bound)) for bound in bounds])
        windows = np.stack(
            [
                window_at(normalise(spectrogram[first:last]), (last - first - size) // 2, size)
                for first, last in bounds
            ]
        )
        places = self.svm.components(statistics)
        distance = np.sqrt(((places / self.spread) ** 2).mean(axis=1))
        chances = self.ensemble.chances(self.crnn.odds(windows), self.svm.scores_of(places))
        return chances, distance > self.strangeness


def spoken_seconds(
    speech: Sequence[tuple[float, float]], duration: float
) -> list[tuple[int, float]]:
    """Return the whole seconds that hold enough speech, each with its seconds of speech."""
    found = []
    for second in range(int(np.ceil(duration))):
        spoken = sum(max(0.0, min(end, second + 1) - max(start, second)) for start, end in speech)
        if spoken >= LEAST_SPEECH:
            found.append((second, spoken))
    return found


def _around(
    second: int, speech: Sequence[tuple[float, float]], size: int, frames: int
) -> tuple[int, int]:
    """Return first and last frame of the window around a second, without silence at its ends.

    The machines were trained on utterances whose surrounding silence had been cut off.
    """
    middle = second * STEPS + STEPS // 2
    first = max(0, min(middle - size // 2, frames - size))
    last = min(frames, first + size)
    spoken = [
        (max(first, int(start * STEPS)), min(last, int(end * STEPS)))
        for start, end in speech
        if end * STEPS > first and start * STEPS < last
    ]
    margin = STEPS // 10
    start = max(first, spoken[0][0] - margin)
    end = min(last, spoken[-1][1] + margin)
    return start, max(end, min(start + 5, frames))


def shown(chances: Floats) -> dict[str, float]:
    """Return the chances of the seven emotions that people see, from those of ``CLASSES``."""
    found = dict.fromkeys(EMOTIONS, 0.0)
    for name, chance in zip(CLASSES, chances, strict=True):
        found[SHOWN_WITH.get(name, name)] += float(chance)
    return {name: round(chance, 4) for name, chance in found.items()}


def softmax(values: Floats) -> Floats:
    """Return shares that add up to 1 in each row."""
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _tuples(value: Any) -> Any:
    """Turn lists read from JSON into tuples, deeply."""
    if isinstance(value, dict):
        return {name: _tuples(item) for name, item in value.items()}
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
