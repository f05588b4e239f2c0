"""A text model without weights: quick, and its scores follow from the text alone."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from interview.analysis.report import IMPRESSIONS, TRAITS


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
