"""The matrix of who may do what, against the application's own map of addresses."""

import io
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from interview.accounts import people as people_service
from interview.accounts.models import Candidate, User
from interview.extensions import db
from interview.media.store import store
from interview.practice.models import Answer, AnswerState, Question, Step
from interview.recruiting import links
from interview.recruiting.disclosure import Part
from interview.recruiting.models import Invitation, MemberRole, Organisation
from tests.access import (
    matrix,
    matrix_admin,
    matrix_privacy,
    matrix_recruiting,
    matrix_review,
)
from tests.access.matrix import ACTORS, RECORDING_ID, Row, Scene
from tests.support.recruiting import make_organisation
from tests.support.reports import complete_report
from tests.support.reviewing import make_share

SAFE = {"GET", "HEAD", "OPTIONS"}
MATRIX = {
    **matrix.MATRIX,
    **matrix_admin.ROWS,
    **matrix_privacy.ROWS,
    **matrix_recruiting.ROWS,
    **matrix_review.ROWS,
}
ROWS = [(endpoint, method) for endpoint, rows in MATRIX.items() for method in rows]
SPOKEN_ROWS = [
    (endpoint, method) for endpoint, method in ROWS if MATRIX[endpoint][method].mode == "audio"
]
ENDED_ROWS = [(endpoint, method) for endpoint, method in ROWS if MATRIX[endpoint][method].ends[1:]]
UNSAFE_ROWS = [(endpoint, method) for endpoint, method in ROWS if method not in SAFE]


@pytest.fixture
def people(
    app: Flask,
    make_user: Callable,
    make_candidate: Callable,
    login: Callable,
) -> dict[str, tuple[FlaskClient, Candidate | None]]:
    """Each kind of person: their browser, and whose objects they have."""

    def account(*roles: str) -> tuple[FlaskClient, Candidate]:
        user = make_user(roles=roles)
        return login(user), make_candidate(user)

    def visitor() -> tuple[FlaskClient, Candidate]:
        candidate = make_candidate()
        browser = app.test_client()
        browser.set_cookie("workspace", candidate.token)
        return browser, candidate

    return {
        "anonymous": (app.test_client(), None),
        "expired_link": (app.test_client(), None),
        "guest": visitor(),
        "guest_owner": visitor(),
        "owner": account("candidate"),
        "other_candidate": account("candidate"),
        "recruiter": account("candidate", "recruiter"),
        "member": account("candidate", "recruiter"),
        "colleague": account("candidate"),
        "rater": account("candidate"),
        "former_recruiter": account("candidate"),
        "admin": account("candidate", "admin"),
    }


@pytest.fixture
def organisation(app: Flask, people: dict) -> Organisation:
    """The organisation of `member`, `colleague` and `rater`; `recruiter` belongs to another.

    `former_recruiter` owns both, and has lost the role.
    """
    with app.app_context():
        account = {
            name: db.session.get_one(User, people[name][1].user_id)
            for name in ("recruiter", "member", "colleague", "rater", "former_recruiter")
        }
        former = account["former_recruiter"]
        owners = {account["recruiter"]: MemberRole.OWNER, former: MemberRole.OWNER}
        make_organisation("Elsewhere", owners)
        made = make_organisation(
            "Harbour Works",
            {
                account["member"]: MemberRole.OWNER,
                account["colleague"]: MemberRole.MEMBER,
                account["rater"]: MemberRole.RATER,
                former: MemberRole.OWNER,
            },
        )
        people_service.revoke(former.id, "recruiter")
        return made


@pytest.fixture
def ask(
    app: Flask,
    people: dict,
    organisation: Organisation,
    make_prompt: Callable,
    make_answer: Callable,
) -> Callable:
    """`ask(endpoint, method, actor)` makes a fresh object and returns the answer's status."""
    prompt = make_prompt(modes=("text", "audio", "video"))

    def request(
        endpoint: str,
        method: str,
        actor: str,
        mode: str | None = None,
        end: Callable[[str], None] | None = None,
    ) -> int:
        row = MATRIX[endpoint][method]
        browser, _candidate = people[actor]
        owner = people["guest_owner" if actor == "guest_owner" else "owner"][1]
        answer = make_answer(owner, prompt=prompt, mode=mode or row.mode, **state_of(row))
        if row.mode == "audio":
            keep_recording(app, answer)
        made = make_objects(app, row, Scene(owner, answer, organisation))
        if actor == "expired_link":
            hold_dead_links(app, browser, row, answer, made)
        if end is not None:
            with app.app_context():
                end(made["token"])
        address = address_of(app, endpoint, method, row, answer, made)
        with browser.open(
            address, method=method, data=form_of(row), headers=dict(row.headers)
        ) as response:
            return response.status_code

    return request


def state_of(row: Row) -> dict[str, Any]:
    if row.state is AnswerState.ANALYSED:
        return {"report": complete_report()}
    if row.state is AnswerState.FAILED:
        return {"state": row.state, "step": Step.ANALYSE, "failure": "internal"}
    return {"state": row.state}


def keep_recording(app: Flask, answer: Answer) -> None:
    with app.app_context():
        row = db.session.get_one(Answer, answer.id)
        row.recording_key = store.save(io.BytesIO(b"so"), 10)
        row.recording_id, row.recording_bytes = RECORDING_ID, 2
        db.session.commit()


def make_objects(app: Flask, row: Row, scene: Scene) -> Mapping[str, Any]:
    if row.make is None:
        return {}
    with app.app_context():
        known = db.session.merge(scene.answer), db.session.merge(scene.organisation)
        return row.make(Scene(scene.owner, *known))


def hold_dead_links(
    app: Flask, browser: FlaskClient, row: Row, answer: Answer, made: Mapping[str, Any]
) -> None:
    """Open links to what the row acts on while they are good, then let their time pass."""
    opened = []
    with app.app_context():
        if row.state is AnswerState.ANALYSED:
            share = make_share(db.session.get_one(Answer, answer.id), [Part.WORDS])
            opened.append(("sharing.shared", share.token, matrix_review.expire))
        key = made.get("invitation_id")
        if isinstance(key, uuid.UUID) and not row.ends:  # a number is one to make an account
            invitation = db.session.get_one(Invitation, key)
            token, invitation.token_hash = links.make()
            db.session.commit()
            opened.append(("applying.landing", token, matrix_recruiting.expire))
    for endpoint, token, _end in opened:
        with app.test_request_context():
            address = url_for(endpoint, token=token)
        assert browser.get(address).status_code == 200
    with app.app_context():
        for _endpoint, token, end in opened:
            end(token)
        for end in row.ends[:1]:
            end(made["token"])


def address_of(
    app: Flask, endpoint: str, method: str, row: Row, answer: Answer, made: Mapping[str, Any]
) -> str:
    with app.app_context():
        interview = db.session.get_one(Question, answer.question_id).interview_id
    known: dict[str, Any] = {
        "answer_id": answer.id,
        "interview_id": interview,
        **row.values,
        **made,
    }
    rule = next(rule for rule in app.url_map.iter_rules(endpoint) if method in methods(rule))
    with app.test_request_context():
        return url_for(endpoint, **{name: known[name] for name in rule.arguments})


def form_of(row: Row) -> dict[str, Any]:
    """Return the row's form; files, given as bytes and name, are made anew for each request."""
    return {
        name: (io.BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value
        for name, value in row.data.items()
    }


def methods(rule: Rule) -> set[str]:
    return set(rule.methods or ()) - {"HEAD", "OPTIONS"}


@pytest.mark.parametrize(("endpoint", "method"), ROWS)
def test_each_kind_of_person_gets_what_the_matrix_says(ask, endpoint, method):
    found = {actor: ask(endpoint, method, actor) for actor in ACTORS}
    assert found == dict(MATRIX[endpoint][method].expected)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("endpoint", "method"), SPOKEN_ROWS)
def test_a_recording_with_picture_is_guarded_like_one_without(ask, endpoint, method):
    found = {actor: ask(endpoint, method, actor, mode="video") for actor in ACTORS}
    assert found == dict(MATRIX[endpoint][method].expected)


def test_the_matrix_has_every_address_and_method_of_the_application_and_no_other(app):
    served = {
        (rule.endpoint, method) for rule in app.url_map.iter_rules() for method in methods(rule)
    }
    assert served == set(ROWS)


def test_who_holds_a_dead_link_is_a_stranger_except_at_the_address_of_the_link():
    for endpoint, method in ROWS:
        row = MATRIX[endpoint][method]
        if not row.ends:
            assert row.expected["expired_link"] == row.expected["anonymous"], endpoint


def test_without_the_role_a_member_gets_what_any_other_account_gets():
    for endpoint, method in ROWS:
        expected = dict(MATRIX[endpoint][method].expected)
        if (endpoint, method) != ("recruiting.accept_membership", "POST"):  # a member already
            assert expected["former_recruiter"] == expected["other_candidate"], endpoint


def test_every_link_has_the_ways_in_which_it_ends(app):
    with_token = {rule.endpoint for rule in app.url_map.iter_rules() if "token" in rule.arguments}
    ended = {endpoint for endpoint, method in ROWS if MATRIX[endpoint][method].ends}
    # Those of the accounts' own library are dead from the start in the matrix.
    dead = {name for name, method in ROWS if "token" in MATRIX[name][method].values}
    assert with_token == ended | dead


@pytest.mark.parametrize(("endpoint", "method"), ENDED_ROWS)
def test_a_link_that_ended_in_another_way_looks_as_if_it_had_never_been(ask, endpoint, method):
    for end in MATRIX[endpoint][method].ends[1:]:
        assert ask(endpoint, method, "anonymous", end=end) == 404


@pytest.mark.parametrize(("endpoint", "method"), UNSAFE_ROWS)
def test_a_request_that_changes_something_is_refused_without_its_token(ask, csrf, endpoint, method):
    found = {actor: ask(endpoint, method, actor) for actor in ("anonymous", "guest_owner", "owner")}
    assert set(found.values()) == {400}


def test_with_its_token_the_same_request_passes(app, csrf, client, make_prompt):
    make_prompt()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/text").text)
    data = {"competency": "", "count": "1"}
    assert client.post("/text", data=data).status_code == 400
    assert client.post("/text", data=data | {"csrf_token": token[1]}).status_code == 302


def test_a_token_of_another_person_is_refused(app, csrf, client, make_prompt):
    make_prompt()
    other = app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', other.get("/text").text)
    data = {"competency": "", "count": "1", "csrf_token": token[1]}
    assert client.post("/text", data=data).status_code == 400


def test_what_is_not_there_and_what_is_somebody_elses_look_the_same(people, make_answer):
    browser, _ = people["other_candidate"]
    theirs = make_answer(people["owner"][1]).id
    pages = [browser.get(f"/answers/{key}") for key in (theirs, uuid.uuid4())]
    first, second = (page.text.replace(page.headers["X-Request-ID"], "") for page in pages)
    assert [page.status_code for page in pages] == [404, 404]
    assert first == second
