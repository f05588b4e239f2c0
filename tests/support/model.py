"""Models without weights: quick, and what they say follows from the answer alone."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interview.analysis.report import EMOTIONS, IMPRESSIONS, TRAITS


@dataclass(frozen=True)
class FakeScores:
    """Scores of one text, as the trained model gives them."""

    traits: dict[str, float]
    impression: dict[str, float]


class FakeTextModel:
    """Stands in for the trained model where a test is not about its accuracy."""

    version = "fake-1"

    def predict(self, texts: Sequence[str]) -> list[FakeScores]:
        """Return scores between 0.2 and 0.8 drawn from a hash of each text."""
        return [
            FakeScores(
                traits={name: _score(text, name) for name in TRAITS},
                impression={name: _score(text, name) for name in IMPRESSIONS},
            )
            for text in texts
        ]


def _score(text: str, name: str) -> float:
    digest = hashlib.sha256(f"{name}\n{text}".encode()).digest()
    return 0.2 + 0.6 * digest[0] / 255


@dataclass(frozen=True)
class FakeHeard:
    """What was heard in one recording, as the trained model tells it."""

    overall: Mapping[str, float] | None
    seconds: Sequence[tuple[float, float, Mapping[str, float]]]
    reason: str | None = None


class FakeSpeechModel:
    """Stands in for the trained model of emotions; the louder the voice, the happier."""

    version = "fake-1"

    def listen(
        self, samples: NDArray[np.float32], speech: Sequence[tuple[float, float]]
    ) -> FakeHeard:
        """Return the same distribution for every second of speech."""
        if not speech:
            return FakeHeard(None, ())
        happy = round(min(0.6, float(np.abs(samples).mean()) * 2), 2)
        rest = (1 - happy) / (len(EMOTIONS) - 1)
        heard = {name: happy if name == "happy" else rest for name in EMOTIONS}
        seconds = tuple(
            (float(start), float(start + 1), heard)
            for first, last in speech
            for start in range(int(first), int(last) + 1)
        )
        return FakeHeard(heard, seconds)
