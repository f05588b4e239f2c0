"""Who is acting: guests, accounts, and the way from one to the other."""

import contextlib
import hashlib
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from interview.accounts import actor, services
from interview.accounts.models import Candidate
from interview.columns import now
from interview.extensions import db
from interview.jobs import leases
from interview.peers.models import ALL_PROMPTS, PeerBin, PeerTerm
from interview.practice.models import Answer, AnswerState, Interview, Report, Step
from tests.accounts.conftest import EMAIL
from tests.support.reports import report_body

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def start(app, make_prompt):
    """`start(client)` begins an interview as a browser does."""
    make_prompt()

    def send(client):
        answer = client.post("/text", data={"competency": "", "count": "1"})
        assert answer.status_code == 302
        return answer

    return send


def candidates():
    return list(db.session.scalars(sa.select(Candidate).order_by(Candidate.id)))


def averages():
    return (
        set(map(tuple, db.session.execute(sa.select(PeerBin.__table__)))),
        set(map(tuple, db.session.execute(sa.select(PeerTerm.__table__)))),
    )


def test_looking_around_makes_nobody(app, client):
    for path in ("/", "/privacy", "/progress"):
        assert client.get(path).status_code == 200
    assert client.get_cookie("workspace") is None
    with app.app_context():
        assert candidates() == []


def test_starting_makes_a_guest_whose_token_only_the_browser_knows(app, client, start):
    start(client)
    cookie = client.get_cookie("workspace")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert not cookie.secure
    assert cookie.max_age == 24 * 3600
    assert len(cookie.value) >= 43  # 256 bits in base 64
    with app.app_context():
        (guest,) = candidates()
        assert guest.is_guest
        assert guest.guest_token_hash == hashlib.sha256(cookie.value.encode()).hexdigest()
        left = guest.expires_at - now()
        assert timedelta(hours=23.9) < left <= timedelta(hours=24)


def test_a_guest_stays_the_same_guest(app, client, start):
    start(client)
    token = client.get_cookie("workspace").value
    start(client)
    assert client.get_cookie("workspace").value == token
    with app.app_context():
        assert len(candidates()) == 1


@pytest.mark.settings(public_url="https://interview.example.org", guest_hours=2)
def test_the_guests_cookie_is_for_tls_only_where_there_is_tls(client, start):
    start(client)
    assert client.get_cookie("workspace").secure
    assert client.get_cookie("workspace").max_age == 2 * 3600


def test_an_expired_workspace_opens_nothing(app, guest, guest_client, make_answer):
    answer = make_answer(guest)
    assert guest_client.get(f"/answers/{answer.id}?format=json").status_code == 200
    with app.app_context():
        db.session.get(Candidate, guest.id).expires_at = now() - timedelta(seconds=1)
        db.session.commit()
    assert guest_client.get(f"/answers/{answer.id}?format=json").status_code == 404


@pytest.mark.parametrize("token", ["", "x", "ä", "0" * 4000])
def test_a_made_up_token_opens_nothing(app, client, guest, token):
    client.set_cookie("workspace", token)
    with app.test_request_context(headers={"Cookie": f"workspace={token}"}):
        assert actor.current_candidate() is None


def test_the_stored_hash_is_no_token(app, client, guest, make_answer):
    answer = make_answer(guest)
    client.set_cookie("workspace", guest.guest_token_hash)
    assert client.get(f"/answers/{answer.id}?format=json").status_code == 404


def test_logging_in_hands_the_guests_practice_to_the_account(
    app, client, start, register, log_in, make_answer
):
    where = start(client).location
    register(client)
    log_in(client)
    assert client.get_cookie("workspace") is None
    assert client.get(f"{where}?format=json").status_code == 200
    with app.app_context():
        (candidate,) = candidates()
        assert candidate.user.email == EMAIL
        assert candidate.guest_token_hash is None
        assert candidate.expires_at is None
    client.post("/logout")
    assert client.get(f"{where}?format=json").status_code == 404


def test_an_old_guests_token_opens_nothing_once_it_is_an_accounts(
    app, client, start, register, log_in
):
    where = start(client).location
    token = client.get_cookie("workspace").value
    register(client)
    log_in(client)
    other = app.test_client()
    other.set_cookie("workspace", token)
    assert other.get(f"{where}?format=json").status_code == 404


def test_an_account_that_practised_before_gets_the_guests_practice_added(
    app, make_user, make_candidate, make_answer, log_in
):
    user = make_user(email=EMAIL)
    own, guest = make_candidate(user), make_candidate()
    mine, theirs = make_answer(own), make_answer(guest, report=report_body(0.25))
    browser = app.test_client()
    browser.set_cookie("workspace", guest.token)
    log_in(browser)
    for answer in (mine, theirs):
        assert browser.get(f"/answers/{answer.id}?format=json").status_code == 200
    with app.app_context():
        assert [candidate.id for candidate in candidates()] == [own.id]
        for model in (Interview, Answer, Report):
            owners = set(db.session.scalars(sa.select(model.candidate_id)))
            assert owners == {own.id}


@on_sqlite
@pytest.mark.parametrize("practised_before", [False, True])
def test_whoever_logs_in_is_told_what_came_along_and_where_to_erase_it(
    guest, guest_client, make_answer, make_candidate, make_user, log_in, practised_before
):
    user = make_user(email=EMAIL)
    if practised_before:
        make_answer(make_candidate(user))
    for _ in range(2):
        make_answer(guest)
    before = guest_client.get("/login").text
    assert "Something was begun in this browser without an account" in before
    log_in(guest_client)
    page = guest_client.get("/").text
    assert "2 answers begun in this browser before you logged in are in your account now" in page
    assert '<a href="/progress">Not yours? Erase them.</a>' in page


@on_sqlite
def test_whoever_logs_in_is_told_of_an_application_that_came_along(
    app, guest, guest_client, make_answer, make_user, log_in
):
    make_user(email=EMAIL)
    answer = make_answer(guest)
    with app.app_context():
        db.session.get(Answer, answer.id).question.interview.purpose = "application"
        db.session.commit()
    log_in(guest_client)
    page = guest_client.get("/").text
    assert "An application begun in this browser" in page
    assert "answer begun in this browser" not in page


@on_sqlite
def test_nothing_is_told_where_nothing_came_along(guest_client, make_user, log_in):
    make_user(email=EMAIL)
    assert "begun in this browser" not in guest_client.get("/login").text
    log_in(guest_client)
    assert "begun in this browser" not in guest_client.get("/").text


@pytest.mark.parametrize("practised_before", [False, True])
def test_what_a_guest_did_counts_in_the_averages_once_it_is_an_accounts(
    app, make_user, make_candidate, make_answer, practised_before
):
    user, guest = make_user(), make_candidate()
    if practised_before:
        make_candidate(user)
    for level in (0.25, 0.75):
        make_answer(guest, report=report_body(level))
    with app.app_context():
        assert averages() == (set(), set())
        services.claim_workspace(
            services.find_user(user.email), db.session.get(Candidate, guest.id)
        )
    with app.app_context():
        rows = db.session.scalars(
            sa.select(PeerBin).where(
                PeerBin.prompt_id == ALL_PROMPTS, PeerBin.measure == "big_five.openness"
            )
        ).all()
        assert [(row.candidates, row.total) for row in rows] == [(1, 500)]
        assert all(db.session.scalars(sa.select(Report.counted)))


def test_claiming_a_workspace_that_is_gone_or_somebodys_changes_nothing(
    app, make_user, make_candidate, make_answer
):
    thief, owner = make_user(), make_user()
    theirs, gone = make_candidate(owner), make_candidate()
    answer = make_answer(theirs)
    with app.app_context():
        user = services.find_user(thief.email)
        lost = db.session.get(Candidate, gone.id)
        db.session.execute(sa.delete(Candidate).where(Candidate.id == gone.id))
        db.session.commit()
        mine = services.claim_workspace(user, lost)
        assert mine.user_id == thief.id
        services.claim_workspace(user, db.session.get(Candidate, theirs.id))
        assert db.session.get(Answer, answer.id).candidate_id == theirs.id


def test_an_account_has_one_candidate(app, make_user):
    user = make_user()
    with app.app_context():
        first = services.candidate_of(user.id).id
        assert services.candidate_of(user.id).id == first


@pytest.mark.parametrize("practised_before", [False, True])
def test_logging_in_while_a_worker_finishes_loses_no_report_and_counts_it_once(
    app, make_user, make_candidate, make_answer, practised_before
):
    for _ in range(3):
        user, guest = make_user(), make_candidate()
        if practised_before:
            make_candidate(user)
        answer = make_answer(guest, state=AnswerState.QUEUED, step=Step.ANALYSE)
        with app.app_context():
            before = openness_of_all()
            lease = leases.claim(answer.id)
        run_at_once(
            app,
            lambda lease=lease: leases.finish_analysis(lease, report_body(0.25)),
            lambda user=user, guest=guest: services.claim_workspace(
                services.find_user(user.email), db.session.get(Candidate, guest.id)
            ),
        )
        with app.app_context():
            stored = db.session.get(Answer, answer.id)
            assert stored.candidate.user_id == user.id
            if stored.report is None:  # the worker lost; the next one does it again
                assert stored.state == AnswerState.ANALYSING
                assert leases.finish_analysis(lease, report_body(0.25))
        with app.app_context():
            report = db.session.get(Answer, answer.id).report
            assert report.counted
            assert report.candidate_id == report.answer.candidate_id
            assert openness_of_all() == (before[0] + 1, before[1] + 250)


def openness_of_all():
    rows = db.session.scalars(
        sa.select(PeerBin).where(
            PeerBin.prompt_id == ALL_PROMPTS, PeerBin.measure == "big_five.openness"
        )
    ).all()
    return sum(row.candidates for row in rows), sum(row.total for row in rows)


def run_at_once(app, *acts):
    gate = threading.Barrier(len(acts))

    def run(act):
        with app.app_context():
            gate.wait()
            with contextlib.suppress(IntegrityError):
                act()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
