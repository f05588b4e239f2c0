"""A written answer in two windows: what one sends never replaces unseen what the other saved."""

import io

import pytest
import sqlalchemy as sa

from interview.columns import now
from interview.extensions import db
from interview.practice import services
from interview.practice.models import Answer, AnswerState, Step
from tests.support.spoken import JSON, path


def state_of(app, answer):
    with app.app_context():
        return db.session.get(Answer, answer.id)


@pytest.fixture
def draft(guest, make_answer):
    """A guest's empty draft."""
    return make_answer(guest, text="")


@pytest.fixture
def changed(app, guest_client, draft):
    """A draft that says "newer" by now, and the version that an older page came from."""
    opened = guest_client.post(path(draft, "draft"), data={"text": "at first"}, headers=JSON)
    guest_client.post(path(draft, "draft"), data={"text": "newer"})
    return opened.json["version"]


@pytest.mark.parametrize("action", ["submit", "draft", "document"])
def test_a_text_from_an_older_page_is_shown_beside_the_saved_one_and_not_taken(
    app, settings, guest_client, draft, changed, action
):
    data = {"text": "older window", "version": changed}
    if action == "document":
        data["document"] = (io.BytesIO(b"a letter"), "letter.txt")
    response = guest_client.post(path(draft, action), data=data)

    assert response.status_code == 409
    assert "changed in another window" in response.text
    assert "older window</textarea>" in response.text
    assert "newer</textarea>" in response.text
    found = state_of(app, draft)
    assert (found.state, found.text) == (AnswerState.DRAFT, "newer")
    assert [file for file in settings.media_dir.rglob("*") if file.is_file()] == []


def test_the_text_that_was_not_taken_can_be_used_all_the_same(app, guest_client, draft, changed):
    data = {"text": "older window", "version": changed}
    page = guest_client.post(path(draft, "submit"), data=data).text
    version = services.draft_version(state_of(app, draft))
    assert f'name="version" value="{version}"' in page

    guest_client.post(path(draft, "draft"), data={**data, "version": version})
    assert state_of(app, draft).text == "older window"


def test_the_same_text_is_handed_in_whichever_window_saved_it(app, guest_client, draft, changed):
    data = {"text": "newer\r\n", "version": changed}
    assert guest_client.post(path(draft, "submit"), data=data).status_code == 302
    assert state_of(app, draft).state == AnswerState.QUEUED


@pytest.mark.parametrize("saved_before", [False, True])
def test_of_two_windows_that_save_at_once_the_later_one_is_refused(
    app, guest, draft, monkeypatch, saved_before
):
    read = services.own_written

    def read_and_be_overtaken(*which):
        answer = read(*which)
        with db.engine.begin() as other:
            other.execute(sa.update(Answer).values(text="first window", saved_at=now()))
        return answer

    with app.app_context():
        row = db.session.get_one(Answer, draft.id)
        row.saved_at = row.saved_at if saved_before else None
        db.session.commit()
        version = services.draft_version(row)
        monkeypatch.setattr(services, "own_written", read_and_be_overtaken)
        with pytest.raises(services.ChangedError):
            services.save_draft(guest, draft.id, "second window", version)
    assert state_of(app, draft).text == "first window"


@pytest.mark.parametrize("action", ["submit", "draft", "document"])
def test_while_a_document_is_read_nothing_is_taken_and_the_page_says_so(
    app, guest_client, draft, action
):
    document = {"document": (io.BytesIO(b"a letter"), "letter.txt")}
    guest_client.post(path(draft, "document"), data={"text": "typed", **document})
    data = {"text": "second window"}
    if action == "document":
        data["document"] = (io.BytesIO(b"another"), "letter.txt")
    response = guest_client.post(path(draft, action), data=data)

    assert response.status_code == 409
    assert "being read" in response.text
    found = state_of(app, draft)
    assert (found.step, found.text, found.submitted_at) == (Step.EXTRACT, "typed", None)


def test_the_copy_on_a_device_is_let_go_only_once_the_answer_is_handed_in(
    guest, guest_client, make_answer
):
    pages = [
        guest_client.get(path(make_answer(guest, state=AnswerState.QUEUED, step=step))).text
        for step in (Step.EXTRACT, Step.ANALYSE)
    ]
    assert ["data-answer=" in page for page in pages] == [False, True]
