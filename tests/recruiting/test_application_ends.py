"""How an application ends: deadlines, writing instead, withdrawing, and erasing in time."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_babel import format_date

from interview.accounts.models import Candidate
from interview.columns import now
from interview.errors import RefusedError
from interview.extensions import db
from interview.media.store import store
from interview.peers.models import PeerBin, PeerTerm
from interview.practice import recordings, services
from interview.practice.models import Answer, Interview, Report, Step
from interview.privacy.retention import erase_unfinished_recordings
from interview.recruiting import applications, applying, invitations, retention
from interview.recruiting.models import (
    ApplicationInterview,
    ApplicationState,
    Consent,
    Invitation,
    InvitationState,
    Organisation,
)
from interview.recruiting.scorecard_models import Decision, Scorecard
from tests.support.recruiting import (
    count,
    make_invitation,
)
from tests.support.reviewing import make_decision, make_scorecard
from tests.support.texts import COMPLETE_ANSWER

NAME = "1-0123456789ab"


# --- Deadlines ------------------------------------------------------------------------------


def send(guest, key, offset, piece):
    return recordings.append(guest, key, NAME, offset, piece, "audio/webm")


def test_a_deadline_that_passes_while_recording_loses_nothing(app, case, guest, office_of):
    made = case(mode="audio")
    (key,) = made.answers
    with app.test_request_context():
        send(guest, key, 0, b"first")
    made.set(ApplicationInterview, made.application_id, deadline=now() - timedelta(minutes=1))
    with app.test_request_context():
        send(guest, key, 5, b" second")
        recordings.hand_in(guest, key, 12)
        application = db.session.get_one(ApplicationInterview, made.application_id)
        (followed,) = invitations.follow(application).rows
        assert (followed.answered, followed.late) == (1, True)
    assert made.read().state == InvitationState.SUBMITTED
    with app.app_context(), store.local(made.read(Answer, key).recording_key) as path:
        assert path.read_bytes() == b"first second"


def test_what_arrives_after_the_grace_period_waits_for_a_later_deadline(
    app, case, guest, office_of
):
    made = case(mode="audio")
    (key,) = made.answers
    with app.test_request_context():
        send(guest, key, 0, b"all")
    made.set(ApplicationInterview, made.application_id, deadline=now() - timedelta(hours=1))
    with app.test_request_context(), pytest.raises(RefusedError, match="is kept for you"):
        recordings.hand_in(guest, key, 3)
    owner = office_of(made)
    with app.test_request_context():
        applications.extend(owner, made.application_id, now() + timedelta(days=2))
        recordings.hand_in(guest, key, 3)
        (followed,) = invitations.follow(
            db.session.get_one(ApplicationInterview, made.application_id)
        ).rows
        assert (followed.answered, followed.late) == (1, False)


def test_no_take_is_begun_after_the_deadline(app, case, guest):
    made = case(mode="audio")
    (key,) = made.answers
    with app.test_request_context():
        send(guest, key, 0, b"first")
    made.set(ApplicationInterview, made.application_id, deadline=now() - timedelta(minutes=1))
    with app.test_request_context(), pytest.raises(RefusedError, match="deadline has passed"):
        recordings.discard(guest, key, 1)
    assert made.read(Answer, key).recording_bytes == 5


def test_a_recording_that_waits_in_an_application_is_not_swept_away(app, case, guest):
    made = case(mode="audio")
    (key,) = made.answers
    with app.test_request_context():
        send(guest, key, 0, b"first")
        assert erase_unfinished_recordings(now() + timedelta(days=30)) == 0
    assert made.read(Answer, key).recording_bytes == 5


# --- Writing, practising, withdrawing, and the end ------------------------------------------


def test_writing_instead_starts_anew_and_erases_what_was_recorded(app, case, guest, guest_client):
    made = case(mode="audio")
    (key,) = made.answers
    with app.test_request_context():
        send(guest, key, 0, b"sound")
    recording = made.read(Answer, key).recording_key
    assert guest_client.post(f"{made.page}/writing", data={"sure": "y"}).status_code == 302
    with app.app_context():
        assert [found.mode for found in db.session.scalars(sa.select(Interview))] == ["text"]
        assert db.session.get(Answer, key) is None
        assert recording not in {name for name, _written in store.find()}
    assert made.read().state == InvitationState.ACCEPTED


def test_what_was_only_begun_is_not_erased_for_writing_without_a_warning_and_a_yes(
    app, case, guest, guest_client
):
    made = case(mode="audio")
    (key,) = made.answers
    warning = "All that you have recorded for this application is erased then"
    assert warning not in guest_client.get(made.page).text
    with app.test_request_context():
        send(guest, key, 0, b"sound")
    assert warning in guest_client.get(made.page).text
    refused = guest_client.post(f"{made.page}/writing")
    assert refused.status_code == 400
    assert "Tick this box to confirm." in refused.text
    assert made.read(Answer, key).recording_bytes == 5


def test_what_is_sent_stays_spoken_and_with_what_was_judged_of_it(
    app, case, guest, guest_client, make_user
):
    made = case(mode="audio")
    (key,) = made.answers
    with app.test_request_context():
        send(guest, key, 0, b"sound")
        recordings.hand_in(guest, key, 5)
        rater = make_user()
        invitation = db.session.get_one(Invitation, made.id)
        make_scorecard(invitation, rater, [3])
        make_decision(invitation, rater)
        db.session.commit()
    page = guest_client.post(f"{made.page}/writing", data={"sure": "y"})
    assert page.status_code == 409
    assert "Your application is sent and stays as it is" in page.text
    assert made.read().interview_id == made.interview_id
    assert made.read(Answer, key).recording_bytes == 5
    with app.app_context():
        assert count(Scorecard, Decision) == [1, 1]


def test_writing_instead_erases_what_was_judged_before_the_deadline_was_extended(
    app, case, guest_client, make_user
):
    made = case(mode="audio")
    with app.app_context():
        rater = make_user()
        invitation = db.session.get_one(Invitation, made.id)
        make_scorecard(invitation, rater, [3])
        make_decision(invitation, rater)
        db.session.commit()
    assert guest_client.post(f"{made.page}/writing").status_code == 302
    with app.app_context():
        assert count(Scorecard, Decision) == [0, 0]
    assert made.read().state == InvitationState.ACCEPTED


def test_practising_first_is_seen_by_nobody_and_is_no_part_of_the_application(
    app, case, guest_client
):
    made = case()
    answer = guest_client.post(f"{made.page}/practise")
    assert answer.status_code == 302
    with app.app_context():
        practice = db.session.scalars(sa.select(Interview).where(Interview.pool == 0)).one()
        assert practice.purpose == "practice"
        assert made.read().interview_id != practice.id


@pytest.mark.parametrize("forget", [True, False])
def test_withdrawing_leaves_no_answer_no_file_and_no_average(
    app, case, guest_client, guest, work_off, forget
):
    made = case(email="somebody@example.org")
    (key,) = made.answers
    with app.test_request_context():
        services.submit(guest, key, COMPLETE_ANSWER)
    work_off()
    made.set(Answer, key, recording_key=kept(app), recording_bytes=5, step=Step.ANALYSE)
    assert guest_client.get(made.page).status_code == 200
    data = {"sure": "y"} | ({"forget": "y"} if forget else {})
    assert guest_client.post(f"{made.page}/withdraw", data=data).status_code == 302
    with app.app_context():
        assert count(Answer, Interview, Report, PeerBin, PeerTerm) == [0] * 5
        assert list(store.find()) == []
        assert count(Consent) == [0 if forget else 1]
    found = made.read()
    assert found.state == InvitationState.WITHDRAWN
    assert found.email == ("" if forget else "somebody@example.org")
    assert guest_client.get(made.link).status_code == 404


def kept(app):
    with app.app_context():
        return store.save(io.BytesIO(b"sound"), 10)


def test_erasing_everything_of_a_person_forgets_them_in_every_organisation(app, case, guest_client):
    made = case(email="somebody@example.org")
    assert guest_client.post("/privacy/erase", data={"sure": "y"}).status_code == 302
    found = made.read()
    assert (found.state, found.email) == (InvitationState.WITHDRAWN, "")
    assert (found.candidate_id, found.interview_id) == (None, None)
    with app.app_context():
        assert count(Consent, Interview) == [0, 0]


def test_one_answer_of_an_application_is_not_erased_alone(case, guest_client):
    made = case()
    answer = guest_client.post(f"/answers/{made.answers[0]}/erase")
    assert answer.status_code == 409
    assert made.read(Answer, made.answers[0])


def test_everything_is_erased_when_its_time_is_over(app, case):
    due = case(deadline=now() - timedelta(days=31), retention_days=30)
    later = case(deadline=now() - timedelta(days=29), retention_days=30)
    with app.app_context():
        assert retention.erase_due(now()) == 1
        assert db.session.get(Invitation, due.id) is None
        assert db.session.get(Interview, due.interview_id) is None
        assert db.session.get(Interview, later.interview_id) is not None
        assert count(Organisation) == [2]


def test_what_was_closed_before_its_deadline_is_erased_earlier_by_as_much(app, case):
    made = case(
        deadline=now() + timedelta(days=60),
        closed_at=now() - timedelta(days=31),
        state=ApplicationState.CLOSED,
        retention_days=30,
    )
    with app.app_context():
        assert retention.erase_due(now()) == 1
        assert db.session.get(Invitation, made.id) is None


def test_a_deadline_that_is_extended_keeps_nothing_longer_than_its_candidates_agreed_to(
    app, case, guest_client, office_of, make_candidate
):
    made = case(deadline=now() + timedelta(days=1), retention_days=30)
    agreed = made.read(ApplicationInterview, made.application_id).kept_until
    owner = office_of(made)
    with app.test_request_context():
        applications.extend(owner, made.application_id, now() + timedelta(days=11))
    assert "The deadline was extended after you agreed" in guest_client.get(made.page).text
    with app.test_request_context():
        application = db.session.get_one(ApplicationInterview, made.application_id)
        invitation = db.session.get_one(Invitation, made.id)
        applying.choose(db.session.get(Candidate, invitation.candidate_id), made.id, {})
        db.session.expire_all()
        assert invitation.kept_until == agreed
        assert format_date(agreed.date(), "long") in invitation.consent.text
        accepting = make_invitation(application)
        other = db.session.get_one(Candidate, make_candidate().id)
        accepted = applying.accept(other, accepting.token, "text", {})
        assert accepted.kept_until == application.kept_until > agreed + timedelta(days=9)
        assert format_date(accepted.kept_until.date(), "long") in accepted.consent.text
        later = accepted.id
    with app.app_context():
        assert retention.erase_due(agreed - timedelta(minutes=1)) == 0
        assert retention.erase_due(agreed) == 1
        assert db.session.get(Invitation, made.id) is None
        assert db.session.get(Invitation, later) is not None
        assert retention.erase_due(agreed + timedelta(days=11)) == 1
