"""Reports for tests that are not about the analysis."""

import copy
from typing import Any

from interview.analysis.report import (
    EMOTIONS,
    IMPRESSIONS,
    MEASURES,
    PIPELINES,
    TRAITS,
    report_from_dict,
)

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


def audio_report(transcript: str | None = None) -> dict[str, Any]:
    """Return a report on twelve spoken seconds: two pauses, one fading, a change from calm to joy.

    With a transcript the text report of `complete_report` is in it.
    """
    spoken = (0, 1, 2, 4, 5, 6, 7, 9, 10)
    emotions = _emotions(happy=0.42, neutral=0.28)
    measures = {
        **{f"emotion.{name}": value for name, value in emotions.items()},
        "delivery.speaking_share": 0.78,
        "delivery.articulation_rate": 4.6,
        "delivery.speech_rate": 3.6,
        "delivery.pauses_per_minute": 11.2,
        "delivery.longest_pause": 1.3,
        "delivery.pitch_range": 7.4,
        "delivery.loudness_variation": 4.9,
    }
    report: dict[str, Any] = {
        "mode": "audio",
        "pipeline": "audio-1",
        "notices": [],
        "scored": True,
        "sound": {"duration": 12.0, "speech_seconds": 8.4, "level_db": -24.5, "noise_db": -61.0},
        "speech": [
            {"start": 0.4, "end": 3.1},
            {"start": 4.1, "end": 7.9},
            {"start": 9.2, "end": 11.1},
        ],
        "emotions": emotions,
        "timeline": [
            {
                "start": float(second),
                "end": second + 1.0,
                "emotions": _emotions(happy=0.06 * second, neutral=0.7 - 0.06 * second)
                if second in spoken
                else None,
            }
            for second in range(12)
        ],
        "waveform": [
            round(0.1 + 0.6 * (index % 9) / 9, 3) if index // 20 in spoken else 0.01
            for index in range(240)
        ],
        "delivery": {
            "speaking_seconds": 8.4,
            "silent_seconds": 2.3,
            "pauses": [{"start": 3.1, "end": 4.1}, {"start": 7.9, "end": 9.2}],
            "longest_pause": 1.3,
            "syllables": 39,
            "speech_rate": 3.6,
            "articulation_rate": 4.6,
            "pitch_median_hz": 168.0,
            "pitch_range_semitones": 7.4,
            "loudness_variation_db": 4.9,
            "fadings": [{"start": 4.1, "end": 7.9, "drop_db": 11.5}],
        },
        "transcript": transcript,
        "transcript_source": None if transcript is None else "typed",
        "text": None,
        "measures": measures,
        "provenance": {"models": {"speech": "fake-1"}, "rules": {"delivery": "1"}},
    }
    if transcript is not None:
        report["text"] = complete_report()
        known = {measure.key for measure in MEASURES["audio"]}
        spoken_text = report["text"]["measures"].items()
        report["measures"] |= {key: value for key, value in spoken_text if key in known}
    return report_from_dict(report).to_dict()


def _emotions(happy: float, neutral: float) -> dict[str, float]:
    """Return a distribution in which the rest is shared by the other emotions."""
    rest = (1.0 - happy - neutral) / (len(EMOTIONS) - 2)
    return {**dict.fromkeys(EMOTIONS, rest), "happy": happy, "neutral": neutral}


def report_body(
    level: float, words: tuple[str, ...] = ("hotel", "guest"), mode: str = "text"
) -> dict[str, Any]:
    """Return what the averages read of a report.

    Every measure is at `level` (0 to 1) of its range.
    """
    measures = {
        measure.key: measure.low + level * (measure.high - measure.low)
        for measure in MEASURES[mode]
    }
    return {
        "mode": mode,
        "pipeline": PIPELINES[mode],
        "scored": True,
        "measures": measures,
        "words": {
            "top": [{"word": word, "form": word, "count": 2} for word in words],
            "pairs": [{"words": " ".join(words[:2]), "count": 1}],
        },
    }
