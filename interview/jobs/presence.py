"""Which workers there are: each says regularly that it is still there."""

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from interview.columns import now
from interview.extensions import db
from interview.jobs.models import Worker

FORGOTTEN = timedelta(days=1)
"""After so long a worker that fell silent is no longer listed."""


def arrive(threads: int) -> Worker:
    """Note that a worker begins, forget those long gone, and return it; commits."""
    db.session.execute(sa.delete(Worker).where(Worker.seen_at < now() - FORGOTTEN))
    worker = Worker(threads=threads)
    db.session.add(worker)
    db.session.commit()
    return worker


def beat(worker_id: object) -> None:
    """Note that a worker is still there; commits."""
    db.session.execute(sa.update(Worker).where(Worker.id == worker_id).values(seen_at=now()))
    db.session.commit()


def leave(worker_id: object) -> None:
    """Note that a worker ends as it should; commits."""
    db.session.execute(sa.delete(Worker).where(Worker.id == worker_id))
    db.session.commit()


def workers() -> list[tuple[Worker, bool]]:
    """Return the workers that were there lately, and whether each still is."""
    silent = now() - timedelta(seconds=2 * current_app.config["SETTINGS"].lease_seconds)
    query = sa.select(Worker).order_by(Worker.seen_at.desc())
    return [(worker, worker.seen_at >= silent) for worker in db.session.scalars(query)]
