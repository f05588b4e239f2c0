"""What each candidate adds to the stored averages, and taking it out again.

The stored rows are the sum, over all candidates with an account, of a `Contribution` that follows
from the candidate's counted reports alone. Adding or removing a report stores the difference
between the candidate's contribution before and after; all numbers are whole, so the order of
additions and removals leaves no trace.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Protocol

import sqlalchemy as sa

from interview.accounts.models import Candidate
from interview.analysis.report import HISTOGRAM_BINS, MEASURES, Measure
from interview.database import lock, upsert
from interview.extensions import db
from interview.peers.models import ALL_PROMPTS, PeerBin, PeerTerm
from interview.practice.models import Report

STEPS = 1000
"""Whole steps between a measure's bounds; the precision of what is stored."""

TERM_KINDS = {"words": 40, "pairs": 20}
"""The kinds of terms, and how many of a report count at most."""

TERM_CHARACTERS = 120
EVERYBODY = ""
"""The term whose row counts the candidates themselves."""

_COUNTING_LOCK = 0x7065657273  # "peers", for PostgreSQL's advisory locks


class CountedReport(Protocol):
    """What counts of a report: a `Report`, or a row with these columns."""

    id: int
    answer_id: Any
    prompt_id: int
    steps: Mapping[str, int]
    terms: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Contribution:
    """One candidate's share of one mode's averages.

    `values` maps (prompt, measure) to whole steps, `terms` holds (prompt, kind, term); the prompt
    `ALL_PROMPTS` stands for all of them.
    """

    values: Mapping[tuple[int, str], int] = field(default_factory=dict)
    terms: frozenset[tuple[int, str, str]] = frozenset()


def to_steps(measures: Mapping[str, float], mode: str) -> dict[str, int]:
    """Return each known measure in whole steps from its low (0) to its high bound (`STEPS`)."""
    return {
        measure.key: steps_of(measure, measures[measure.key])
        for measure in MEASURES[mode]
        if measure.key in measures
    }


def steps_of(measure: Measure, value: float) -> int:
    """Return a value, clipped to the measure's bounds, in whole steps."""
    clipped = min(max(value, measure.low), measure.high)
    return round((clipped - measure.low) / (measure.high - measure.low) * STEPS)


def bin_of(steps: int) -> int:
    """Return the histogram's bin of a value in whole steps."""
    return min(steps * HISTOGRAM_BINS // STEPS, HISTOGRAM_BINS - 1)


def count_terms(body: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Return how often a report's most frequent words and pairs were used, most frequent first.

    Nothing of a report that was not scored.
    """
    counts: dict[str, dict[str, int]] = {kind: {} for kind in TERM_KINDS}
    if not body["scored"]:
        return counts
    for kind, listed, name in (("words", "top", "word"), ("pairs", "pairs", "words")):
        for item in body["words"][listed][: TERM_KINDS[kind]]:
            if 0 < len(item[name]) <= TERM_CHARACTERS:
                counts[kind][item[name]] = item["count"]
    return counts


def terms_of(body: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the words and pairs of a report that count, as stored in `Report.terms`."""
    return {kind: list(counts) for kind, counts in count_terms(body).items()}


def contribution(reports: Iterable[CountedReport]) -> Contribution:
    """Return what one candidate's counted reports of one mode add up to.

    Of an answer that was analysed by several pipelines only the newest report counts. A measure's
    value is the mean of the reports that have it, rounded to whole steps (half up).
    """
    newest: dict[Any, CountedReport] = {}
    for report in sorted(reports, key=lambda item: item.id):
        newest[report.answer_id] = report
    steps: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    terms = set()
    for report in newest.values():
        for scope in (ALL_PROMPTS, report.prompt_id):
            for measure, value in report.steps.items():
                steps[scope, measure].append(value)
            for kind in TERM_KINDS:
                terms.add((scope, kind, EVERYBODY))
                terms.update((scope, kind, term) for term in report.terms.get(kind, ()))
    return Contribution(
        {key: (2 * sum(them) + len(them)) // (2 * len(them)) for key, them in steps.items()},
        frozenset(terms),
    )


def counted_reports(candidate_id: int, mode: str) -> Sequence[Any]:
    """Return the candidate's counted reports of a mode, as rows fresh from the database."""
    query = sa.select(
        Report.id, Report.answer_id, Report.prompt_id, Report.steps, Report.terms
    ).where(Report.candidate_id == candidate_id, Report.mode == mode, Report.counted.is_(True))
    return db.session.execute(query).all()


def add(report: Report) -> None:
    """Count a report in the averages, once; the caller commits.

    A guest's report, and one that was not scored (it has no steps), is left uncounted. One
    transaction deals with one counted candidate. Whoever stores, moves or deletes a candidate's
    reports locks the candidate before reading which there are, so that none is missed.
    """
    db.session.flush()
    lock(Candidate, report.candidate_id)
    # Asked after the wait: the workspace may have become an account's meanwhile.
    user_id = db.session.scalar(
        sa.select(Candidate.user_id).where(Candidate.id == report.candidate_id)
    )
    if user_id is not None and report.steps:
        _switch(report, counted=True)


def remove(report: Report) -> None:
    """Take a report out of the averages if it is counted, before it is deleted.

    The caller commits. The rows are afterwards as if the report had never been added.
    """
    db.session.flush()
    lock(Candidate, report.candidate_id)
    _switch(report, counted=False)


def _switch(report: Report, *, counted: bool) -> None:
    changed = db.session.execute(
        sa.update(Report)
        .where(Report.id == report.id, Report.counted.is_(not counted))
        .values(counted=counted)
    )
    if changed.rowcount == 0:
        return
    rest = [row for row in counted_reports(report.candidate_id, report.mode) if row.id != report.id]
    without, including = contribution(rest), contribution([*rest, report])
    before, after = (without, including) if counted else (including, without)
    _store(report.mode, before, after)


def _store(mode: str, before: Contribution, after: Contribution) -> None:
    """Replace one candidate's contribution by another."""
    if db.session.get_bind().dialect.name == "postgresql":
        # Nearly every contribution touches the same few rows, so writers wait for each other
        # anyway; waiting in one line keeps transactions with several reports (a workspace that
        # becomes an account's, an account that is erased) from waiting for each other in a ring.
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_COUNTING_LOCK)))
    bins = _bin_changes(before, after)
    terms = _term_changes(before, after)
    _add_to(PeerBin.__table__, [_row(PeerBin, (mode, *key), *bins[key]) for key in sorted(bins)])
    _add_to(PeerTerm.__table__, [_row(PeerTerm, (mode, *key), terms[key]) for key in sorted(terms)])


def _bin_changes(
    before: Contribution, after: Contribution
) -> dict[tuple[int, str, int], tuple[int, int, int]]:
    """Return the changes of candidates, total and squares by (prompt, measure, bin)."""
    changes: dict[tuple[int, str, int], tuple[int, int, int]] = {}
    for sign, one, other in ((-1, before.values, after.values), (1, after.values, before.values)):
        for (prompt_id, measure), value in one.items():
            if other.get((prompt_id, measure)) == value:
                continue
            key = (prompt_id, measure, bin_of(value))
            count, total, squares = changes.get(key, (0, 0, 0))
            changes[key] = (count + sign, total + sign * value, squares + sign * value * value)
    return changes


def _term_changes(before: Contribution, after: Contribution) -> dict[tuple[int, str, str], int]:
    changes = dict.fromkeys(before.terms - after.terms, -1)
    changes.update(dict.fromkeys(after.terms - before.terms, 1))
    return changes


def _row(model: type[db.Model], key: tuple, *numbers: int) -> dict[str, Any]:
    return dict(zip(model.__table__.columns.keys(), (*key, *numbers), strict=True))


def _add_to(table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Add numbers to the rows with the same key, and delete the rows that reach zero."""
    if not rows:
        return
    insert = upsert(table)
    numbers = [column.name for column in table.columns if not column.primary_key]
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=list(table.primary_key.columns),
            set_={name: table.c[name] + insert.excluded[name] for name in numbers},
        ),
        rows,
    )
    if any(row["candidates"] < 0 for row in rows):
        scopes = sorted({row["prompt_id"] for row in rows})
        db.session.execute(
            sa.delete(table).where(
                table.c.mode == rows[0]["mode"],
                table.c.prompt_id.in_(scopes),
                table.c.candidates == 0,
            )
        )


def recount() -> None:
    """Rebuild all averages from the counted reports; the caller commits.

    The result is what adding the reports one by one gives. Nobody else may write meanwhile.
    """
    bins: defaultdict[tuple, list[int]] = defaultdict(lambda: [0, 0, 0])
    terms: defaultdict[tuple, int] = defaultdict(int)
    for mode, one in _contributions():
        for (prompt_id, measure), value in one.values.items():
            sums = bins[mode, prompt_id, measure, bin_of(value)]
            sums[0] += 1
            sums[1] += value
            sums[2] += value * value
        for term in one.terms:
            terms[(mode, *term)] += 1
    for model, rows in (
        (PeerBin, [_row(PeerBin, key, *bins[key]) for key in sorted(bins)]),
        (PeerTerm, [_row(PeerTerm, key, terms[key]) for key in sorted(terms)]),
    ):
        db.session.execute(sa.delete(model.__table__))
        if rows:
            db.session.execute(sa.insert(model.__table__), rows)


def _contributions() -> Iterable[tuple[str, Contribution]]:
    """Yield mode and contribution of every candidate, reading the reports in one pass."""
    rows = db.session.execute(
        sa.select(
            *(Report.candidate_id, Report.mode, Report.id, Report.answer_id),
            *(Report.prompt_id, Report.steps, Report.terms),
        )
        .where(Report.counted.is_(True))
        .order_by(Report.candidate_id, Report.mode)
        .execution_options(yield_per=5000)
    )
    for (_candidate_id, mode), reports in groupby(rows, key=lambda row: (row[0], row[1])):
        yield mode, contribution(reports)
