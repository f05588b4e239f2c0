"""Spoken answers in the averages: how they sound for all of them, their words only where known."""

import json
from pathlib import Path

import pytest

from interview.accounts.models import Candidate
from interview.extensions import db
from interview.peers import services as peers
from interview.peers.services import CommonTerm, OwnTerm
from tests.peers.conftest import House
from tests.peers.test_comparing import models, settings
from tests.support.films import video_report
from tests.support.voices import spoken_report, transcribed_report

__all__ = ["models", "settings"]

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def say(house: House, person: int, prompt: int, body: dict) -> None:
    house.counted(
        person,
        prompt,
        {},
        mode="audio",
        pipeline=body["pipeline"],
        steps=peers.to_steps(body["measures"], "audio"),
        terms=peers.terms_of(body),
    )


def test_a_recording_without_transcript_has_no_terms():
    assert peers.terms_of(spoken_report()) == {}
    assert peers.count_terms(spoken_report()) == {"words": {}, "pairs": {}}


def test_the_terms_of_a_transcript_are_those_of_its_text():
    body = transcribed_report()
    assert peers.terms_of(body) == peers.terms_of(body["text"])
    assert peers.terms_of(body)["words"]


def test_the_terms_of_a_video_are_those_of_what_was_said_in_it():
    assert peers.terms_of(video_report()) == {}
    body = video_report("We had lost the cards.")
    assert peers.terms_of(body) == peers.terms_of(body["voice"]["text"])
    assert peers.terms_of(body)["words"]


def test_shares_of_words_are_among_those_whose_words_are_known(house: House):
    prompt, me = house.prompt(), house.person()
    for _ in range(6):
        say(house, house.person(), prompt, transcribed_report())
    for _ in range(6):
        say(house, house.person(), prompt, spoken_report())
    candidate = db.session.get_one(Candidate, me)

    terms = peers.compare_terms(candidate, "audio", prompt, {"words": {"guest": 1}, "pairs": {}})

    assert terms.n == 6
    assert terms.own["words"] == (OwnTerm("guest", 1, 1.0),)
    assert CommonTerm("guest", 1.0) in terms.others["words"]


def test_how_answers_sound_is_compared_with_everybody(house: House):
    prompt, me = house.prompt(), house.person()
    for body in (transcribed_report(), spoken_report()) * 3:
        say(house, house.person(), prompt, body)
    candidate = db.session.get_one(Candidate, me)

    found = peers.compare(candidate, "audio", prompt, spoken_report()["measures"])

    assert found.measures["emotion.happy"].n == 6
    assert found.measures["delivery.pitch_range"].mean == pytest.approx(6.4, abs=0.02)


@on_sqlite
def test_the_speech_models_reference_population_stands_in(house: House, models: Path):
    folder = models / "speech"
    folder.mkdir(parents=True)
    norm = {"n": 80, "mean": 0.2, "sd": 0.1, "bins": [80] + [0] * 19}
    (folder / "norms.json").write_text(
        json.dumps({"population": "actors", "measures": {"emotion.happy": norm}})
    )
    candidate, prompt = db.session.get_one(Candidate, house.person()), house.prompt()

    found = peers.compare(candidate, "audio", prompt, {"emotion.happy": 0.3, "emotion.sad": 0.1})
    terms = peers.compare_terms(candidate, "audio", prompt, {"words": {"guest": 1}, "pairs": {}})

    assert (found.scope, found.population, list(found.measures)) == (
        "reference",
        "actors",
        ["emotion.happy"],
    )
    assert (terms.population, terms.own["words"]) == (None, (OwnTerm("guest", 1, None),))
