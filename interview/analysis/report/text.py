"""The report on a written answer, or on the transcript of a spoken one."""

import typing
from collections.abc import Mapping
from dataclasses import dataclass

from interview.analysis.report.shared import STRUCTURE_PARTS, Notice, Provenance, Span
from interview.analysis.report.stored import Stored


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
class TextReport(Stored):
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
