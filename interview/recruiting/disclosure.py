"""What of one answer somebody else may see: built field by field from what was allowed.

Whoever looks at a candidate's answer, by a shared link or as a recruiter, gets a `Disclosure` and
never a report. Every field of it is filled from a named place in the report, and only when the part
it belongs to was allowed; what is not named here cannot get out.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import format_percent

from interview.analysis import report as reports
from interview.practice import advice, labels, timeline, voice, voice_labels
from interview.practice.delivery import TimeView, time_view
from interview.practice.models import Answer
from interview.practice.timeline import Tick, clock
from interview.practice.voice import SilenceView

log = logging.getLogger(__name__)

SHOWN_TERMS = 10
"""How many of a candidate's words are named."""


class Part(StrEnum):
    """A part of an answer that a candidate can show or keep to themselves."""

    RECORDING = "recording"
    TRANSCRIPT = "transcript"
    DELIVERY = "delivery"
    WORDS = "words"
    TRAITS = "traits"
    EMOTIONS = "emotions"


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value in words, what is usual, and the others' average; None where unknown."""

    key: str
    name: str
    value: str
    usual: str | None = None
    others: str | None = None


@dataclass(frozen=True, slots=True)
class RecordingView:
    """The recording as a picture: its waveform, and with the delivery also what stands out in it.

    `peaks` is the width of the waveform's box. `pauses` and `fadings` are moments to listen to.
    """

    duration: float
    length: str
    waveform: str
    peaks: int
    ticks: tuple[Tick, ...]
    silences: tuple[SilenceView, ...]
    pauses: tuple[TimeView, ...]
    fadings: tuple[TimeView, ...]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What of an answer is shown. What was not allowed, or is not there, is None or empty.

    `has_media` says that the recording may be played, `picture` how it is drawn beside that.
    """

    mode: str
    has_media: bool
    picture: RecordingView | None
    transcript: str | None
    is_recognised: bool
    delivery: tuple[Figure, ...]
    words: tuple[Figure, ...]
    terms: tuple[tuple[str, int], ...]
    fillers: tuple[tuple[str, int], ...]
    traits: tuple[Figure, ...]
    emotions: tuple[Figure, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure that is shown, in the order in which it is shown."""
        return (*self.delivery, *self.words, *self.traits, *self.emotions)


Averages = Mapping[str, float]
"""Means of other candidates by measure; a measure of too few others is not in it."""


def disclose(
    answer: Answer, parts: Collection[Part], averages: Averages | None = None
) -> Disclosure:
    """Return what of an answer may be seen by somebody to whom `parts` are shown."""
    report = read(answer)
    voiced, text = voice_of(report), text_of(report)
    others = averages or {}
    transcript = transcript_of(answer, report) if Part.TRANSCRIPT in parts else None
    has_media = Part.RECORDING in parts and has_recording(answer)
    return Disclosure(
        mode=answer.question.interview.mode,
        has_media=has_media,
        picture=_picture(voiced, parts) if has_media and voiced else None,
        transcript=transcript,
        is_recognised=bool(transcript and voiced and voiced.transcript_source == "recognised"),
        delivery=_delivery(voiced, others) if Part.DELIVERY in parts and voiced else (),
        words=_words(text, others, spoken=voiced is not None) if Part.WORDS in parts else (),
        terms=_terms(text) if Part.WORDS in parts else (),
        fillers=_fillers(text) if Part.WORDS in parts else (),
        traits=_traits(text, others) if Part.TRAITS in parts else (),
        emotions=_emotions(report, others) if Part.EMOTIONS in parts else (),
    )


def available(answer: Answer) -> tuple[Part, ...]:
    """Return the parts that an answer has, in the order in which they are offered."""
    report = read(answer)
    voiced, text = voice_of(report), text_of(report)
    there = {
        Part.RECORDING: has_recording(answer),
        Part.TRANSCRIPT: bool(transcript_of(answer, report)),
        Part.DELIVERY: bool(voiced and voiced.delivery),
        Part.WORDS: bool(text and text.words.count),
        Part.TRAITS: bool(text and text.traits),
        Part.EMOTIONS: bool(_shares(report)),
    }
    return tuple(part for part, is_there in there.items() if is_there)


def has_recording(answer: Answer) -> bool:
    """Whether there is a recording that was cleaned of everything but sound and picture."""
    return bool(answer.recording_key and answer.recording_bytes and answer.recording_clean)


def read(answer: Answer) -> reports.Report | None:
    """Return an answer's report; None before the analysis, without one, and for a damaged one."""
    if answer.report is None:
        return None
    try:
        return reports.report_from_dict(answer.report.body)
    except reports.ReportError:
        log.exception("the report of answer %s cannot be read", answer.id)
        return None


def voice_of(report: reports.Report | None) -> reports.AudioReport | None:
    """Return the report of the sound of an answer, None for a written one."""
    if isinstance(report, reports.VideoReport):
        return report.voice
    return report if isinstance(report, reports.AudioReport) else None


def text_of(report: reports.Report | None) -> reports.TextReport | None:
    """Return the report on the words of an answer, None when they are not known."""
    if isinstance(report, reports.TextReport):
        return report
    voiced = voice_of(report)
    return voiced.text if voiced else None


def transcript_of(answer: Answer, report: reports.Report | None) -> str | None:
    """Return what was written or said, as far as it is known."""
    voiced = voice_of(report)
    return answer.text or (voiced.transcript if voiced else None) or None


# --- The recording --------------------------------------------------------------------------


def _picture(report: reports.AudioReport, parts: Collection[Part]) -> RecordingView:
    duration = report.sound.duration
    # Where the pauses are belongs to the delivery, not to the recording.
    delivery = report.delivery if Part.DELIVERY in parts else None
    return RecordingView(
        duration=round(duration, 2),
        length=clock(duration),
        waveform=timeline.waveform(report.waveform),
        peaks=max(1, len(report.waveform) - 1),
        ticks=timeline.ticks(duration),
        silences=_silences(report) if delivery else (),
        pauses=tuple(
            time_view(start, voice_labels.seconds(end - start))
            for start, end in (advice.long_pauses(delivery) if delivery else ())
        ),
        fadings=tuple(
            time_view(advice.ending(item)) for item in (delivery.fadings if delivery else ())
        ),
    )


def _silences(report: reports.AudioReport) -> tuple[SilenceView, ...]:
    return tuple(
        SilenceView(
            timeline.mark(start, end, report.sound.duration),
            voice_labels.seconds(end - start) if end - start >= advice.LONG_PAUSE else "",
        )
        for start, end in voice.silences(report)
    )


# --- Figures --------------------------------------------------------------------------------


def _figure(
    key: str, words: labels.MeasureWords, value: float, others: Averages, usual: str | None = None
) -> Figure:
    average = others.get(key)
    return Figure(
        key=key,
        name=str(words.name),
        value=words.write(value),
        usual=usual,
        others=None if average is None else words.write(average),
    )


def _delivery(report: reports.AudioReport, others: Averages) -> tuple[Figure, ...]:
    if report.delivery is None:
        return ()
    return tuple(
        _figure(key, words, report.measures[key], others, _usual(key))
        for key, words in voice_labels.DELIVERY.items()
        if key in report.measures
    )


def _usual(key: str) -> str | None:
    comfort = voice_labels.COMFORT.get(key)
    if comfort is None:
        return None
    return f"{comfort.text} ({comfort.source})" if comfort.source else str(comfort.text)


def _words(
    report: reports.TextReport | None, others: Averages, *, spoken: bool
) -> tuple[Figure, ...]:
    if report is None:
        return ()
    known = {measure.key for measure in reports.MEASURES["audio" if spoken else "text"]}
    return tuple(
        _figure(key, words, report.measures[key], others)
        for key, words in labels.MEASURES.items()
        if key in report.measures and key in known
    )


def _terms(report: reports.TextReport | None) -> tuple[tuple[str, int], ...]:
    if report is None:
        return ()
    return tuple((item.form, item.count) for item in report.words.top[:SHOWN_TERMS])


def _fillers(report: reports.TextReport | None) -> tuple[tuple[str, int], ...]:
    if report is None or report.style is None:
        return ()
    return tuple((item.phrase, item.count) for item in report.style.fillers)


def _traits(report: reports.TextReport | None, others: Averages) -> tuple[Figure, ...]:
    if report is None or not report.traits:
        return ()
    return tuple(
        _figure(
            f"big_five.{key}",
            labels.MeasureWords(words.name, words.about, format_percent),
            report.traits[key].probability,
            others,
            str(labels.band(report.traits[key].probability)),
        )
        for key, words in labels.TRAITS.items()
    )


def _emotions(report: reports.Report | None, others: Averages) -> tuple[Figure, ...]:
    shares = _shares(report)
    # Of a recording with a picture these are face and voice together.
    kind = "together" if isinstance(report, reports.VideoReport) else "emotion"
    return tuple(
        _figure(
            f"{kind}.{key}", voice_labels.SOUNDING[f"emotion.{key}"], shares.get(key, 0.0), others
        )
        for key in (reports.EMOTIONS if shares else ())
    )


def _shares(report: reports.Report | None) -> Mapping[str, float]:
    if isinstance(report, reports.TextReport) or report is None:
        return {}
    return report.emotions or {}
