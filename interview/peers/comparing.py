"""Where a candidate stands among the others, from the stored averages.

The number of queries and of rows read does not depend on how many candidates there are. What the
candidate's own reports contribute is subtracted, and nothing is said about fewer than
`ENOUGH_OTHERS` others: then the wider scope stands in, and at last, in practice, the reference
population. Who applies is compared with the other candidates of that application alone.
"""

import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import sqlalchemy as sa

from interview.accounts.models import Candidate
from interview.analysis.report import HISTOGRAM_BINS, MEASURES, Measure
from interview.extensions import db
from interview.peers.counting import (
    EVERYBODY,
    STEPS,
    TERM_KINDS,
    Group,
    bin_of,
    by_scope,
    counted_reports,
    steps_of,
    terms_used,
    values_of,
)
from interview.peers.models import ALL_PROMPTS, PRACTICE, PeerBin, PeerTerm
from interview.peers.reference import MeasureNorm, Norms, norms

ENOUGH_OTHERS = 5
"""Fewer others than this are never described."""

COMMON_TERMS = 20
"""How many of the others' most common terms of a kind are given."""

CANDIDATES = "candidates"
"""The population's code when it is this instance's candidates."""

SCOPES = ("prompt", "mode", "reference")
"""The narrowest first: who answered the same prompt, the same mode, the reference population."""


_bins, _terms = PeerBin.__table__.c, PeerTerm.__table__.c

BINS = sa.select(
    *(_bins.prompt_id, _bins.measure, _bins.bin),
    *(_bins.candidates, _bins.total, _bins.total_of_squares),
).where(
    *(_bins.pool == sa.bindparam("pool"), _bins.mode == sa.bindparam("mode")),
    _bins.prompt_id.in_(sa.bindparam("prompts", expanding=True)),
)
"""All histograms of some prompts."""

USERS = sa.select(_terms.prompt_id, _terms.kind, _terms.term, _terms.candidates).where(
    *(_terms.pool == sa.bindparam("pool"), _terms.mode == sa.bindparam("mode")),
    _terms.prompt_id.in_(sa.bindparam("prompts", expanding=True)),
    _terms.kind.in_(sa.bindparam("kinds", expanding=True)),
    _terms.term.in_(sa.bindparam("terms", expanding=True)),
)
"""How many used each of some terms."""


def _most_common(kind: str) -> sa.Select:
    first = (
        sa.select(_terms.kind, _terms.term, _terms.candidates)
        .where(
            *(_terms.pool == sa.bindparam("pool"), _terms.mode == sa.bindparam("mode")),
            _terms.prompt_id == sa.bindparam("prompt"),
            *(_terms.kind == kind, _terms.term != EVERYBODY),
            _terms.candidates >= ENOUGH_OTHERS,
        )
        .order_by(_terms.candidates.desc(), _terms.term)
        .limit(sa.bindparam(kind, type_=sa.Integer))
    )
    return sa.select(first.subquery())


COMMON = sa.union_all(*(_most_common(kind) for kind in TERM_KINDS))
"""The terms of each kind that most used; the parameters words and pairs say how many."""


class Cell(NamedTuple):
    """One bin of a histogram: candidates, and the sums of their steps and squared steps."""

    count: int = 0
    total: int = 0
    squares: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """One measure of mine beside the others', in the measure's unit.

    `sd` is the sample's standard deviation, `bins` the others' histogram over the measure's
    bounds. `percentile` (0 to 100) is the mid-rank: the share of others below, plus the part of
    the bin that `own` falls in that lies below it, taking the bin as evenly filled (or half of
    those with the same value where the bin holds a single value).
    """

    own: float
    n: int
    mean: float
    sd: float
    bins: Sequence[int]
    percentile: float
    scope: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """My measures beside the others'.

    `scope` and `n` are those of most of the measures; `population` is the code of who the others
    are, None when there is nobody to compare with.
    """

    scope: str
    n: int
    population: str | None
    measures: Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class OwnTerm:
    """A term of mine, how often I used it, and the share (0 to 1) of the others who did.

    `share` is None where fewer than `ENOUGH_OTHERS` others used it.
    """

    term: str
    count: int
    share: float | None


@dataclass(frozen=True, slots=True)
class CommonTerm:
    """A term that many others used, and the share (0 to 1) of them who did."""

    term: str
    share: float


@dataclass(frozen=True, slots=True)
class TermComparison:
    """My words and pairs beside the others'; `own` and `others` have the keys words and pairs."""

    scope: str
    n: int
    population: str | None
    own: Mapping[str, Sequence[OwnTerm]]
    others: Mapping[str, Sequence[CommonTerm]]


Histogram = list[Cell]
Histograms = dict[tuple[int, str], Histogram]


def compare(
    candidate: Candidate,
    mode: str,
    prompt_id: int,
    own: Mapping[str, float],
    pool: int = PRACTICE,
) -> Comparison:
    """Return where `own`, a report's measures, stands among the other candidates.

    Each measure is compared in the narrowest scope with enough others. Two indexed queries.
    """
    measures = [measure for measure in MEASURES[mode] if measure.key in own]
    others = _others(candidate.id, Group(pool, mode), prompt_id) if measures else {}
    reference = _reference(pool, mode)
    standings = {}
    for measure in measures:
        standing = _standing(measure, own[measure.key], others, prompt_id, reference)
        if standing:
            standings[measure.key] = standing
    return _summarised(standings, reference)


def _reference(pool: int, mode: str) -> Norms | None:
    return norms(mode) if pool == PRACTICE else None


def _summarised(standings: dict[str, Standing], reference: Norms | None) -> Comparison:
    if not standings:
        return Comparison("reference", 0, None, {})
    scopes = [standing.scope for standing in standings.values()]
    scope = max(SCOPES, key=scopes.count)
    n = max(standing.n for standing in standings.values() if standing.scope == scope)
    population = reference.population if scope == "reference" and reference else CANDIDATES
    return Comparison(scope, n, population, standings)


def _others(candidate_id: int, group: Group, prompt_id: int) -> Histograms:
    """Return the other candidates' histograms by (prompt, measure), of the prompt and of all."""
    # The averages are read before the own reports: should an own report arrive in between, too
    # much is subtracted rather than too little.
    rows = db.session.execute(BINS, {**group._asdict(), "prompts": (ALL_PROMPTS, prompt_id)})
    histograms: Histograms = {}
    for prompt, measure, index, *sums in rows:
        if (prompt, measure) not in histograms:
            histograms[prompt, measure] = [Cell()] * HISTOGRAM_BINS
        histograms[prompt, measure][index] = Cell(*sums)
    own = by_scope(counted_reports(candidate_id, group, "steps"))
    for prompt in (ALL_PROMPTS, prompt_id):
        for measure, value in values_of(own.get(prompt, ())).items():
            if cells := histograms.get((prompt, measure)):
                cells[bin_of(value)] = _less(cells[bin_of(value)], value)
    return histograms


def _less(cell: Cell, value: int) -> Cell:
    """Return the bin without one candidate."""
    if cell.count <= 1:
        return Cell()
    return Cell(cell.count - 1, cell.total - value, cell.squares - value * value)


def _standing(
    measure: Measure, own: float, others: Histograms, prompt_id: int, reference: Norms | None
) -> Standing | None:
    for scope, prompt in (("prompt", prompt_id), ("mode", ALL_PROMPTS)):
        cells = others.get((prompt, measure.key), ())
        if sum(cell.count for cell in cells) >= ENOUGH_OTHERS:
            return _among_candidates(measure, own, cells, scope)
    norm = reference.measures.get(measure.key) if reference else None
    return _among_reference(measure, own, norm) if norm else None


def _among_candidates(measure: Measure, own: float, cells: Sequence[Cell], scope: str) -> Standing:
    n, total, squares = (sum(column) for column in zip(*cells, strict=True))
    unit = (measure.high - measure.low) / STEPS
    # The numerator is exact: nothing is lost to cancellation.
    variance = (n * squares - total * total) / (n * (n - 1))
    steps = steps_of(measure, own)
    index = bin_of(steps)
    below = sum(cell.count for cell in cells[:index]) + _below_inside(cells[index], steps)
    return Standing(
        own=own,
        n=n,
        mean=measure.low + total / n * unit,
        sd=math.sqrt(variance) * unit,
        bins=tuple(cell.count for cell in cells),
        percentile=100 * below / n,
        scope=scope,
    )


def _below_inside(cell: Cell, steps: int) -> float:
    """Return how many of the candidates in a value's own bin count as below it."""
    if cell.count and cell.count * cell.squares == cell.total * cell.total:
        value = cell.total // cell.count  # the one value of all of them
        return cell.count * (0.5 if steps == value else float(steps > value))
    return cell.count * _inside(steps)


def _inside(steps: int) -> float:
    """Return where a value lies in its bin, 0 to 1."""
    return steps * HISTOGRAM_BINS / STEPS - bin_of(steps)


def _among_reference(measure: Measure, own: float, norm: MeasureNorm) -> Standing:
    steps = steps_of(measure, own)
    below = sum(norm.bins[: bin_of(steps)]) + norm.bins[bin_of(steps)] * _inside(steps)
    return Standing(
        own=own,
        n=norm.n,
        mean=norm.mean,
        sd=norm.sd,
        bins=norm.bins,
        percentile=100 * below / sum(norm.bins),
        scope="reference",
    )


def compare_terms(
    candidate: Candidate,
    mode: str,
    prompt_id: int,
    own: Mapping[str, Mapping[str, int]],
    pool: int = PRACTICE,
) -> TermComparison:
    """Return a report's words and pairs (see `count_terms`) beside the other candidates'.

    Three indexed queries; two when there are not enough others.
    """
    group = Group(pool, mode)
    counts = _users(group, prompt_id, own)
    reports = by_scope(counted_reports(candidate.id, group, "terms"))
    for scope, prompt in (("prompt", prompt_id), ("mode", ALL_PROMPTS)):
        members = reports.get(prompt, ())
        mine = {kind: terms_used(members, kind) for kind in TERM_KINDS}
        n = counts.get((prompt, "words", EVERYBODY), 0) - (EVERYBODY in mine["words"])
        if n >= ENOUGH_OTHERS:
            shares = {
                kind: {
                    term: _share(counts.get((prompt, kind, term), 0) - (term in mine[kind]), n)
                    for term in used
                }
                for kind, used in own.items()
            }
            common = _common_terms(group, prompt, n, mine)
            return TermComparison(scope, n, CANDIDATES, _own_terms(own, shares), common)
    return _terms_beside_reference(own, _reference(pool, mode))


def _terms_beside_reference(
    own: Mapping[str, Mapping[str, int]], reference: Norms | None
) -> TermComparison:
    if reference is None or not reference.terms:
        nobody: dict[str, Sequence[CommonTerm]] = dict.fromkeys(TERM_KINDS, ())
        return TermComparison("reference", 0, None, _own_terms(own, {}), nobody)
    shares = {
        kind: {term: norm.share.get(term, 0.0) for term in own.get(kind, ())}
        for kind, norm in reference.terms.items()
    }
    common = {
        kind: tuple(CommonTerm(*item) for item in islice(norm.share.items(), COMMON_TERMS))
        for kind, norm in reference.terms.items()
    }
    n = reference.terms["words"].n
    return TermComparison("reference", n, reference.population, _own_terms(own, shares), common)


def _own_terms(
    own: Mapping[str, Mapping[str, int]], shares: Mapping[str, Mapping[str, float | None]]
) -> dict[str, Sequence[OwnTerm]]:
    return {
        kind: tuple(
            OwnTerm(term, count, shares.get(kind, {}).get(term))
            for term, count in own.get(kind, {}).items()
        )
        for kind in TERM_KINDS
    }


def _share(others: int, n: int) -> float | None:
    return others / n if others >= ENOUGH_OTHERS else None


def _users(
    group: Group, prompt_id: int, own: Mapping[str, Mapping[str, int]]
) -> dict[tuple[int, str, str], int]:
    """Return how many used each of my terms, and how many there are, by (prompt, kind, term)."""
    terms = {EVERYBODY, *(term for used in own.values() for term in used)}
    wanted = {
        **group._asdict(),
        "prompts": (ALL_PROMPTS, prompt_id),
        "kinds": list(TERM_KINDS),
        "terms": sorted(terms),
    }
    rows = db.session.execute(USERS, wanted)
    return {(prompt, kind, term): count for prompt, kind, term, count in rows}


def _common_terms(
    group: Group, prompt_id: int, n: int, mine: Mapping[str, AbstractSet[str]]
) -> dict[str, Sequence[CommonTerm]]:
    """Return the terms that most others used, of those that enough others used."""
    # Subtracting myself moves my own terms down by one at most: with as many rows more, the
    # others' first ones are among them.
    limits = {kind: COMMON_TERMS + len(mine[kind]) for kind in TERM_KINDS}
    rows = db.session.execute(COMMON, {**group._asdict(), "prompt": prompt_id, **limits})
    found: dict[str, list[tuple[int, str]]] = {kind: [] for kind in TERM_KINDS}
    for kind, term, count in rows:
        others = count - (term in mine[kind])
        if others >= ENOUGH_OTHERS:
            found[kind].append((-others, term))
    return {
        kind: tuple(CommonTerm(term, -others / n) for others, term in sorted(terms)[:COMMON_TERMS])
        for kind, terms in found.items()
    }
