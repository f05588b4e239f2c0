"""Every visible string of the admins' room comes from the catalogue."""

import re
from pathlib import Path

import pytest

from interview.practice.models import AnswerState
from tests.i18n.test_catalogue import LANGUAGE, strangers, translated, translations  # noqa: F401
from tests.support.recruiting import make_organisation
from tests.support.texts import GUIDANCE

PAGES = (
    *("", "/questions", "/questions/1", "/questions/1/edit", "/questions/import", "/people"),
    *("/people/1", "/people/invitations", "/organisations", "/organisations/1", "/policy"),
    *("/queue", "/announcements", "/glass"),
)
OWN = re.compile(
    r"en|text|(: )?internal|\d+(\.\d+)? ([kMG]?B|Bytes)|[A-Z_]+|[0-9a-f-]{36}|Zażółć( ·)?"
)
"""Codes, numbers and what people wrote."""


@pytest.mark.settings(languages=(LANGUAGE,), models_dir=Path("no-models"))
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_visible_text_of_the_admins_room_comes_from_the_catalogue(
    translated,  # noqa: F811 - the fixture
    make_user,
    make_candidate,
    make_answer,
    make_prompt,
    login,
):
    admin = make_user(email="a@b.cc", roles=("candidate", "admin"))
    prompt = make_prompt(text="Zażółć", key="1-2", tags=("3",))
    failed = {"state": AnswerState.FAILED, "step": "analyse", "failure": "internal"}
    make_answer(make_candidate(admin), prompt=prompt, **failed)
    with translated.app_context():
        make_organisation("Zażółć")
    room, found = login(admin), {}
    for path in PAGES:
        answer = room.get(f"/admin{path}")
        assert answer.status_code == 200, path
        words = strangers(answer.text, ("a@b.cc", *GUIDANCE.values()))
        found[path] = [word for word in words if not OWN.fullmatch(word)]
    assert {path: words for path, words in found.items() if words} == {}
