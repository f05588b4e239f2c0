"""The stored averages, and what they should be by the plainest possible computation."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from fractions import Fraction
from math import floor

import sqlalchemy as sa

from interview.extensions import db
from interview.peers.models import PeerBin, PeerTerm
from interview.practice.models import Report

State = tuple[set[tuple], set[tuple]]


def stored() -> State:
    """Return all rows of the averages."""
    bins = db.session.execute(sa.select(*PeerBin.__table__.columns))
    terms = db.session.execute(sa.select(*PeerTerm.__table__.columns))
    return set(map(tuple, bins)), set(map(tuple, terms))


def expected(reports: Iterable[Report]) -> State:
    """Return the rows that these counted reports must lead to."""
    newest = {report.answer_id: report for report in sorted(reports, key=lambda one: one.id)}
    values = defaultdict(list)
    users = defaultdict(set)
    for report in newest.values():
        for scope in (0, report.prompt_id):
            for measure, steps in report.steps.items():
                values[report.candidate_id, report.pool, report.mode, scope, measure].append(steps)
            for kind in ("words", "pairs"):
                for term in ["", *report.terms[kind]]:
                    users[report.pool, report.mode, scope, kind, term].add(report.candidate_id)
    rows = defaultdict(Counter)
    for (_candidate, pool, mode, scope, measure), steps in values.items():
        value = floor(Fraction(sum(steps), len(steps)) + Fraction(1, 2))
        row = rows[pool, mode, scope, measure, min(value // 50, 19)]
        row.update({"candidates": 1, "total": value, "squares": value**2})
    return (
        {(*key, row["candidates"], row["total"], row["squares"]) for key, row in rows.items()},
        {(*key, len(people)) for key, people in users.items()},
    )
