"""Fixtures of all rooms: an application on a fresh instance, people, prompts, answers.

Nothing keeps an application context open across requests, as Flask would share `g` (and so the
person who is logged in) between them. Objects come detached, with their columns loaded.
"""

import fcntl
import hashlib
import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import IO, Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import HealthCheck, settings
from werkzeug.test import TestResponse

from interview import create_app
from interview.accounts.models import Candidate, User
from interview.columns import now
from interview.extensions import db, limiter
from interview.jobs.queue import queue
from interview.practice.models import Answer, AnswerState, Interview, Question, Report
from interview.questions.models import Prompt, PromptRevision
from interview.settings import Settings
from tests.support.databases import (
    empty_tables,
    make_settings,
    migrate_fresh,
    postgres_database,
    sqlite_copy,
    sqlite_template,
)
from tests.support.face_model import FakeFaceModel
from tests.support.model import FakeTextModel
from tests.support.s3 import S3_ENVIRONMENT, make_bucket, running_s3
from tests.support.speech_model import FakeSpeechModel
from tests.support.texts import COMPLETE_ANSWER, GUIDANCE

PASSWORD = "seven-green-bottles-hanging"
REDIS_ABSENT = "Redis is not running on its standard port"

# A developer's own settings must not change what the tests see.
for _name in Settings.model_fields:
    os.environ.pop(_name.upper(), None)


class Browser(FlaskClient):
    """A test client that closes the file in which it keeps a large request."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request."""
        response = super().open(*args, **kwargs)
        for each in (*response.history, response):
            each.request.environ["wsgi.input"].close()
        return response


# --- The application ------------------------------------------------------------------------


# How long an example takes says how busy the machine is.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def sqlite_schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the migrated schema, to be copied."""
    return sqlite_template(tmp_path_factory.mktemp("schema"))


@pytest.fixture(scope="session")
def postgres_schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of this run's PostgreSQL database, migrated."""
    with postgres_database() as url:
        migrate_fresh(tmp_path_factory.mktemp("postgres"), url)
        yield url


@pytest.fixture
def instance_dir(tmp_path: Path) -> Path:
    """The folder that the application writes to."""
    return tmp_path / "instance"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, instance_dir: Path) -> str:
    """Address of an empty database with the schema; a test that uses it runs on both kinds.

    One kind only: `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
    """
    if request.param == "sqlite":
        return sqlite_copy(request.getfixturevalue("sqlite_schema"), instance_dir)
    url: str = request.getfixturevalue("postgres_schema")
    empty_tables(url)
    return url


@pytest.fixture
def queue_url(request: pytest.FixtureRequest) -> str:
    """Address of an empty queue: SQLite in the instance folder unless asked for Redis.

    Both: `@pytest.mark.parametrize("queue_url", ["sqlite", "redis"], indirect=True)`.
    """
    kind = getattr(request, "param", "sqlite")
    return "" if kind == "sqlite" else request.getfixturevalue("redis_url")


@pytest.fixture
def redis_url() -> Iterator[str]:
    """Address of an empty Redis database that no other run of the tests uses meanwhile."""
    import redis

    with ExitStack() as stack:
        url = f"redis://127.0.0.1:6379/{_take_redis_database(stack)}"
        server = stack.enter_context(redis.Redis.from_url(url))
        try:
            server.flushdb()
        except redis.ConnectionError:
            pytest.skip(REDIS_ABSENT)
        yield url
        server.flushdb()


def _take_redis_database(stack: ExitStack) -> int:
    for number in range(15, 7, -1):
        path = Path(tempfile.gettempdir()) / f"interview-tests-redis-{number}.lock"
        file: IO[str] = stack.enter_context(path.open("w"))
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        return number
    pytest.skip("all Redis databases for tests are in use by other runs")


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """Address of an S3 server, a process of its own."""
    with running_s3() as url:
        yield url


@pytest.fixture
def media_url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where files are kept: in the instance folder unless asked for a bucket.

    Both: `@pytest.mark.parametrize("media_url", ["local", "s3"], indirect=True)`.
    """
    if getattr(request, "param", "local") == "local":
        return ""
    for name, value in S3_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return make_bucket(request.getfixturevalue("s3_server"))


@pytest.fixture
def settings(
    request: pytest.FixtureRequest,
    instance_dir: Path,
    database_url: str,
    queue_url: str,
    media_url: str,
) -> Settings:
    """The test's settings; `@pytest.mark.settings(public_url=…)` changes some."""
    values: dict[str, object] = {
        "database_url": database_url,
        "queue_url": queue_url,
        "media_url": media_url,
    }
    for mark in reversed(list(request.node.iter_markers("settings"))):
        values |= mark.kwargs
    return make_settings(instance_dir, **values)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """An application without rate limits (see `rate_limits`) and CSRF checks (see `csrf`)."""
    limiter.enabled = True  # or it would not bind itself to this application
    application = create_app(settings)
    application.test_client_class = Browser
    application.config["WTF_CSRF_ENABLED"] = False
    limiter.enabled = False
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()
    queue.storage.close()


@pytest.fixture
def rate_limits(app: Flask) -> Iterator[None]:
    """Count requests, from zero."""
    limiter.reset()
    limiter.enabled = True
    yield
    limiter.reset()
    limiter.enabled = False


@pytest.fixture
def csrf(app: Flask) -> None:
    """Check CSRF tokens."""
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that has never been here."""
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """The `flask` command."""
    return app.test_cli_runner()


# --- People ---------------------------------------------------------------------------------


@cache
def _hash(password: str) -> str:
    """Hash once per password: argon2 is slow on purpose. Needs an application context."""
    from flask_security import hash_password

    return str(hash_password(password))


@pytest.fixture
def make_user(app: Flask) -> Callable[..., User]:
    """`make_user(email=…, password=…, roles=(…,))` returns a confirmed account."""

    def make(
        email: str | None = None,
        password: str = PASSWORD,
        roles: tuple[str, ...] = ("candidate",),
    ) -> User:
        with app.app_context():
            store = app.extensions["security"].datastore
            user: User = store.create_user(
                email=email or f"{uuid.uuid4().hex[:10]}@example.org",
                password=_hash(password),
                roles=[store.find_or_create_role(name) for name in roles],
                confirmed_at=now(),
            )
            store.commit()
            return _detached(user)

    return make


@pytest.fixture
def make_candidate(app: Flask) -> Callable[..., Candidate]:
    """`make_candidate(user)` returns an account's candidate, `make_candidate()` a guest.

    A guest's cookie is in the attribute `token`.
    """

    def make(user: User | None = None) -> Candidate:
        with app.app_context():
            token = uuid.uuid4().hex + uuid.uuid4().hex
            if user is not None:
                candidate = Candidate(user_id=user.id)
            else:
                candidate = Candidate(
                    guest_token_hash=hashlib.sha256(token.encode()).hexdigest(),
                    expires_at=now() + timedelta(hours=24),
                )
            db.session.add(candidate)
            db.session.commit()
            _detached(candidate)
            candidate.token = token if user is None else None  # type: ignore[attr-defined]
            return candidate

    return make


@pytest.fixture
def login(app: Flask) -> Callable[[User], FlaskClient]:
    """`login(user)` returns a browser in which that account has just logged in."""

    def make(user: User) -> FlaskClient:
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = user.fs_uniquifier
            session["_fresh"] = True
            session["fs_cc"] = "set"
            session["fs_paa"] = time.time()
        return browser

    return make


@pytest.fixture
def guest(make_candidate: Callable[..., Candidate]) -> Candidate:
    """A guest's workspace."""
    return make_candidate()


@pytest.fixture
def guest_client(app: Flask, guest: Candidate) -> FlaskClient:
    """The browser of `guest`."""
    browser = app.test_client()
    browser.set_cookie("workspace", guest.token)  # type: ignore[attr-defined]
    return browser


# --- Things ---------------------------------------------------------------------------------


@pytest.fixture
def make_prompt(app: Flask) -> Callable[..., Prompt]:
    """`make_prompt(text=…, competency=…, …)` returns an active prompt with one revision."""

    def make(
        text: str = "Tell about a day on which nothing worked as planned.",
        key: str | None = None,
        competency: str = "adaptability",
        language: str = "en",
        modes: tuple[str, ...] = ("text",),
        tags: Sequence[str] = (),
        **values: Any,
    ) -> Prompt:
        with app.app_context():
            prompt = Prompt(
                key=key or f"prompt-{uuid.uuid4().hex[:10]}",
                competency=competency,
                language=language,
                **values,
            )
            prompt.revisions.append(
                PromptRevision(
                    number=1,
                    competency=competency,
                    language=language,
                    text=text,
                    modes=list(modes),
                    think_seconds=30,
                    answer_seconds=180,
                    guidance=GUIDANCE,
                    tags=list(tags),
                )
            )
            db.session.add(prompt)
            db.session.commit()
            return _detached(prompt)

    return make


@pytest.fixture
def make_answer(app: Flask, make_prompt: Callable[..., Prompt]) -> Callable[..., Answer]:
    """`make_answer(candidate, text=…, state=…, prompt=…, report=…)` returns an answer.

    It stands in an interview of its own unless another answer's `question_id` is given. `report`
    is a report's body, stored as analysed but not yet counted in the averages; the interview's
    mode is the report's, or `mode`, or text.
    """

    def make(
        candidate: Candidate,
        text: str = COMPLETE_ANSWER,
        state: AnswerState = AnswerState.DRAFT,
        prompt: Prompt | None = None,
        question_id: int | None = None,
        report: dict[str, Any] | None = None,
        mode: str | None = None,
        **values: Any,
    ) -> Answer:
        prompt = prompt or make_prompt()
        mode = mode or (report["mode"] if report else "text")
        with app.app_context():
            question = (
                db.session.get_one(Question, question_id)
                if question_id
                else _ask(candidate, prompt, mode)
            )
            answer = Answer(
                question=question,
                candidate_id=candidate.id,
                take=len(question.answers) + 1,
                text=text,
                state=AnswerState.ANALYSED if report else state,
                saved_at=now(),
                **values,
            )
            db.session.add(answer)
            db.session.flush()
            if report:
                db.session.add(_report(answer, report))
            db.session.commit()
            return _detached(answer)

    return make


def _ask(candidate: Candidate, prompt: Prompt, mode: str) -> Question:
    interview = Interview(candidate_id=candidate.id, mode=mode)
    revision = db.session.get_one(Prompt, prompt.id).current
    question = Question(interview=interview, position=1, revision=revision)
    db.session.add(interview)
    db.session.flush()
    return question


def _report(answer: Answer, body: dict[str, Any]) -> Report:
    from interview.peers import services as peers

    return Report(
        answer_id=answer.id,
        candidate_id=answer.candidate_id,
        mode=body["mode"],
        prompt_id=answer.question.revision.prompt_id,
        pipeline=body["pipeline"],
        body=body,
        steps=peers.to_steps(body["measures"], body["mode"]),
        terms=peers.terms_of(body),
    )


def _detached(row: Any) -> Any:
    db.session.refresh(row)
    db.session.expunge(row)
    return row


# --- The worker -----------------------------------------------------------------------------


@pytest.fixture
def fake_model(monkeypatch: pytest.MonkeyPatch) -> FakeTextModel:
    """A quick text model in place of the trained one, and those for speech and faces beside it."""
    from interview.jobs import tasks

    monkeypatch.setattr(tasks, "face_model", FakeFaceModel)
    monkeypatch.setattr(tasks, "speech_model", FakeSpeechModel)
    model = FakeTextModel()
    monkeypatch.setattr(tasks, "text_model", lambda: model)
    return model


@pytest.fixture
def analyse(fake_model: FakeTextModel) -> Callable[[str], dict[str, Any]]:
    """`analyse(text)` returns the report's body of a text, scored by the quick model."""
    from interview.analysis.text.pipeline import analyse_text

    return lambda text: analyse_text(text, model=fake_model).to_dict()


@pytest.fixture
def work_off(app: Flask, fake_model: FakeTextModel) -> Callable[[], int]:
    """`work_off()` does, here and now, all that waits in the queue; returns how much it was."""

    def work() -> int:
        done = 0
        while (task := queue.dequeue()) is not None:
            queue.execute(task)
            done += 1
        return done

    return work
