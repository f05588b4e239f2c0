"""Tables of privacy: the audit log, exports, and what people say of themselves."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from interview.columns import UtcDateTime, now
from interview.extensions import db


class ActorKind(StrEnum):
    """What kind of person, or which part of the platform, did something."""

    USER = "user"
    GUEST = "guest"
    LINK = "link"
    """Whoever opened a link that somebody shared; nobody knows who that was."""
    SYSTEM = "system"
    """The platform itself: a worker, a schedule, or somebody at the server's command line."""


class AuditEntry(db.Model):
    """One thing that was done to one object.

    The numbers refer to rows without holding on to them: an entry outlives its object, and then
    says that something was seen or erased, no longer of whom.
    """

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    actor_kind: Mapped[ActorKind] = mapped_column(String(8))
    # The account's number, or the guest's workspace's; None for others, and once it is erased.
    actor_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[int | None] = mapped_column(index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (
        Index(None, "object_kind", "object_id"),
        Index(None, "actor_kind", "actor_id"),
    )


class ExportState(StrEnum):
    """Where an export is: waiting → running → ready → expired, or failed."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


class Export(db.Model):
    """An archive of everything that is kept of a person, made by a worker and kept for some days.

    The worker holds it under a lease, as an answer (see `jobs.leases`).
    """

    __tablename__ = "exports"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidates.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[ExportState] = mapped_column(String(16), default=ExportState.WAITING)
    progress: Mapped[int] = mapped_column(default=0)
    file_key: Mapped[str | None] = mapped_column(String(80))
    file_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_token: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)


class SelfDescription(db.Model):
    """Which groups a person says they belong to; voluntary, and read by `flask audit bias` alone.

    No page but the person's own shows it, and no recruiter's query touches it.
    """

    __tablename__ = "self_descriptions"

    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidates.id", ondelete="CASCADE"), primary_key=True
    )
    sex: Mapped[str | None] = mapped_column(String(16))
    ethnicity: Mapped[str | None] = mapped_column(String(16))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)
