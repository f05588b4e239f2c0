"""Mistakes and failures: friendly pages with an id, JSON where JSON was asked for."""

import re

import pytest

ID = re.compile(r"[0-9a-f]{12}")


@pytest.fixture
def broken(app):
    """An application whose start page fails."""
    app.view_functions["pages.home"] = lambda: 1 / 0
    return app.test_client()


def test_an_unknown_address_gets_a_page_with_the_id_of_the_request(client):
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "Not found" in answer.text
    assert ID.fullmatch(answer.headers["X-Request-ID"])
    assert answer.headers["X-Request-ID"] in answer.text


@pytest.mark.parametrize(
    "request_", [{"headers": {"Accept": "application/json"}}, {"query_string": {"format": "json"}}]
)
def test_who_asks_for_json_gets_the_error_as_json(client, request_):
    answer = client.get("/nowhere", **request_)
    assert answer.status_code == 404
    assert answer.json["status"] == 404
    assert answer.json["error"]
    assert answer.json["id"] == answer.headers["X-Request-ID"]


def test_a_failure_is_a_page_without_details_and_a_log_line_with_the_id(broken, caplog):
    answer = broken.get("/")
    assert answer.status_code == 500
    assert "Our mistake" in answer.text
    assert "ZeroDivisionError" not in answer.text
    failures = [record for record in caplog.records if record.exc_info]
    assert len(failures) == 1
    assert answer.headers["X-Request-ID"] in answer.text


def test_a_failure_is_json_where_json_was_asked(broken):
    answer = broken.get("/", headers={"Accept": "application/json"})
    assert answer.status_code == 500
    assert set(answer.json) == {"error", "status", "id"}


def test_a_way_that_an_address_does_not_know_is_refused_and_the_known_ones_named(client):
    answer = client.delete("/text")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_too_many_tries_are_told_when_to_come_back(client, rate_limits):
    for _ in range(11):
        answer = client.post("/login", data={"email": "a@example.org", "password": "x"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "slower" in answer.text


def test_an_error_page_offers_a_way_on(client):
    assert 'href="/"' in client.get("/nowhere").text


def test_what_an_answers_state_forbids_is_headed_so_and_leads_back_to_the_answer(
    guest, guest_client, make_answer
):
    answer = make_answer(guest)
    page = guest_client.post(f"/answers/{answer.id}/retry")
    assert page.status_code == 409
    assert "<h1>That is not possible now</h1>" in page.text
    assert f'href="/answers/{answer.id}"' in page.text


def test_what_is_not_about_an_answer_leads_to_the_start_page_only(client):
    page = client.post("/text", data={"competency": "", "count": "1"})
    assert page.status_code == 404
    assert "Back to the answer" not in page.text
