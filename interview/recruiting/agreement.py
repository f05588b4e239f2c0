"""How far several raters agree: shares of equal and neighbouring ratings, and Krippendorff's alpha.

Pure: ratings in, numbers out. A *unit* is what was rated (one candidate's answer to one prompt); it
holds one rating per rater. Units with fewer than two ratings say nothing about agreement.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

FEWEST_UNITS = 10
"""Units with two ratings or more that alpha is computed from; fewer make it jump about."""

RELIABLE, TENTATIVE = 0.8, 0.667
"""From where on Krippendorff (2004, p. 241) relies on data, and draws tentative conclusions."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far raters agree. Shares are 0 to 1.

    `units` counts what two or more rated, `pairs` their pairs of ratings. `alpha` is None for fewer
    than `FEWEST_UNITS`, and where everybody always gave the same rating: it is not defined there.
    """

    units: int
    pairs: int
    exact: float
    adjacent: float
    alpha: float | None


def agreement(units: Sequence[Sequence[int]]) -> Agreement | None:
    """Return how far the raters of some units agree; None when no two rated the same."""
    rated = [unit for unit in units if len(unit) > 1]
    pairs = [abs(a - b) for unit in rated for a, b in combinations(unit, 2)]
    if not pairs:
        return None
    return Agreement(
        units=len(rated),
        pairs=len(pairs),
        exact=sum(gap == 0 for gap in pairs) / len(pairs),
        adjacent=sum(gap <= 1 for gap in pairs) / len(pairs),
        alpha=alpha(rated) if len(rated) >= FEWEST_UNITS else None,
    )


def alpha(units: Sequence[Sequence[int]]) -> float | None:
    """Return Krippendorff's alpha for ordinal ratings; 1 is full agreement, 0 that of chance.

    Any number of raters, and missing ratings, are fine. None where it is not defined: without two
    ratings of one unit, and when all ratings are the same. After Krippendorff, "Computing
    Krippendorff's Alpha-Reliability" (2011), section C with the ordinal metric of section E.
    """
    rated = [unit for unit in units if len(unit) > 1]
    counts = Counter(value for unit in rated for value in unit)
    total = counts.total()
    observed = sum(
        2 * _ordinal(a, b, counts) / (len(unit) - 1)
        for unit in rated
        for a, b in combinations(unit, 2)
    )
    expected = sum(
        2 * counts[a] * counts[b] * _ordinal(a, b, counts) for a, b in combinations(counts, 2)
    )
    if expected == 0:
        return None
    return 1 - (total - 1) * observed / expected


def _ordinal(a: int, b: int, counts: Counter[int]) -> float:
    """Return the squared distance of two ranks: how many ratings lie between them."""
    low, high = sorted((a, b))
    between = sum(count for value, count in counts.items() if low <= value <= high)
    return (between - (counts[low] + counts[high]) / 2) ** 2
