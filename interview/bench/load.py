"""Many invited candidates who record at the same time, against the platform's own processes.

The database is filled with an application interview and its accepted invitations. Then gunicorn
and one worker are started as for one machine, and every candidate is a thread with a browser's
requests: their page, a piece of the recording each second, handing in, following the analysis each
second, the summary. All traffic stays on this machine.
"""

import contextlib
import http.client
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import click
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from interview import create_app
from interview.accounts.actor import token_hash
from interview.accounts.models import Candidate
from interview.columns import now
from interview.extensions import db
from interview.practice.models import Answer, AnswerState, Interview, Question, Report
from interview.questions import services as questions
from interview.questions.models import PromptRevision
from interview.recruiting.models import (
    ApplicationInterview,
    ApplicationPrompt,
    ApplicationState,
    Consent,
    Invitation,
    InvitationState,
    Organisation,
)
from interview.settings import ROOT, Settings

BAR_MILLISECONDS = 300.0
ENDED = ("analysed", "failed", "kept")
START_SECONDS = 60
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Found:
    """What the candidates saw: milliseconds by kind of request, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    troubles: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, milliseconds: float, trouble: str | None) -> None:
        """Add one request."""
        with self.lock:
            self.times[kind].append(milliseconds)
            if trouble:
                self.troubles.append(f"{kind}: {trouble}")


def run(
    recording: Path, mode: str, candidates: int, database: str, queue: str, minutes: float
) -> None:
    """Start everything, let the candidates record, print the figures.

    Raises `click.ClickException` when something is lost or the bar is missed.
    """
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings, environment = _settings(stack, folder, database, queue)
        app = create_app(settings)
        with app.app_context():
            upgrade()
            questions.fill_if_empty()
            people = _invite(candidates, mode)
            db.engine.dispose()
        stack.enter_context(_processes(settings, environment, folder))
        found, seconds = _record(settings.port, people, recording, mode, minutes)
        states, reports = _states(app)
    _print(found, states, seconds)
    missed = _missed(found, states, reports, candidates)
    if missed:
        raise click.ClickException("bars missed: " + ", ".join(missed))


def _settings(
    stack: contextlib.ExitStack, folder: Path, database: str, queue: str
) -> tuple[Settings, dict[str, str]]:
    """Return the settings of this run, and the environment that gives them to its processes."""
    if database:
        from interview.bench.peers import scratch_database

        database = stack.enter_context(scratch_database(database))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    values = {
        "ENVIRONMENT": "local",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "INSTANCE_DIR": str(folder / "instance"),
        "DATABASE_URL": database,
        "QUEUE_URL": queue,
        "PORT": str(port),
        # Each candidate comes from an address of their own, as behind a proxy.
        "TRUSTED_PROXIES": "1",
        "RECRUITER_EMOTIONS": "true",
    }
    ours = {name.lower(): value for name, value in values.items() if value}
    return Settings(**ours), {**os.environ, **values}  # type: ignore[arg-type]


def _invite(count: int, mode: str) -> list[tuple[str, uuid.UUID]]:
    """Make one application interview with one question and its candidates.

    Return the cookie and the answer of each.
    """
    revision = next(
        row for row in db.session.scalars(sa.select(PromptRevision)) if mode in row.modes
    )
    application = ApplicationInterview(
        organisation=Organisation(name="Benchmark"),
        title="Benchmark",
        modes=["text", mode],
        think_seconds=30,
        answer_seconds=120,
        max_takes=1,
        deadline=now() + timedelta(days=1),
        retention_days=1,
        state=ApplicationState.OPEN,
        prompts=[ApplicationPrompt(position=1, revision=revision)],
    )
    db.session.add(application)
    db.session.flush()
    people = [_accept(application, revision, mode) for _ in range(count)]
    db.session.commit()
    return people


def _accept(
    application: ApplicationInterview, revision: PromptRevision, mode: str
) -> tuple[str, uuid.UUID]:
    cookie = secrets.token_urlsafe(32)
    guest = Candidate(guest_token_hash=token_hash(cookie), expires_at=now() + timedelta(days=1))
    db.session.add(guest)
    db.session.flush()
    sitting = Interview(
        candidate_id=guest.id, purpose="application", mode=mode, pool=application.id
    )
    answer = Answer(id=uuid.uuid4(), candidate_id=guest.id, take=1)
    sitting.questions = [Question(position=1, revision=revision, answers=[answer])]
    db.session.add(sitting)
    db.session.flush()
    choices = dict.fromkeys(("analysis", "traits", "emotions", "recording"), True)
    db.session.add(
        Invitation(
            application_id=application.id,
            email="",
            state=InvitationState.ACCEPTED,
            expires_at=application.deadline,
            candidate_id=guest.id,
            interview_id=sitting.id,
            accepted_at=now(),
            consents=[
                Consent(
                    candidate_id=guest.id,
                    version="bench",
                    text="",
                    kept_until=application.kept_until,
                    **choices,
                )
            ],
        )
    )
    return cookie, answer.id


@contextlib.contextmanager
def _processes(settings: Settings, environment: dict[str, str], folder: Path) -> Iterator[None]:
    """Run web and worker until the block ends."""
    bind = f"127.0.0.1:{settings.port}"
    commands = (
        ("gunicorn", "app:app", "--bind", bind, "--log-level", "warning"),
        ("flask", "--app", "app", "worker"),
    )
    with (folder / "processes.log").open("w") as log:
        started = [
            subprocess.Popen(  # noqa: S603 - our own commands, no outside input
                [sys.executable, "-m", *command], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
            for command in commands
        ]
        try:
            _wait(settings.port)
            yield
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(timeout=60)


def _wait(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5),
        ):
            return
        time.sleep(0.1)
    raise click.ClickException("the web process did not start")


class Browser:
    """One candidate: keeps a connection and cookies, and notes how long each request takes."""

    def __init__(self, port: int, number: int, cookie: str, found: Found) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = {"workspace": cookie}
        self.address = f"10.0.{number // 250}.{number % 250 + 1}"
        self.found = found
        self.token = ""

    def ask(
        self,
        kind: str,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] = {},
    ) -> str:
        """Send a request and return the body of its answer; note its time, and trouble."""
        sent = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Forwarded-For": self.address,
            "X-CSRFToken": self.token,
            **headers,
        }
        started = time.perf_counter()
        try:
            self.connection.request(method, path, body, sent)
            response = self.connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        except OSError as error:
            self.connection.close()
            self.found.note(kind, 1000 * (time.perf_counter() - started), repr(error))
            return ""
        trouble = None if response.status < 400 else f"{response.status} {text[:200]}"
        self.found.note(kind, 1000 * (time.perf_counter() - started), trouble)
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        if token := _TOKEN.search(text):
            self.token = token[1]
        return text


def _record(
    port: int, people: list[tuple[str, uuid.UUID]], recording: Path, mode: str, minutes: float
) -> tuple[Found, float]:
    """Let all candidates record at the same time; return what they saw, and the seconds it took."""
    found, content = Found(), recording.read_bytes()
    ready = threading.Barrier(len(people))
    end = time.monotonic() + 60 * minutes

    def act(number: int, cookie: str, answer_id: uuid.UUID) -> None:
        browser = Browser(port, number, cookie, found)
        with contextlib.closing(browser.connection):
            browser.ask("page", "GET", f"/answers/{answer_id}")
            ready.wait()
            _answer(browser, answer_id, content, mode, end)

    threads = [
        threading.Thread(target=act, args=(number, *person)) for number, person in enumerate(people)
    ]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found, time.monotonic() - started


def _answer(browser: Browser, answer_id: uuid.UUID, content: bytes, mode: str, end: float) -> None:
    """Record, hand in, and follow the analysis to its end or to the end of our patience."""
    page, size = f"/answers/{answer_id}", 512 * 1024
    pieces = max(5, -(-len(content) // size))
    size = -(-len(content) // pieces)
    for offset in range(0, len(content), size):
        headers = {
            "Recording-Id": f"1-{answer_id.hex[:16]}",
            "Upload-Offset": str(offset),
            "Content-Type": f"{mode}/webm",
        }
        browser.ask("piece", "POST", f"{page}/chunks", content[offset : offset + size], headers)
        time.sleep(1.0)
    json = {"Accept": "application/json"}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    total = urlencode({"total": len(content)}).encode()
    browser.ask("hand in", "POST", f"{page}/recording", total, json | form)
    while time.monotonic() < end:
        time.sleep(1.0)
        state = re.search(r'"state":\s*"(\w+)"', browser.ask("follow", "GET", page, None, json))
        if state and state[1] in ENDED:
            browser.ask("summary", "GET", page)
            return


def _states(app: Flask) -> tuple[Counter[str], int]:
    """Return how many answers are in each state, and how many reports there are."""
    with app.app_context():
        states = Counter(db.session.scalars(sa.select(Answer.state)))
        reports = db.session.scalar(sa.select(sa.func.count()).select_from(Report)) or 0
        db.session.remove()
        db.engine.dispose()
    return states, reports


def _p95(times: list[float]) -> float:
    return statistics.quantiles([*times, *times], n=100, method="inclusive")[94]


def _print(found: Found, states: Counter[str], seconds: float) -> None:
    click.echo("request      number   p50 ms   p95 ms   max ms")
    everything = [each for times in found.times.values() for each in times]
    for kind, times in [*found.times.items(), ("all", everything)]:
        figures = (statistics.median(times), _p95(times), max(times))
        click.echo(f"{kind:<10} {len(times):>8} " + " ".join(f"{each:>8.0f}" for each in figures))
    shown = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    click.echo(
        f"answers: {shown}; {seconds:.0f} s in all; load of the machine: {os.getloadavg()[0]:.1f}"
    )
    for trouble in found.troubles[:5]:
        click.echo(f"trouble: {trouble}", err=True)


def _missed(found: Found, states: Counter[str], reports: int, candidates: int) -> list[str]:
    missed = []
    everything = [each for times in found.times.values() for each in times]
    if _p95(everything) > BAR_MILLISECONDS:
        missed.append(f"p95 {_p95(everything):.0f} ms, at most {BAR_MILLISECONDS:.0f} ms")
    if states[AnswerState.ANALYSED] != candidates:
        missed.append(f"{states[AnswerState.ANALYSED]} of {candidates} answers analysed")
    if reports != candidates:
        missed.append(f"{reports} reports of {candidates}")
    if found.troubles:
        missed.append(f"{len(found.troubles)} requests failed")
    return missed
