"""Organisations in the admins' room: which there are, who is in them, owners appointed."""

import pytest

from interview.accounts.models import User
from interview.extensions import db
from interview.recruiting.models import MemberRole, Membership
from tests.support.recruiting import make_application, make_invitation, make_organisation


def members(app) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.query(Membership).order_by(Membership.id)
        return [(row.email, row.role) for row in rows]


def test_the_list_counts_members_interviews_and_candidates(app, room, make_user, make_prompt):
    user, prompt = make_user(), make_prompt()
    with app.app_context():
        organisation = make_organisation(members={user: MemberRole.OWNER})
        make_invitation(make_application(organisation, [prompt]))
        make_organisation("Empty & Co")
    page = room.get("/admin/organisations").text
    rows = [row.split("<td")[2:] for row in page.split("<tbody>")[1].split("<tr>")[1:]]
    counts = [[cell.partition(">")[2].partition("<")[0] for cell in row] for row in rows]
    assert counts == [["0", "0", "0"], ["1", "1", "1"]]
    assert "Empty &amp; Co" in page


def test_an_organisation_is_made_for_an_account_which_becomes_a_recruiter(
    app, room, make_user, audited
):
    owner = make_user(email="ada@example.org")
    made = room.post("/admin/organisations", data={"name": "Harbour", "email": "ADA@example.org"})
    assert made.status_code == 302, made.text
    assert "ada@example.org" in room.get(made.location).text
    assert members(app) == [("ada@example.org", "owner")]
    with app.app_context():
        assert db.session.get_one(User, owner.id).has_role("recruiter")
    assert audited() == ["role.granted", "organisation.created"]


@pytest.mark.parametrize("form", [{"name": "Harbour", "email": "x@example.org"}, {"name": ""}])
def test_without_a_name_or_an_account_nothing_is_made(app, room, form):
    assert room.post("/admin/organisations", data=form).status_code == 400
    assert "There is none yet" in room.get("/admin/organisations").text


def test_an_owner_is_appointed_whether_or_not_they_were_a_member(app, room, make_user, audited):
    rater, invited, stranger = (
        make_user(email=f"{name}@example.org") for name in ("rater", "invited", "stranger")
    )
    with app.app_context():
        organisation = make_organisation(members={rater: MemberRole.RATER})
        organisation.memberships.append(Membership(email=invited.email, role=MemberRole.MEMBER))
        db.session.commit()
        address = f"/admin/organisations/{organisation.id}"
    for user in (rater, invited, stranger):
        assert room.post(address, data={"email": user.email}).status_code == 302
    assert members(app) == [
        (f"{name}@example.org", "owner") for name in ("rater", "invited", "stranger")
    ]
    assert audited() == ["member.appointed", *["role.granted", "member.appointed"] * 2]
    assert room.post(address, data={"email": "nobody@example.org"}).status_code == 400
    assert room.get("/admin/organisations/999").status_code == 404


def test_an_admin_does_not_appoint_themselves_but_is_pointed_to_the_glass(
    app, room, admin, make_user, audited
):
    with app.app_context():
        organisation = make_organisation(members={make_user(): MemberRole.OWNER})
        organisation.memberships.append(Membership(email=admin.email, role=MemberRole.RATER))
        db.session.commit()
        number = organisation.id
    refused = room.post(f"/admin/organisations/{number}", data={"email": "ADMIN@example.org"})
    assert refused.status_code == 409
    assert "break the glass" in refused.text
    assert members(app)[1:] == [("admin@example.org", "rater")]
    assert room.get(f"/recruiting/organisations/{number}").status_code == 404
    assert audited() == []


def test_the_owners_there_are_hear_of_an_appointment(app, room, make_user, messages):
    people = {make_user(email=f"{role}@example.org"): role for role in MemberRole}
    with app.app_context():
        address = f"/admin/organisations/{make_organisation(members=people).id}"
    new = make_user(email="new@example.org", roles=("candidate", "admin"))
    room.post(address, data={"email": new.email})
    (letter,) = messages()
    assert letter.startswith("e-mail to owner@example.org ")
    assert "made new@example.org an owner of Harbour Works" in letter


def test_where_there_is_no_owner_the_other_members_hear_of_an_appointment(
    app, room, make_user, messages
):
    people = {make_user(email=f"{n}@example.org"): MemberRole.RATER for n in ("ann", "ben")}
    with app.app_context():
        address = f"/admin/organisations/{make_organisation(members=people).id}"
    room.post(address, data={"email": "ann@example.org"})
    (letter,) = messages()
    assert letter.startswith("e-mail to ben@example.org ")


def test_an_organisation_that_nobody_is_left_in_opens_to_nobody_again(app, room, make_user):
    user = make_user()
    with app.app_context():
        address = f"/admin/organisations/{make_organisation().id}"
    assert room.post(address, data={"email": user.email}).status_code == 409
    assert members(app) == []


def test_a_signed_in_owner_s_page_names_their_organisations(app, room, make_user):
    user = make_user()
    with app.app_context():
        make_organisation("Harbour Works", {user: MemberRole.OWNER})
    assert "Harbour Works" in room.get(f"/admin/people/{user.id}").text
