"""`flask bench peers`: the summary page's time must not grow with the number of candidates."""

import contextlib
import gc
import logging
import os
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from interview import create_app
from interview.accounts.models import Candidate, User
from interview.bench.filling import fill
from interview.extensions import db, limiter
from interview.practice.models import Report
from interview.settings import Settings

P95_MILLISECONDS = 50.0
RATIO = 1.2
SMALLER = 100
"""The comparison has so many times fewer candidates and answers."""

WARM_UP = 30


@dataclass
class Subject:
    """A filled instance, and how long its summary pages took, in milliseconds."""

    candidates: int
    answers: int
    app: Flask
    times: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        """What 95 of 100 pages did not exceed."""
        return statistics.quantiles(self.times, n=100, method="inclusive")[94]


def run(candidates: int, answers: int, server: str, requests: int) -> None:
    """Fill two databases, time summary pages in both by turns, print the figures.

    Raises `click.ClickException` when a bar is missed.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(_undisturbed())
        subjects = [
            _subject(stack, candidates // SMALLER, answers // SMALLER, server),
            _subject(stack, candidates, answers, server),
        ]
        _measure(subjects, requests)
        kind = "PostgreSQL" if server else "SQLite"
        small, large = subjects
        click.echo("database    candidates    answers   p50 ms   p95 ms")
        for one in subjects:
            size = f"{one.candidates:>11,} {one.answers:>10,}"
            click.echo(f"{kind:<10} {size} {one.p50:>8.1f} {one.p95:>8.1f}")
        ratio = large.p95 / small.p95
        click.echo(f"ratio of the p95: {ratio:.2f}; load of the machine: {os.getloadavg()[0]:.1f}")
    if large.p95 > P95_MILLISECONDS or ratio > RATIO:
        raise click.ClickException(
            f"bars missed: p95 at most {P95_MILLISECONDS:g} ms, ratio at most {RATIO:g}"
        )


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Leave out what belongs to one visitor or to the operator: rate limits and the access log."""
    limited = limiter.enabled
    limiter.enabled = False
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
        limiter.enabled = limited


def _subject(stack: contextlib.ExitStack, candidates: int, answers: int, server: str) -> Subject:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-peers-")))
    url = stack.enter_context(scratch_database(server)) if server else ""
    app = create_app(
        Settings(
            environment="test", secret_key=uuid.uuid4().hex, instance_dir=folder, database_url=url
        )
    )
    started = time.perf_counter()
    with app.app_context():
        stack.callback(db.engine.dispose)
        upgrade()
        fill(candidates, answers)
        _settle()
        db.engine.dispose()  # pages are timed on connections as the platform opens them
    seconds = time.perf_counter() - started
    click.echo(
        f"{candidates:,} candidates, {answers:,} answers: filled in {seconds:.0f} s", err=True
    )
    return Subject(candidates, answers, app)


@contextlib.contextmanager
def scratch_database(server: str) -> Iterator[str]:
    """Create a database of our own on a PostgreSQL server, give its address, drop it."""
    address = sa.make_url(server).set(drivername="postgresql+psycopg")
    name = f"bench_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    try:
        yield address.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


def _settle() -> None:
    """Do after a bulk insert what the database would have done along the way."""
    statement = "PRAGMA wal_checkpoint(TRUNCATE)"
    if db.engine.dialect.name == "postgresql":
        statement = "VACUUM ANALYZE"
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(statement))


def _measure(subjects: list[Subject], requests: int) -> None:
    """Time pages of all subjects by turns: what else the machine does then hits them alike."""
    visits = [_visits(one.app, WARM_UP + requests) for one in subjects]
    clients = [one.app.test_client() for one in subjects]
    for number, turn in enumerate(zip(*visits, strict=True)):
        if number == WARM_UP:  # as the web server does, see gunicorn.conf.py
            gc.collect()
            gc.freeze()
        for subject, client, (person, answer_id) in zip(subjects, clients, turn, strict=True):
            milliseconds = _visit(client, person, answer_id)
            if number >= WARM_UP:
                subject.times.append(milliseconds)


def _visits(app: Flask, count: int) -> list[tuple[str, uuid.UUID]]:
    """Draw answers at random, each with the key of its owner's session."""
    chance = random.Random(2)  # noqa: S311 - nothing secret is drawn
    with app.app_context():
        last = db.session.scalar(sa.select(sa.func.max(Report.id)))
        chosen = [chance.randint(1, last) for _ in range(count)]
        rows = db.session.execute(
            sa.select(Report.id, User.fs_uniquifier, Report.answer_id)
            .join(Candidate, Candidate.id == Report.candidate_id)
            .join(User, User.id == Candidate.user_id)
            .where(Report.id.in_(chosen))
        )
        found = {row.id: (row.fs_uniquifier, row.answer_id) for row in rows}
    return [found[number] for number in chosen]


def _visit(client: FlaskClient, person: str, answer_id: uuid.UUID) -> float:
    with client.session_transaction() as session:
        session.clear()
        session.update({"_user_id": person, "_fresh": True, "fs_cc": "set"})
    started = time.perf_counter()
    response = client.get(f"/answers/{answer_id}")
    milliseconds = (time.perf_counter() - started) * 1000
    if response.status_code != 200:
        raise click.ClickException(f"the page answered {response.status}")
    return milliseconds
