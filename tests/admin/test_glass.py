"""Breaking the glass: one answer, for a reason, for half an hour, and its candidate reads of it."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from interview.accounts import services as accounts
from interview.accounts.models import Candidate, User
from interview.admin.models import BrokenGlass
from interview.columns import now
from interview.extensions import db
from interview.media.store import store
from interview.practice.models import Answer
from tests.support.reports import complete_report
from tests.support.texts import COMPLETE_ANSWER

REASON = "The candidate complained that the summary stays empty."


@pytest.fixture
def owner(make_user):
    """Somebody who practises."""
    return make_user()


@pytest.fixture
def answer(owner, make_candidate, make_answer):
    """Their analysed answer."""
    return make_answer(make_candidate(owner), report=complete_report())


@pytest.fixture
def opened(room, answer) -> str:
    """The address at which the admin sees the answer."""
    form = {"answer": f"https://example.org/answers/{answer.id}", "reason": REASON}
    found = room.post("/admin/glass", data=form)
    assert found.status_code == 302, found.text
    return found.location


def glass(app) -> BrokenGlass | None:
    with app.app_context():
        return db.session.scalar(sa.select(BrokenGlass))


def test_without_broken_glass_an_admin_sees_no_answer(room, answer):
    for path in (f"/answers/{answer.id}", f"/admin/glass/{answer.id}"):
        assert room.get(path).status_code == 404


def test_a_reason_opens_the_answer_to_this_admin_alone(room, opened, make_user, login, audited):
    page = room.get(opened)
    assert page.status_code == 200
    assert COMPLETE_ANSWER[:40] in page.text
    assert REASON in page.text
    assert login(make_user(roles=("admin",))).get(opened).status_code == 404
    assert audited() == ["glass.broken", "answer.seen"]


def test_estimates_of_traits_are_not_shown(room, opened):
    page = room.get(opened).text
    assert "Openness" not in page
    assert "Extraversion" not in page


def test_the_candidate_reads_who_looked_when_and_why(opened, owner, login, client):
    page = login(owner).get("/privacy").text
    assert "When an admin looked" in page
    assert REASON in page
    assert "When an admin looked" not in client.get("/privacy").text


def test_half_an_hour_later_the_answer_is_closed_again(app, room, opened):
    assert glass(app).expires_at - now() <= timedelta(minutes=30)
    with app.app_context():
        db.session.execute(sa.update(BrokenGlass).values(expires_at=now()))
        db.session.commit()
    assert room.get(opened).status_code == 404


def test_a_recording_is_heard_through_broken_glass_only(
    app, room, owner, make_candidate, make_answer, make_user, login
):
    candidate = make_candidate(owner)
    answer = make_answer(candidate, report=complete_report())
    with app.app_context():
        row = db.session.get_one(Answer, answer.id)
        row.recording_key = store.save(io.BytesIO(b"sound"), 10)
        row.recording_bytes, row.recording_clean, row.recording_type = 5, True, "audio/webm"
        db.session.commit()
    where = room.post("/admin/glass", data={"answer": str(answer.id), "reason": REASON}).location
    page = room.get(where).text
    address = page.partition('src="/admin/glass/recording/')[2].partition('"')[0]
    address = f"/admin/glass/recording/{address}"
    with room.get(address) as heard:
        assert heard.data == b"sound"
    assert login(make_user(roles=("admin",))).get(address).status_code == 404
    with app.app_context():
        db.session.execute(sa.update(BrokenGlass).values(expires_at=now()))
        db.session.commit()
    assert room.get(address).status_code == 404


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"answer": "00000000-0000-4000-8000-000000000000"}, "no such answer"),
        ({"answer": "the one of Ada"}, "no such answer"),
        ({"answer": ""}, "number or the address"),
        ({"reason": "Curious."}, "at least 20"),
        ({"reason": ""}, "Say why"),
    ],
)
def test_without_an_answer_or_a_reason_nothing_is_opened(app, room, answer, form, message):
    page = room.post("/admin/glass", data={"answer": str(answer.id), "reason": REASON} | form)
    assert page.status_code == 400
    assert message in page.text
    assert glass(app) is None


def test_a_draft_is_opened_to_nobody(room, owner, make_candidate, make_answer):
    draft = make_answer(make_candidate(owner))
    page = room.post("/admin/glass", data={"answer": str(draft.id), "reason": REASON})
    assert page.status_code == 400


def test_an_erased_answer_is_gone_and_that_somebody_looked_stays(
    app, room, opened, answer, owner, login
):
    login(owner).post(f"/answers/{answer.id}/erase")
    assert room.get(opened).status_code == 404
    assert REASON in login(owner).get("/privacy").text
    with app.app_context():
        db.session.execute(sa.delete(Candidate))
        db.session.commit()
    assert glass(app) is None


def test_a_guest_who_makes_an_account_still_reads_who_looked(
    app, room, make_candidate, make_answer, make_user, login
):
    guest, user = make_candidate(), make_user()
    make_candidate(user)
    answer = make_answer(guest, report=complete_report())
    room.post("/admin/glass", data={"answer": str(answer.id), "reason": REASON})
    with app.app_context():
        accounts.claim_workspace(
            db.session.get_one(User, user.id), db.session.get_one(Candidate, guest.id)
        )
    assert REASON in login(user).get("/privacy").text
