"""What reports of several modes have in common: names in their order, notices, provenance."""

import typing
from collections.abc import Mapping
from dataclasses import dataclass, field

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
"""What a voice or a face may convey, in the order in which it is shown.

A model's "calm" is in neutral.
"""

Span: typing.TypeAlias = tuple[int, int]
"""Start and end (exclusive) of a passage, in characters of the analysed text."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader must know about the report: a code and the numbers behind it."""

    code: str
    values: Mapping[str, int | float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A passage of a recording: start and end in seconds from its beginning."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made a report: versions of the models and of the published rules, by name."""

    models: Mapping[str, str]
    rules: Mapping[str, str]
