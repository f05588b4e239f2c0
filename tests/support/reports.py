"""Reports for tests that are not about the analysis."""

from typing import Any

from interview.analysis.report import MEASURES


def report_body(level: float, words: tuple[str, ...] = ("hotel", "guest")) -> dict[str, Any]:
    """Return a text report's body with every measure at `level` (0 to 1) of its range."""
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
