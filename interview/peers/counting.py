"""What each candidate adds to the stored averages, and taking it out again.

The stored rows are the sum, over all candidates who count, of a `Contribution` that follows from
the candidate's counted reports alone. In practice those with an account count; in the pool of an
application interview everybody who was invited to it. Adding or removing a report stores the
difference between the candidate's contribution before and after; all numbers are whole, so the
order of additions and removals leaves no trace.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa

from interview.accounts.models import Candidate
from interview.analysis.report import HISTOGRAM_BINS, MEASURES, Measure
from interview.database import lock, upsert
from interview.extensions import db
from interview.peers.models import ALL_PROMPTS, PRACTICE, PeerBin, PeerTerm
from interview.practice.models import Report

STEPS = 1000
"""Whole steps between a measure's bounds; the precision of what is stored."""

TERM_KINDS = {"words": 40, "pairs": 20}
"""The kinds of terms, and how many of a report count at most."""

TERM_CHARACTERS = 120
EVERYBODY = ""
"""The term whose row counts the candidates themselves."""

BIN_COLUMNS = PeerBin.__table__.columns.keys()
TERM_COLUMNS = PeerTerm.__table__.columns.keys()
ROWS_AT_ONCE = 10_000
_COUNTING_LOCK = 0x7065657273  # "peers", for PostgreSQL's advisory locks


class Group(NamedTuple):
    """Whose averages: a pool's in a mode. The first two columns of what is stored."""

    pool: int
    mode: str


class CountedReport(Protocol):
    """What counts of a report: a `Report`, or a row with these columns."""

    id: int
    answer_id: Any
    prompt_id: int
    steps: Mapping[str, int]
    terms: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Contribution:
    """One candidate's share of the averages of one pool and mode.

    `values` maps (prompt, measure) to whole steps, `terms` maps (prompt, kind) to the terms used;
    the prompt `ALL_PROMPTS` stands for all of them.
    """

    values: Mapping[tuple[int, str], int]
    terms: Mapping[tuple[int, str], AbstractSet[str]]


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

    Nothing of a text that was not scored, or of a recording without a transcript.
    """
    counts: dict[str, dict[str, int]] = {kind: {} for kind in TERM_KINDS}
    text = _text_of(body)
    if text is None or not text["scored"]:
        return counts
    for kind, listed, name in (("words", "top", "word"), ("pairs", "pairs", "words")):
        for item in text["words"][listed][: TERM_KINDS[kind]]:
            if 0 < len(item[name]) <= TERM_CHARACTERS:
                counts[kind][item[name]] = item["count"]
    return counts


def terms_of(body: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the words and pairs of a report that count, as stored in `Report.terms`.

    Empty for a recording without a transcript: nobody knows which words were in it.
    """
    if _text_of(body) is None:
        return {}
    return {kind: list(counts) for kind, counts in count_terms(body).items()}


def _text_of(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the report on an answer's words: its own, or the one on its transcript."""
    spoken = body["voice"] if body.get("mode") == "video" else body
    text: Mapping[str, Any] | None = spoken["text"] if spoken.get("mode") == "audio" else spoken
    return text


def contribution(reports: Iterable[CountedReport]) -> Contribution:
    """Return what one candidate's counted reports of one pool and mode add up to."""
    scopes = by_scope(reports)
    return Contribution(
        {
            (scope, measure): value
            for scope, members in scopes.items()
            for measure, value in values_of(members).items()
        },
        {
            (scope, kind): terms_used(members, kind)
            for scope, members in scopes.items()
            for kind in TERM_KINDS
        },
    )


def by_scope(reports: Iterable[CountedReport]) -> dict[int, list[CountedReport]]:
    """Return which reports count for which prompt, and for `ALL_PROMPTS`.

    Of an answer that was analysed by several pipelines only the newest report counts.
    """
    newest: dict[Any, CountedReport] = {}
    for report in sorted(reports, key=lambda item: item.id):
        newest[report.answer_id] = report
    scopes: defaultdict[int, list[CountedReport]] = defaultdict(list)
    for report in newest.values():
        scopes[ALL_PROMPTS].append(report)
        scopes[report.prompt_id].append(report)
    return scopes


def values_of(reports: Sequence[CountedReport]) -> dict[str, int]:
    """Return each measure's mean over the reports that have it, in whole steps (half up)."""
    if len(reports) == 1:
        return dict(reports[0].steps)
    steps: defaultdict[str, list[int]] = defaultdict(list)
    for report in reports:
        for measure, value in report.steps.items():
            steps[measure].append(value)
    return {key: (2 * sum(them) + len(them)) // (2 * len(them)) for key, them in steps.items()}


def terms_used(reports: Sequence[CountedReport], kind: str) -> set[str]:
    """Return the terms of a kind that the reports use, with the one that counts the candidate.

    Nothing when no report knows the words of its answer.
    """
    known = [report.terms[kind] for report in reports if kind in report.terms]
    return {EVERYBODY}.union(*known) if known else set()


def counted_reports(candidate_id: int, group: Group, *columns: str) -> Sequence[Any]:
    """Return the columns of the candidate's counted reports of a group, fresh from the database."""
    table = Report.__table__.c
    query = sa.select(
        table.id, table.answer_id, table.prompt_id, *(table[name] for name in columns)
    ).where(
        table.candidate_id == candidate_id,
        *(table.pool == group.pool, table.mode == group.mode),
        table.counted.is_(True),
    )
    return db.session.execute(query).all()


def add(*reports: Report) -> None:
    """Count reports of one candidate in the averages, each once; the caller commits.

    A guest's practice, and reports that were not scored (they have no steps), are left uncounted.
    One transaction deals with one counted candidate. Whoever stores, moves or deletes a candidate's
    reports locks the candidate before reading which there are, so that none is missed.
    """
    scored = [report for report in reports if report.steps]
    if not scored:
        return
    db.session.flush()
    lock(Candidate, scored[0].candidate_id)
    # Asked after the wait: the workspace may have become an account's meanwhile.
    user_id = db.session.scalar(
        sa.select(Candidate.user_id).where(Candidate.id == scored[0].candidate_id)
    )
    counting = [report for report in scored if user_id is not None or report.pool != PRACTICE]
    if counting:
        _switch(counting, counted=True)


def remove(*reports: Report) -> None:
    """Take reports of one candidate out of the averages, where counted, before they are deleted.

    The caller commits. The rows are afterwards as if the reports had never been added.
    """
    if not reports:
        return
    db.session.flush()
    lock(Candidate, reports[0].candidate_id)
    _switch(reports, counted=False)


def _switch(reports: Sequence[Report], *, counted: bool) -> None:
    """Mark reports as counted or not, and store what that changes; the candidate is locked."""
    candidate_id = reports[0].candidate_id
    groups = sorted({Group(report.pool, report.mode) for report in reports})
    before = {group: counted_reports(candidate_id, group, "steps", "terms") for group in groups}
    db.session.execute(
        sa.update(Report)
        .where(
            Report.id.in_([report.id for report in reports]),
            Report.candidate_id == candidate_id,
            Report.counted.is_(not counted),
        )
        .values(counted=counted)
    )
    for group in groups:
        after = counted_reports(candidate_id, group, "steps", "terms")
        if len(after) != len(before[group]):
            _store(group, contribution(before[group]), contribution(after))


def _store(group: Group, before: Contribution, after: Contribution) -> None:
    """Replace one candidate's contribution by another."""
    if db.session.get_bind().dialect.name == "postgresql":
        # Nearly every contribution touches the same few rows, so writers wait for each other
        # anyway; waiting in one line keeps transactions with several reports (a workspace that
        # becomes an account's, an account that is erased) from waiting for each other in a ring.
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_COUNTING_LOCK)))
    bins = _bin_changes(before, after)
    terms = _term_changes(before, after)
    _add_to(
        PeerBin.__table__, [_row(BIN_COLUMNS, *group, *key, *bins[key]) for key in sorted(bins)]
    )
    _add_to(
        PeerTerm.__table__, [_row(TERM_COLUMNS, *group, *key, terms[key]) for key in sorted(terms)]
    )


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
    changes = {}
    for sign, one, other in ((-1, before.terms, after.terms), (1, after.terms, before.terms)):
        for key, terms in one.items():
            changes.update(((*key, term), sign) for term in terms - other.get(key, set()))
    return changes


def _row(columns: Sequence[str], *values: object) -> dict[str, Any]:
    return dict(zip(columns, values, strict=True))


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
    fewer = [row for row in rows if row["candidates"] < 0]
    if fewer:
        key = [column == sa.bindparam(f"key_{column.name}") for column in table.primary_key]
        db.session.execute(
            sa.delete(table).where(*key, table.c.candidates == 0),
            [{f"key_{name}": value for name, value in row.items()} for row in fewer],
        )


def recount() -> None:
    """Rebuild all averages from the counted reports; the caller commits.

    The result is what adding the reports one by one gives. Nobody else may write meanwhile.
    """
    bins: defaultdict[tuple, list[int]] = defaultdict(lambda: [0, 0, 0])
    terms: defaultdict[tuple, Counter[str]] = defaultdict(Counter)
    for group, one in _contributions():
        for (prompt_id, measure), value in one.values.items():
            sums = bins[*group, prompt_id, measure, bin_of(value)]
            sums[0] += 1
            sums[1] += value
            sums[2] += value * value
        for key, used in one.terms.items():
            terms[*group, *key].update(used)
    _replace(PeerBin, (_row(BIN_COLUMNS, *key, *bins[key]) for key in sorted(bins)))
    _replace(
        PeerTerm,
        (
            _row(TERM_COLUMNS, *key, term, counts[term])
            for key, counts in sorted(terms.items())
            for term in sorted(counts)
        ),
    )


def _replace(model: type[db.Model], rows: Iterator[dict[str, Any]]) -> None:
    db.session.execute(sa.delete(model.__table__))
    while chunk := list(islice(rows, ROWS_AT_ONCE)):
        db.session.execute(sa.insert(model.__table__), chunk)


def _contributions() -> Iterable[tuple[Group, Contribution]]:
    """Yield group and contribution of every candidate, reading the reports in one pass."""
    rows = db.session.execute(
        sa.select(
            *(Report.candidate_id, Report.pool, Report.mode, Report.id, Report.answer_id),
            *(Report.prompt_id, Report.steps, Report.terms),
        )
        .where(Report.counted.is_(True))
        .order_by(Report.candidate_id, Report.pool, Report.mode)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for (_candidate_id, *group), reports in groupby(rows, key=lambda row: row[:3]):
        yield Group(*group), contribution(reports)
