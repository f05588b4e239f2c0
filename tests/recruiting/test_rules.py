"""What holds for the answers of an application: time, consent, its own averages."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from interview.admin import policy
from interview.columns import now
from interview.errors import RefusedError
from interview.extensions import db
from interview.jobs import tasks
from interview.media.store import store
from interview.peers.models import PeerBin
from interview.practice import recordings, services
from interview.practice.models import Answer, AnswerState, Interview, Report
from interview.recruiting import rules
from interview.recruiting.models import ApplicationInterview, Invitation, InvitationState
from interview.recruiting.rules import Permitted
from tests.support.recruiting import (
    ALL_CHOICES,
    answers_of,
    make_application,
    make_invitation,
    make_organisation,
)
from tests.support.texts import COMPLETE_ANSWER


@pytest.fixture
def apply(app, make_prompt, guest):
    """`apply(questions=1, mode=…, choices=…, …)` returns the keys of a guest's answers."""

    def make(questions=1, mode="text", choices=ALL_CHOICES, **values):
        prompts = [make_prompt(modes=("text", "audio")) for _number in range(questions)]
        with app.app_context():
            application = make_application(make_organisation(), prompts, **values)
            invitation = make_invitation(application, guest, mode, choices)
            return [answer.id for answer in answers_of(invitation)]

    return make


def hand_in(app, guest, key):
    with app.test_request_context():
        services.submit(guest, key, COMPLETE_ANSWER)


def permitted(app):
    with app.app_context():
        return rules.permitted(db.session.scalars(sa.select(Interview)).one())


def test_practice_may_be_analysed_in_every_way(app, make_answer, guest):
    make_answer(guest)
    assert permitted(app) == rules.EVERYTHING


def test_emotions_are_off_on_applications_unless_the_policy_allows_them_too(app, apply):
    apply()
    assert permitted(app) == Permitted(analysis=True, traits=True, emotions=False)
    with app.app_context():
        policy.change(recruiter_emotions=True)
    assert permitted(app) == rules.EVERYTHING


@pytest.mark.parametrize("declined", ["analysis", "traits", "emotions"])
def test_what_the_candidate_declines_is_not_permitted_whatever_the_policy(app, apply, declined):
    apply(choices=ALL_CHOICES | {declined: False})
    with app.app_context():
        policy.change(recruiter_emotions=True)
    found = permitted(app)
    assert getattr(found, declined) is False
    assert found.traits is (declined == "emotions")
    assert found.emotions is (declined == "traits")


def test_without_consent_nothing_is_permitted(app, apply):
    apply()
    with app.app_context():
        db.session.scalars(sa.select(Invitation)).one().consent.withdrawn_at = now()
        db.session.commit()
    assert permitted(app) == rules.NOTHING


def test_no_model_of_emotions_is_even_loaded_for_an_application(app, apply, monkeypatch):
    (key,) = apply(mode="audio")

    def load():
        raise AssertionError("the model of emotions was loaded")

    asked = {}
    monkeypatch.setattr(tasks, "speech_model", load)
    monkeypatch.setattr(tasks, "text_model", lambda: "traits")
    monkeypatch.setattr(
        "interview.analysis.audio.pipeline.analyse_audio",
        lambda _path, **options: asked.update(options),
    )
    with app.app_context():
        answer = db.session.get_one(Answer, key)
        answer.recording_key, answer.recording_clean, answer.text = store.create(), True, "Words."
        for name, value in services.queued("analyse").items():
            setattr(answer, name, value)
        db.session.commit()
    tasks.work.call_local(str(key))
    assert asked["speech_model"] is None
    assert asked["text_model"] == "traits"


def test_an_answer_is_kept_without_a_report_where_the_analysis_is_declined(
    app, apply, guest, work_off
):
    (key,) = apply(choices=ALL_CHOICES | {"analysis": False})
    hand_in(app, guest, key)
    work_off()
    with app.app_context():
        answer = db.session.get_one(Answer, key)
        assert answer.state == AnswerState.KEPT
        assert answer.text == COMPLETE_ANSWER
        assert db.session.scalars(sa.select(Report)).all() == []


def test_words_are_counted_without_traits_where_only_traits_are_declined(
    app, apply, guest, work_off
):
    (key,) = apply(choices=ALL_CHOICES | {"traits": False})
    hand_in(app, guest, key)
    work_off()
    with app.app_context():
        body = db.session.get_one(Answer, key).report.body
        assert body["traits"] is None
        assert body["impression"] is None
        assert body["words"]["count"] > 0
        assert not [name for name in body["measures"] if name.startswith(("big", "impression"))]


def test_a_guests_application_counts_in_its_own_averages_and_never_in_practice(
    app, apply, guest, work_off
):
    (key,) = apply()
    hand_in(app, guest, key)
    work_off()
    with app.app_context():
        application = db.session.scalars(sa.select(ApplicationInterview)).one()
        assert set(db.session.scalars(sa.select(PeerBin.pool))) == {application.id}
        assert services.history(guest) == []


def test_an_application_is_sent_with_its_last_answer(app, apply, guest):
    first, second = apply(questions=2)
    states = []
    for key in (first, second):
        hand_in(app, guest, key)
        with app.app_context():
            states.append(db.session.scalar(sa.select(Invitation.state)))
    assert states == [InvitationState.ACCEPTED, InvitationState.SUBMITTED]


@pytest.mark.parametrize(
    ("ago", "is_taken"),
    [(timedelta(minutes=11), True), (timedelta(minutes=13), False)],
    ids=["within the grace period", "after it"],
)
def test_what_was_begun_may_be_handed_in_for_a_while_after_the_deadline(
    app, apply, guest, ago, is_taken
):
    (key,) = apply(answer_seconds=120)
    with app.test_request_context():
        services.save_draft(guest, key, "It began", None)
    pass_deadline(app, ago)
    if is_taken:
        hand_in(app, guest, key)
    else:
        with pytest.raises(RefusedError, match="time for this application is over"):
            hand_in(app, guest, key)
    with app.app_context():
        assert (db.session.get_one(Answer, key).state == AnswerState.QUEUED) is is_taken


def pass_deadline(app, ago=timedelta(minutes=1)):
    with app.app_context():
        db.session.scalars(sa.select(ApplicationInterview)).one().deadline = now() - ago
        db.session.commit()


def send_piece(guest, key):
    recordings.append(guest, key, "1-0123456789ab", 0, b"sound", "audio/webm")


def send_file(guest, key):
    recordings.upload(guest, key, io.BytesIO(b"sound"), "audio/webm")


def save_text(guest, key):
    services.save_draft(guest, key, COMPLETE_ANSWER, None)


def send_text(guest, key):
    services.submit(guest, key, COMPLETE_ANSWER)


def send_document(guest, key):
    services.upload_document(guest, key, io.BytesIO(b"words"), "")


BEGINNINGS = pytest.mark.parametrize(
    ("mode", "begin"),
    [
        ("audio", send_piece),
        ("audio", send_file),
        ("text", save_text),
        ("text", send_text),
        ("text", send_document),
    ],
)


@BEGINNINGS
def test_nothing_is_begun_in_the_grace_period(app, apply, guest, mode, begin):
    (key,) = apply(mode=mode)
    pass_deadline(app)
    with app.test_request_context(), pytest.raises(RefusedError, match="nothing new is begun"):
        begin(guest, key)
    with app.app_context():
        answer = db.session.get_one(Answer, key)
        assert (answer.state, answer.recording_bytes, answer.text) == (AnswerState.DRAFT, 0, "")
        assert list(store.find()) == []


@BEGINNINGS
def test_what_had_been_begun_is_gone_on_with_in_the_grace_period(app, apply, guest, mode, begin):
    (key,) = apply(mode=mode)
    with app.app_context():
        answer = db.session.get_one(Answer, key)
        answer.saved_at = now()
        if mode == "audio":
            answer.recording_key, answer.recording_id = store.create(), "1-0123456789ab"
        db.session.commit()
    pass_deadline(app)
    with app.test_request_context():
        begin(guest, key)


def test_a_text_that_is_emptied_in_the_grace_period_can_be_written_again(app, apply, guest):
    (key,) = apply()
    with app.test_request_context():
        services.save_draft(guest, key, "It began", None)
    pass_deadline(app)
    for text in ("", "It began otherwise"):
        with app.test_request_context():
            services.save_draft(guest, key, text, None)


def test_no_other_take_of_a_failed_answer_is_begun_after_the_deadline(app, apply, guest):
    (key,) = apply(mode="audio")
    with app.app_context():
        db.session.get_one(Answer, key).state = AnswerState.FAILED
        db.session.commit()
    pass_deadline(app)
    with app.test_request_context(), pytest.raises(RefusedError, match="nothing new is begun"):
        services.retake(guest, key, keep_text=False)


def test_what_was_handed_in_stays_as_it_is(app, apply, guest):
    (key,) = apply()
    hand_in(app, guest, key)
    with app.test_request_context(), pytest.raises(RefusedError, match="has been sent"):
        services.retake(guest, key, keep_text=True)
