"""The audit log: who saw, shared, exported, changed and erased what.

Every room writes to it where it does the thing, in the same transaction: what was rolled back was
not done and is not in the log. An entry holds numbers and codes, never a name, an address or a
text.
"""

import re
import uuid
from typing import Any

import sqlalchemy as sa
from flask import has_request_context
from flask_security import current_user

from interview.accounts import actor as acting
from interview.accounts.models import Candidate, User
from interview.extensions import db
from interview.privacy.models import ActorKind, AuditEntry

_ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
_CODE = re.compile(r"[\w.:+-]{0,80}")

Actor = User | Candidate | ActorKind


def record(
    action: str,
    object_kind: str,
    object_id: uuid.UUID | int | str,
    *,
    actor: Actor | None = None,
    organisation_id: int | None = None,
    **details: Any,
) -> None:
    """Note that something was done; the caller commits it together with the thing itself.

    `action` is what was done, as in "answer.erased" or "summary.seen". The actor is whoever sent
    the request, or the platform outside of requests, unless one is given. `details` hold codes,
    numbers, or lists of them. Raises ValueError for anything that could be a person's words.
    """
    if not _ACTION.fullmatch(action):
        raise ValueError(f"not an action's code: {action}")
    for name, value in details.items():
        if not _is_impersonal(value):
            raise ValueError(f"the audit log takes codes and numbers only, not {name}")
    kind, number = _identify(actor if actor is not None else _whoever_acts())
    db.session.add(
        AuditEntry(
            actor_kind=kind,
            actor_id=number,
            action=action,
            object_kind=object_kind,
            object_id=str(object_id),
            organisation_id=organisation_id,
            details=details,
        )
    )


def forget_user(user_id: int) -> None:
    """Take an erased account's number out of the log; what was done stays. Does not commit.

    SQLite gives a freed number to the next account, who must not inherit the entries.
    """
    for which, emptied in (
        (
            sa.and_(AuditEntry.actor_kind == ActorKind.USER, AuditEntry.actor_id == user_id),
            {"actor_id": None},
        ),
        (
            sa.and_(AuditEntry.object_kind == "user", AuditEntry.object_id == str(user_id)),
            {"object_id": ""},
        ),
    ):
        db.session.execute(
            sa.update(AuditEntry)
            .where(which)
            .values(**emptied)
            .execution_options(synchronize_session=False)
        )


def _whoever_acts() -> Actor:
    if not has_request_context():
        return ActorKind.SYSTEM
    if current_user.is_authenticated:
        user: User = current_user._get_current_object()
        return user
    return acting.guest_of_cookie() or ActorKind.GUEST


def _identify(actor: Actor) -> tuple[ActorKind, int | None]:
    if isinstance(actor, User):
        return ActorKind.USER, actor.id
    if isinstance(actor, Candidate):
        if actor.user_id is not None:
            return ActorKind.USER, actor.user_id
        return ActorKind.GUEST, actor.id
    return ActorKind(actor), None


def _is_impersonal(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(_is_impersonal(item) for item in value)
    if isinstance(value, str):
        return _CODE.fullmatch(value) is not None
    return value is None or isinstance(value, int | float)
