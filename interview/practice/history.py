"""What the progress page shows: the history of takes, and measures over time."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from interview.analysis.report import (
    TRAITS,
    AudioReport,
    Report,
    ReportError,
    TextReport,
    VideoReport,
    report_from_dict,
)
from interview.charts import Chart
from interview.practice import labels
from interview.practice.drawing import (
    ESTIMATES,
    WORDS,
    emotions_progress_chart,
    measured,
    progress_chart,
    traits_progress_chart,
)
from interview.practice.models import Answer
from interview.practice.timeline import clock

log = logging.getLogger(__name__)

COMPARED_TAKES = 4
"""How many takes of a question stand beside each other on the summary of one of them."""


@dataclass(frozen=True, slots=True)
class TakeRow:
    """One take in the history. `report` is None until its analysis is done."""

    answer: Answer
    question: str
    competency: str
    state: str
    mode: str
    report: Report | None
    length: str
    parts: str

    @property
    def moment(self) -> datetime:
        """When it was handed in, or begun."""
        return self.answer.submitted_at or self.answer.created_at


@dataclass(frozen=True, slots=True)
class PromptProgress:
    """The takes of one question beside each other, oldest first: a row of values per measure."""

    question: str
    takes: tuple[TakeRow, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """The history of takes, newest first, and the measures over time.

    Charts are drawn from two scored takes of a mode on; `prompts` holds the questions with several.
    """

    takes: tuple[TakeRow, ...]
    traits_chart: Chart | None
    charts: tuple[Chart, ...]
    emotions_chart: Chart | None
    voice_charts: tuple[Chart, ...]
    film_emotions_chart: Chart | None
    film_charts: tuple[Chart, ...]
    prompts: tuple[PromptProgress, ...]


def progress(answers: Sequence[Answer]) -> ProgressPage:
    """Return the history of takes, given newest first, and what changed over time."""
    takes = tuple(_take_row(answer) for answer in answers)
    done = [take for take in reversed(takes) if take.report]
    written = [(t.moment, t.report) for t in done if isinstance(t.report, TextReport)]
    spoken = [(t.moment, t.report) for t in done if isinstance(t.report, AudioReport)]
    traits = [
        (moment, {key: report.traits[key].probability for key in TRAITS})
        for moment, report in written
        if report.traits
    ]
    filmed = [(t.moment, t.report) for t in done if isinstance(t.report, VideoReport)]
    return ProgressPage(
        takes=takes,
        traits_chart=traits_progress_chart(traits),
        charts=_measure_charts(written),
        emotions_chart=emotions_progress_chart(
            _("How your voice may sound, over time"), _emotions(spoken)
        ),
        voice_charts=_measure_charts(spoken),
        film_emotions_chart=emotions_progress_chart(
            _("How face and voice may come across, over time"), _emotions(filmed)
        ),
        film_charts=_measure_charts(filmed),
        prompts=tuple(_prompt_progress(group) for group in _by_question(done) if len(group) > 1),
    )


def compare_takes(answers: Sequence[Answer]) -> PromptProgress | None:
    """Return the newest analysed takes of one question beside each other; None for fewer than two.

    At most `COMPARED_TAKES`: more do not fit beside each other, and each is a report to read.
    """
    analysed = sorted((answer for answer in answers if answer.report), key=lambda item: item.take)
    takes = [_take_row(answer) for answer in analysed[-COMPARED_TAKES:]]
    takes = [take for take in takes if take.report]
    return _prompt_progress(takes) if len(takes) > 1 else None


def _emotions(
    reports: Sequence[tuple[datetime, AudioReport | VideoReport]],
) -> list[tuple[datetime, Mapping[str, float]]]:
    return [(moment, report.emotions) for moment, report in reports if report.emotions]


def _measure_charts(reports: Sequence[tuple[datetime, Report]]) -> tuple[Chart, ...]:
    """Draw every measure of one mode's reports that is not an emotion: those share a chart."""
    series = [(moment, measured(report)) for moment, report in reports]
    keys = (key for key in WORDS if not key.startswith(ESTIMATES))
    drawn = (progress_chart(key, series) for key in keys)
    return tuple(chart for chart in drawn if chart)


def _take_row(answer: Answer) -> TakeRow:
    revision = answer.question.revision
    report = _read(answer)
    values = measured(report) if report else {}
    return TakeRow(
        answer=answer,
        question=revision.text,
        competency=str(labels.COMPETENCIES[revision.competency]),
        state=str(labels.STATES[answer.state]),
        mode=str(labels.MODES.get(answer.question.interview.mode, labels.MODES["text"])),
        report=report,
        length=_length(report, values),
        parts=_value("structure.coverage", values),
    )


def _length(report: Report | None, values: Mapping[str, float]) -> str:
    if isinstance(report, AudioReport):
        return clock(report.sound.duration)
    if isinstance(report, VideoReport):
        return clock(report.duration)
    return _value("words.count", values)


def _read(answer: Answer) -> Report | None:
    """Return an answer's report; a damaged one must not take the whole history away."""
    if answer.report is None:
        return None
    try:
        return report_from_dict(answer.report.body)
    except ReportError:
        log.exception("the report of answer %s cannot be read", answer.id)
        return None


def _by_question(takes: Sequence[TakeRow]) -> list[list[TakeRow]]:
    """Group takes by the prompt they answer and how, whichever interview it was asked in."""
    groups: dict[tuple[int, str], list[TakeRow]] = {}
    for take in takes:
        groups.setdefault((take.answer.question.revision.prompt_id, take.mode), []).append(take)
    return list(groups.values())


def _prompt_progress(takes: Sequence[TakeRow]) -> PromptProgress:
    values = [measured(take.report) for take in takes if take.report]
    # Of an answer before a camera the estimates of the voice alone would only be in the way.
    left_out = ("emotion.",) if isinstance(takes[-1].report, VideoReport) else ()
    rows = tuple(
        (str(words.name), tuple(_value(key, found) for found in values))
        for key, words in WORDS.items()
        if any(key in found for found in values) and not key.startswith(left_out)
    )
    return PromptProgress(takes[-1].question, tuple(takes), rows)


def _value(key: str, values: Mapping[str, float]) -> str:
    return WORDS[key].write(values[key]) if key in values else "–"
