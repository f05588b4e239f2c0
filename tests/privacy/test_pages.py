"""The privacy page and its buttons."""

import pytest
import sqlalchemy as sa

from interview.accounts.models import Candidate, User
from interview.extensions import db
from interview.practice.models import Answer, Interview
from tests.support.reports import report_body

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PASSWORD = "seven-green-bottles-hanging"


def rows(app, model):
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_the_page_tells_a_stranger_that_nothing_is_kept(client):
    page = client.get("/privacy").text
    assert "Nothing. You have not practised in this browser yet" in page
    assert "after 24 hours" in page
    assert "Erase everything" not in page


def test_the_page_tells_a_guest_what_is_kept_and_until_when(guest, guest_client, make_answer):
    make_answer(guest, report=report_body(0.5))
    page = guest_client.get("/privacy").text
    assert "You are a guest. Everything is erased on" in page
    assert '<th scope="row">Answers</th><td>1</td>' in page
    assert '<th scope="row">Reports</th><td>1</td>' in page
    assert 'name="sure"' in page
    assert 'type="password"' not in page


def test_the_page_asks_an_account_for_its_password(login, make_user):
    page = login(make_user()).get("/privacy").text
    assert 'type="password"' in page
    assert "It is kept until you erase it" in page


@pytest.mark.settings(guest_hours=1.5, mail_server="mail.example.org")
def test_the_page_follows_the_settings(client):
    page = client.get("/privacy").text
    assert "after 1.5 hours" in page
    assert "this server has no mail server" not in page


def test_a_guest_erases_everything_with_a_tick(app, guest, guest_client, make_answer):
    make_answer(guest)
    refused = guest_client.post("/privacy/erase", data={})
    assert refused.status_code == 400
    assert "Tick this box" in refused.text
    assert rows(app, Answer) == 1
    done = guest_client.post("/privacy/erase", data={"sure": "y"})
    assert done.location == "/"
    assert guest_client.get_cookie("workspace") is None
    assert rows(app, Answer) == rows(app, Candidate) == 0
    assert "is erased" in guest_client.get("/privacy").text


def test_an_account_is_erased_with_its_password_only(
    app, client, make_user, make_candidate, make_answer
):
    user = make_user(email="ada@example.org")
    make_answer(make_candidate(user))
    form = {"email": "ada@example.org", "password": PASSWORD, "remember": "y"}
    assert client.post("/login", data=form).location == "/"
    for data in ({"sure": "y"}, {"sure": "y", "password": "wrong"}, {"password": PASSWORD}):
        assert client.post("/privacy/erase", data=data).status_code == 400
    assert rows(app, User) == 1
    done = client.post("/privacy/erase", data={"sure": "y", "password": PASSWORD})
    assert done.location == "/"
    assert rows(app, User) == rows(app, Candidate) == rows(app, Answer) == 0
    assert client.get_cookie("remember_token") is None
    assert "are erased" in client.get("/").text
    assert client.get("/change").status_code == 302
    with client.session_transaction() as session:
        assert "_user_id" not in session


def test_a_stranger_who_erases_everything_erases_nothing(app, client, guest, make_answer):
    make_answer(guest)
    assert client.post("/privacy/erase", data={"sure": "y"}).location == "/"
    assert rows(app, Answer) == 1


def test_an_answer_is_erased_from_its_page(app, guest, guest_client, make_answer):
    first = make_answer(guest)
    second = make_answer(guest, question_id=first.question_id)
    with app.app_context():
        interview_id = db.session.scalar(sa.select(Interview.id))
    one = guest_client.post(f"/answers/{second.id}/erase")
    assert one.location == f"/interviews/{interview_id}"
    assert guest_client.post(f"/answers/{first.id}/erase").location == "/progress"
    assert guest_client.post(f"/answers/{first.id}/erase").status_code == 404
    assert rows(app, Interview) == 0


def test_an_interview_is_erased_from_its_page(app, guest, guest_client, make_answer):
    make_answer(guest)
    with app.app_context():
        interview_id = db.session.scalar(sa.select(Interview.id))
    assert guest_client.post(f"/interviews/{interview_id}/erase").location == "/progress"
    assert rows(app, Answer) == 0


def test_somebody_elses_is_not_found(app, client, guest, make_answer, login, make_user):
    answer = make_answer(guest)
    with app.app_context():
        interview_id = db.session.scalar(sa.select(Interview.id))
    for browser in (client, login(make_user())):
        assert browser.post(f"/answers/{answer.id}/erase").status_code == 404
        assert browser.post(f"/interviews/{interview_id}/erase").status_code == 404
    assert rows(app, Answer) == 1


def test_erasing_takes_a_csrf_token(csrf, guest, guest_client, make_answer):
    answer = make_answer(guest)
    for path in ("/privacy/erase", f"/answers/{answer.id}/erase"):
        assert guest_client.post(path, data={"sure": "y"}).status_code == 400


def test_passwords_cannot_be_tried_without_end(login, make_user, rate_limits):
    browser = login(make_user())
    form = {"sure": "y", "password": "wrong"}
    codes = [browser.post("/privacy/erase", data=form).status_code for _ in range(11)]
    assert codes == [400] * 10 + [429]
