"""Agreement of raters, against the published worked example and by hand."""

import pytest

from interview.recruiting.agreement import FEWEST_UNITS, agreement, alpha

# Krippendorff (2011), section C: four observers, twelve units, missing ratings.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)
UNITS = [[value for value in unit if value is not None] for unit in zip(*OBSERVERS, strict=True)]


def test_alpha_is_that_of_the_published_example():
    assert alpha(UNITS) == pytest.approx(0.815, abs=0.0005)


def test_alpha_is_one_for_raters_who_agree_and_below_zero_for_opposites():
    assert alpha([[1, 1], [3, 3], [5, 5]]) == 1
    assert alpha([[1, 5], [5, 1], [1, 5]]) < 0


@pytest.mark.parametrize("units", [[], [[3]], [[3, 3], [3, 3]]])
def test_alpha_is_not_made_up_where_it_is_not_defined(units):
    assert alpha(units) is None


def test_pairs_of_ratings_are_equal_neighbours_or_neither():
    found = agreement([[3, 3], [3, 4], [1, 4], [2]])
    assert (found.units, found.pairs) == (3, 3)
    assert found.exact == pytest.approx(1 / 3)
    assert found.adjacent == pytest.approx(2 / 3)


def test_too_few_units_give_shares_but_no_alpha():
    units = [[1, 2], [4, 4]] * (FEWEST_UNITS // 2)
    assert agreement(units[:-1]).alpha is None
    assert agreement(units).alpha == pytest.approx(alpha(units))


def test_nobody_to_compare_with_is_no_agreement():
    assert agreement([[1], [2]]) is None
