"""Rates and impact ratios by group, in the form of New York City's Local Law 144.

Source: Rules of the City of New York, title 6, sections 5-300 to 5-302 (2023). The selection rate
of a category is the share of its people who were chosen to go on; its scoring rate the share that
scored above the sample's median; its impact ratio that rate divided by the highest category's.
A category of less than 2 % of the sample may be left out of the ratios; its rate is still shown.

The law speaks of tools that score or choose. Here people rate and decide; the same figures show
whether their choices differ between groups. No test of significance is made.
"""

import csv
import io
import json
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

SMALL = 0.02
"""Share of the sample below which a category is left out of the ratios."""

SEXES = {"male": "Male", "female": "Female"}
ETHNICITIES = {
    "hispanic": "Hispanic or Latino",
    "white": "White",
    "black": "Black or African American",
    "pacific": "Native Hawaiian or Pacific Islander",
    "asian": "Asian",
    "native": "Native American or Alaska Native",
    "several": "Two or more races",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One candidate: the groups they named, whether they were chosen, and their mean rating.

    None stands for a group that was not named, no decision yet, no scorecard yet.
    """

    sex: str | None
    ethnicity: str | None
    chosen: bool | None
    score: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One category: its people, how many of them succeeded, and the two figures of the law.

    `rate` is None without people, `impact_ratio` also for a category that is too small, and where
    nobody at all succeeded.
    """

    category: str
    people: int
    succeeded: int
    rate: float | None
    impact_ratio: float | None
    too_small: bool


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what succeeding means in it, its rows, and how many people are in no category."""

    title: str
    measure: str
    rows: list[Row]
    unknown: int


@dataclass(frozen=True, slots=True)
class Audit:
    """All six tables of one interview; `undecided` and `unrated` people are in half of them."""

    title: str
    people: int
    undecided: int
    unrated: int
    median: float | None
    tables: list[Table]


def audit(title: str, cases: Sequence[Case]) -> Audit:
    """Return the tables of the candidates of one interview."""
    decided = [case for case in cases if case.chosen is not None]
    rated = [case for case in cases if case.score is not None]
    median = statistics.median(case.score for case in rated) if rated else None  # type: ignore[type-var]
    tables = [
        _table(title_of, measure, sample, categories, category_of, succeeded)
        for measure, sample, succeeded in (
            ("selected", decided, lambda case: bool(case.chosen)),
            ("scored above the median", rated, lambda case: case.score > median),
        )
        for title_of, categories, category_of in _GROUPINGS
    ]
    return Audit(
        title, len(cases), len(cases) - len(decided), len(cases) - len(rated), median, tables
    )


def _both(case: Case) -> str | None:
    if case.sex not in SEXES or case.ethnicity not in ETHNICITIES:
        return None
    return f"{ETHNICITIES[case.ethnicity]}, {SEXES[case.sex].lower()}"


_GROUPINGS: tuple[tuple[str, list[str], Callable[[Case], str | None]], ...] = (
    ("Sex", list(SEXES.values()), lambda case: SEXES.get(case.sex or "")),
    (
        "Race and ethnicity",
        list(ETHNICITIES.values()),
        lambda case: ETHNICITIES.get(case.ethnicity or ""),
    ),
    (
        "Intersectional",
        [f"{race}, {sex.lower()}" for race in ETHNICITIES.values() for sex in SEXES.values()],
        _both,
    ),
)


def _table(
    title: str,
    measure: str,
    sample: Sequence[Case],
    categories: Sequence[str],
    category_of: Callable[[Case], str | None],
    succeeded: Callable[[Case], bool],
) -> Table:
    people = {category: [0, 0] for category in categories}
    unknown = 0
    for case in sample:
        category = category_of(case)
        if category is None:
            unknown += 1
        else:
            people[category][0] += 1
            people[category][1] += succeeded(case)
    rates = {name: good / count if count else None for name, (count, good) in people.items()}
    small = {name: count < SMALL * len(sample) for name, (count, _good) in people.items()}
    best = max(
        (rate for name, rate in rates.items() if rate is not None and not small[name]), default=0.0
    )
    rows = [
        Row(
            name,
            count,
            good,
            rates[name],
            None if rates[name] is None or small[name] or not best else rates[name] / best,  # type: ignore[operator]
            bool(count) and small[name],
        )
        for name, (count, good) in people.items()
    ]
    return Table(title, measure, rows, unknown)


# --- Showing ---------------------------------------------------------------------------------

NOTES = (
    "Groups are what candidates said of themselves, voluntarily. People rated and decided; no "
    "program scored or chose.",
    "The impact ratio is a category's rate divided by the highest rate of a category. Categories "
    "of less than 2 % of the sample are left out of the ratios, as the rules allow; few people "
    "make any rate uncertain.",
)


def as_markdown(found: Audit) -> str:
    """Return the audit as a document."""
    lines = [
        f"# Impact ratios: {found.title}",
        "",
        f"Candidates with an answer or a decision: {found.people}.",
    ]
    lines += [f"Not decided yet: {found.undecided}. Not rated yet: {found.unrated}."]
    if found.median is not None:
        lines.append(f"Median of the mean ratings: {found.median:.2f}.")
    for table in found.tables:
        lines += [
            "",
            f"## {table.title}: {table.measure}",
            "",
            f"| category | people | {table.measure} | rate | impact ratio |",
            "|---|---:|---:|---:|---:|",
            *(_markdown_row(row) for row in table.rows),
            "",
            f"In no category, or not known: {table.unknown}.",
        ]
    lines += ["", *(f"- {note}" for note in NOTES)]
    return "\n".join(lines) + "\n"


def _markdown_row(row: Row) -> str:
    rate = "–" if row.rate is None else f"{100 * row.rate:.1f} %"
    ratio = "–" if row.impact_ratio is None else f"{row.impact_ratio:.2f}"
    if row.too_small:
        ratio = "left out, < 2 %"
    return f"| {row.category} | {row.people} | {row.succeeded} | {rate} | {ratio} |"


def as_csv(found: Audit) -> str:
    """Return the audit as one table, a line per category; figures are not rounded."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ("table", "measure", "category", "people", "succeeded", "rate", "impact_ratio", "too_small")
    )
    writer.writerows(_csv_rows(found.tables))
    return text.getvalue()


def _csv_rows(tables: Iterable[Table]) -> Iterable[tuple[object, ...]]:
    for table in tables:
        for row in table.rows:
            yield (table.title, table.measure, *asdict(row).values())
        yield (table.title, table.measure, "unknown", table.unknown, "", "", "", "")


def as_json(found: Audit) -> str:
    """Return the audit with all its notes, as JSON."""
    return json.dumps({**asdict(found), "notes": NOTES}, indent=1) + "\n"
