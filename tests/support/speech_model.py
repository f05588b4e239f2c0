"""A model of emotions in speech without weights: what it hears follows from the sound alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interview.analysis.report import EMOTIONS

RATE = 16_000


@dataclass(frozen=True)
class FakeHeard:
    """What was heard, as the trained model tells it."""

    overall: Mapping[str, float] | None
    seconds: Sequence[tuple[float, float, Mapping[str, float]]] = ()
    reason: str | None = None


class FakeSpeechModel:
    """Stands in for the trained model; louder seconds are angrier, the others are neutral."""

    version = "fake-1"

    def __init__(self, reason: str | None = None) -> None:
        """With a reason the model refuses every recording for it."""
        self.reason = reason

    def listen(
        self, samples: NDArray[np.float32], speech: Sequence[tuple[float, float]]
    ) -> FakeHeard:
        """Return a distribution for each second of each stretch, and their mean."""
        if self.reason:
            return FakeHeard(None, reason=self.reason)
        seconds = []
        for start, end in speech:
            for first in np.arange(start, end, 1.0):
                last = min(float(first) + 1.0, end)
                piece = samples[int(first * RATE) : int(last * RATE)]
                seconds.append((float(first), last, _emotions(float(np.abs(piece).max()))))
        mean = {
            name: float(np.mean([emotions[name] for _, _, emotions in seconds]))
            for name in EMOTIONS
        }
        return FakeHeard(mean, seconds)


def _emotions(loudness: float) -> dict[str, float]:
    angry = min(loudness, 0.9)
    return {**dict.fromkeys(EMOTIONS, 0.0), "angry": angry, "neutral": 1.0 - angry}
