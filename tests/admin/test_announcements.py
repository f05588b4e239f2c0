"""Announcements: on every page from one moment until another, until they are put away."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from interview.admin import announcements
from interview.columns import now
from interview.extensions import db

HOUR = timedelta(hours=1)


@pytest.fixture
def announce(app):
    """`announce(text)` makes an announcement that is shown now and returns its number."""

    def make(text: str = "Back *soon*.", begins=-HOUR, ends=HOUR) -> int:
        with app.app_context():
            begin, end = now() + begins, now() + ends
            return announcements.save(text, begin, end, urgent=False).id

    return make


def test_an_announcement_is_read_on_every_page_while_it_lasts(client, announce):
    announce("Back *soon*.")
    announce("Too early.", begins=HOUR, ends=2 * HOUR)
    announce("Too late.", begins=-2 * HOUR, ends=-HOUR)
    for path in ("/", "/text", "/login", "/nowhere"):
        page = client.get(path).text
        assert "Back <em>soon</em>." in page
        assert "Too" not in page
    assert "Back" not in client.get("/how/text").text  # browsers keep it longer


def test_a_reader_puts_an_announcement_away_and_still_sees_the_next(app, client, announce):
    number = announce("The first.")
    answer = client.post(f"/announcements/{number}/put-away", data={"back": "/text"})
    assert answer.location == "/text"
    announce("The second.")
    page = client.get("/text").text
    assert "The first." not in page
    assert "The second." in page
    assert "The first." in app.test_client().get("/text").text


@pytest.mark.parametrize("back", ["//elsewhere.org/x", "https://elsewhere.org", "", "text"])
def test_putting_away_leads_to_no_other_site(client, announce, back):
    answer = client.post(f"/announcements/{announce()}/put-away", data={"back": back})
    assert answer.location == "/"


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "# Title"]
)
def test_nothing_but_emphasis_and_links_is_understood(app, text):
    with app.app_context():
        html = announcements.render(text)
    assert "<" not in html


def test_links_are_understood(app):
    with app.app_context():
        assert announcements.render("[here](/privacy)") == '<a href="/privacy">here</a>'


def test_an_admin_makes_changes_and_removes_one(room, client, audited):
    form = {"text": "Hello.", "starts_at": "2020-01-01T10:00", "ends_at": "2199-01-01T10:00"}
    assert room.post("/admin/announcements", data=form).status_code == 302
    assert "Hello." in client.get("/").text
    page = room.get("/admin/announcements/1").text
    assert 'value="2199-01-01T10:00"' in page
    room.post("/admin/announcements/1", data=form | {"text": "Goodbye."})
    assert "Goodbye." in client.get("/").text
    room.post("/admin/announcements/1/remove")
    assert "Goodbye." not in client.get("/").text
    assert audited() == ["announcement.made", "announcement.changed", "announcement.removed"]


def test_an_end_before_the_beginning_is_refused(room):
    form = {"text": "Hello.", "starts_at": "2020-01-01T10:00", "ends_at": "2020-01-01T09:00"}
    page = room.post("/admin/announcements", data=form)
    assert page.status_code == 400
    assert "must come after" in page.text


def test_a_page_that_tells_of_a_failing_database_does_not_fail_over_announcements(
    app, client, monkeypatch
):
    with app.app_context():
        db.session.execute(sa.text("ALTER TABLE announcements RENAME TO lost"))
        db.session.commit()
    try:
        assert client.get("/nowhere").status_code == 404
    finally:
        with app.app_context():
            db.session.execute(sa.text("ALTER TABLE lost RENAME TO announcements"))
            db.session.commit()
