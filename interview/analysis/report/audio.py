"""The report on a spoken answer."""

import typing
from collections.abc import Mapping
from dataclasses import dataclass

from interview.analysis.report.shared import Notice, Provenance, Stretch
from interview.analysis.report.stored import Stored
from interview.analysis.report.text import TextReport


@dataclass(frozen=True, slots=True)
class Pause:
    """A silence between two stretches of speech, in seconds from the beginning."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Moment:
    """One second of a recording and the distribution over ``EMOTIONS`` that was heard in it.

    ``emotions`` is ``None`` where nobody speaks: a gap, never a guess.
    """

    start: float
    end: float
    emotions: Mapping[str, float] | None


@dataclass(frozen=True, slots=True)
class Fading:
    """An utterance whose end is softer than its beginning, by ``drop_db``."""

    start: float
    end: float
    drop_db: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an answer is spoken.

    Rates are in syllables per second: ``speech_rate`` with pauses, ``articulation_rate`` without.
    ``pitch_range_semitones`` spans the 5th to the 95th percentile; ``loudness_variation_db`` is
    the standard deviation of the syllables' loudness. ``None``: too little to measure it by.
    """

    speaking_seconds: float
    silent_seconds: float
    pauses: tuple[Pause, ...]
    longest_pause: float | None
    syllables: int
    speech_rate: float | None
    articulation_rate: float | None
    pitch_median_hz: float | None
    pitch_range_semitones: float | None
    loudness_variation_db: float | None
    fadings: tuple[Fading, ...]


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording: its length and its speech in seconds, levels of speech and noise in dBFS."""

    duration: float
    speech_seconds: float
    level_db: float | None
    noise_db: float | None


@dataclass(frozen=True, slots=True)
class AudioReport(Stored):
    """The report on a spoken answer.

    ``scored`` is true when ``emotions``, a distribution over ``EMOTIONS``, is there; ``notices``
    say why it is not. ``timeline`` covers the whole recording second by second. ``waveform`` holds
    peaks, 0 to 1, at even distances. ``delivery`` is ``None`` when there was too little speech.
    ``text`` is the report on the transcript; without a transcript both are ``None``. ``measures``
    maps keys of ``MEASURES["audio"]`` to values; what could not be measured is left out.
    """

    pipeline: str
    notices: tuple[Notice, ...]
    scored: bool
    sound: Sound
    speech: tuple[Stretch, ...]
    emotions: Mapping[str, float] | None
    timeline: tuple[Moment, ...]
    waveform: tuple[float, ...]
    delivery: Delivery | None
    transcript: str | None
    transcript_source: typing.Literal["typed", "recognised"] | None
    text: TextReport | None
    measures: Mapping[str, float]
    provenance: Provenance
    mode: typing.Literal["audio"] = "audio"
