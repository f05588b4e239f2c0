"""Invitations as recruiters keep them, and an organisation's own questions."""

import threading
from contextlib import suppress

import pytest
import sqlalchemy as sa

from interview.accounts.models import Candidate, User
from interview.columns import now
from interview.extensions import db
from interview.questions import services as questions
from interview.questions.models import Prompt
from interview.recruiting import applying, invitations, links
from interview.recruiting.models import (
    ApplicationInterview,
    ApplicationState,
    Invitation,
    InvitationState,
    Organisation,
)
from tests.support.at_once import at_once
from tests.support.recruiting import DETAILS, make_application, make_invitation


def start(app, office, prompts, **values):
    with app.app_context():
        organisation = db.session.get_one(Organisation, office.id)
        return f"/recruiting/applications/{make_application(organisation, prompts, **values).id}"


def invite(app, office, place):
    office.owner.post(f"{place}/invitations", data={"emails": "ann@example.org"})
    with app.app_context():
        key = db.session.scalar(sa.select(Invitation.id))
    return f"/recruiting/invitations/{key}"


def test_a_new_link_ends_the_old_one_and_a_revoked_one_opens_nothing(
    app, office, client, letters, make_prompt
):
    invitation = invite(app, office, start(app, office, [make_prompt()]))
    assert office.owner.post(f"{invitation}/resend").status_code == 200
    first, second = letters()
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    assert office.owner.post(f"{invitation}/revoke").status_code == 302
    assert client.get(second).status_code == 404


def test_of_two_who_invite_an_address_at_once_one_does(app, office, make_prompt, monkeypatch):
    place = start(app, office, [make_prompt()])
    number, make = int(place.rpartition("/")[2]), links.make
    both = threading.Barrier(2)

    def make_when_both_are_here():
        with suppress(threading.BrokenBarrierError):
            both.wait(1)
        return make()

    monkeypatch.setattr(links, "make", make_when_both_are_here)

    def invite_ann():
        owner = db.session.get_one(User, office.people["owner"].id)
        invitations.invite(owner, number, ["ann@example.org"])

    assert at_once(app, invite_ann, invite_ann) == [None, None]
    with app.app_context():
        assert [row.email for row in db.session.query(Invitation)] == ["ann@example.org"]


def test_what_is_accepted_at_the_moment_of_revoking_is_one_or_the_other(
    app, office, make_candidate, make_prompt, monkeypatch
):
    start(app, office, [make_prompt()])
    candidate, accepted = make_candidate(), threading.Event()
    with app.app_context():
        made = make_invitation(db.session.query(ApplicationInterview).one())
        key, token = made.id, made.token

    def now_that_somebody_accepts():
        accepted.wait(1)
        return now()

    def revoke():
        invitations.revoke(db.session.get_one(User, office.people["owner"].id), key)

    def accept():
        applying.accept(db.session.get_one(Candidate, candidate.id), token, "text", {})
        accepted.set()

    monkeypatch.setattr(invitations, "now", now_that_somebody_accepts)
    refused = at_once(app, revoke, accept)
    assert refused.count(None) == 1
    with app.app_context():
        found = db.session.get_one(Invitation, key)
        begun = found.interview_id is not None
        assert found.state == (InvitationState.ACCEPTED if begun else InvitationState.REVOKED)
        assert begun == (refused[1] is None)


def test_who_withdrew_is_not_invited_again_and_the_recruiter_reads_why(
    app, office, letters, make_prompt
):
    place = start(app, office, [make_prompt()])
    invite(app, office, place)
    with app.app_context():
        db.session.query(Invitation).one().state = InvitationState.WITHDRAWN
        db.session.commit()
    again = office.owner.post(f"{place}/invitations", data={"emails": "ann@example.org"})
    assert again.status_code == 409
    assert "are not asked again here: ann@example.org" in again.text
    emails = {"emails": "ann@example.org ben@example.org"}
    others = office.owner.post(f"{place}/invitations", data=emails)
    assert others.status_code == 200
    assert "are not asked again here: ann@example.org" in others.text
    assert len(letters()) == 2


def test_nobody_is_invited_twice_and_wrong_addresses_are_named(app, office, letters, make_prompt):
    place = start(app, office, [make_prompt()])
    invite(app, office, place)
    again = office.owner.post(f"{place}/invitations", data={"emails": "ANN@example.org"})
    assert again.status_code == 409
    wrong = office.owner.post(f"{place}/invitations", data={"emails": "ben@example.org\nnobody"})
    assert wrong.status_code == 400
    assert "These are no e-mail addresses: nobody" in wrong.text
    assert len(letters()) == 1


def test_what_is_open_stays_as_it_is(app, office, make_prompt):
    place = start(app, office, [make_prompt()])
    data = {"text": "Why cranes?", "competency": "motivation"}
    assert office.owner.post(f"{place}/own-prompts", data=data).status_code == 409
    assert office.owner.post(f"{place}/prompts/1/remove").status_code == 409


def test_an_own_question_is_no_part_of_the_bank(app, office):
    place = start(app, office, [], state=ApplicationState.DRAFT)
    data = {"text": "Why cranes?", "competency": "motivation"}
    assert office.owner.post(f"{place}/own-prompts", data=data).status_code == 302
    assert "Why cranes?" in office.owner.get(place).text
    with app.app_context():
        assert db.session.scalars(sa.select(Prompt)).one().organisation_id == office.id
        assert questions.choose("text", None, 5, None, "en") == []
        assert questions.contents() == []


@pytest.mark.settings(languages="en,de")
def test_an_own_question_is_in_the_language_that_its_author_reads_the_pages_in(app, office):
    place = start(app, office, [], state=ApplicationState.DRAFT)
    data = {"text": "Warum Kräne?", "competency": "motivation"}
    office.owner.post(f"{place}/own-prompts", data=data, headers={"Accept-Language": "de"})
    with app.app_context():
        prompt = db.session.query(Prompt).one()
        assert (prompt.language, prompt.current.language) == ("de", "de")


def test_an_own_question_goes_with_its_place_in_a_draft_or_with_the_draft(app, office, make_prompt):
    place = start(app, office, [make_prompt(key="bank")], state=ApplicationState.DRAFT)
    for text in ("Why cranes?", "Why here?"):
        office.owner.post(f"{place}/own-prompts", data={"text": text, "competency": "motivation"})

    def left() -> list[str]:
        with app.app_context():
            return [prompt.current.text for prompt in db.session.query(Prompt).order_by(Prompt.id)]

    assert left()[1:] == ["Why cranes?", "Why here?"]
    assert office.owner.post(f"{place}/prompts/3/raise").status_code == 302
    assert office.owner.post(f"{place}/prompts/3/remove").status_code == 302
    assert left()[1:] == ["Why here?"]
    assert office.owner.post(f"{place}/erase").status_code == 302
    assert len(left()) == 1, "the bank's stays"


def test_a_way_of_answering_that_a_chosen_question_is_not_meant_for_is_refused(
    app, office, make_prompt
):
    written = make_prompt("Write about a crane.", modes=("text",))
    place = start(app, office, [written], modes=["text"], state=ApplicationState.DRAFT)
    office.owner.post(f"{place}/own-prompts", data={"text": "Why?", "competency": "motivation"})
    refused = office.owner.post(f"{place}/edit", data=DETAILS | {"title": "New", "video": "y"})
    assert refused.status_code == 409
    assert "“Write about a crane.”" in refused.text
    assert "“Why?”" not in refused.text
    assert 'value="New"' in refused.text, "what was typed is still there"
    with app.app_context():
        application = db.session.query(ApplicationInterview).one()
        assert (application.title, application.modes) == ("Crane operator", ["text"])
        application.modes = ["text", "video"]
        db.session.commit()
    assert office.owner.post(f"{place}/open").status_code == 409
    assert office.owner.post(f"{place}/edit", data=DETAILS).status_code == 302
    assert office.owner.post(f"{place}/open").status_code == 302


def test_a_draft_without_questions_is_not_opened(app, office):
    place = start(app, office, [], state=ApplicationState.DRAFT)
    answer = office.owner.post(f"{place}/open")
    assert answer.status_code == 409
    assert "Add at least one question first." in answer.text
