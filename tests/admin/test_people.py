"""People in the admins' room: found, given roles, kept out; accounts by invitation."""

import re
import threading

import pytest

from interview.accounts import people, signup
from interview.accounts.models import User
from interview.errors import RefusedError
from interview.extensions import db

PASSWORD = "seven-green-bottles-hanging"


def roles(app, user) -> set[str]:
    with app.app_context():
        return {role.name for role in db.session.get_one(User, user.id).roles}


def test_the_list_shows_what_fits_the_filters(room, make_user):
    make_user(email="ada@example.org", roles=("candidate", "recruiter"))
    make_user(email="bob_1@example.org")
    for query, found in (
        ("text=ADA", {"ada"}),
        ("text=b_1", {"bob_1"}),
        ("text=b%25", set()),
        ("role=recruiter", {"ada"}),
        ("active=yes", {"ada", "bob_1"}),
        ("active=no", set()),
    ):
        page = room.get(f"/admin/people?{query}").text.partition("<main")[2]
        assert {name for name in ("ada", "bob_1") if f"{name}@example.org" in page} == found, query


def test_a_role_holds_from_the_next_request_on_and_is_gone_with_the_next(
    app, room, make_user, login, audited
):
    user = make_user()
    browser = login(user)
    assert browser.get("/admin").status_code == 404
    room.post(f"/admin/people/{user.id}/grant", data={"role": "admin"})
    assert browser.get("/admin").status_code == 200
    room.post(f"/admin/people/{user.id}/revoke", data={"role": "admin"})
    assert browser.get("/admin").status_code == 404
    assert audited() == ["role.granted", "role.revoked"]
    assert room.post(f"/admin/people/{user.id}/grant", data={"role": "king"}).status_code == 400


def test_the_last_admin_cannot_lose_the_role_nor_the_account(app, room, admin):
    for deed in ("revoke", "deactivate"):
        answer = room.post(f"/admin/people/{admin.id}/{deed}", data={"role": "admin"})
        assert answer.status_code == 409
        assert "last admin" in answer.text
    assert "admin" in roles(app, admin)


def test_an_admin_who_is_kept_out_does_not_count_as_another(app, room, admin, make_user):
    other = make_user(roles=("admin",))
    room.post(f"/admin/people/{other.id}/deactivate")
    answer = room.post(f"/admin/people/{admin.id}/revoke", data={"role": "admin"})
    assert answer.status_code == 409


def test_two_admins_who_take_each_other_s_role_at_once_do_not_both_lose_it(app, admin, make_user):
    other = make_user(roles=("admin",))
    results = []

    def take(user_id: int) -> None:
        with app.app_context():
            try:
                people.revoke(user_id, "admin")
                results.append("taken")
            except RefusedError:
                results.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=take, args=(user.id,)) for user in (admin, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["refused", "taken"]


def test_a_deactivated_account_is_logged_out_at_once_and_let_in_again(
    room, client, make_user, login
):
    user = make_user()
    browser = login(user)
    assert user.email in browser.get("/").text
    room.post(f"/admin/people/{user.id}/deactivate")
    assert user.email not in browser.get("/").text
    form = {"email": user.email, "password": PASSWORD}
    assert client.post("/login", data=form).status_code == 200
    room.post(f"/admin/people/{user.id}/activate")
    assert client.post("/login", data=form).status_code == 302


def register(client, email="new@example.org", path="/register"):
    form = {"email": email, "password": PASSWORD, "password_confirm": PASSWORD}
    return client.post(path, data=form)


def users(app) -> int:
    with app.app_context():
        return people.find()[1]


@pytest.mark.settings(signup="invitation")
def test_an_invitation_lets_one_person_make_an_account(app, room, client, audited):
    page = room.post("/admin/people/invitations").text
    link = re.search(r'value="https?://[^/]+(/register\?[^"]+)"', page)[1]
    assert link.partition("=")[2] not in room.get("/admin/people/invitations").text
    assert client.get(link).status_code == 200
    assert register(client).status_code == 302
    assert users(app) == 2
    stranger = app.test_client()
    assert stranger.get(link).status_code == 403
    assert register(stranger, "second@example.org").status_code == 403
    assert users(app) == 2
    assert audited() == ["signup_invitation.made", "account.created"]


@pytest.mark.settings(signup="invitation")
def test_who_is_refused_an_account_reads_that_an_organisation_s_link_is_no_invitation(client):
    refused = client.get("/register")
    assert refused.status_code == 403
    assert "A link that makes you a member of an organisation does not make" in refused.text


@pytest.mark.settings(signup="invitation")
def test_an_invitation_that_was_taken_back_opens_nothing(app, room, admin, client):
    with app.app_context():
        token = signup.invite(db.session.get_one(User, admin.id))
        number = signup.pending()[0].id
    client.get(f"/register?invitation={token}")
    room.post(f"/admin/people/invitations/{number}/revoke")
    assert register(client).status_code == 403
    assert users(app) == 1
    assert room.post(f"/admin/people/invitations/{number}/revoke").status_code == 404


@pytest.mark.settings(signup="invitation")
def test_a_link_that_two_use_at_once_makes_one_account(app, room, admin, client, monkeypatch):
    with app.app_context():
        token = signup.invite(db.session.get_one(User, admin.id))
    client.get(f"/register?invitation={token}")
    monkeypatch.setattr(signup, "use", lambda _token: False)  # the other was quicker
    assert register(client).status_code == 403
    assert users(app) == 1
