"""What the pages of an answer and of the progress show, made from reports and comparisons.

Pure: reports, comparisons and texts in; view models with finished words, charts and tables out.
The words come from `labels`, in the language of the request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, format_decimal, format_percent
from flask_babel import gettext as _

from interview.analysis.report import IMPRESSIONS, MEASURES, TRAITS, TextReport
from interview.charts import Chart, Scale
from interview.peers.services import Comparison, Standing, TermComparison
from interview.practice import labels, marking
from interview.practice.drawing import (
    HUNDRED,
    PERCENT,
    comparison_chart,
    distribution,
    measured,
    standing_text,
    term_charts,
)
from interview.practice.failures import FAILURES
from interview.practice.history import ProgressPage, progress
from interview.practice.marking import MarkedText, PartView, StructureView, part_view
from interview.practice.models import Answer, Step

__all__ = [
    "ProgressPage",
    "SummaryPage",
    "failure",
    "guidance_parts",
    "progress",
    "standing_text",
    "step_label",
    "steps",
    "summary",
    "text_page",
    "who",
]


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Something to know about the report, and what to do about it."""

    code: str
    kind: str
    title: str
    text: str
    advice: str


@dataclass(frozen=True, slots=True)
class TraitView:
    """A trait: its probability in per cent and in words, and where one stands."""

    key: str
    name: str
    about: str
    percent: str
    band: str
    likeness: str
    standing: str | None
    distribution: Chart | None


@dataclass(frozen=True, slots=True)
class ImpressionView:
    """One way of coming across, with where one stands."""

    key: str
    name: str
    value: str
    standing: str | None


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure of length, structure or style, with where one stands."""

    key: str
    name: str
    value: str
    about: str
    average: str | None
    standing: str | None
    distribution: Chart | None


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """Everything of an answer's summary.

    `traits` and `impressions` are empty and their charts None when the answer was not scored;
    `structure` and `marked` are None where the text could not be read as English. `who` says who
    the others are, None when nothing is compared.
    """

    scored: bool
    notices: tuple[NoticeView, ...]
    who: str | None
    traits: tuple[TraitView, ...]
    traits_chart: Chart | None
    impressions: tuple[ImpressionView, ...]
    impressions_chart: Chart | None
    structure: StructureView | None
    marked: MarkedText | None
    measures: tuple[MeasureView, ...]
    fillers: tuple[tuple[str, int], ...]
    words: tuple[Chart, ...]
    pairs: tuple[Chart, ...]
    models: tuple[str, ...]


def summary(
    body: Mapping[str, Any], *, text: str, comparison: Comparison, terms: TermComparison
) -> SummaryPage:
    """Return the summary of a report on `text`.

    Raises `ReportError` when the body is not a report.
    """
    return text_page(TextReport.from_dict(body), text=text, comparison=comparison, terms=terms)


def text_page(
    report: TextReport,
    *,
    text: str,
    comparison: Comparison,
    terms: TermComparison,
    mode: str = "text",
) -> SummaryPage:
    """Return the summary of the report on a written answer, or on the transcript of one in `mode`.

    Of a transcript only those measures are shown that make sense for speech.
    """
    standings = comparison.measures
    forms = {item.word: item.form for item in report.words.top}
    return SummaryPage(
        scored=report.scored,
        notices=tuple(
            notice_view(item.code, item.values, labels.notice(item.code)) for item in report.notices
        ),
        who=who(comparison) if report.scored else None,
        traits=_traits(report, standings),
        traits_chart=_traits_chart(report, standings),
        impressions=_impressions(report, standings),
        impressions_chart=_impressions_chart(report, standings),
        structure=marking.structure_view(report.structure) if report.structure else None,
        marked=marking.mark(text, report) if report.structure else None,
        measures=_measures(report, standings, mode),
        fillers=tuple((f.phrase, f.count) for f in report.style.fillers) if report.style else (),
        words=term_charts("words", terms, forms) if report.scored else (),
        pairs=term_charts("pairs", terms, {}) if report.scored else (),
        models=tuple(f"{name} {version}" for name, version in report.provenance.models.items()),
    )


def failure(code: str | None, values: Mapping[str, Any] | None) -> str | None:
    """Return why an answer's analysis or document failed, or None if it did not."""
    if code is None:
        return None
    write = FAILURES.get(code, FAILURES["internal"])
    return write(values or {})


def step_label(step: str | None) -> str:
    """Return what a worker does in a step; None is waiting."""
    if step is None:
        return str(labels.WAITING)
    return str(next((n[step] for n in labels.MODE_STEPS.values() if step in n), labels.WORKING))


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the worker: `state` is done, current or waiting."""

    key: str
    name: str
    state: str


def steps(answer: Answer) -> tuple[StepView, ...]:
    """Return the steps of what a worker does with an answer, and how far it is."""
    names = labels.MODE_STEPS[answer.question.interview.mode]
    extracts = answer.step == Step.EXTRACT
    keys = [key for key in names if (key == Step.EXTRACT) == extracts]
    current = keys.index(answer.progress_step) if answer.progress_step in keys else -1
    return tuple(
        StepView(key, str(names[key]), _step_state(index, current))
        for index, key in enumerate(keys)
    )


def _step_state(index: int, current: int) -> str:
    if index == current:
        return "current"
    return "done" if index < current else "waiting"


def guidance_parts() -> tuple[PartView, ...]:
    """Return situation, task, action and result, for the guidance of a prompt."""
    return tuple(part_view(key) for key in labels.PARTS)


def who(comparison: Comparison) -> str:
    """Say with whom an answer is compared."""
    n = format_decimal(comparison.n)
    if comparison.population is None:
        return _("There is nobody to compare your answer with yet.")
    if comparison.scope == "prompt":
        return _(
            "Compared with %(n)s other people who answered this question. You are not among them, "
            "and each of them counts once.",
            n=n,
        )
    if comparison.scope == "mode":
        return _(
            "Fewer than five others have answered this question, so you are compared with %(n)s "
            "other people and all the questions they answered here.",
            n=n,
        )
    return _(
        "Fewer than five others have practised here so far. Until then you are compared with "
        "%(n)s %(population)s.",
        n=n,
        population=labels.population(comparison.population),
    )


def notice_view(code: str, values: Mapping[str, Any], words: labels.NoticeWords) -> NoticeView:
    """Return a notice in words."""
    return NoticeView(code, words.kind, str(words.title), words.text(values), str(words.advice))


def _traits(report: TextReport, standings: Mapping[str, Standing]) -> tuple[TraitView, ...]:
    if not report.traits:
        return ()
    views = []
    for key in TRAITS:
        words, probability = labels.TRAITS[key], report.traits[key].probability
        standing = standings.get(f"big_five.{key}")
        views.append(
            TraitView(
                key=key,
                name=str(words.name),
                about=str(words.about),
                percent=format_percent(probability),
                band=str(labels.band(probability)),
                likeness=str(_likeness(words, probability)),
                standing=standing_text(standing) if standing else None,
                distribution=distribution(str(words.name), f"big_five.{key}", standing),
            )
        )
    return tuple(views)


def _likeness(words: labels.TraitWords, probability: float) -> LazyString:
    if labels.band(probability) is labels.EVEN:
        return labels.NO_LEANING
    return words.high if probability > 0.5 else words.low


def _traits_chart(report: TextReport, standings: Mapping[str, Standing]) -> Chart | None:
    if not report.traits:
        return None
    return comparison_chart(
        _("Your five estimates beside the others’"),
        [
            (str(labels.TRAITS[key].name), report.traits[key].probability, f"big_five.{key}")
            for key in TRAITS
        ],
        standings,
        Scale(0, 1, _("Probability"), PERCENT),
    )


def _impressions(
    report: TextReport, standings: Mapping[str, Standing]
) -> tuple[ImpressionView, ...]:
    views = []
    for key in IMPRESSIONS if report.impression else ():
        standing = standings.get(f"impression.{key}")
        value = format_decimal(100 * (report.impression or {})[key], "0")
        text = standing_text(standing) if standing else None
        views.append(ImpressionView(key, str(labels.IMPRESSIONS[key]), value, text))
    return tuple(views)


def _impressions_chart(report: TextReport, standings: Mapping[str, Standing]) -> Chart | None:
    if not report.impression:
        return None
    return comparison_chart(
        _("How this may come across, beside the others’ answers"),
        [
            (str(labels.IMPRESSIONS[key]), report.impression[key], f"impression.{key}")
            for key in IMPRESSIONS
        ],
        standings,
        Scale(0, 1, _("Rating, 0 to 100"), PERCENT, HUNDRED),
        write=lambda value: format_decimal(100 * value, "0"),
    )


def _measures(
    report: TextReport, standings: Mapping[str, Standing], mode: str
) -> tuple[MeasureView, ...]:
    known = {measure.key for measure in MEASURES[mode]}
    own = {key: value for key, value in measured(report).items() if key in known}
    views = []
    for key, words in labels.MEASURES.items():
        if key not in own:
            continue
        standing = standings.get(key)
        views.append(
            MeasureView(
                key=key,
                name=str(words.name),
                value=words.write(own[key]),
                about=str(words.about),
                average=_average(key, standing) if standing else None,
                standing=standing_text(standing) if standing else None,
                distribution=distribution(str(words.name), key, standing),
            )
        )
    return tuple(views)


def _average(key: str, standing: Standing) -> str:
    if key == "structure.coverage":
        return _("%(found)s of 4", found=format_decimal(len(labels.PARTS) * standing.mean, "0.0"))
    return labels.MEASURES[key].write(standing.mean)
