"""Which workers there are: each says regularly that it is still there."""

import uuid
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from interview.columns import now
from interview.database import upsert
from interview.extensions import db
from interview.jobs.models import Worker

FORGOTTEN = timedelta(days=1)
"""After so long a worker that fell silent is no longer listed."""


def beat(worker_id: uuid.UUID, threads: int) -> None:
    """Note that a worker is there, and forget those long gone; commits."""
    db.session.execute(sa.delete(Worker).where(Worker.seen_at < now() - FORGOTTEN))
    db.session.execute(
        upsert(Worker.__table__)
        .values(id=worker_id, threads=threads, started_at=now(), seen_at=now())
        .on_conflict_do_update(index_elements=["id"], set_={"seen_at": now()})
    )
    db.session.commit()


def leave(worker_id: uuid.UUID) -> None:
    """Note that a worker ends as it should; commits."""
    db.session.execute(sa.delete(Worker).where(Worker.id == worker_id))
    db.session.commit()


def workers() -> list[tuple[Worker, bool]]:
    """Return the workers that were there lately, and whether each still is."""
    silent = now() - timedelta(seconds=2 * current_app.config["SETTINGS"].lease_seconds)
    query = sa.select(Worker).order_by(Worker.seen_at.desc())
    return [(worker, worker.seen_at >= silent) for worker in db.session.scalars(query)]
