"""The candidate's side: links, consent that changes, deadlines, withdrawing."""

import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_babel import format_date

from interview.accounts.models import Candidate
from interview.admin import policy
from interview.columns import now
from interview.errors import RefusedError
from interview.extensions import db
from interview.jobs import leases
from interview.media.store import store
from interview.peers.models import PeerBin, PeerTerm
from interview.practice import recordings, services
from interview.practice.models import Answer, AnswerState, Interview, Question, Report, Step
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
    ALL_CHOICES,
    answers_of,
    make_application,
    make_invitation,
    make_organisation,
)
from tests.support.reviewing import make_decision, make_scorecard
from tests.support.texts import COMPLETE_ANSWER

NAME = "1-0123456789ab"


class Case:
    """An invitation and what it led to; keys only, as nothing outlives its context."""

    def __init__(self, app, invitation):
        self.app, self.id, self.link = app, invitation.id, f"/invitations/{invitation.token}"
        self.application_id, self.interview_id = invitation.application_id, invitation.interview_id
        self.answers = [answer.id for answer in answers_of(invitation)]
        self.page = f"/applications/{self.id}"

    def set(self, model, key, **values):
        with self.app.app_context():
            row = db.session.get_one(model, key)
            for name, value in values.items():
                setattr(row, name, value)
            db.session.commit()

    def read(self, model=Invitation, key=None):
        with self.app.app_context():
            row = db.session.get_one(model, key or self.id)
            db.session.refresh(row)
            db.session.expunge(row)
            return row


@pytest.fixture
def case(app, make_prompt, guest):
    """`case(candidate=…, mode=…, choices=…, email=…, …)` returns an invitation's `Case`."""

    def make(candidate=guest, mode="text", choices=ALL_CHOICES, email="a@example.org", **values):
        prompts = [make_prompt(modes=("text", "audio", "video"))]
        with app.app_context():
            application = make_application(make_organisation(), prompts, **values)
            return Case(app, make_invitation(application, candidate, mode, choices, email=email))

    return make


def count(*models):
    return [db.session.scalar(sa.select(sa.func.count()).select_from(model)) for model in models]


# --- Links ----------------------------------------------------------------------------------


def test_opening_the_link_is_noted_once(case, client):
    made = case(candidate=None)
    assert made.read().state == InvitationState.SENT
    client.get(made.link)
    opened = made.read().opened_at
    client.get(made.link)
    assert made.read().state == InvitationState.OPENED
    assert made.read().opened_at == opened


def test_nothing_is_chosen_beforehand_and_every_choice_is_needed(case, client):
    made = case(candidate=None)
    page = client.get(made.link).text
    assert not re.search(
        r"<input[^>]* checked[^>]*type=\"radio\"|type=\"radio\"[^>]* checked", page
    )
    refused = client.post(f"{made.link}/accept", data={"mode": "text", "agree": "y"})
    assert refused.status_code == 400
    assert made.read().state == InvitationState.OPENED


def test_what_was_read_and_chosen_is_stored_word_for_word(app, case, client):
    made = case(candidate=None)
    data = {"mode": "text", "agree": "y", "analysis": "yes", "traits": "no", "recording": "no"}
    client.post(f"{made.link}/accept", data=data)
    with app.app_context():
        (consent,) = db.session.scalars(sa.select(Consent))
        assert (consent.analysis, consent.traits, consent.emotions) == (True, False, False)
        assert "Harbour Works" in consent.text
        assert "No emotions are estimated" in consent.text
        assert re.search("analyse your answers.*– Yes", consent.text)
        assert re.search("five traits.*– No", consent.text)


@pytest.mark.parametrize(
    "over",
    [
        {"deadline": now() - timedelta(days=1)},
        {"state": ApplicationState.CLOSED, "closed_at": now() - timedelta(days=1)},
    ],
    ids=["deadline", "closed"],
)
def test_a_link_that_is_over_says_so_and_accepts_nothing(case, client, over):
    made = case(candidate=None, **over)
    page = client.get(made.link)
    assert page.status_code == 410
    assert "This invitation is over" in page.text
    data = {"mode": "text", "agree": "y", "analysis": "yes", "traits": "no", "recording": "no"}
    client.post(f"{made.link}/accept", data=data)
    assert made.read().candidate_id is None


def test_who_sent_the_link_cannot_open_what_was_accepted(case, guest_client, client):
    made = case()
    assert guest_client.get(made.link).location == made.page
    page = client.get(made.link)
    assert page.status_code == 200
    assert "You have begun elsewhere" in page.text
    assert client.get(made.page).status_code == 404


def test_a_guest_goes_on_in_another_browser_through_their_mailbox(
    case, guest_client, client, letters
):
    made = case()
    client.post(f"{made.link}/resume")
    (link,) = letters()
    assert client.post(link).location == made.page
    assert client.get(made.page).status_code == 200
    assert guest_client.get(made.page).status_code == 404
    assert client.post(link).status_code == 404


@pytest.mark.parametrize("has_practised", [True, False])
def test_who_is_logged_in_goes_on_in_their_account(
    case, client, guest_client, letters, make_user, make_candidate, login, has_practised
):
    made = case()
    user = make_user()
    if has_practised:
        make_candidate(user)
    browser = login(user)
    client.post(f"{made.link}/resume")
    (link,) = letters()
    assert "it belongs to your account" in browser.get(link).text
    assert browser.post(link).location == made.page
    assert browser.get(made.page).status_code == 200
    assert guest_client.get(made.page).status_code == 404
    assert login(user).get(made.page).status_code == 200
    assert client.post(link).status_code == 404


def test_an_account_made_later_takes_the_application_along(
    app, case, guest, make_user, make_candidate, login
):
    from interview.accounts.services import claim_workspace

    made = case()
    user = make_user()
    make_candidate(user)
    with app.app_context():
        claim_workspace(user, db.session.merge(guest))
    assert login(user).get(made.page).status_code == 200


def test_an_answer_whose_document_is_being_read_is_not_shown_as_sent(case, guest_client):
    made = case()
    (key,) = made.answers
    document = {"document": (io.BytesIO(b"a letter"), "letter.txt")}
    guest_client.post(f"/answers/{key}/document", data={"text": "", **document})
    page = guest_client.get(made.page)
    assert page.status_code == 200
    assert "0 of 1 questions answered" in page.text
    assert "Your answer is sent" not in guest_client.get(f"/answers/{key}").text


# --- Consent that changes -------------------------------------------------------------------


def test_consent_withdrawn_while_a_worker_analyses_stores_nothing(app, case, guest, analyse):
    made = case()
    (key,) = made.answers
    with app.test_request_context():
        services.submit(guest, key, COMPLETE_ANSWER)
        lease = leases.claim(key)
        applying.choose(guest, made.id, {})
        assert leases.finish_analysis(lease, analyse(COMPLETE_ANSWER)) is False
        assert count(Report, PeerBin) == [0, 0]


def test_declining_the_analysis_afterwards_erases_reports_and_keeps_the_answer(
    app, case, guest, work_off
):
    made = case()
    (key,) = made.answers
    with app.test_request_context():
        services.submit(guest, key, COMPLETE_ANSWER)
    work_off()
    with app.test_request_context():
        assert 0 not in count(Report, PeerBin, PeerTerm)
        applying.choose(guest, made.id, {})
        assert count(Report, PeerBin, PeerTerm) == [0, 0, 0]
    work_off()
    assert made.read(Answer, key).state == AnswerState.KEPT
    with app.test_request_context():
        applying.choose(guest, made.id, ALL_CHOICES)
        assert count(Consent) == [3]
    work_off()
    assert made.read(Answer, key).state == AnswerState.ANALYSED


def test_a_choice_that_changes_no_analysis_starts_none(app, case, guest, work_off):
    made = case()
    with app.test_request_context():
        services.submit(guest, made.answers[0], COMPLETE_ANSWER)
    work_off()
    with app.test_request_context():
        applying.choose(guest, made.id, ALL_CHOICES | {"recording": False})
    assert made.read(Answer, made.answers[0]).state == AnswerState.ANALYSED
    assert work_off() == 0


def test_the_time_for_an_answer_is_marked_as_the_organisations(case, guest_client):
    made = case(mode="video", modes=["video"])
    page = guest_client.get(f"/answers/{made.answers[0]}").text
    assert re.search(r'<select id="answer-time" [^>]*data-answer-time-set', page)


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


@pytest.fixture
def office_of(app, make_user):
    """`office_of(case)` returns an account that owns the organisation of an invitation."""

    def make(made):
        from interview.recruiting.models import MemberRole, Membership

        user = make_user(roles=("recruiter",))
        with app.app_context():
            application = db.session.get_one(ApplicationInterview, made.application_id)
            db.session.add(
                Membership(
                    organisation_id=application.organisation_id,
                    user_id=user.id,
                    email=user.email,
                    role=MemberRole.OWNER,
                )
            )
            db.session.commit()
        return user

    return make


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


# --- Pages ----------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["text", "audio", "video"])
def test_the_pages_of_an_application_say_for_whom_it_is_and_offer_no_erasing(
    case, guest_client, mode
):
    made = case(mode=mode)
    page = guest_client.get(f"/answers/{made.answers[0]}").text
    assert "For your application: Crane operator, Harbour Works." in page
    assert "Send this answer" in page
    assert "Erase this answer" not in page
    assert "stay with you" not in page
    assert ("Rather write?" in guest_client.get(made.page).text) is (mode != "text")


def test_a_recorder_tells_that_no_emotions_are_estimated_where_none_may_be(case, guest_client):
    made = case(mode="audio", choices=ALL_CHOICES | {"emotions": False})
    page = guest_client.get(f"/answers/{made.answers[0]}").text
    assert "No emotions are estimated from your face or voice." in page


def test_a_recording_that_is_not_analysed_is_sent_and_can_be_heard(case, guest_client):
    made = case(mode="audio", choices={})
    made.set(Answer, made.answers[0], state=AnswerState.KEPT, recording_key="x", submitted_at=now())
    page = guest_client.get(f"/answers/{made.answers[0]}").text
    assert "It is not analysed, as you wished." in page
    assert f"/answers/{made.answers[0]}/recording" in page


@pytest.mark.parametrize(
    ("ago", "take", "says"),
    [
        (-timedelta(days=1), 1, "Try again, or answer again"),
        (-timedelta(days=1), 3, "Please write to Harbour Works"),
        (timedelta(minutes=1), 1, "Please write to Harbour Works"),
    ],
    ids=["takes and time are left", "no takes are left", "no time is left"],
)
def test_a_sent_answer_that_could_not_be_used_is_told_with_what_can_be_done(
    case, guest_client, ago, take, says
):
    made = case(mode="audio", deadline=now() - ago)
    (key,) = made.answers
    made.set(Question, made.read(Answer, key).question_id, own_max_takes=2)
    made.set(Answer, key, state=AnswerState.FAILED, failure="recording_too_short", take=take)
    made.set(Invitation, made.id, state=InvitationState.SUBMITTED, submitted_at=now())
    page = guest_client.get(made.page).text
    assert "You need not do anything more" not in page
    assert "Something is missing" in page
    assert "This recording is too short" in page
    assert says in page
    assert f"/answers/{key}" in page


def test_before_all_is_sent_writing_is_the_way_out_when_no_takes_are_left(case, guest_client):
    made = case(mode="audio")
    (key,) = made.answers
    made.set(Question, made.read(Answer, key).question_id, own_max_takes=2)
    made.set(Answer, key, state=AnswerState.FAILED, failure="recording_too_short", take=3)
    assert 'href="#writing"' in guest_client.get(made.page).text


def test_an_application_that_arrived_whole_asks_for_nothing_more(case, guest_client):
    made = case()
    made.set(Answer, made.answers[0], state=AnswerState.QUEUED, submitted_at=now())
    made.set(Invitation, made.id, state=InvitationState.SUBMITTED, submitted_at=now())
    page = guest_client.get(made.page).text
    assert "You need not do anything more" in page
    assert "Something is missing" not in page
    assert 'href="/privacy/groups"' in page


def test_groups_are_not_asked_for_before_anything_is_sent(case, guest_client):
    assert "/privacy/groups" not in guest_client.get(case().page).text


@pytest.mark.parametrize("is_on", [True, False])
def test_emotions_are_asked_about_only_where_the_policy_allows_them(app, case, client, is_on):
    with app.app_context():
        policy.change(recruiter_emotions=is_on)
    page = client.get(case(candidate=None).link).text
    assert ("May it estimate which emotions" in page) is is_on
    assert ("No emotions are estimated" in page) is not is_on


def test_the_overview_of_applications_lists_them(case, guest_client, client):
    made = case()
    assert made.page in guest_client.get("/applications").text
    assert "There are none." in client.get("/applications").text
