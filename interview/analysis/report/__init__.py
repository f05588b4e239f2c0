"""Types of a report: what an analysis says about one answer.

Only the standard library is imported, so that pages can read stored reports without loading a
model or an NLP library. Reports hold stable codes and numbers, never sentences for display: the
rooms translate codes. Each mode has its own report class, registered in ``REPORTS``, its own
ordered measures in ``MEASURES`` and its own version in ``PIPELINES``.

``to_dict`` gives plain JSON types; ``report_from_dict`` reads them back and refuses what does not
fit, so a damaged row is noticed where it is read, not where it is drawn.
"""

import types
import typing
from collections.abc import Mapping

from interview.analysis.report.audio import (
    AudioReport,
    Delivery,
    Fading,
    Moment,
    Pause,
    Sound,
)
from interview.analysis.report.measures import HISTOGRAM_BINS, MEASURES, Measure
from interview.analysis.report.shared import (
    EMOTIONS,
    IMPRESSIONS,
    STRUCTURE_PARTS,
    TRAITS,
    Notice,
    Provenance,
    Span,
    Stretch,
)
from interview.analysis.report.stored import ReportError
from interview.analysis.report.text import (
    Filler,
    PairCount,
    Structure,
    Style,
    TextReport,
    Trait,
    Usage,
    WordCount,
    Words,
)
from interview.analysis.report.video import (
    FaceMoment,
    Framing,
    Gaze,
    JointMoment,
    KeyMoment,
    Light,
    Movement,
    Picture,
    Presence,
    Smile,
    VideoReport,
)

__all__ = [
    "EMOTIONS",
    "HISTOGRAM_BINS",
    "IMPRESSIONS",
    "MEASURES",
    "PIPELINES",
    "REPORTS",
    "STRUCTURE_PARTS",
    "TRAITS",
    "AudioReport",
    "Delivery",
    "FaceMoment",
    "Fading",
    "Filler",
    "Framing",
    "Gaze",
    "JointMoment",
    "KeyMoment",
    "Light",
    "Measure",
    "Moment",
    "Movement",
    "Notice",
    "PairCount",
    "Pause",
    "Picture",
    "Presence",
    "Provenance",
    "Report",
    "ReportError",
    "Smile",
    "Sound",
    "Span",
    "Stretch",
    "Structure",
    "Style",
    "TextReport",
    "Trait",
    "Usage",
    "VideoReport",
    "WordCount",
    "Words",
    "report_from_dict",
]

PIPELINES: Mapping[str, str] = types.MappingProxyType(
    {"text": "text-1", "audio": "audio-1", "video": "video-3"}
)
"""Version of each mode's analysis; it changes whenever the same answer could get other numbers."""

Report: typing.TypeAlias = TextReport | AudioReport | VideoReport
"""A report of any mode."""

REPORTS: Mapping[str, type[Report]] = types.MappingProxyType(
    {"text": TextReport, "audio": AudioReport, "video": VideoReport}
)
"""The report class of each mode."""


def report_from_dict(data: Mapping[str, typing.Any]) -> Report:
    """Read a stored report of any mode. Raises ``ReportError`` when the data does not fit."""
    mode = data.get("mode") if isinstance(data, Mapping) else None
    if not isinstance(mode, str) or mode not in REPORTS:
        raise ReportError(f"unknown mode of report: {mode!r}")
    return REPORTS[mode].from_dict(data)
