"""Rate limits: whom they count, what they say, and that they outlive the place they count in."""

import re

import pytest

from interview.accounts import views as accounts
from interview.extensions import limiter
from interview.limits import Rate, limited

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SCHOOL = "203.0.113.7"


@pytest.mark.settings(ratelimit_storage_url="redis://127.0.0.1:9")  # where nobody listens
def test_pages_answer_and_are_limited_while_the_storage_of_limits_is_unreachable(
    client, monkeypatch
):
    monkeypatch.setattr(limiter, "_storage_dead", False)
    monkeypatch.setattr(limiter, "enabled", True)
    codes = [client.post("/reset", data={}).status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]


@limited(Rate("3 per hour", address="8 per hour"))
def a_limited_page():
    """Take 3 visits of a person, 8 of an address of the network."""
    return "here"


@pytest.fixture
def visit(app, rate_limits):
    """`visit(browser, where)` opens the limited page from an address of the network."""
    app.add_url_rule("/limited", view_func=a_limited_page)

    def send(browser, where=SCHOOL):
        return browser.get("/limited", environ_base={"REMOTE_ADDR": where}).status_code

    return send


def test_people_behind_one_network_address_are_counted_each_for_themselves(
    app, make_candidate, visit
):
    for _ in range(2):
        browser = app.test_client()
        browser.set_cookie("workspace", make_candidate().token)
        assert [visit(browser) for _ in range(4)] == [200] * 3 + [429]


def test_an_account_is_one_person_wherever_it_is(make_user, login, visit):
    user = make_user()
    assert [visit(login(user)) for _ in range(3)] == [200] * 3
    assert visit(login(user), "198.51.100.9") == 429


def test_made_up_guests_are_stopped_by_their_network_address(app, visit):
    codes = []
    for number in range(9):
        browser = app.test_client()
        browser.set_cookie("workspace", f"made-up-{number}")
        codes.append(visit(browser))
    assert codes == [200] * 8 + [429]
    assert visit(app.test_client(), "198.51.100.9") == 200


def test_a_class_of_newcomers_can_start_at_once_behind_one_network_address(
    app, make_prompt, rate_limits
):
    make_prompt()
    form = {"competency": "", "count": "1"}
    answers = [
        app.test_client().post("/text", data=form, environ_base={"REMOTE_ADDR": SCHOOL})
        for _ in range(35)
    ]
    assert {answer.status_code for answer in answers} == {302}


def guess(app, number, email="ada@example.org"):
    """Try a password from another network address each time."""
    form = {"email": email, "password": "not the one"}
    where = {"REMOTE_ADDR": f"198.51.100.{number}"}
    return app.test_client().post("/login", data=form, environ_base=where)


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_guessing_one_accounts_password_from_many_addresses_is_slowed_down(
    app, make_user, rate_limits, known
):
    if known:
        make_user(email="ada@example.org")
    spellings = ("ada@example.org", "ADA@Example.ORG", " ada@example.org ")
    codes = [guess(app, number, spellings[number % 3]).status_code for number in range(30)]
    assert codes == [200] * 30
    refused = guess(app, 31)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= 15 * 60
    assert guess(app, 32, "bob@example.org").status_code == 200


def test_who_is_refused_is_told_how_long_to_wait(client, rate_limits):
    for _ in range(11):
        refused = client.post("/reset", data={})
    assert re.search(r"You can try again in \d+ (second|minute|hour)s?\.", refused.text)


def test_a_long_wait_is_told_in_hours(app, monkeypatch):
    from interview import errors

    with app.test_request_context():
        assert errors._wait(1) == "1 second"
        assert errors._wait(61) == "2 minutes"
        assert errors._wait(23 * 3600) == "23 hours"


def test_a_typed_address_is_counted_without_being_kept(app):
    form = {"email": "Ada@example.org"}
    with app.test_request_context("/login", method="POST", data=form):
        key = accounts._typed_address()
    assert "ada" not in key
