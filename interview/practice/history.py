"""What the progress page shows: the history of takes, and measures over time."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from interview.analysis.report import TRAITS, ReportError, TextReport
from interview.charts import Chart
from interview.practice import labels
from interview.practice.drawing import measured, progress_chart, traits_progress_chart
from interview.practice.models import Answer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TakeRow:
    """One take in the history. `report` is None until its analysis is done."""

    answer: Answer
    question: str
    competency: str
    state: str
    report: TextReport | None
    words: str
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

    Charts are drawn from two scored takes on; `prompts` holds the questions with several.
    """

    takes: tuple[TakeRow, ...]
    traits_chart: Chart | None
    charts: tuple[Chart, ...]
    prompts: tuple[PromptProgress, ...]


def progress(answers: Sequence[Answer]) -> ProgressPage:
    """Return the history of takes, given newest first, and what changed over time."""
    takes = tuple(_take_row(answer) for answer in answers)
    done = [take for take in reversed(takes) if take.report]
    series = [(take.moment, measured(take.report)) for take in done if take.report]
    traits = [
        (take.moment, {key: take.report.traits[key].probability for key in TRAITS})
        for take in done
        if take.report and take.report.traits
    ]
    drawn = (progress_chart(key, series) for key in labels.MEASURES)
    return ProgressPage(
        takes=takes,
        traits_chart=traits_progress_chart(traits),
        charts=tuple(chart for chart in drawn if chart),
        prompts=tuple(_prompt_progress(group) for group in _by_question(done) if len(group) > 1),
    )


def _take_row(answer: Answer) -> TakeRow:
    revision = answer.question.revision
    report = _read(answer)
    values = measured(report) if report else {}
    return TakeRow(
        answer=answer,
        question=revision.text,
        competency=str(labels.COMPETENCIES[revision.competency]),
        state=str(labels.STATES[answer.state]),
        report=report,
        words=_value("words.count", values),
        parts=_value("structure.coverage", values),
    )


def _read(answer: Answer) -> TextReport | None:
    """Return an answer's report; a damaged one must not take the whole history away."""
    if answer.report is None:
        return None
    try:
        return TextReport.from_dict(answer.report.body)
    except ReportError:
        log.exception("the report of answer %s cannot be read", answer.id)
        return None


def _by_question(takes: Sequence[TakeRow]) -> list[list[TakeRow]]:
    """Group takes by the prompt they answer, whichever interview it was asked in."""
    groups: dict[int, list[TakeRow]] = {}
    for take in takes:
        groups.setdefault(take.answer.question.revision.prompt_id, []).append(take)
    return list(groups.values())


def _prompt_progress(takes: Sequence[TakeRow]) -> PromptProgress:
    values = [measured(take.report) for take in takes if take.report]
    rows = tuple(
        (str(words.name), tuple(_value(key, found) for found in values))
        for key, words in labels.MEASURES.items()
        if any(key in found for found in values)
    )
    return PromptProgress(takes[-1].question, tuple(takes), rows)


def _value(key: str, values: Mapping[str, float]) -> str:
    return labels.MEASURES[key].write(values[key]) if key in values else "–"
