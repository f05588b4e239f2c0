"""Types of a report: what an analysis says about one answer.

Only the standard library is imported, so that pages can read stored reports without loading a
model or an NLP library. Reports hold stable codes and numbers, never sentences for display: the
rooms translate codes. Each mode has its own report class, registered in ``REPORTS``, its own
ordered measures in ``MEASURES`` and its own version in ``PIPELINES``.

``to_dict`` gives plain JSON types; ``report_from_dict`` reads them back and refuses what does not
fit, so a damaged row is noticed where it is read, not where it is drawn.
"""

import functools
import math
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass

TRAITS = ("openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism")
"""The Big Five in the order in which they are shown."""

IMPRESSIONS = (
    "extraversion",
    "emotional_stability",
    "agreeableness",
    "conscientiousness",
    "openness",
    "interview",
)
"""How a speaker may come across: five traits and the wish to invite for an interview."""

STRUCTURE_PARTS = ("situation", "task", "action", "result")
"""The parts of a complete answer about an experience, in the order in which they are told."""

EMOTIONS = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
"""What a voice may convey, in the order in which it is shown. A model's "calm" is in neutral."""

PIPELINES: Mapping[str, str] = types.MappingProxyType({"text": "text-1", "audio": "audio-1"})
"""Version of each mode's analysis; it changes whenever the same answer could get other numbers."""

HISTOGRAM_BINS = 20
"""Number of equal bins over a measure's bounds, in stored averages and in a model's norms."""


class ReportError(ValueError):
    """Stored data that is not a report of the expected shape."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a report that is compared between candidates.

    ``low`` and ``high`` bound the histogram, both inclusive; values outside are clipped for the
    histogram only. ``decimals`` is the precision that is worth showing.
    """

    key: str
    low: float
    high: float
    decimals: int

    @property
    def edges(self) -> tuple[float, ...]:
        """The ``HISTOGRAM_BINS + 1`` edges of the bins, from ``low`` to ``high``."""
        step = (self.high - self.low) / HISTOGRAM_BINS
        return (*(self.low + step * index for index in range(HISTOGRAM_BINS)), self.high)

    def bin_of(self, value: float) -> int:
        """Return the index, 0 to ``HISTOGRAM_BINS - 1``, of the bin that ``value`` falls in.

        A bin includes its lower edge, the last one also its upper edge. Raises ``ValueError``
        when the value is not finite.
        """
        if not math.isfinite(value):
            raise ValueError(f"{self.key} is not a finite number: {value}")
        clipped = min(max(value, self.low), self.high)
        index = int((clipped - self.low) / (self.high - self.low) * HISTOGRAM_BINS)
        return min(index, HISTOGRAM_BINS - 1)


_TEXT_MEASURES = (
    *(Measure(f"big_five.{trait}", 0.0, 1.0, 2) for trait in TRAITS),
    *(Measure(f"impression.{name}", 0.0, 1.0, 2) for name in IMPRESSIONS),
    Measure("words.count", 0.0, 1000.0, 0),
    Measure("style.vocabulary_mtld", 0.0, 200.0, 0),
    Measure("style.first_person_share", 0.0, 0.3, 3),
    Measure("style.filler_rate", 0.0, 20.0, 1),
    Measure("style.reading_ease", 0.0, 120.0, 0),
    Measure("style.sentence_length", 0.0, 60.0, 1),
    Measure("structure.coverage", 0.0, 1.0, 2),
)
# Nobody speaks full stops: what counts sentences would measure whoever wrote the words down.
_WRITTEN_ONLY = ("style.reading_ease", "style.sentence_length")

MEASURES: Mapping[str, tuple[Measure, ...]] = types.MappingProxyType(
    {
        "text": _TEXT_MEASURES,
        "audio": (
            *(Measure(f"emotion.{name}", 0.0, 1.0, 2) for name in EMOTIONS),
            Measure("delivery.speaking_share", 0.0, 1.0, 2),
            Measure("delivery.articulation_rate", 0.0, 10.0, 1),
            Measure("delivery.speech_rate", 0.0, 10.0, 1),
            Measure("delivery.pauses_per_minute", 0.0, 40.0, 0),
            Measure("delivery.longest_pause", 0.0, 10.0, 1),
            Measure("delivery.pitch_range", 0.0, 24.0, 1),
            Measure("delivery.loudness_variation", 0.0, 20.0, 1),
            *(measure for measure in _TEXT_MEASURES if measure.key not in _WRITTEN_ONLY),
        ),
    }
)
"""Per mode, what is stored for comparison with other candidates, in the order of the pages."""

Span: typing.TypeAlias = tuple[int, int]
"""Start and end (exclusive) of a passage, in characters of the analysed text."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader must know about the report: a code and the numbers behind it."""

    code: str
    values: Mapping[str, int | float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trait:
    """A calibrated probability, 0 to 1, that the writer is above the middle on a trait."""

    probability: float


@dataclass(frozen=True, slots=True)
class WordCount:
    """A word and how often any of its forms was used.

    ``word`` is the dictionary form in lower case, by which people are compared; ``form`` is the
    form that the writer used most, for display.
    """

    word: str
    count: int
    form: str


@dataclass(frozen=True, slots=True)
class PairCount:
    """Two neighbouring content words, joined by a blank; fields as in ``WordCount``."""

    words: str
    count: int
    form: str


@dataclass(frozen=True, slots=True)
class Words:
    """How much was said, and with which words. ``unique`` counts distinct lower-case words."""

    count: int
    unique: int
    sentences: int
    top: tuple[WordCount, ...]
    pairs: tuple[PairCount, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """How often a class of words was used, and its share (0 to 1) of all words."""

    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Filler:
    """One filler expression and where it stands."""

    phrase: str
    count: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Style:
    """How an English text is written.

    ``filler_rate`` is per 100 words, ``sentence_length`` in words; what a text is too short for
    is ``None``.
    """

    vocabulary_mtld: float | None
    first_person_singular: Usage
    first_person_plural: Usage
    fillers: tuple[Filler, ...]
    filler_rate: float
    reading_ease: float | None
    grade: float | None
    sentence_length: float | None


@dataclass(frozen=True, slots=True)
class Structure:
    """Indexes of the sentences that tell each part of an answer, and the parts not found."""

    situation: tuple[int, ...]
    task: tuple[int, ...]
    action: tuple[int, ...]
    result: tuple[int, ...]
    missing: tuple[str, ...]

    @property
    def coverage(self) -> float:
        """Share (0 to 1) of the four parts that were found."""
        return 1.0 - len(self.missing) / len(STRUCTURE_PARTS)


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made a report: versions of the models and of the published rules, by name."""

    models: Mapping[str, str]
    rules: Mapping[str, str]


class _Stored:
    """A report that can be kept as JSON."""

    __slots__ = ()

    def to_dict(self) -> dict[str, typing.Any]:
        """Return the report in plain JSON types (dict, list, str, int, float, bool, None)."""
        plain: dict[str, typing.Any] = _plain(self)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, typing.Any]) -> typing.Self:
        """Read what ``to_dict`` wrote. Raises ``ReportError`` when the data does not fit."""
        report: typing.Self = _build(cls, data, "report")
        return report


@dataclass(frozen=True, slots=True)
class TextReport(_Stored):
    """The report on a written answer.

    ``scored`` is false when there was too little to go by (see ``notices``); then ``traits`` and
    ``impression`` are ``None`` and ``measures`` is empty. ``style`` and ``structure`` are ``None``
    when the text is empty, not English or nonsense. ``measures`` maps keys of
    ``MEASURES["text"]`` to values; what could not be measured is left out.
    """

    pipeline: str
    language: str | None
    notices: tuple[Notice, ...]
    scored: bool
    traits: Mapping[str, Trait] | None
    impression: Mapping[str, float] | None
    words: Words
    style: Style | None
    structure: Structure | None
    sentences: tuple[Span, ...]
    measures: Mapping[str, float]
    provenance: Provenance
    mode: typing.Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A passage of a recording: start and end in seconds from its beginning."""

    start: float
    end: float


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
class AudioReport(_Stored):
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


Report: typing.TypeAlias = TextReport | AudioReport
"""A report of any mode."""

REPORTS: Mapping[str, type[Report]] = types.MappingProxyType(
    {"text": TextReport, "audio": AudioReport}
)
"""The report class of each mode."""


def report_from_dict(data: Mapping[str, typing.Any]) -> Report:
    """Read a stored report of any mode. Raises ``ReportError`` when the data does not fit."""
    mode = data.get("mode") if isinstance(data, Mapping) else None
    if not isinstance(mode, str) or mode not in REPORTS:
        raise ReportError(f"unknown mode of report: {mode!r}")
    return REPORTS[mode].from_dict(data)


def _plain(value: typing.Any) -> typing.Any:
    """Turn dataclasses, mappings and tuples into dicts and lists, deeply."""
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value


def _build(kind: typing.Any, value: typing.Any, where: str) -> typing.Any:
    """Build a value of the annotated type ``kind`` from plain JSON types."""
    if isinstance(kind, type) and is_dataclass(kind):
        return _build_dataclass(kind, value, where)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return _build_union(arguments, value, where)
    if origin is tuple:
        return _build_tuple(arguments, value, where)
    if origin is Mapping:
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise ReportError(f"{where}: expected an object")
        return {key: _build(arguments[1], item, f"{where}.{key}") for key, item in value.items()}
    if origin is typing.Literal:
        if value not in arguments:
            raise ReportError(f"{where}: expected one of {arguments}")
        return value
    return _build_scalar(kind, value, where)


@functools.cache
def _hints(kind: type) -> dict[str, typing.Any]:
    """Resolve a class's annotations, once."""
    return typing.get_type_hints(kind)


def _build_dataclass(kind: type, value: typing.Any, where: str) -> typing.Any:
    """Build a dataclass; unknown and missing keys are errors."""
    if not isinstance(value, Mapping):
        raise ReportError(f"{where}: expected an object")
    hints = _hints(kind)
    names = [item.name for item in fields(kind)]
    if set(value) != set(names):
        raise ReportError(f"{where}: keys differ: {sorted(set(value) ^ set(names), key=str)}")
    return kind(**{name: _build(hints[name], value[name], f"{where}.{name}") for name in names})


def _build_union(kinds: tuple[typing.Any, ...], value: typing.Any, where: str) -> typing.Any:
    """Build the first alternative that fits."""
    if value is None and types.NoneType in kinds:
        return None
    alternatives = [kind for kind in kinds if kind is not types.NoneType]
    for kind in alternatives[:-1]:
        try:
            return _build(kind, value, where)
        except ReportError:
            continue
    return _build(alternatives[-1], value, where)


def _build_tuple(kinds: tuple[typing.Any, ...], value: typing.Any, where: str) -> typing.Any:
    """Build ``tuple[X, ...]`` of any length or a tuple with one type per place."""
    if not isinstance(value, (list, tuple)):
        raise ReportError(f"{where}: expected a list")
    expected = [kinds[0]] * len(value) if kinds[-1] is Ellipsis else list(kinds)
    if len(expected) != len(value):
        raise ReportError(f"{where}: expected {len(expected)} items")
    pairs = enumerate(zip(expected, value, strict=True))
    return tuple(_build(kind, item, f"{where}[{index}]") for index, (kind, item) in pairs)


def _build_scalar(kind: type, value: typing.Any, where: str) -> typing.Any:
    """Check a str, bool, int or float; whole numbers are accepted where a float is expected."""
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ReportError(f"{where}: expected {kind.__name__}, found {type(value).__name__}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ReportError(f"{where}: not a finite number")
    return value
