"""Headers that every answer carries."""

import pytest

from interview.practice.models import AnswerState
from tests.support.reports import complete_report

PAGES = ("/", "/text", "/progress", "/privacy", "/login", "/register", "/nowhere", "/healthz")
SECURE = pytest.mark.settings(public_url="https://interviews.example.org")


@pytest.fixture(params=PAGES)
def answer(request, client):
    return client.get(request.param)


def policy(answer) -> dict[str, list[str]]:
    """Return the content security policy as directive → sources."""
    parts = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in parts}


def test_the_policy_allows_only_what_comes_from_here(answer):
    found = policy(answer)
    assert found["default-src"] == ["'none'"]
    for name in ("script-src", "style-src", "connect-src", "font-src", "form-action"):
        assert found[name] == ["'self'"]
    assert found["base-uri"] == ["'none'"]


def test_nothing_in_the_policy_is_unsafe_or_from_elsewhere(answer):
    sources = {source for sources in policy(answer).values() for source in sources}
    assert sources <= {"'none'", "'self'", "data:"}


def test_no_other_site_may_frame_a_page(answer):
    assert policy(answer)["frame-ancestors"] == ["'none'"]
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_browsers_do_not_guess_kinds_nor_tell_other_sites_where_people_were(answer):
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_without_tls_no_strict_transport_is_demanded(answer):
    assert "Strict-Transport-Security" not in answer.headers


@SECURE
def test_with_tls_browsers_are_told_to_stay_with_it(answer):
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


@SECURE
def test_with_tls_cookies_are_secure(client, make_prompt):
    make_prompt()
    cookies = client.post("/text", data={"competency": "", "count": "1"}).headers.getlist(
        "Set-Cookie"
    )
    assert any(cookie.startswith("workspace=") for cookie in cookies)
    for cookie in cookies:
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("state", [AnswerState.DRAFT, AnswerState.QUEUED, AnswerState.ANALYSED])
def test_personal_pages_are_kept_by_no_cache(state, guest, guest_client, make_answer):
    done = state is AnswerState.ANALYSED
    step = "analyse" if state is AnswerState.QUEUED else None
    answer = make_answer(guest, state=state, step=step, report=complete_report() if done else None)
    for address in (f"/answers/{answer.id}", f"/answers/{answer.id}?format=json", "/progress"):
        page = guest_client.get(address)
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/how/text", "/models/text", "/static/css/site.css"])
def test_what_is_the_same_for_everybody_may_be_cached(client, address):
    answer = client.get(address)
    answer.close()
    assert answer.status_code == 200
    assert "no-store" not in answer.headers.get("Cache-Control", "")
    assert "Set-Cookie" not in answer.headers


def test_errors_carry_the_headers_too(app):
    app.view_functions["pages.home"] = lambda: 1 / 0
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert policy(answer)["default-src"] == ["'none'"]
    assert answer.headers["Cache-Control"] == "no-store"
