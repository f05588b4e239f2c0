"""Tables of privacy: the audit log."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String
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
