"""Rules of the instance on how long things are kept, and how much one person may store."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from babel.dates import format_date

from interview.accounts.models import Candidate
from interview.admin import policy
from interview.columns import now
from interview.errors import RefusedError
from interview.extensions import db
from interview.media.store import store
from interview.practice.models import Answer, AnswerState, Interview, Report
from interview.privacy import quotas, retention
from interview.privacy.models import AuditEntry
from tests.support.recruiting import (
    answers_of,
    make_application,
    make_invitation,
    make_organisation,
)
from tests.support.reports import audio_report, complete_report, report_body
from tests.support.reviewing import hand_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MEGABYTE = 1024 * 1024


@pytest.fixture
def account(make_user, make_candidate):
    """An account and its candidate."""
    user = make_user()
    return user, make_candidate(user)


def handed_in(app, answer, days, sound=b"sound"):
    """Let an answer with a recording have been handed in some days ago."""
    with app.app_context():
        row = db.session.get_one(Answer, answer.id)
        row.submitted_at = now() - timedelta(days=days)
        row.recording_key, row.recording_bytes = store.save(io.BytesIO(sound), 10**7), len(sound)
        db.session.commit()


def left(app):
    with app.app_context():
        return set(db.session.scalars(sa.select(Answer.id)))


def files(app):
    with app.app_context():
        return len(list(store.find()))


@pytest.mark.settings(retention_days=30)
def test_practice_answers_of_accounts_end_and_no_others(app, account, guest, make_answer):
    _user, candidate = account
    old, young, guests, applied = (
        make_answer(owner, report=report_body(0.5))
        for owner in (candidate, candidate, guest, candidate)
    )
    for answer, days in ((old, 31), (young, 29), (guests, 31), (applied, 31)):
        handed_in(app, answer, days)
    with app.app_context():
        row = db.session.get_one(Answer, applied.id)
        row.question.interview.purpose = "application"
        db.session.commit()
        assert retention.erase_old_answers(now()) == 1
        assert retention.erase_old_answers(now()) == 0
    assert left(app) == {young.id, guests.id, applied.id}
    assert files(app) == 3
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Interview)) == 3


@pytest.mark.settings(retention_days=30)
def test_an_answer_that_another_worker_erased_meanwhile_ends_once(
    app, account, make_answer, monkeypatch
):
    answers = [make_answer(account[1], report=report_body(0.5)) for _ in range(2)]
    for answer in answers:
        handed_in(app, answer, 31)
    lock = retention.lock

    def be_overtaken(model, key):
        monkeypatch.setattr(retention, "lock", lock)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(erase).result() == 2
        lock(model, key)

    def erase():
        with app.app_context():
            return retention.erase_old_answers(now())

    monkeypatch.setattr(retention, "lock", be_overtaken)
    assert erase() == 0
    assert left(app) == set()
    with app.app_context():
        expired = sa.select(sa.func.count()).where(AuditEntry.action == "answer.expired")
        assert db.session.scalar(expired) == 2


@pytest.mark.settings(recording_days=10)
def test_recordings_end_before_their_reports(app, account, make_answer):
    _user, candidate = account
    old = make_answer(candidate, report=report_body(0.5))
    waiting = make_answer(candidate, state=AnswerState.QUEUED)
    for answer in (old, waiting):
        handed_in(app, answer, 11)
    with app.app_context():
        assert retention.erase_old_recordings(now()) == 1
        row = db.session.get_one(Answer, old.id)
        assert (row.recording_key, row.recording_bytes) == (None, 0)
        assert row.state == AnswerState.ANALYSED
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Report)) == 1
    assert files(app) == 1


def test_without_a_rule_nothing_ends(app, account, make_answer):
    answer = make_answer(account[1], report=report_body(0.5))
    handed_in(app, answer, 5000)
    with app.app_context():
        assert retention.erase_old_answers(now()) == 0
        assert retention.erase_old_recordings(now()) == 0
        assert retention.kept_until(db.session.get_one(Answer, answer.id)) == retention.KeptUntil()


def test_a_new_rule_gives_a_week_of_notice_on_the_page(app, account, login, make_answer):
    user, candidate = account
    answer = make_answer(candidate, report=report_body(0.5))
    handed_in(app, answer, 400)
    with app.app_context():
        policy.change(retention_days=30)
        assert retention.erase_old_answers(now()) == 0
        until = retention.kept_until(db.session.get_one(Answer, answer.id)).answer
        assert timedelta(days=6) < until - now() <= timedelta(days=7)
    page = login(user).get("/privacy").text
    assert "What will be erased soon" in page
    assert f"/answers/{answer.id}" in page
    with app.app_context():
        assert retention.erase_old_answers(now() + timedelta(days=8)) == 1


def page_of(browser, answer):
    """Return an answer's page as it is read: words with single spaces, without tags."""
    text = re.sub(r"<[^>]+>", "", browser.get(f"/answers/{answer.id}").text)
    return " ".join(text.split())


def day_in(days):
    return format_date((now() + timedelta(days=days)).date(), "d MMM y", "en")


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({}, ["This answer is kept until you erase it."]),
        (
            {"recording_days": 10},
            ["the recording is erased on {in_8}.", "The report is kept until you erase it."],
        ),
        (
            {"recording_days": 10, "retention_days": 30},
            ["the recording is erased on {in_8}, and the answer with", "to it on {in_28}."],
        ),
        ({"recording_days": 30, "retention_days": 10}, ["this answer is erased on {in_8}, with"]),
    ],
)
def test_a_summary_says_when_the_recording_and_the_answer_are_erased(
    app, account, login, make_answer, rules, words
):
    user, candidate = account
    answer = make_answer(candidate, report=audio_report())
    handed_in(app, answer, 2)
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update=rules)
    page = page_of(login(user), answer)
    for each in words:
        assert each.format(in_8=day_in(8), in_28=day_in(28)) in page
    assert ("the recording is erased" in page) is (len(words) == 2)
    assert ("Take a copy before" in page) is bool(rules)


@pytest.mark.settings(recording_days=10)
def test_a_summary_says_that_the_recording_is_erased_already(app, account, login, make_answer):
    user, candidate = account
    answer = make_answer(candidate, report=audio_report())
    handed_in(app, answer, 11)
    with app.app_context():
        retention.erase_old_recordings(now())
    assert "The recording is erased. What the report says" in page_of(login(user), answer)


def test_a_summary_tells_a_guest_when_everything_ends(guest, guest_client, make_answer):
    page = page_of(guest_client, make_answer(guest, report=complete_report()))
    assert f"this answer is erased on {day_in(1)}" in page
    assert "unless you make an account before" in page


def test_a_summary_of_an_application_says_when_the_application_ends(
    app, guest, guest_client, make_prompt
):
    with app.app_context():
        application = make_application(make_organisation(), [make_prompt()], retention_days=30)
        invitation = make_invitation(application, guest)
        hand_in(invitation, [complete_report()])
        (answer,) = answers_of(invitation)
    page = page_of(guest_client, answer)
    assert f"Everything of this application is erased on {day_in(37)}" in page


def test_the_page_of_privacy_asks_as_little_for_many_answers_as_for_one(
    app, account, login, make_answer
):
    user, candidate = account
    browser, asked, counts = login(user), [], []
    with app.app_context():
        policy.change(retention_days=30)
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *values: asked.append(values[2]))
    for more in (1, 5):
        for _ in range(more):
            make_answer(candidate, report=report_body(0.5))
        asked.clear()
        assert browser.get("/privacy").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.settings(quota_bytes=MEGABYTE)
class TestRoom:
    def test_a_recording_that_does_not_fit_is_refused_with_the_way_out(
        self, app, guest, guest_client, make_answer
    ):
        handed_in(app, make_answer(guest, mode="audio"), 1, b"x" * (MEGABYTE - 1000))
        draft = make_answer(guest, mode="audio", text="")
        headers = {"Recording-Id": "1-0123456789ab", "Accept": "application/json"}
        fits = guest_client.post(
            f"/answers/{draft.id}/chunks", data=b"y" * 600, headers=headers | {"Upload-Offset": "0"}
        )
        assert fits.status_code == 200
        refused = guest_client.post(
            f"/answers/{draft.id}/chunks",
            data=b"y" * 600,
            headers=headers | {"Upload-Offset": "600"},
        )
        assert refused.status_code == 413
        assert "take up 1 of 1 MB" in refused.json["error"]
        assert "Progress" in refused.json["error"]
        with app.app_context():
            assert db.session.get_one(Answer, draft.id).recording_bytes == 600

    def test_a_file_is_refused_before_it_is_read(self, guest, guest_client, make_answer):
        draft = make_answer(guest, mode="audio", text="")

        class Unread(io.BytesIO):
            def read(self, *_):
                raise AssertionError("it was read")

        refused = guest_client.post(
            f"/answers/{draft.id}/recording",
            input_stream=Unread(),
            environ_overrides={"CONTENT_LENGTH": str(2 * MEGABYTE)},
            content_type="multipart/form-data; boundary=x",
        )
        assert refused.status_code == 413
        assert "does not fit any more" in refused.text

    def test_the_page_says_how_much_room_is_taken(self, app, guest, guest_client, make_answer):
        handed_in(app, make_answer(guest, mode="audio"), 1, b"x" * (MEGABYTE // 2))
        assert "0.5 of 1 MB" in guest_client.get("/privacy").text


@pytest.mark.settings(answers_per_day=2)
def test_a_day_has_so_many_practice_answers_and_what_was_written_is_kept(
    app, guest, guest_client, make_answer
):
    for days in (0.1, 0.5, 1.5):
        handed_in(app, make_answer(guest, report=report_body(0.5)), days)
    draft = make_answer(guest)
    refused = guest_client.post(f"/answers/{draft.id}/submit", data={"text": "Once more."})
    assert refused.status_code == 429
    assert "2 answers within 24 hours" in refused.text
    with app.app_context():
        row = db.session.get_one(Answer, draft.id)
        assert (row.state, row.text) == (AnswerState.DRAFT, "Once more.")
        row.question.interview.purpose = "application"
        db.session.commit()
        candidate = db.session.get_one(Candidate, guest.id)
        with pytest.raises(RefusedError):
            quotas.require_answer(candidate)
        db.session.execute(
            sa.update(Answer)
            .where(Answer.submitted_at > now() - timedelta(hours=6))
            .values(submitted_at=now() - timedelta(hours=25))
        )
        quotas.require_answer(candidate)
        policy.change(answers_per_day=1)
        with pytest.raises(RefusedError):
            quotas.require_answer(candidate)
        policy.change(answers_per_day=0)
        quotas.require_answer(candidate)
