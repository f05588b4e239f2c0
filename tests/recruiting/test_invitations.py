"""Invitations as recruiters keep them, and an organisation's own questions."""

import sqlalchemy as sa

from interview.extensions import db
from interview.questions import services as questions
from interview.questions.models import Prompt
from interview.recruiting.models import ApplicationState, Invitation, Organisation
from tests.support.recruiting import make_application


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


def test_a_draft_without_questions_is_not_opened(app, office):
    place = start(app, office, [], state=ApplicationState.DRAFT)
    answer = office.owner.post(f"{place}/open")
    assert answer.status_code == 409
    assert "Add at least one question first." in answer.text
