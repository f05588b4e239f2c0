"""What a report adds to the averages, and that nothing of it stays."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interview.accounts.models import Candidate, User
from interview.extensions import db
from interview.peers import services as peers
from interview.peers.models import ALL_PROMPTS, PeerBin, PeerTerm
from interview.practice.models import Report
from tests.peers.conftest import House
from tests.peers.oracle import expected, stored

NOTHING = (set(), set())
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

levels = st.dictionaries(
    st.sampled_from(["big_five.openness", "words.count", "style.filler_rate"]),
    st.floats(-1, 1200, allow_nan=False),
    min_size=1,
)
words = st.lists(st.sampled_from(["team", "guest", "hotel"]), unique=True)
made = st.tuples(st.integers(0, 2), st.integers(0, 1), levels, words, st.booleans())
deeds = st.lists(st.tuples(st.integers(0, 7), st.booleans()), max_size=16)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(reports=st.lists(made, min_size=1, max_size=8), deeds=deeds)
def test_any_order_of_adding_and_removing_equals_counting_from_scratch(house, reports, deeds):
    for table in (PeerBin, PeerTerm, Report):
        db.session.execute(sa.delete(table))
    people = [house.person() for _ in range(3)]
    prompts = [house.prompt() for _ in range(2)]
    rows: list[Report] = []
    for number, (person, prompt, measures, used, again) in enumerate(reports):
        if again and rows:  # another pipeline's report on the answer before
            before = rows[-1]
            row = house.report(
                *(before.candidate_id, before.prompt_id, measures, tuple(used)),
                answer_id=before.answer_id,
                pipeline=f"text-{number + 2}",
            )
        else:
            row = house.report(people[person], prompts[prompt], measures, tuple(used), ("a b",))
        rows.append(row)
    counted = set()
    for index, adding in deeds:
        number = index % len(rows)
        (peers.add if adding else peers.remove)(rows[number])
        (counted.add if adding else counted.discard)(number)
        db.session.commit()
    assert stored() == expected(rows[number] for number in counted)
    assert {number for number, row in enumerate(rows) if row.counted} == counted
    peers.recount()
    assert stored() == expected(rows[number] for number in counted)
    for row in rows:
        peers.remove(row)
    assert stored() == NOTHING
    db.session.commit()


@on_sqlite
def test_a_candidate_counts_once_however_many_answers_they_gave(house: House):
    person, prompt = house.person(), house.prompt()
    for value in (0.2, 0.4, 0.3):
        house.counted(person, prompt, {"big_five.openness": value}, ("team",))
    for scope in (prompt, ALL_PROMPTS):
        row = db.session.scalars(sa.select(PeerBin).where(PeerBin.prompt_id == scope)).one()
        assert (row.bin, row.candidates, row.total) == (6, 1, 300)
        assert db.session.get_one(PeerTerm, (0, "text", scope, "words", "team")).candidates == 1
        assert db.session.get_one(PeerTerm, (0, "text", scope, "words", "")).candidates == 1


def test_several_reports_at_once_count_like_one_after_the_other(house: House):
    person, prompts = house.person(), [house.prompt(), house.prompt()]
    house.others(1, prompts[0], {"words.count": 100}, ("team",))
    before = stored()
    reports = [
        house.report(person, prompts[n % 2], {"words.count": 90 * n}, ("team", f"w{n}"))
        for n in range(5)
    ]
    peers.add(reports[1])
    peers.add(*reports)
    assert stored() == expected(db.session.scalars(sa.select(Report)).all())
    peers.remove(reports[3])
    peers.remove(*reports)
    assert not any(report.counted for report in reports)
    assert stored() == before


@on_sqlite
def test_adding_a_report_again_changes_nothing(house: House):
    report = house.counted(house.person(), house.prompt(), {"words.count": 100}, ("team",))
    before = stored()
    peers.add(report)
    db.session.commit()
    assert stored() == before


@on_sqlite
def test_removing_a_report_that_was_never_counted_changes_nothing(house: House):
    person, prompt = house.person(), house.prompt()
    house.counted(person, prompt, {"words.count": 100}, ("team",))
    before = stored()
    peers.remove(house.report(person, prompt, {"words.count": 900}))
    assert stored() == before


def test_erasing_restores_the_averages_to_the_row(house: House):
    person, prompt = house.person(), house.prompt()
    house.others(2, prompt, {"words.count": 120, "big_five.openness": 0.7}, ("team",))
    house.counted(person, prompt, {"words.count": 300}, ("guest",))
    before = stored()
    extra = [
        house.counted(person, prompt, {"words.count": 500, "big_five.openness": 0.1}, ("team",)),
        house.counted(person, house.prompt(), {"style.filler_rate": 3}, ("hotel",), ("a b",)),
    ]
    assert stored() != before
    for report in extra:
        peers.remove(report)
        db.session.delete(report)
    db.session.commit()
    assert stored() == before


@on_sqlite
def test_guests_are_not_counted_until_they_are_an_account(house: House):
    guest, prompt = house.person(guest=True), house.prompt()
    report = house.counted(guest, prompt, {"words.count": 100}, ("team",))
    assert stored() == NOTHING
    assert not report.counted
    user = User(email="a@example.org", password="", fs_uniquifier="a")
    db.session.add(user)
    db.session.flush()
    db.session.get_one(Candidate, guest).user_id = user.id
    peers.add(report)
    assert report.counted
    assert stored() == expected([report])


@on_sqlite
def test_reports_that_move_to_another_candidate_count_once_there(house: House):
    guest, person, prompt = house.person(guest=True), house.person(), house.prompt()
    own = house.counted(person, prompt, {"words.count": 100}, ("team",))
    moved = house.counted(guest, prompt, {"words.count": 200}, ("team", "guest"))
    db.session.execute(sa.update(Report).where(Report.id == moved.id).values(candidate_id=person))
    for _ in range(2):
        peers.add(moved)
    assert stored() == expected([own, moved])
    assert db.session.get_one(PeerTerm, (0, "text", prompt, "words", "team")).candidates == 1


@on_sqlite
def test_a_report_without_scores_is_not_counted(house: House):
    report = house.counted(house.person(), house.prompt(), {})
    assert stored() == NOTHING
    assert not report.counted


@on_sqlite
def test_a_measure_that_a_report_lacks_is_not_counted_for_it(house: House):
    person, prompt = house.person(), house.prompt()
    house.counted(person, prompt, {"words.count": 100, "big_five.openness": 0.5})
    house.counted(person, prompt, {"words.count": 300})
    rows = db.session.scalars(sa.select(PeerBin).where(PeerBin.prompt_id == prompt))
    assert {row.measure: row.total for row in rows} == {
        "words.count": 200,
        "big_five.openness": 500,
    }


def test_values_are_clipped_to_the_bounds_and_rounded_to_steps():
    measures = {
        "style.first_person_share": 0.15,
        "words.count": 2500,
        "style.reading_ease": -20.0,
        "big_five.openness": 0.61234,
        "unknown": 1.0,
    }
    assert peers.to_steps(measures, "text") == {
        "style.first_person_share": 500,
        "words.count": 1000,
        "style.reading_ease": 0,
        "big_five.openness": 612,
    }


def test_the_most_frequent_terms_count_and_only_of_scored_reports():
    body = {
        "scored": True,
        "words": {
            "top": [{"word": f"w{n}", "count": 99 - n} for n in range(60)],
            "pairs": [{"words": "a b", "count": 2}, {"words": "x" * 121, "count": 1}],
        },
    }
    assert peers.terms_of(body) == {"words": [f"w{n}" for n in range(40)], "pairs": ["a b"]}
    assert peers.count_terms(body)["words"]["w1"] == 98
    assert peers.terms_of({**body, "scored": False}) == {"words": [], "pairs": []}
