"""My words and pairs beside the others'."""

from pathlib import Path

import pytest

from interview.accounts.models import Candidate
from interview.extensions import db
from interview.peers import services as peers
from interview.peers.services import CommonTerm, OwnTerm
from tests.peers.conftest import House
from tests.peers.test_comparing import models, settings, write_norms

__all__ = ["models", "settings"]

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def compare(person: int, prompt: int, **words: int) -> peers.TermComparison:
    candidate = db.session.get_one(Candidate, person)
    return peers.compare_terms(candidate, "text", prompt, {"words": words, "pairs": {"a b": 1}})


def test_shares_are_of_the_others_and_leave_myself_out(house: House):
    person, prompt = house.person(), house.prompt()
    house.others(6, prompt, {"words.count": 100}, ("team", "guest"))
    house.others(2, prompt, {"words.count": 100}, ("guest", "hotel"))
    house.counted(person, prompt, {"words.count": 100}, ("team", "hotel", "mine"), ("a b",))
    house.counted(person, prompt, {"words.count": 100}, ("team",))
    found = compare(person, prompt, team=3, guest=1, hotel=2, mine=4)
    assert (found.scope, found.n, found.population) == ("prompt", 8, "candidates")
    assert found.own["words"] == (
        OwnTerm("team", 3, 6 / 8),
        OwnTerm("guest", 1, 1.0),
        OwnTerm("hotel", 2, None),
        OwnTerm("mine", 4, None),
    )
    assert found.own["pairs"] == (OwnTerm("a b", 1, None),)
    assert found.others["words"] == (CommonTerm("guest", 1.0), CommonTerm("team", 6 / 8))
    assert found.others["pairs"] == ()


@on_sqlite
def test_a_term_of_four_others_and_myself_is_not_shown(house: House):
    person, prompt = house.person(), house.prompt()
    house.others(4, prompt, {"words.count": 100}, ("rare",))
    house.others(1, prompt, {"words.count": 100})
    house.counted(person, prompt, {"words.count": 100}, ("rare",))
    found = compare(person, prompt, rare=1)
    assert found.n == 5
    assert found.own["words"] == (OwnTerm("rare", 1, None),)
    assert found.others["words"] == ()


@on_sqlite
def test_my_own_terms_do_not_push_out_the_others_most_common(house: House, monkeypatch):
    monkeypatch.setattr("interview.peers.comparing.COMMON_TERMS", 2)
    person, prompt = house.person(), house.prompt()
    house.others(5, prompt, {"words.count": 100}, ("a1", "a2", "b1", "b2"))
    house.others(1, prompt, {"words.count": 100}, ("b1", "b2"))
    house.counted(person, prompt, {"words.count": 100}, ("a1", "a2", "c1"))
    found = compare(person, prompt, a1=1)
    assert [one.term for one in found.others["words"]] == ["b1", "b2"]


@on_sqlite
def test_too_few_on_the_prompt_widen_the_scope_and_too_few_in_all_end_at_the_reference(
    house: House, models: Path
):
    person, prompt = house.person(), house.prompt()
    house.others(4, prompt, {"words.count": 100}, ("team",))
    house.counted(person, prompt, {"words.count": 100}, ("team",))
    nobody = compare(person, prompt, team=1)
    assert (nobody.n, nobody.population) == (0, None)
    assert nobody.own["words"] == (OwnTerm("team", 1, None),)
    assert nobody.others == {"words": (), "pairs": ()}
    write_norms(models)
    found = compare(person, prompt, team=1, unheard=2)
    assert (found.scope, found.n, found.population) == ("reference", 80, "essays")
    assert found.own["words"] == (OwnTerm("team", 1, 0.5), OwnTerm("unheard", 2, 0.0))
    assert found.others["words"] == (CommonTerm("team", 0.5), CommonTerm("guest", 0.25))
    house.others(1, house.prompt(), {"words.count": 100}, ("team",))
    assert compare(person, prompt, team=1).scope == "mode"
