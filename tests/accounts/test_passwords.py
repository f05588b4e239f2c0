"""Forgetting, setting and changing passwords."""

import pytest

from interview.accounts import services
from tests.accounts.conftest import EMAIL, PASSWORD

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = on_sqlite

NEW = "eleven-quiet-lighthouses"


def new_password(password=NEW):
    return {"password": password, "password_confirm": password}


def change(old, new):
    return {"password": old, "new_password": new, "new_password_confirm": new}


def test_a_forgotten_password_is_set_anew_by_a_link(client, make_user, mailbox, link, log_in):
    make_user(email=EMAIL)
    client.post("/reset", data={"email": EMAIL})
    path = link(mailbox[0])
    assert "Set a new password" in client.get(path).text
    assert client.post(path, data=new_password()).location == "/login"
    assert "do not belong" in log_in(client, password=PASSWORD).text
    assert log_in(client, password=NEW).location == "/"
    assert "set anew" in mailbox[1].body


def test_a_reset_link_works_once(client, make_user, mailbox, link):
    make_user(email=EMAIL)
    client.post("/reset", data={"email": EMAIL})
    client.post(link(mailbox[0]), data=new_password())
    again = client.get(link(mailbox[0]), follow_redirects=True)
    assert "not valid" in again.text


def test_setting_a_password_by_link_ends_every_session(
    app, client, make_user, login, mailbox, link
):
    browser = login(make_user(email=EMAIL))
    client.post("/reset", data={"email": EMAIL})
    client.post(link(mailbox[0]), data=new_password())
    assert browser.get("/change").status_code == 302


def test_a_weak_new_password_is_refused_with_the_reason(client, make_user, mailbox, link, log_in):
    make_user(email=EMAIL)
    client.post("/reset", data={"email": EMAIL})
    answer = client.post(link(mailbox[0]), data=new_password("password123"))
    assert "too easy to guess" in answer.text
    assert log_in(client).location == "/"


@pytest.mark.parametrize("path", ["/reset", "/confirm"])
def test_asking_for_a_link_looks_and_costs_the_same_for_known_and_unknown_addresses(
    app, make_user, mailbox, count_hashes, path
):
    make_user(email=EMAIL)
    answers, costs = [], []
    for email in (EMAIL, "bob@example.org"):
        browser = app.test_client()
        costs.append(
            count_hashes(
                lambda email=email, browser=browser: answers.append(
                    browser.post(path, data={"email": email})
                )
            )
        )
    known, unknown = (answer.text for answer in answers)
    assert known.replace(EMAIL, "") == unknown.replace("bob@example.org", "")
    assert costs[0] == costs[1] == 1
    assert "a message with a link is on its way" in known
    assert len(mailbox) == (path == "/reset")


def test_changing_the_password_ends_other_sessions_and_keeps_this_one(
    app, make_user, login, log_in, mailbox
):
    user = make_user(email=EMAIL)
    here, elsewhere = login(user), login(user)
    answer = here.post("/change", data=change(PASSWORD, NEW), follow_redirects=True)
    assert "logged out everywhere else" in answer.text
    assert here.get("/change").status_code == 200
    assert elsewhere.get("/change").status_code == 302
    assert log_in(app.test_client(), password=NEW).location == "/"
    assert "has been changed" in mailbox[0].body


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("not the password", NEW, "not your present password"),
        (PASSWORD, PASSWORD, "the password that you have now"),
        (PASSWORD, "12345678", "too easy to guess"),
        (PASSWORD, EMAIL, "too easy to guess"),
        ("", NEW, "Enter a password"),
    ],
)
def test_a_change_that_cannot_be_is_explained(app, make_user, login, old, new, complaint):
    browser = login(make_user(email=EMAIL))
    assert complaint in browser.post("/change", data=change(old, new)).text
    with app.app_context():
        (user,) = services.list_users()
        from flask_security import verify_password

        assert verify_password(PASSWORD, user.password)


def test_changing_a_password_takes_a_log_in(client):
    assert client.get("/change").location == "/login?next=/change"


def test_passwords_survive_another_secret_and_are_not_reversible(app, make_user, settings):
    from interview import create_app
    from interview.extensions import db

    make_user(email=EMAIL)
    other = create_app(settings.model_copy(update={"secret_key": "another secret " * 4}))
    other.config["WTF_CSRF_ENABLED"] = False
    form = {"email": EMAIL, "password": PASSWORD}
    assert other.test_client().post("/login", data=form).location == "/"
    with other.app_context():
        db.engine.dispose()


@pytest.mark.settings(environment="production", public_url="https://interview.example.org")
def test_outside_of_tests_a_hash_takes_7_mib_and_five_passes(app, make_user, client, register):
    register(client)
    with app.app_context():
        assert "$m=7168,t=5,p=1$" in services.list_users()[0].password
