"""Organisations and their members: who gets in, who gets out, and when that holds."""

import pytest

from interview.accounts import people
from interview.extensions import db
from interview.recruiting.models import MemberRole, Membership, Organisation
from tests.support.recruiting import make_application


def place(office):
    return f"/recruiting/organisations/{office.id}"


def member_id(app, office, role):
    query = db.select(Membership.id).where(Membership.user_id == office.people[role].id)
    with app.app_context():
        return db.session.scalar(query)


def test_a_role_taken_away_ends_with_the_next_request(app, office, make_prompt):
    prompt = make_prompt()
    with app.app_context():
        organisation = db.session.get_one(Organisation, office.id)
        address = f"/recruiting/applications/{make_application(organisation, [prompt]).id}"
    member, key = office.browsers["member"], member_id(app, office, "member")
    assert member.get(address).status_code == 200
    office.owner.post(f"/recruiting/members/{key}/role", data={"role": "rater"})
    assert member.get(address).status_code == 404
    assert member.get(place(office)).status_code == 200
    office.owner.post(f"/recruiting/members/{key}/remove")
    assert member.get(place(office)).status_code == 404


@pytest.mark.parametrize("role", ["owner", "member", "rater"])
def test_who_is_no_recruiter_any_more_sees_no_organisation_until_an_admin_says_so(
    app, office, role
):
    browser, user = office.browsers[role], office.people[role]
    addresses = ("/recruiting", place(office), "/recruiting/shared")
    new = {"name": "Another"}
    for change, status in ((people.revoke, 404), (people.grant, 200)):
        with app.app_context():
            change(user.id, "recruiter")
        assert [browser.get(address).status_code for address in addresses] == [status] * 3
        made = browser.post("/recruiting/organisations", data=new).status_code
        assert made == (404 if status == 404 else 302)


def test_whoever_joins_becomes_a_recruiter_but_no_link_gives_a_lost_role_back(
    app, office, make_user, login, letters
):
    user, data = make_user(), {"email": "new@example.org", "role": "rater"}
    browser = login(user)
    office.owner.post(f"{place(office)}/members", data=data)
    assert browser.post(letters()[-1]).status_code == 302
    assert browser.get(place(office)).status_code == 200
    with app.app_context():
        people.revoke(user.id, "recruiter")
    made = office.owner.post("/recruiting/organisations", data={"name": "Elsewhere"})
    office.owner.post(f"{made.location}/members", data=data)
    refused = browser.post(letters()[-1])
    assert refused.status_code == 409
    assert "Ask an admin" in refused.text
    assert browser.get(place(office)).status_code == 404


def test_an_owner_who_may_not_recruit_does_not_count_as_one(app, office):
    other, key = member_id(app, office, "member"), member_id(app, office, "owner")
    office.owner.post(f"/recruiting/members/{other}/role", data={"role": "owner"})
    with app.app_context():
        people.revoke(office.people["member"].id, "recruiter")
    assert office.owner.post(f"/recruiting/members/{key}/remove").status_code == 409
    assert "Without access" in office.owner.get(place(office)).text


def test_a_member_joins_by_the_link_that_only_its_reader_has(
    app, office, make_user, login, letters
):
    data = {"email": "New@Example.org", "role": "rater"}
    page = office.owner.post(f"{place(office)}/members", data=data)
    (link,) = letters()
    assert link in page.text
    browser = login(make_user(email="elsewhere@example.org"))
    assert browser.get(place(office)).status_code == 404
    assert "Harbour Works" in browser.get(link).text
    assert browser.post(link).status_code == 302
    assert browser.get(place(office)).status_code == 200
    assert browser.get(link).status_code == 404
    assert "elsewhere@example.org" in office.owner.get(place(office)).text


def test_the_link_of_a_member_asks_a_visitor_to_log_in(office, client, letters):
    office.owner.post(f"{place(office)}/members", data={"email": "a@b.org", "role": "rater"})
    answer = client.get(letters()[0])
    assert answer.status_code == 302
    assert answer.location.startswith("/login?next=")


def test_inviting_again_ends_the_first_link(office, make_user, login, letters):
    for _time in range(2):
        office.owner.post(f"{place(office)}/members", data={"email": "a@b.org", "role": "member"})
    first, second = letters()
    browser = login(make_user())
    assert browser.get(first).status_code == 404
    assert browser.get(second).status_code == 200


@pytest.mark.parametrize("what", ["role", "remove"])
def test_an_organisation_keeps_an_owner(app, office, what):
    key = member_id(app, office, "owner")
    answer = office.owner.post(f"/recruiting/members/{key}/{what}", data={"role": "member"})
    assert answer.status_code == 409
    assert "needs an owner" in answer.text
    assert office.owner.get(place(office)).status_code == 200


def test_members_leave_by_themselves_but_remove_nobody_else(app, office):
    member, key = office.browsers["member"], member_id(app, office, "member")
    other = member_id(app, office, "rater")
    assert member.post(f"/recruiting/members/{other}/remove").status_code == 404
    assert member.post(f"/recruiting/members/{key}/remove").status_code == 302
    assert member.get(place(office)).status_code == 404


def test_recruiting_is_in_the_navigation_of_those_who_recruit_only(
    office, client, make_user, login
):
    for browser in office.browsers.values():
        assert 'href="/recruiting"' in browser.get("/").text
    for browser in (client, login(make_user())):
        assert 'href="/recruiting"' not in browser.get("/").text


def test_what_members_do_is_in_the_audit_log(app, office):
    from interview.privacy.models import AuditEntry

    office.owner.post(f"{place(office)}/members", data={"email": "a@b.org", "role": "rater"})
    with app.app_context():
        (entry,) = db.session.scalars(db.select(AuditEntry)).all()
        assert (entry.action, entry.organisation_id) == ("member.invited", office.id)
        assert entry.details == {"role": MemberRole.RATER.value}
