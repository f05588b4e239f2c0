"""The instance's policy: rules that admins may change while the platform runs.

Each rule begins as the setting of the same name says. What an admin changes is a row of the
database and holds from the next request on, in every process.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from flask import current_app, g
from pydantic import BaseModel, ConfigDict, Field

from interview.admin.models import PolicyValue
from interview.columns import now
from interview.database import upsert
from interview.extensions import db
from interview.privacy import audit

DAYS = Annotated[int, Field(ge=0, le=3650)]
MEBIBYTE = 1024 * 1024
TEBIBYTE = MEBIBYTE * MEBIBYTE


class Policy(BaseModel):
    """The rules that hold now. Zero of days, room or answers is no limit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    signup: Literal["open", "invitation"]
    """Whether anybody may make an account, or only who has an admin's invitation."""

    recruiter_emotions: bool
    """Whether estimates of emotions may reach a recruiter where the candidate agrees, too."""

    retention_days: DAYS
    """After so many days an account's practice answer is erased with all that belongs to it."""

    recording_days: DAYS
    """After so many days the recording of a practice answer is erased; its report stays."""

    quota_bytes: Annotated[int, Field(ge=0, le=TEBIBYTE)]
    """How much one person's files may take up, in bytes."""

    answers_per_day: Annotated[int, Field(ge=0, le=100_000)]
    """How many practice answers one person may hand in within 24 hours."""


RULES = tuple(Policy.model_fields)


def current() -> Policy:
    """Return the rules that hold now; read once per request or task."""
    return _read()[0]


def changed_at(rule: str) -> datetime | None:
    """Return when an admin last changed a rule; None while the setting holds."""
    return _read()[1].get(rule)


def _read() -> tuple[Policy, dict[str, datetime]]:
    if "policy" not in g:
        rows = [row for row in db.session.scalars(sa.select(PolicyValue)) if row.name in RULES]
        rules = Policy(**(defaults().model_dump() | {row.name: row.value for row in rows}))
        g.policy = rules, {row.name: row.changed_at for row in rows}
    found: tuple[Policy, dict[str, datetime]] = g.policy
    return found


def defaults() -> Policy:
    """Return the rules as the settings have them."""
    settings = current_app.config["SETTINGS"]
    return Policy(**{name: getattr(settings, name) for name in RULES})


def change(**values: Any) -> list[str]:
    """Change rules and return the names of those that changed; noted in the audit log, committed.

    Rules that are not named, or have their value already, stay as they are. Raises pydantic's
    ValidationError for a value that no rule may have.
    """
    g.pop("policy", None)
    before = current().model_dump()
    after = Policy(**(before | values)).model_dump()
    changed = [name for name in after if after[name] != before[name]]
    for name in changed:
        row = {"value": after[name], "changed_at": now()}
        db.session.execute(
            upsert(PolicyValue.__table__)
            .values(name=name, **row)
            .on_conflict_do_update(index_elements=["name"], set_=row)
        )
        audit.record("policy.changed", "policy", name, before=before[name], after=after[name])
    db.session.commit()
    g.pop("policy", None)
    return changed
