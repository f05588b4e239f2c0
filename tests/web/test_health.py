"""The addresses that load balancers ask."""

import pytest
import sqlalchemy as sa

from interview.extensions import db
from interview.jobs.queue import queue


def test_alive_says_that_the_process_answers(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok"}


@pytest.mark.parametrize("queue_url", ["sqlite", "redis"], indirect=True)
def test_ready_when_database_schema_and_queue_are(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "database": "ok", "schema": "ok", "queue": "ok"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_not_ready_while_migrations_are_missing(app, client):
    with app.app_context():
        db.session.execute(sa.text("DELETE FROM alembic_version"))
        db.session.commit()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["schema"] == "not ready"


def test_not_ready_without_a_queue_and_the_log_says_why(client, monkeypatch, caplog):
    def fail() -> int:
        raise ConnectionError("the queue's server is away")

    monkeypatch.setattr(queue.storage, "queue_size", fail)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["queue"] == "failed"
    assert "the queue's server is away" in caplog.text
    assert "away" not in answer.text


def test_asking_often_is_never_limited(client, rate_limits):
    assert {client.get("/healthz").status_code for _ in range(300)} == {200}
