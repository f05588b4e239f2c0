"""Reports on recordings for tests that are not about the analysis, and a recording to play."""

import io
import math
import wave
from typing import Any

from interview.analysis.report import EMOTIONS, MEASURES, report_from_dict
from tests.support.reports import complete_report
from tests.support.texts import COMPLETE_ANSWER

SECONDS = 48.0
SPEECH = ((0.6, 8.2), (8.9, 17.0), (19.6, 27.4), (28.0, 36.5), (41.2, 47.0))
FADINGS = ((19.6, 27.4, 14.2), (41.2, 47.0, 12.6))
SHARES = {
    "angry": 0.05,
    "disgust": 0.04,
    "fear": 0.08,
    "happy": 0.21,
    "neutral": 0.47,
    "sad": 0.09,
    "surprise": 0.06,
}


def spoken_report(transcript: str | None = None, **changes: Any) -> dict[str, Any]:
    """Return a report as the analysis makes it of a recording of `SECONDS`, for whole pages.

    With `transcript` the words are reported too, as those of `texts.COMPLETE_ANSWER`; further
    values replace those of the same key.
    """
    text = complete_report() if transcript is not None else None
    measures = {f"emotion.{name}": share for name, share in SHARES.items()} | {
        "delivery.speaking_share": 0.81,
        "delivery.articulation_rate": 4.6,
        "delivery.speech_rate": 3.5,
        "delivery.pauses_per_minute": 5.2,
        "delivery.longest_pause": 4.7,
        "delivery.pitch_range": 6.4,
        "delivery.loudness_variation": 5.1,
    }
    if text is not None:
        known = {measure.key for measure in MEASURES["audio"]}
        measures |= {key: value for key, value in text["measures"].items() if key in known}
    body = {
        "mode": "audio",
        "pipeline": "audio-1",
        "notices": [],
        "scored": True,
        "sound": {
            "duration": SECONDS,
            "speech_seconds": 37.8,
            "level_db": -21.5,
            "noise_db": -58.0,
        },
        "speech": [{"start": start, "end": end} for start, end in SPEECH],
        "emotions": dict(SHARES),
        "timeline": [_moment(second) for second in range(int(SECONDS))],
        "waveform": [_peak(SECONDS * index / 400) for index in range(400)],
        "delivery": {
            "speaking_seconds": 37.8,
            "silent_seconds": 8.6,
            "pauses": [
                {"start": SPEECH[index][1], "end": SPEECH[index + 1][0]}
                for index in range(len(SPEECH) - 1)
            ],
            "longest_pause": 4.7,
            "syllables": 174,
            "speech_rate": 3.5,
            "articulation_rate": 4.6,
            "pitch_median_hz": 142.0,
            "pitch_range_semitones": 6.4,
            "loudness_variation_db": 5.1,
            "fadings": [
                {"start": start, "end": end, "drop_db": drop} for start, end, drop in FADINGS
            ],
        },
        "transcript": transcript,
        "transcript_source": None if transcript is None else "typed",
        "text": text,
        "measures": measures,
        "provenance": {"models": {"speech": "fake-1"}, "rules": {"delivery": "1"}},
    }
    return report_from_dict(body | changes).to_dict()


def transcribed_report() -> dict[str, Any]:
    """Return a report on a recording whose words are known."""
    return spoken_report(COMPLETE_ANSWER)


def silent_report() -> dict[str, Any]:
    """Return the report on a recording in which nobody speaks."""
    return spoken_report(
        notices=[{"code": "silence", "values": {}}],
        scored=False,
        speech=[],
        sound={"duration": SECONDS, "speech_seconds": 0.0, "level_db": None, "noise_db": -70.0},
        emotions=None,
        timeline=[
            {"start": float(second), "end": second + 1.0, "emotions": None}
            for second in range(int(SECONDS))
        ],
        waveform=[0.0] * 400,
        delivery=None,
        measures={},
    )


def recording() -> bytes:
    """Return a WAV file of `SECONDS`: a quiet tone."""
    rate = 8000
    samples = bytearray()
    for index in range(int(SECONDS * rate)):
        samples += int(3000 * math.sin(index * 440 * math.tau / rate)).to_bytes(
            2, "little", signed=True
        )
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(samples))
    return target.getvalue()


def _is_speech(second: float) -> bool:
    return any(start <= second < end for start, end in SPEECH)


def _peak(second: float) -> float:
    if not _is_speech(second):
        return 0.01
    return round(
        0.35 + 0.3 * math.sin(7 * second) * math.sin(2.3 * second) + 0.2 * math.sin(second), 3
    )


def _moment(second: int) -> dict[str, Any]:
    """Return a second; happiness comes and goes, the rest shares what it leaves."""
    moment: dict[str, Any] = {"start": float(second), "end": second + 1.0, "emotions": None}
    if not _is_speech(second + 0.5):
        return moment
    happy = 0.25 + 0.3 * math.sin(second / 5)
    rest = {name: share for name, share in SHARES.items() if name != "happy"}
    whole = sum(rest.values())
    shares = {name: (1 - happy) * share / whole for name, share in rest.items()} | {"happy": happy}
    moment["emotions"] = {name: round(shares[name], 4) for name in EMOTIONS}
    return moment
