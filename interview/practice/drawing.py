"""Charts of the practice pages: which numbers go into which chart, with finished words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from flask_babel import format_datetime, format_decimal, format_percent, get_locale
from flask_babel import gettext as _

from interview import charts
from interview.analysis.report import MEASURES, Measure, Report, TextReport
from interview.charts import Chart, Point, Row, Scale, Table
from interview.peers.services import CommonTerm, OwnTerm, Standing, TermComparison
from interview.practice import film_labels, labels, voice_labels

SHOWN_TERMS = 10
"""How many words, and pairs of words, are drawn."""

SHOWN_EMOTIONS = 3
"""How many emotions are drawn over time: with all seven, no line could be followed."""

BOUNDS: Mapping[str, Measure] = {
    measure.key: measure for measures in MEASURES.values() for measure in measures
}
WORDS: Mapping[str, labels.MeasureWords] = {
    **film_labels.CAMERA,
    **voice_labels.DELIVERY,
    **labels.MEASURES,
    **voice_labels.SOUNDING,
    **film_labels.TOGETHER,
}
"""The words of every measure that is shown by itself, in the order in which they are shown."""

PERCENT = ".0%"
ESTIMATES = ("emotion.", "together.", "face.")
"""How the keys of estimates of emotions begin: of the voice, of face and voice, of the face."""
WHOLE = ("big_five.", "camera.", "delivery.speaking_share", *ESTIMATES)
"""How the keys of those measures begin that are written in whole per cent."""
SHARES = (*WHOLE, "style.first_person_share")
"""How the keys of those measures begin that are drawn in per cent."""


HUNDRED = tuple((step / 4, f"{25 * step}") for step in range(5))
"""Ticks of a share that is spoken of as 0 to 100."""

Write = Callable[[float], str]


def measured(report: Report) -> dict[str, float]:
    """Return the report's measures; of a text that was not scored, what can be said anyway."""
    if not isinstance(report, TextReport):
        return dict(report.measures)
    if report.scored or not report.style or not report.structure:
        return dict(report.measures) or {"words.count": float(report.words.count)}
    style = report.style
    found = {
        "words.count": float(report.words.count),
        "structure.coverage": report.structure.coverage,
        "style.filler_rate": style.filler_rate,
        "style.sentence_length": style.sentence_length,
    }
    return {key: value for key, value in found.items() if value is not None}


def standing_text(standing: Standing, *, spoken: bool = False) -> str:
    """Say in a sentence where a value stands among the others; `spoken`: as to how it sounds."""
    shown = min(standing.n, 100)
    below = round(standing.percentile / 100 * shown)
    whom = {
        "prompt": _("others who answered this question"),
        "mode": _("others who practise here"),
    }.get(standing.scope, _("reference recordings") if spoken else _("reference texts"))
    if below == 0:
        return _("Lower than nearly all %(whom)s.", whom=whom)
    if below == shown:
        return _("Higher than nearly all %(whom)s.", whom=whom)
    return _(
        "Higher than about %(below)s of %(shown)s %(whom)s.", below=below, shown=shown, whom=whom
    )


def comparison_chart(
    title: str,
    values: Sequence[tuple[str, float, str]],
    standings: Mapping[str, Standing],
    scale: Scale,
    write: Write = format_percent,
    *,
    bars: bool = False,
) -> Chart:
    """Draw (name, own value, measure) beside the others' averages, as points or as bars."""
    rows = []
    for name, own, key in values:
        standing = standings.get(key)
        others = (standing.mean, standing.sd) if standing else (None, None)
        rows.append(Row(name, own, *others))
    compared = any(row.mean is not None for row in rows)
    columns = ("", _("You"), _("Others’ average"), _("Spread (standard deviation)"))
    said = "; ".join(_row_text(row, write) for row in rows)
    return Chart(
        title=title,
        summary=f"{title}. {said}.",
        spec=charts.bars_spec(rows, scale) if bars else charts.comparison_spec(rows, scale),
        table=charts.comparison_table(rows, columns, write),
        key=_comparison_key(compared=compared, bars=bars),
    )


def _comparison_key(*, compared: bool, bars: bool) -> tuple[tuple[str, str], ...]:
    own, others, spread = (
        ("ownbar", "othersbar", "spreadrule") if bars else ("own", "others", "spread")
    )
    meanings = (
        (own, _("You")),
        (others, _("Average of the others")),
        (spread, _("Their usual range (one standard deviation to each side)")),
    )
    return meanings if compared else meanings[:1]


def _row_text(row: Row, write: Write) -> str:
    if row.mean is None:
        return _("%(name)s: you %(own)s", name=row.label, own=write(row.own))
    return _(
        "%(name)s: you %(own)s, others %(mean)s on average",
        name=row.label,
        own=write(row.own),
        mean=write(row.mean),
    )


def _own_key() -> tuple[str, str]:
    return ("own", _("You"))


def distribution(name: str, key: str, standing: Standing | None) -> Chart | None:
    """Draw the others' histogram with one's own place in it."""
    if standing is None:
        return None
    scale = scale_of(key)
    write = axis_writer(key)
    language = str(get_locale())
    return Chart(
        title=_("%(name)s: where you stand", name=name),
        summary=_(
            "Histogram of %(name)s. You: %(own)s. %(standing)s",
            name=name,
            own=write(standing.own),
            standing=standing_text(standing, spoken=key in voice_labels.HEARD),
        ),
        spec=charts.histogram_spec(standing.bins, standing.own, scale),
        table=charts.histogram_table(
            standing.bins,
            scale,
            (_("From"), _("to"), _("Others")),
            lambda edge: _edge_text(key, edge, language),
        ),
        key=(_own_key(), ("bars", _("Number of others"))),
    )


@lru_cache(maxsize=2048)
def _edge_text(key: str, edge: float, _language: str) -> str:
    """Write the edge of a bin, once per language: a page has hundreds of them, always the same."""
    return axis_writer(key)(edge)


def scale_of(key: str) -> Scale:
    """Return the scale on which a measure is drawn."""
    measure = BOUNDS[key]
    if key == "structure.coverage":
        count = len(labels.PARTS)
        ticks = tuple((part / count, f"{part}") for part in range(count + 1))
        return Scale(measure.low, measure.high, ticks=ticks)
    return Scale(measure.low, measure.high, format=PERCENT if key.startswith(SHARES) else "~f")


def axis_writer(key: str) -> Write:
    """Return what writes a measure's values as they stand at its axis."""
    if key.startswith(WHOLE):
        return format_percent
    if key == "style.first_person_share":
        return lambda value: format_percent(value, "0.#%")
    if key == "structure.coverage":
        return lambda value: format_decimal(len(labels.PARTS) * value, "0.#")
    return lambda value: format_decimal(value, "0.#")


def term_charts(kind: str, terms: TermComparison, forms: Mapping[str, str]) -> tuple[Chart, ...]:
    """Draw my words (or pairs) with their counts, and the others' with the share who use them.

    `forms` gives own terms, which are compared by dictionary form, as they were written.
    """
    own, others = terms.own[kind][:SHOWN_TERMS], terms.others[kind][:SHOWN_TERMS]
    mine = {term.term: term.count for term in terms.own[kind]}
    found = []
    if own:
        found.append(_own_terms_chart(kind, own, forms, compared=terms.population is not None))
    if others:
        found.append(_others_terms_chart(kind, others, mine))
    return tuple(found)


def _own_terms_chart(
    kind: str, own: Sequence[OwnTerm], forms: Mapping[str, str], *, compared: bool
) -> Chart:
    named = [(forms.get(t.term, t.term), t) for t in own]
    title = _("Your words") if kind == "words" else _("Your pairs of words")
    columns = (_("Term"), _("Times you used it"), _("Others who used it"))
    rows = tuple((name, str(t.count), _share(t.share)) for name, t in named)
    said = ", ".join(f"{name} {t.count}" for name, t in named)
    return Chart(
        title=title,
        summary=f"{title}: {said}.",
        spec=charts.terms_spec([(name, t.count) for name, t in named], "ownbar", columns[1], "d"),
        table=Table(columns, rows) if compared else Table(columns[:2], tuple(r[:2] for r in rows)),
    )


def _others_terms_chart(kind: str, others: Sequence[CommonTerm], mine: Mapping[str, int]) -> Chart:
    title = _("Others’ words") if kind == "words" else _("Others’ pairs of words")
    columns = (_("Term"), _("Others who used it"), _("Times you used it"))
    rows = tuple((t.term, _share(t.share), str(mine.get(t.term, 0))) for t in others)
    said = ", ".join(f"{t.term} {_share(t.share)}" for t in others)
    values = [(f"{t.term} ✓" if t.term in mine else t.term, t.share) for t in others]
    return Chart(
        title=title,
        summary=f"{title}: {said}.",
        spec=charts.terms_spec(values, "bars", columns[1], PERCENT),
        table=Table(columns, rows),
        key=(("check", _("You used it too")),),
    )


def _share(share: float | None) -> str:
    return _("fewer than five") if share is None else format_percent(share, "0.#%")


Series = Sequence[tuple[datetime, Mapping[str, float]]]
"""Values by measure (or trait) at each moment, oldest first."""


def progress_chart(key: str, series: Series) -> Chart | None:
    """Draw a measure over time; None with fewer than two values."""
    found = [(moment, values[key]) for moment, values in series if key in values]
    if len(found) < 2:
        return None
    name, write = str(WORDS[key].name), WORDS[key].write
    scale = scale_of(key)
    if not scale.ticks:
        top = max(value for _moment, value in found) * 1.15
        scale = replace(scale, high=min(scale.high, max(top, scale.high / 20)))
    return Chart(
        title=name,
        summary=_(
            "%(name)s over %(count)s takes: first %(first)s, latest %(latest)s.",
            name=name,
            count=len(found),
            first=write(found[0][1]),
            latest=write(found[-1][1]),
        ),
        spec=charts.progress_spec([Point(m, name, v) for m, v in found], scale),
        table=Table((_("When"), name), tuple((_moment(m), write(v)) for m, v in found)),
    )


def traits_progress_chart(series: Series) -> Chart | None:
    """Draw the five trait estimates over time; None with fewer than two takes."""
    if len(series) < 2:
        return None
    names = {key: str(words.name) for key, words in labels.TRAITS.items()}
    points = [
        Point(moment, name, values[key]) for key, name in names.items() for moment, values in series
    ]
    rows = tuple(
        (_moment(moment), *(format_percent(values[key]) for key in names))
        for moment, values in series
    )
    return Chart(
        title=_("The five estimates over time"),
        summary=_("Five trait estimates over %(count)s takes.", count=len(series)),
        spec=charts.progress_spec(points, Scale(0, 1, format=PERCENT), is_grouped=True),
        table=Table((_("When"), *names.values()), rows),
    )


def emotions_progress_chart(title: str, series: Series) -> Chart | None:
    """Draw the three emotions with the largest shares over time; None with fewer than two takes.

    The table has all of them.
    """
    if len(series) < 2:
        return None
    names = {key: str(name) for key, name in voice_labels.EMOTIONS.items()}
    totals = {key: sum(values.get(key, 0.0) for _moment, values in series) for key in names}
    drawn = sorted(names, key=lambda key: -totals[key])[:SHOWN_EMOTIONS]
    points = [
        Point(moment, names[key], values.get(key, 0.0))
        for key in names
        if key in drawn
        for moment, values in series
    ]
    rows = tuple(
        (_moment(moment), *(format_percent(values.get(key, 0.0)) for key in names))
        for moment, values in series
    )
    return Chart(
        title=title,
        summary=_(
            "The largest estimates over %(count)s takes: %(names)s.",
            count=len(series),
            names=", ".join(names[key] for key in names if key in drawn),
        ),
        spec=charts.progress_spec(points, Scale(0, 1, format=PERCENT), is_grouped=True),
        table=Table((_("When"), *names.values()), rows),
    )


def _moment(moment: datetime) -> str:
    return _("%(time)s UTC", time=format_datetime(moment, "d MMM y, HH:mm"))
