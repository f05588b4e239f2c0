"""Exports: asked for by a person, made by a worker, kept for some days, then erased.

The database is the truth, as for answers: a worker takes an export under a random token for a
limited time, and what was left behind by a killed worker is given to another and begun anew.
"""

import logging
import time
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from interview.accounts.models import Candidate
from interview.columns import now
from interview.database import lock
from interview.extensions import db
from interview.media.store import store
from interview.permissions import own
from interview.privacy import archive, audit
from interview.privacy.models import Export, ExportState

log = logging.getLogger(__name__)

UNFINISHED = (ExportState.WAITING, ExportState.RUNNING)
RENEWALS_PER_LEASE = 6
SENDING = timedelta(minutes=30)
"""How long an archive may take on its way to a bucket, during which nothing is renewed."""


class LostError(Exception):
    """The export was erased, or given to another worker."""


def latest(candidate: Candidate | None) -> Export | None:
    """Return the candidate's newest export."""
    if candidate is None:
        return None
    query = (
        sa.select(Export)
        .where(Export.candidate_id == candidate.id)
        .order_by(Export.requested_at.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def request(candidate: Candidate) -> Export:
    """Return the export that is being made, or begin one in the place of earlier ones; commits."""
    from interview.jobs import tasks

    lock(Candidate, candidate.id)
    found = latest(candidate)
    if found is not None and found.state in UNFINISHED:
        db.session.commit()
        return found
    mine = Export.candidate_id == candidate.id
    keys = list(db.session.scalars(sa.select(Export.file_key).where(mine)))
    db.session.execute(sa.delete(Export).where(mine))
    new = Export(candidate_id=candidate.id, lease_until=_until())
    db.session.add(new)
    db.session.flush()
    audit.record("data.export_requested", "export", new.id)
    db.session.commit()
    delete(keys)
    tasks.enqueue_export(new.id)
    return new


def find(candidate: Candidate | None, export_id: uuid.UUID) -> Export:
    """Return the candidate's export. Raises NotFoundError for anybody else's."""
    return own(Export, export_id, candidate)


def note_download(export: Export) -> None:
    """Write to the audit log that an archive is downloaded; commits."""
    audit.record("data.export_downloaded", "export", export.id)
    db.session.commit()


def erase(candidate: Candidate | None, export_id: uuid.UUID) -> None:
    """Erase an export and its file. Raises NotFoundError for anybody else's."""
    export = own(Export, export_id, candidate)
    key = export.file_key
    db.session.delete(export)
    audit.record("data.export_erased", "export", export_id)
    db.session.commit()
    delete([key])


def outdate(candidate_id: int) -> list[str]:
    """Take a candidate's archives back, as something in them is being erased; return their files.

    One that is asked for or being made is begun anew: its worker finds the lease gone. The caller
    has locked the candidate, commits, and then removes the files.
    """
    mine = Export.candidate_id == candidate_id
    # Also those that wait: a worker that takes one now begins after the caller's commit.
    db.session.execute(
        sa.update(Export)
        .where(mine, Export.state.in_(UNFINISHED))
        .values(**_anew())
        .execution_options(synchronize_session=False)
    )
    gone = db.session.scalars(
        sa.delete(Export)
        .where(mine, Export.state == ExportState.READY)
        .returning(Export.file_key)
        .execution_options(synchronize_session=False)
    )
    return [key for key in gone if key]


def move(guest_id: int, own_id: int) -> list[str]:
    """Hand a guest's archive to an account's candidate; return files that nobody has any more.

    Where the account has one, that of the guest goes: each has one at most. One that is being made
    is begun anew, for everything of the account. The caller has locked both candidates, commits,
    and then removes the files.
    """
    found = latest(db.session.get(Candidate, own_id))
    if found is not None and found.state in (*UNFINISHED, ExportState.READY):
        gone = sa.select(Export.file_key).where(Export.candidate_id == guest_id)
        return [key for key in db.session.scalars(gone) if key]  # the rows go with the guest
    db.session.execute(sa.delete(Export).where(Export.candidate_id == own_id))
    moving = sa.update(Export).where(Export.candidate_id == guest_id)
    for statement in (
        moving.where(Export.state.in_(UNFINISHED)).values(**_anew()),
        moving.values(candidate_id=own_id),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
    return []


def make(export_id: uuid.UUID) -> None:
    """Make an export's archive, if it waits; what cannot be made is marked failed."""
    token = _claim(export_id)
    if token is None:
        return
    export = db.session.get_one(Export, export_id)
    candidate_id, key = export.candidate_id, store.create()
    try:
        with store.local(key) as path:
            archive.write(path, candidate_id, _Progress(export_id, token))
            size = path.stat().st_size
        _renew(export_id, token, lease_until=now() + SENDING)
        store.finish(key, size)
        _end(export_id, token, state=ExportState.READY, file_key=key, file_bytes=size)
    except LostError:
        db.session.rollback()
        delete([key])
    except Exception:
        log.exception("making an export failed")
        db.session.rollback()
        delete([key])
        _fail(export_id, token)


def sweep() -> list[uuid.UUID]:
    """Return the exports that need a new hint; one that took its workers down fails instead."""
    overdue = sa.and_(Export.state.in_(UNFINISHED), Export.lease_until < now())
    tried = Export.attempts >= current_app.config["SETTINGS"].max_attempts
    db.session.execute(
        sa.update(Export)
        .where(overdue, tried)
        .values(state=ExportState.FAILED, lease_token=None, finished_at=now())
    )
    found = db.session.scalars(
        sa.update(Export)
        .where(overdue)
        .values(state=ExportState.WAITING, lease_token=None, lease_until=_until())
        .returning(Export.id)
    ).all()
    db.session.commit()
    return list(found)


def expire(moment: datetime) -> int:
    """Erase the files of exports whose time is over; return how many there were."""
    over = sa.and_(Export.state == ExportState.READY, Export.expires_at <= moment)
    found = db.session.execute(sa.select(Export.id, Export.file_key).where(over)).all()
    if found:
        db.session.execute(
            sa.update(Export)
            .where(Export.id.in_([key for key, _file in found]), over)
            .values(state=ExportState.EXPIRED, file_key=None)
        )
    db.session.commit()
    delete([file for _key, file in found])
    return len(found)


class _Progress:
    """Notes how far the archive is, and finds out whether it is still wanted."""

    def __init__(self, export_id: uuid.UUID, token: str) -> None:
        self.export_id, self.token = export_id, token
        self.noted = 0.0

    def __call__(self, percent: int) -> None:
        pause = current_app.config["SETTINGS"].lease_seconds / RENEWALS_PER_LEASE
        if time.monotonic() - self.noted < min(pause, 1.0):
            return
        self.noted = time.monotonic()
        _renew(self.export_id, self.token, lease_until=_until(), progress=percent)


def _claim(export_id: uuid.UUID) -> str | None:
    token = uuid.uuid4().hex
    silent = sa.and_(Export.state == ExportState.RUNNING, Export.lease_until < now())
    taken = db.session.scalar(
        sa.update(Export)
        .where(
            Export.id == export_id,
            sa.or_(Export.state == ExportState.WAITING, silent),
            Export.attempts < current_app.config["SETTINGS"].max_attempts,
        )
        .values(
            state=ExportState.RUNNING,
            lease_token=token,
            lease_until=_until(),
            attempts=Export.attempts + 1,
            progress=0,
        )
        .returning(Export.id)
    )
    db.session.commit()
    return None if taken is None else token


def _renew(export_id: uuid.UUID, token: str, **values: Any) -> None:
    """Store values of an export that is still held, and commit. Raises LostError otherwise."""
    renewed = db.session.scalar(
        sa.update(Export)
        .where(Export.id == export_id, Export.lease_token == token)
        .values(**values)
        .returning(Export.id)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    if renewed is None:
        raise LostError


def _end(export_id: uuid.UUID, token: str, **values: Any) -> None:
    days = timedelta(days=current_app.config["SETTINGS"].export_days)
    ended = {"lease_token": None, "lease_until": None, "progress": 100, "finished_at": now()}
    _renew(export_id, token, expires_at=now() + days, **ended, **values)


def _fail(export_id: uuid.UUID, token: str) -> None:
    try:
        _end(export_id, token, state=ExportState.FAILED)
    except LostError:
        log.info("the export was erased meanwhile")


def _anew() -> dict[str, Any]:
    """Values of an export that the next sweep gives to a worker; one that has it loses it."""
    return {
        "state": ExportState.WAITING,
        "lease_token": None,
        "lease_until": now(),
        "attempts": 0,
        "progress": 0,
    }


def _until() -> datetime:
    return now() + timedelta(seconds=current_app.config["SETTINGS"].lease_seconds)


def delete(keys: Iterable[str | None]) -> None:
    """Remove the files of exports that are gone; called after the commit."""
    for key in keys:
        if key:
            try:
                store.delete(key)
            except OSError:
                log.exception("the file of an export could not be removed")
