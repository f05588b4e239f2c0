"""My measures beside the others': who they are, and where I stand."""

import json
import math
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from interview.accounts.models import Candidate
from interview.analysis.report import HISTOGRAM_BINS, MEASURES
from interview.extensions import db
from interview.peers import comparing
from interview.peers import services as peers
from interview.peers.comparing import Cell
from interview.peers.counting import bin_of
from tests.peers.conftest import House

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OPENNESS = "big_five.openness"


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder of models without a reference population."""
    return tmp_path / "models"


@pytest.fixture
def settings(settings, models: Path):
    return settings.model_copy(update={"models_dir": models})


def write_norms(models: Path) -> None:
    (models / "text").mkdir(parents=True)
    bins = [0] * 8 + [10, 30, 30, 10] + [0] * 8
    norms = {
        "population": "essays",
        "measures": {OPENNESS: {"n": 80, "mean": 0.5, "sd": 0.05, "bins": bins}},
        "words": {"n_texts": 80, "share": {"guest": 0.25, "team": 0.5}},
        "pairs": {"n_texts": 80, "share": {"team work": 0.1}},
    }
    (models / "text" / "norms.json").write_text(json.dumps(norms))


def compare(person: int, prompt: int, **own: float) -> peers.Comparison:
    measures = {name.replace("__", "."): value for name, value in own.items()}
    return peers.compare(db.session.get_one(Candidate, person), "text", prompt, measures)


def test_the_others_on_the_same_prompt_are_compared_without_myself(house: House):
    person, prompt = house.person(), house.prompt()
    for value in (0.1, 0.2, 0.3, 0.4, 0.52):
        house.others(1, prompt, {OPENNESS: value})
    before = compare(person, prompt, big_five__openness=0.9)
    house.counted(person, prompt, {OPENNESS: 0.9})
    house.counted(person, prompt, {OPENNESS: 0.7})
    comparison = compare(person, prompt, big_five__openness=0.9)
    assert comparison == before
    assert (comparison.scope, comparison.n, comparison.population) == ("prompt", 5, "candidates")
    standing = comparison.measures[OPENNESS]
    assert (standing.own, standing.n, standing.scope) == (0.9, 5, "prompt")
    assert standing.mean == pytest.approx(0.304)
    assert standing.sd == pytest.approx(
        math.sqrt(sum((v - 0.304) ** 2 for v in (0.1, 0.2, 0.3, 0.4, 0.52)) / 4)
    )
    assert [index for index, count in enumerate(standing.bins) if count] == [2, 4, 6, 8, 10]
    assert standing.percentile == 100


@on_sqlite
def test_four_others_on_the_prompt_widen_the_scope_to_all_prompts(house: House):
    person, prompt = house.person(), house.prompt()
    house.others(4, prompt, {OPENNESS: 0.2})
    house.others(1, house.prompt(), {OPENNESS: 0.2})
    house.counted(person, prompt, {OPENNESS: 0.2})
    comparison = compare(person, prompt, big_five__openness=0.2)
    assert (comparison.scope, comparison.n) == ("mode", 5)
    house.others(1, prompt, {OPENNESS: 0.2})
    assert compare(person, prompt, big_five__openness=0.2).scope == "prompt"


@on_sqlite
def test_four_others_in_all_are_not_described(house: House):
    person, prompt = house.person(), house.prompt()
    house.others(4, prompt, {OPENNESS: 0.2})
    house.counted(person, prompt, {OPENNESS: 0.2})
    assert compare(person, prompt, big_five__openness=0.2) == peers.Comparison(
        "reference", 0, None, {}
    )


@on_sqlite
def test_the_reference_population_stands_in_for_too_few_others(
    app: Flask, house: House, models: Path
):
    write_norms(models)
    person, prompt = house.person(guest=True), house.prompt()
    house.others(4, prompt, {OPENNESS: 0.2})
    comparison = compare(person, prompt, big_five__openness=0.5, words__count=200)
    assert (comparison.scope, comparison.n, comparison.population) == ("reference", 80, "essays")
    assert set(comparison.measures) == {OPENNESS}
    assert comparison.measures[OPENNESS].percentile == 50
    assert comparison.measures[OPENNESS].mean == 0.5


@on_sqlite
def test_each_measure_needs_five_others_of_its_own(house: House):
    person, prompt = house.person(), house.prompt()
    house.others(4, prompt, {OPENNESS: 0.2, "words.count": 100})
    house.others(1, prompt, {OPENNESS: 0.2})
    comparison = compare(person, prompt, big_five__openness=0.2, words__count=100)
    assert list(comparison.measures) == [OPENNESS]
    house.others(1, house.prompt(), {"words.count": 100})
    comparison = compare(person, prompt, big_five__openness=0.2, words__count=100)
    assert comparison.measures[OPENNESS].scope == "prompt"
    assert comparison.measures["words.count"].scope == "mode"


@on_sqlite
def test_a_candidate_with_several_answers_is_one_other(house: House):
    person, prompt = house.person(), house.prompt()
    busy = house.others(4, prompt, {OPENNESS: 0.2})[0]
    house.counted(busy, prompt, {OPENNESS: 0.2})
    assert compare(person, prompt, big_five__openness=0.2).population is None


@on_sqlite
def test_guests_are_not_among_the_others(house: House):
    prompt = house.prompt()
    house.others(4, prompt, {OPENNESS: 0.2})
    house.counted(house.person(guest=True), prompt, {OPENNESS: 0.2})
    assert compare(house.person(), prompt, big_five__openness=0.2).population is None


@on_sqlite
def test_whoever_erases_is_no_longer_compared_with(house: House):
    prompt = house.prompt()
    house.others(4, prompt, {OPENNESS: 0.2})
    report = house.counted(house.person(), prompt, {OPENNESS: 0.2})
    assert compare(house.person(), prompt, big_five__openness=0.2).scope == "prompt"
    peers.remove(report)
    db.session.commit()
    assert compare(house.person(), prompt, big_five__openness=0.2).population is None


@on_sqlite
def test_equal_others_put_me_in_the_middle(house: House):
    person, prompt = house.person(), house.prompt()
    house.others(5, prompt, {"structure.coverage": 0.5})
    standings = [
        compare(person, prompt, structure__coverage=own).measures["structure.coverage"]
        for own in (0.25, 0.49, 0.5, 0.51, 0.75)
    ]
    assert [standing.percentile for standing in standings] == [0, 0, 50, 100, 100]
    assert {standing.sd for standing in standings} == {0}


@on_sqlite
def test_a_report_without_scores_is_not_compared(house: House, count_queries):
    person, prompt = house.person(), house.prompt()
    house.others(5, prompt, {OPENNESS: 0.5})
    candidate = db.session.get_one(Candidate, person)
    assert count_queries(lambda: peers.compare(candidate, "text", prompt, {})) == 0
    assert peers.compare(candidate, "text", prompt, {}).measures == {}


def test_comparing_takes_two_queries_and_terms_three_for_any_number_of_candidates(
    house: House, count_queries
):
    person, prompt = house.person(), house.prompt()
    everything = {measure.key: measure.high / 2 for measure in MEASURES["text"]}
    words = {"words": {f"w{n}": 1 for n in range(40)}, "pairs": {"a b": 1}}
    house.counted(person, prompt, everything, tuple(words["words"]))

    def numbers() -> tuple[int, int]:
        candidate = db.session.get_one(Candidate, person)
        return (
            count_queries(lambda: peers.compare(candidate, "text", prompt, everything)),
            count_queries(lambda: peers.compare_terms(candidate, "text", prompt, words)),
        )

    house.others(5, prompt, everything, ("w1",))
    assert numbers() == (2, 3)
    house.others(7, prompt, everything, ("w1", "w2"))
    house.counted(person, house.prompt(), everything, ("w9",))
    assert numbers() == (2, 3)


@given(st.lists(st.integers(0, 1000), min_size=5, max_size=60), st.floats(0, 1))
def test_mean_spread_and_rank_agree_with_the_values_themselves(steps: list[int], own: float):
    measure = next(one for one in MEASURES["text"] if one.key == OPENNESS)
    cells = [
        Cell(len(inside), sum(inside), sum(value**2 for value in inside))
        for index in range(HISTOGRAM_BINS)
        for inside in [[value for value in steps if bin_of(value) == index]]
    ]
    standing = comparing._among_candidates(measure, own, cells, "mode")
    n, mean = len(steps), sum(steps) / len(steps)
    assert standing.mean == pytest.approx(mean / 1000)
    variance = sum((value - mean) ** 2 for value in steps) / (n - 1)
    assert standing.sd == pytest.approx(math.sqrt(variance) / 1000, abs=1e-9)
    at = round(own * 1000)
    below = sum(bin_of(value) < bin_of(at) for value in steps)
    at_most = sum(bin_of(value) <= bin_of(at) for value in steps)
    assert below <= standing.percentile * n / 100 + 1e-9
    assert standing.percentile * n / 100 <= at_most + 1e-9


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_value_never_ranks_lower(one: float, other: float):
    measure = next(one for one in MEASURES["text"] if one.key == OPENNESS)
    values = [20, 20, 90, 130, 131, 149, 400, 400, 980, 1000]
    cells = [
        Cell(len(inside), sum(inside), sum(value**2 for value in inside))
        for index in range(HISTOGRAM_BINS)
        for inside in [[value for value in values if bin_of(value) == index]]
    ]
    low, high = (
        comparing._among_candidates(measure, own, cells, "mode").percentile
        for own in sorted((one, other))
    )
    assert low <= high
