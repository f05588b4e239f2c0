"""The candidate's side: links, consent that changes, and the pages of an application."""

import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from interview.admin import policy
from interview.columns import now
from interview.extensions import db
from interview.jobs import leases
from interview.peers.models import PeerBin, PeerTerm
from interview.practice import services
from interview.practice.models import Answer, AnswerState, Question, Report
from interview.recruiting import applying
from interview.recruiting.models import (
    ApplicationState,
    Consent,
    Invitation,
    InvitationState,
)
from tests.support.recruiting import (
    ALL_CHOICES,
    count,
)
from tests.support.texts import COMPLETE_ANSWER

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
