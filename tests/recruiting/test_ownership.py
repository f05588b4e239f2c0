"""Organisations whose members erase their accounts: none is left without an owner."""

from datetime import timedelta

import pytest

from interview.accounts import people
from interview.accounts.models import User
from interview.columns import now
from interview.extensions import db
from interview.privacy import services as privacy
from interview.privacy.models import AuditEntry
from interview.questions.models import Prompt
from interview.recruiting import applications, retention
from interview.recruiting.models import (
    ApplicationInterview,
    ApplicationState,
    Invitation,
    InvitationState,
    MemberRole,
    Membership,
    Organisation,
)
from tests.support.recruiting import make_application, make_invitation, make_organisation

ERASE = {"sure": "y", "password": "seven-green-bottles-hanging"}


def test_the_last_owner_is_told_to_hand_over_before_the_account_can_go(app, office):
    owner, place = office.owner, f"/recruiting/organisations/{office.id}"
    assert f'href="{place}#members-title"' in owner.get("/privacy").text
    refused = owner.post("/privacy/erase", data=ERASE)
    assert refused.status_code == 409
    assert "You are the only owner of Harbour Works." in refused.text
    assert owner.get(place).status_code == 200

    with app.app_context():
        other = db.session.query(Membership).filter_by(user_id=office.people["rater"].id).one().id
    owner.post(f"/recruiting/members/{other}/role", data={"role": "owner"})
    assert "only owner" not in owner.get("/privacy").text
    assert owner.post("/privacy/erase", data=ERASE).status_code == 302
    assert office.browsers["rater"].get(place).status_code == 200
    with app.app_context():
        assert db.session.get(User, office.people["owner"].id) is None


@pytest.mark.parametrize("role", ["member", "rater"])
def test_all_others_erase_their_accounts_at_once(office, role):
    browser = office.browsers[role]
    assert "only owner" not in browser.get("/privacy").text
    assert browser.post("/privacy/erase", data=ERASE).status_code == 302
    assert office.owner.get(f"/recruiting/organisations/{office.id}").status_code == 200


@pytest.fixture
def alone(app, make_user, make_candidate, make_prompt):
    """Somebody alone in an organisation with a draft and an open interview; its number."""
    user, candidate, prompt = make_user(), make_candidate(make_user()), make_prompt()
    with app.app_context():
        organisation = make_organisation(members={user: MemberRole.OWNER})
        organisation.memberships.append(Membership(email="a@b.org", role=MemberRole.RATER))
        make_application(organisation, [prompt], state=ApplicationState.DRAFT)
        later = now() + timedelta(days=90)
        application = make_application(organisation, [prompt], deadline=later, retention_days=30)
        make_invitation(application, candidate)
        make_invitation(application, sent_at=now())
        return user, organisation.id


def test_with_the_account_of_the_only_member_the_organisation_is_closed(app, alone):
    user, organisation_id = alone
    with app.app_context():
        privacy.erase_account(db.session.get_one(User, user.id))
    with app.app_context():
        assert db.session.get_one(Organisation, organisation_id).memberships == []
        (application,) = db.session.query(ApplicationInterview)
        assert application.state == ApplicationState.CLOSED
        states = {found.state: found.token_hash for found in application.invitations}
        assert states.keys() == {InvitationState.ACCEPTED, InvitationState.REVOKED}
        assert states[InvitationState.REVOKED] is None
        (entry,) = db.session.query(AuditEntry).filter_by(action="organisation.closed")
        assert (entry.actor_id, entry.organisation_id) == (None, organisation_id)


def test_an_owner_reads_what_ends_before_closing_the_organisation_for_everybody(
    app, office, make_candidate, make_prompt, letters, caplog
):
    place = f"/recruiting/organisations/{office.id}"
    prompt, candidate = make_prompt(), make_candidate()
    with app.app_context():
        organisation = db.session.get_one(Organisation, office.id)
        application = make_application(organisation, [prompt], retention_days=30)
        early = make_invitation(application, candidate, email="ann@example.org")
        agreed = early.kept_until - timedelta(days=20)
        early.consent.kept_until = agreed
        make_invitation(application, email="ben@example.org")
        db.session.commit()
    page = office.owner.get(f"{place}/close").text
    assert "2 other members lose access" in page
    assert "1 invitation that was not accepted ends" in page
    assert f"{now() + timedelta(days=30):%Y-%m-%d}" in page
    assert office.owner.post(f"{place}/close").status_code == 400
    assert office.browsers["member"].post(f"{place}/close", data={"sure": "y"}).status_code == 404
    assert office.owner.get(place).status_code == 200

    caplog.clear()
    assert office.owner.post(f"{place}/close", data={"sure": "y"}).status_code == 302
    assert [browser.get(place).status_code for browser in office.browsers.values()] == [404] * 3
    sent = {line.partition(" (")[0]: line for line in caplog.messages if "e-mail to" in line}
    told = {f"e-mail to {office.people[role].email}" for role in ("member", "rater")}
    assert sent.keys() == told | {"e-mail to ann@example.org", "e-mail to ben@example.org"}
    day = f"They are erased on {agreed:%B} {agreed.day}, {agreed.year}"
    assert day in " ".join(sent["e-mail to ann@example.org"].split())
    assert "The invitation has ended" in sent["e-mail to ben@example.org"]
    with app.app_context():
        (entry,) = db.session.query(AuditEntry).filter_by(action="organisation.closed")
        assert entry.actor_id == office.people["owner"].id
        states = {found.email: found.state for found in db.session.query(Invitation)}
        assert states["ben@example.org"] == InvitationState.REVOKED
        assert states["ann@example.org"] == InvitationState.ACCEPTED
        assert retention.erase_left() == 0, "its candidates were told another time"
        retention.erase_due(now() + timedelta(days=31))
        assert retention.erase_left() == 1


def test_an_owner_gives_the_organisation_another_name_and_the_audit_log_has_it(app, office):
    place = f"/recruiting/organisations/{office.id}"
    assert office.owner.post(f"{place}/name", data={"name": " "}).status_code == 400
    renamed = office.owner.post(f"{place}/name", data={"name": "Quay Works"})
    assert renamed.status_code == 302
    assert "Quay Works" in office.owner.get(place).text
    assert office.browsers["rater"].post(f"{place}/name", data={"name": "X"}).status_code == 404
    with app.app_context():
        (entry,) = db.session.query(AuditEntry).filter_by(organisation_id=office.id)
        assert entry.action == "organisation.renamed"


def test_what_candidates_gave_to_a_closed_organisation_goes_when_they_were_told(app, alone):
    user, _organisation_id = alone
    with app.app_context():
        privacy.erase_account(db.session.get_one(User, user.id))
        assert retention.erase_due(now() + timedelta(days=29)) == 0
        retention.erase_due(now() + timedelta(days=31))
        assert db.session.query(Invitation).count() == 0


def test_a_closed_organisation_goes_with_the_last_of_its_candidates(app, alone):
    user, organisation_id = alone
    with app.app_context():
        (draft,) = db.session.query(ApplicationInterview).filter_by(state=ApplicationState.DRAFT)
        recruiter = db.session.get_one(User, user.id)
        applications.add_own_prompt(recruiter, draft.id, "Why this harbour?", "motivation", "en")
        assert retention.erase_left() == 0, "somebody is in it"
        privacy.erase_account(db.session.get_one(User, user.id))
        assert retention.erase_left() == 0, "its candidates were told another time"
        retention.erase_due(now() + timedelta(days=31))
        assert retention.erase_left() == 1
        for kind in (Organisation, ApplicationInterview):
            assert db.session.query(kind).count() == 0
        own = db.session.query(Prompt).filter(Prompt.organisation_id.is_not(None))
        assert own.count() == 0
        assert db.session.query(Prompt).count() == 1, "the bank's stays"
        (entry,) = db.session.query(AuditEntry).filter_by(action="organisation.expired")
        assert (entry.object_id, entry.actor_kind) == (str(organisation_id), "system")


def test_members_who_may_not_recruit_any_more_keep_no_owner_back(app, office):
    with app.app_context():
        for role in ("member", "rater"):
            people.revoke(office.people[role].id, "recruiter")
        privacy.erase_account(db.session.get_one(User, office.people["owner"].id))
        assert db.session.query(AuditEntry).filter_by(action="organisation.closed").count() == 1
