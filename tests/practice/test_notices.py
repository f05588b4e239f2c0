"""What people are told before they are recorded: who may see it, how accurate the models are."""

import json

import pytest

from tests.support.spoken import SQLITE_ONLY, path

pytestmark = SQLITE_ONLY


@pytest.fixture
def notice(guest_client, guest, make_answer):
    """`notice(mode)` returns the page on which an answer is recorded."""
    return lambda mode: guest_client.get(path(make_answer(guest, text="", mode=mode))).text


@pytest.fixture
def cards(app, tmp_path):
    """`cards(faces=…, speech=…)` gives the models these cards and no others."""

    def write(**figures):
        for name, each in figures.items():
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / "card.json").write_text(json.dumps({"figures": each}))
        app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"models_dir": tmp_path})

    return write


FACES = {
    "fer2013_public_test": {"accuracy": 0.9},
    "fer2013_public_test, without copies": {"accuracy": 0.417},
}


def test_the_accuracy_that_is_told_before_a_recording_is_that_of_the_cards(notice, cards):
    cards(faces=FACES, speech={"cremad": {"ensemble": {"accuracy": 0.38}}})
    filmed, heard = notice("video"), notice("audio")
    assert "the model named 42 as they did" in filmed
    for page in (filmed, heard):
        assert "named the emotion that they acted in 38." in page
    assert "as they did" not in heard


def test_a_card_without_figures_leaves_the_link_to_the_card(notice, cards):
    cards(speech={})
    page = notice("video")
    assert "Of 100" not in page
    assert 'href="/models/faces"' in page


def test_the_cards_that_are_shipped_have_the_figures(notice):
    page = notice("video")
    assert page.count("Of 100") == 2


@pytest.mark.parametrize("mode", ["audio", "video"])
def test_nobody_is_told_that_admins_cannot_look(notice, client, mode):
    for page in (notice(mode), client.get(f"/{mode}").text):
        assert "unless you share" in page
        assert "n admin who looks into a complaint" in page
        assert "but you" not in page
