"""Log lines: enough to find a failure, nothing about people."""

import json
import logging
import sys

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from interview.extensions import db
from interview.logs import JsonFormatter, QuietFormatter, RequestContext
from interview.practice.models import Answer

EMAIL = "zoe.private@example.org"
SECRET_TEXT = "xylophone-diary"


@pytest.fixture
def lines(caplog):
    """What is logged, as the production format writes it."""
    caplog.set_level(logging.INFO)
    caplog.handler.setFormatter(JsonFormatter())
    caplog.handler.addFilter(RequestContext())
    return lambda: [json.loads(line) for line in caplog.text.splitlines()]


def test_a_line_tells_the_rule_and_never_the_address_of_a_request(client, lines):
    client.get("/confirm/some-secret-token?email=" + EMAIL)
    access = [line for line in lines() if line["logger"] == "interview.access"]
    assert access[0]["message"].startswith("GET /confirm/<token> 302")
    assert "some-secret-token" not in str(lines())


def test_a_line_carries_the_id_that_the_person_sees(client, lines):
    answer = client.get("/nowhere")
    assert {line["id"] for line in lines()} == {answer.headers["X-Request-ID"]}


def test_no_line_holds_an_address_a_password_or_a_text(
    client, guest, guest_client, make_answer, make_user, lines
):
    make_user(email=EMAIL)
    for password in ("wrong-" + SECRET_TEXT, "seven-green-bottles-hanging"):
        client.post("/login", data={"email": EMAIL, "password": password})
    answer = make_answer(guest)
    guest_client.post(f"/answers/{answer.id}/draft", data={"text": SECRET_TEXT})
    guest_client.post(f"/answers/{answer.id}/submit", data={"text": SECRET_TEXT * 9999})
    text = str(lines())
    assert "POST /login" in text
    assert EMAIL not in text
    assert SECRET_TEXT not in text
    assert str(answer.id) not in text


def test_a_failing_database_does_not_bring_texts_into_the_log(app, guest, make_answer, lines):
    answer = make_answer(guest)

    def fail() -> str:
        statement = sa.update(Answer).where(Answer.id == answer.id)
        db.session.execute(statement.values(text=SECRET_TEXT, take=None))
        return "never"

    app.view_functions["pages.home"] = fail
    assert app.test_client().get("/").status_code == 500
    text = str(lines())
    assert "IntegrityError" in text
    assert SECRET_TEXT not in text


def test_the_shown_error_of_a_database_ends_before_the_row_that_did_not_fit():
    try:
        raise IntegrityError("INSERT", None, ValueError(f"a null value\nDETAIL: {SECRET_TEXT}"))
    except IntegrityError:
        shown = QuietFormatter().formatException(sys.exc_info())
    assert shown.splitlines()[-1].endswith("a null value")


def test_a_json_line_holds_the_error_of_a_failure(app, lines):
    app.view_functions["pages.home"] = lambda: 1 / 0
    app.test_client().get("/")
    failure = next(line for line in lines() if "error" in line)
    assert failure["level"] == "error"
    assert "ZeroDivisionError" in failure["error"]


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_both_formats_can_be_set(log_format, instance_dir, sqlite_schema, capsys):
    from interview import create_app
    from tests.support.databases import make_settings, sqlite_copy

    url = sqlite_copy(sqlite_schema, instance_dir)
    app = create_app(make_settings(instance_dir, database_url=url, log_format=log_format))
    app.test_client().get("/nowhere")
    with app.app_context():
        db.engine.dispose()
    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith("{") is (log_format == "json")
    assert "GET (no such page) 404" in line
