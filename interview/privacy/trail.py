"""Reading the audit log: what fits, newest first, a page at a time or all of it as a table."""

import contextlib
import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO

import sqlalchemy as sa

from interview.accounts.models import User
from interview.extensions import db
from interview.privacy import audit
from interview.privacy.models import ActorKind, AuditEntry

PAGE = 100
"""Entries on one page."""

COLUMNS = (
    *("id", "happened_at", "actor_kind", "actor_id", "action", "object_kind", "object_id"),
    *("organisation_id", "details"),
)


@dataclass(frozen=True)
class Filters:
    """What the log is narrowed to; None and "" are everything. Days are in UTC, both included."""

    since: date | None = None
    until: date | None = None
    action: str = ""
    actor_kind: str = ""
    actor: str = ""
    """An account's address."""
    object_kind: str = ""
    object_id: str = ""
    organisation_id: int | None = None


def find(filters: Filters, before: int | None = None) -> list[AuditEntry]:
    """Return up to a page of entries, newest first; `before` is the last one's number so far."""
    query = _select(filters).limit(PAGE)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return list(db.session.scalars(query))


def actions() -> list[str]:
    """Return every action that is in the log."""
    return list(
        db.session.scalars(sa.select(AuditEntry.action).distinct().order_by(AuditEntry.action))
    )


def kinds() -> list[str]:
    """Return every kind of object that is in the log."""
    query = sa.select(AuditEntry.object_kind).distinct().order_by(AuditEntry.object_kind)
    return list(db.session.scalars(query))


def addresses(entries: Iterable[AuditEntry]) -> dict[int, str]:
    """Return the addresses of the accounts that acted in some entries, by number."""
    numbers = {entry.actor_id for entry in entries if entry.actor_kind == ActorKind.USER}
    query = sa.select(User.id, User.email).where(User.id.in_(numbers - {None}))
    return dict(db.session.execute(query).all())


def export(filters: Filters) -> Iterator[str]:
    """Yield the entries that fit as lines of CSV, without addresses; notes the export, commits."""
    audit.record("audit_log.exported", "audit_log", "")
    db.session.commit()
    buffer = StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    found = db.session.scalars(_select(filters).execution_options(yield_per=1000))
    with contextlib.closing(found) as entries:  # also when whoever asked goes away
        for entry in entries:
            values = {name: getattr(entry, name) for name in COLUMNS}
            values["happened_at"] = entry.happened_at.isoformat()
            values["details"] = json.dumps(entry.details, sort_keys=True)
            writer.writerow(["" if value is None else value for value in values.values()])
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _select(filters: Filters) -> sa.Select[AuditEntry]:
    return sa.select(AuditEntry).where(*_conditions(filters)).order_by(AuditEntry.id.desc())


def _conditions(filters: Filters) -> Iterator[sa.ColumnElement[bool]]:
    if filters.since:
        yield AuditEntry.happened_at >= _midnight(filters.since)
    if filters.until:
        yield AuditEntry.happened_at < _midnight(filters.until + timedelta(days=1))
    for name in ("action", "actor_kind", "object_kind", "object_id"):
        if value := getattr(filters, name):
            yield getattr(AuditEntry, name) == value
    if filters.organisation_id is not None:
        yield AuditEntry.organisation_id == filters.organisation_id
    if filters.actor:
        account = sa.select(User.id).where(User.email == filters.actor.lower())
        yield sa.and_(AuditEntry.actor_kind == ActorKind.USER, AuditEntry.actor_id.in_(account))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
