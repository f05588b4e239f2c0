"""Logging in and out, and what a session is worth."""

import pytest

from interview.accounts.models import Candidate, User
from interview.extensions import db, limiter
from tests.accounts.conftest import EMAIL, PASSWORD

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = on_sqlite


def logged_in(client):
    return client.get("/change").status_code == 200


def test_a_wrong_password_and_an_unknown_address_look_the_same(app, make_user, log_in):
    make_user(email=EMAIL)
    wrong = log_in(app.test_client(), password="not the password of ada")
    unknown = log_in(app.test_client(), email="bob@example.org")
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.text.replace(EMAIL, "") == unknown.text.replace("bob@example.org", "")
    assert "do not belong together" in wrong.text


def test_a_wrong_password_and_an_unknown_address_cost_one_hash_each(
    app, make_user, log_in, count_hashes
):
    make_user(email=EMAIL)
    for email in (EMAIL, "bob@example.org"):
        wrong = count_hashes(lambda email=email: log_in(app.test_client(), email, "wrong one"))
        assert wrong == 1


def test_an_account_that_is_not_active_cannot_log_in(app, client, make_user, log_in):
    user = make_user(email=EMAIL)
    with app.app_context():
        db.session.get(User, user.id).active = False
        db.session.commit()
    assert "do not belong together" in log_in(client).text


def test_logging_in_starts_a_new_session(app, client, make_user, log_in):
    make_user(email=EMAIL)
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        session["csrf_token"] = "known to somebody else"
    log_in(client)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != "known to somebody else"
        assert "_user_id" in session


def test_logging_out_ends_the_session_and_takes_a_post(client, make_user, log_in):
    make_user(email=EMAIL)
    log_in(client, remember="y")
    assert client.get("/logout").status_code == 405
    assert logged_in(client)
    assert client.post("/logout").location == "/"
    assert not logged_in(client)
    assert client.get_cookie("remember_token") is None


def test_logging_out_takes_a_csrf_token(client, csrf, make_user, login):
    browser = login(make_user())
    assert browser.post("/logout").status_code == 400
    assert logged_in(browser)


@pytest.mark.parametrize("path", ["/login", "/register", "/reset", "/change", "/confirm"])
def test_every_form_takes_a_csrf_token(client, csrf, path):
    answer = client.post(path, data={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 400
    assert "open too long" in answer.text


def test_staying_logged_in_survives_the_browsers_end(client, make_user, log_in):
    make_user(email=EMAIL)
    log_in(client, remember="y")
    cookie = client.get_cookie("remember_token")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    client.delete_cookie("session")
    assert logged_in(client)


@pytest.mark.settings(public_url="https://interview.example.org")
def test_over_tls_every_cookie_is_for_tls_only(client, make_user, log_in):
    make_user(email=EMAIL)
    log_in(client, remember="y")
    assert client.get_cookie("session").secure
    assert client.get_cookie("remember_token").secure


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example.org/",
        "//evil.example.org/",
        "///evil.example.org/",
        "/\\evil.example.org/",
        "https:evil.example.org",
        "javascript:alert(1)",
    ],
)
def test_logging_in_never_leads_to_another_site(client, make_user, log_in, target):
    make_user(email=EMAIL)
    for answer in (
        client.post("/login", query_string={"next": target}, data=login_form()),
        client.post("/login", data=login_form(next=target)),
    ):
        location = answer.headers.get("Location", "/")
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))
        client.post("/logout")


def login_form(**more):
    return {"email": EMAIL, "password": PASSWORD} | more


def test_after_logging_in_one_is_where_one_wanted_to_go(client, make_user):
    make_user(email=EMAIL)
    wanted = client.get("/change")
    assert wanted.location == "/login?next=/change"
    page = client.get(wanted.location).text
    assert 'name="next"' in page
    assert client.post("/login", data=login_form(next="/change")).location == "/change"


def test_an_authentication_token_opens_nothing(app, client, make_user):
    user = make_user()
    with app.app_context():
        token = db.session.get(User, user.id).get_auth_token()
    assert client.get("/change", headers={"Authentication-Token": token}).status_code == 302
    assert client.get("/change", query_string={"auth_token": token}).status_code == 302


def test_accounts_take_forms_only(client, make_user):
    make_user(email=EMAIL)
    answer = client.post("/login", json=login_form())
    assert answer.status_code == 415
    assert not logged_in(client)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/login", {"email": EMAIL, "password": "wrong"}),
        ("/register", {"email": EMAIL, "password": "short", "password_confirm": "short"}),
        ("/reset", {"email": EMAIL}),
        ("/reset/made-up", {"password": PASSWORD, "password_confirm": PASSWORD}),
        ("/confirm", {"email": EMAIL}),
    ],
)
def test_an_eleventh_try_within_a_minute_is_refused_with_a_friendly_page(
    client, rate_limits, path, form
):
    limiter.reset()
    for _ in range(10):
        assert client.post(path, data=form).status_code < 400
    refused = client.post(path, data=form)
    assert refused.status_code == 429
    assert "A little slower" in refused.text
    assert int(refused.headers["Retry-After"]) > 0
    assert client.get("/login").status_code == 200


def test_changing_the_password_is_limited_too(login, make_user, rate_limits):
    browser = login(make_user())
    codes = [browser.post("/change", data={"password": "x"}).status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]


def test_limits_do_not_add_up_over_applications(app, client, rate_limits, settings):
    from interview import create_app

    other = create_app(settings)
    other.config["WTF_CSRF_ENABLED"] = False
    limiter.enabled = True
    codes = [other.test_client().post("/reset", data={}).status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]
    with other.app_context():
        db.engine.dispose()


def test_only_the_pages_we_offer_exist(app):
    pages = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security")}
    assert pages == {
        *("/login", "/logout", "/register", "/change"),
        *("/reset", "/reset/<token>", "/confirm", "/confirm/<token>"),
    }


def test_a_session_of_an_erased_account_is_nobodys(app, login, make_user):
    user = make_user()
    browser = login(user)
    with app.app_context():
        db.session.delete(db.session.get(User, user.id))
        db.session.commit()
    assert not logged_in(browser)


def test_seeing_pages_while_logged_in_makes_one_candidate(app, login, make_user):
    browser = login(make_user())
    for _ in range(2):
        assert browser.get("/privacy").status_code == 200
    with app.app_context():
        assert len(db.session.query(Candidate).all()) == 1
