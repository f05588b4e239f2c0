"""Reports for tests that are not about the analysis."""

import copy
from typing import Any

from interview.analysis.report import IMPRESSIONS, MEASURES, TRAITS, report_from_dict

_TRAITS = {name: 0.4 + 0.05 * index for index, name in enumerate(TRAITS)}
_IMPRESSIONS = {name: 0.45 + 0.03 * index for index, name in enumerate(IMPRESSIONS)}
_COMPLETE: dict[str, Any] = {
    "mode": "text",
    "pipeline": "text-1",
    "language": "en",
    "notices": [],
    "scored": True,
    "traits": {name: {"probability": value} for name, value in _TRAITS.items()},
    "impression": _IMPRESSIONS,
    "words": {
        "count": 126,
        "unique": 88,
        "sentences": 6,
        "top": [
            {"word": "guest", "count": 3, "form": "guests"},
            {"word": "room", "count": 2, "form": "rooms"},
            {"word": "card", "count": 2, "form": "cards"},
        ],
        "pairs": [{"words": "booking system", "count": 1, "form": "booking system"}],
    },
    "style": {
        "vocabulary_mtld": 92.5,
        "first_person_singular": {"count": 5, "share": 0.04},
        "first_person_plural": {"count": 3, "share": 0.024},
        "fillers": [],
        "filler_rate": 0.0,
        "reading_ease": 68.0,
        "grade": 8.9,
        "sentence_length": 21.0,
    },
    "structure": {
        "situation": [0],
        "task": [1],
        "action": [2, 3, 4],
        "result": [5],
        "missing": [],
    },
    "sentences": [[0, 126], [127, 242], [243, 352], [353, 454], [455, 505], [506, 644]],
    "measures": {
        **{f"big_five.{name}": value for name, value in _TRAITS.items()},
        **{f"impression.{name}": value for name, value in _IMPRESSIONS.items()},
        "words.count": 126.0,
        "style.vocabulary_mtld": 92.5,
        "style.first_person_share": 0.064,
        "style.filler_rate": 0.0,
        "style.reading_ease": 68.0,
        "style.sentence_length": 21.0,
        "structure.coverage": 1.0,
    },
    "provenance": {"models": {"text": "fake-1"}, "rules": {"structure": "1"}},
}


def complete_report() -> dict[str, Any]:
    """Return a report as the analysis makes it of `texts.COMPLETE_ANSWER`, for whole pages."""
    return report_from_dict(copy.deepcopy(_COMPLETE)).to_dict()


def report_body(level: float, words: tuple[str, ...] = ("hotel", "guest")) -> dict[str, Any]:
    """Return what the averages read of a report.

    Every measure is at `level` (0 to 1) of its range.
    """
    measures = {
        measure.key: measure.low + level * (measure.high - measure.low)
        for measure in MEASURES["text"]
    }
    return {
        "mode": "text",
        "pipeline": "text-1",
        "scored": True,
        "measures": measures,
        "words": {
            "top": [{"word": word, "form": word, "count": 2} for word in words],
            "pairs": [{"words": " ".join(words[:2]), "count": 1}],
        },
    }
