"""Making an account."""

import re
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from interview.accounts import services
from interview.accounts.models import Candidate, User
from interview.columns import now
from interview.extensions import db
from tests.accounts.conftest import EMAIL, PASSWORD

with_mail_server = pytest.mark.settings(mail_server="mail.example.org")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def users(app):
    with app.app_context():
        return services.list_users()


def test_a_newcomer_can_register_and_log_in(app, client, register, log_in):
    answer = register(client)
    assert answer.status_code == 302
    assert answer.location == "/login"
    assert "your account is ready" in client.get("/login").text
    assert log_in(client).location == "/"
    assert EMAIL in client.get("/").text


def test_a_new_account_is_a_candidates_and_confirmed_when_there_is_no_mail_server(
    app, client, register
):
    register(client)
    (user,) = users(app)
    assert [role.name for role in user.roles] == ["candidate"]
    assert user.confirmed_at is not None
    assert user.password.startswith("$argon2id$")


@with_mail_server
def test_with_a_mail_server_the_address_must_be_confirmed_before_logging_in(
    app, client, mailbox, link, register, log_in, wait_for
):
    register(client)
    assert "mailbox" in client.get("/login").text
    assert "do not belong together" in log_in(client).text
    wait_for(lambda: mailbox)
    confirmed = client.get(link(mailbox[0]), follow_redirects=True)
    assert "Your address is confirmed" in confirmed.text
    assert log_in(client).location == "/"


@with_mail_server
def test_a_confirmation_link_works_once_and_only_unchanged(
    client, mailbox, link, register, wait_for
):
    register(client)
    wait_for(lambda: mailbox)
    path = link(mailbox[0])
    assert "not valid" in client.get(path + "x", follow_redirects=True).text
    assert "is confirmed:" in client.get(path, follow_redirects=True).text
    assert "confirmed already" in client.get(path, follow_redirects=True).text


@with_mail_server
def test_the_confirmation_link_can_be_sent_again(client, mailbox, link, register, wait_for):
    register(client)
    wait_for(lambda: len(mailbox) == 1)
    client.post("/confirm", data={"email": EMAIL})
    wait_for(lambda: len(mailbox) == 2)
    assert "is confirmed:" in client.get(link(mailbox[1]), follow_redirects=True).text


@pytest.mark.parametrize("mail_server", ["", "mail.example.org"])
def test_registering_a_known_address_looks_exactly_like_a_new_one(
    request, make_user, register, mail_server
):
    request.applymarker(pytest.mark.settings(mail_server=mail_server))
    app = request.getfixturevalue("app")
    make_user(email=EMAIL)
    request.getfixturevalue("mailbox")
    known, new = app.test_client(), app.test_client()
    answers = [register(known), register(new, email="new@example.org")]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].location == answers[1].location
    assert answers[0].data == answers[1].data
    assert headers(answers[0]) == headers(answers[1])
    pages = [neutral(browser.get("/login").text) for browser in (known, new)]
    assert pages[0] == pages[1]
    assert "Thank you" in pages[0]


def headers(answer):
    changing = {"Date", "X-Request-ID", "Set-Cookie"}
    return {name: value for name, value in answer.headers if name not in changing}


def neutral(page):
    """Return a page without its CSRF tokens."""
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]*', r"\1", page)


def test_registering_a_known_address_changes_nothing_and_tells_its_owner(
    app, client, make_user, mailbox, register, log_in
):
    make_user(email=EMAIL)
    register(client, password="another-long-password-here")
    assert "do not belong" in log_in(client, password="another-long-password-here").text
    assert log_in(client, password=PASSWORD).location == "/"
    assert "has an account already" in mailbox[0].body
    assert mailbox[0].to == [EMAIL]


@on_sqlite
@with_mail_server
def test_who_registers_an_address_that_a_stranger_registered_never_confirms_their_password(
    app, client, mailbox, link, register, log_in, wait_for
):
    strangers, mine = "another-long-password-here", "nine-quiet-lanterns-in-fog"
    register(app.test_client(), password=strangers)
    wait_for(lambda: len(mailbox) == 1)
    register(client, password=mine)
    wait_for(lambda: len(mailbox) == 2)
    letter = mailbox[1]
    assert "may be somebody else's" in letter.body
    assert "/confirm/" not in letter.body
    form = {"password": mine, "password_confirm": mine}
    assert client.post(link(letter), data=form).location == "/login"
    assert "do not belong" in log_in(client, password=strangers).text
    assert log_in(client, password=mine).location == "/"


def test_the_guests_workspace_does_not_tell_either_whether_an_address_was_known(
    app, guest_client, make_answer, guest, make_user, register
):
    answer = make_answer(guest)
    make_user(email=EMAIL)
    register(guest_client)
    assert guest_client.get(f"/answers/{answer.id}?format=json").status_code == 200
    register(guest_client, email="new@example.org")
    assert guest_client.get(f"/answers/{answer.id}?format=json").status_code == 200


@on_sqlite
@with_mail_server
@pytest.mark.settings(guest_hours=1)
@pytest.mark.parametrize("known", [True, False], ids=["known", "new"])
def test_a_guests_work_waits_three_days_for_whoever_registered(
    app, guest, guest_client, make_answer, make_user, mailbox, register, known
):
    answer = make_answer(guest)
    if known:
        make_user(email=EMAIL)
    assert register(guest_client).status_code == 302
    assert guest_client.get_cookie("workspace").max_age > 2.9 * 24 * 3600
    assert guest_client.get(f"/answers/{answer.id}?format=json").status_code == 200
    assert time_left(app, guest) > timedelta(days=2.9)


@on_sqlite
def test_a_registration_that_is_refused_does_not_keep_a_guests_work(
    app, guest, guest_client, register
):
    assert register(guest_client, password="short").status_code == 200
    assert time_left(app, guest) < timedelta(days=1.1)


def time_left(app, guest):
    with app.app_context():
        return db.session.get(Candidate, guest.id).expires_at - now()


def test_known_and_new_addresses_cost_the_same_number_of_hashes(
    app, make_user, register, count_hashes
):
    make_user(email=EMAIL)
    assert count_hashes(lambda: register(app.test_client())) == 1
    assert count_hashes(lambda: register(app.test_client(), email="new@example.org")) == 1


@on_sqlite
@pytest.mark.parametrize(
    ("email", "password", "complaint"),
    [
        ("ada@example.org", "short", "at least 8 characters"),
        ("ada@example.org", "password123", "too easy to guess"),
        ("ada@example.org", "Password1!", "too easy to guess"),
        ("ada@example.org", "qwertyuiop", "too easy to guess"),
        ("ada@example.org", "12345678", "too easy to guess"),
        ("ada@example.org", "aaaaaaaaaaaa", "too easy to guess"),
        ("ada.byron.lovelace@example.org", "ada.byron.lovelace", "too easy to guess"),
        ("ada@example.org", "x" * 129, "at most 128 characters"),
        ("ada@example.org", "line one\nline two\n", "can be typed"),
        ("ada at example.org", PASSWORD, "not an e-mail address"),
        ("", PASSWORD, "Enter your e-mail address"),
        ("ada@example.org", "", "Enter a password"),
    ],
)
@pytest.mark.parametrize("known", [True, False], ids=["known", "new"])
def test_what_cannot_be_an_account_is_explained_alike_for_known_and_new_addresses(
    app, client, make_user, register, email, password, complaint, known
):
    if known and "@" in email:
        make_user(email=email)
    answer = register(client, email=email, password=password)
    assert answer.status_code == 200
    assert complaint in answer.text
    assert "already" not in answer.text.replace("I have an account already", "")
    assert len(users(app)) == int(known and "@" in email)


def test_a_long_passphrase_is_fine(app, client, register, log_in):
    phrase = "the quick brown heron forgets seven umbrellas on a slow night train to the north"
    assert register(client, password=phrase).status_code == 302
    assert log_in(client, password=phrase).location == "/"


def test_passwords_that_differ_are_refused(client, register):
    assert "not the same" in register(client, password_confirm="something else").text


def test_an_address_is_one_address_however_it_is_capitalised(app, client, register, log_in):
    register(client, email="Ada@Example.ORG")
    register(client, email="ADA@example.org")
    assert [user.email for user in users(app)] == ["ada@example.org"]
    assert log_in(client, email="aDa@example.org").location == "/"


def test_two_requests_at_once_for_one_address_make_one_account(app, register):
    answers = []

    def send():
        answers.append(register(app.test_client()))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(answer.status_code, answer.location) for answer in answers] == [(302, "/login")] * 4
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 1


def test_somebody_who_is_logged_in_is_sent_on(login, make_user):
    assert login(make_user()).get("/register").location == "/"
