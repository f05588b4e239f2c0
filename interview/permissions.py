"""Who may do what to which object: the one place that says so.

What a person may not know of is answered "not found", never "forbidden".
"""

import uuid
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from interview.accounts.models import Candidate, Role, User
from interview.errors import NotFoundError
from interview.extensions import db
from interview.recruiting.models import MemberRole, Membership, Organisation

T = TypeVar("T")

RECRUITING = ("recruiter", "admin")
"""The roles of which an account needs one to act for an organisation."""

CAN_RECRUIT = sa.and_(User.active, User.roles.any(Role.name.in_(RECRUITING)))
"""Whether the account of a row can log in and act for its organisations."""


def own(model: type[T], key: uuid.UUID | int, candidate: Candidate | None) -> T:
    """Return the candidate's own row; raise NotFoundError for anybody else's and for none."""
    row = db.session.get(model, key)
    if row is None or candidate is None or row.candidate_id != candidate.id:  # type: ignore[attr-defined]
        raise NotFoundError
    return row


def member_of(user: User, organisation_id: int, *roles: MemberRole) -> Membership:
    """Return an account's membership of an organisation, in one of the roles if any are given.

    Read from the database in each request, so that a role taken away, in the organisation or by an
    admin, is gone at once. Raises NotFoundError for everybody else, visitors without an account
    and accounts that may not recruit any more among them.
    """
    if not may_recruit(user):
        raise NotFoundError
    found = db.session.scalar(
        sa.select(Membership)
        .where(Membership.organisation_id == organisation_id, Membership.user_id == user.id)
        .execution_options(populate_existing=True)
    )
    if found is None or (roles and found.role not in roles):
        raise NotFoundError
    return found


def memberships(user: User) -> list[Membership]:
    """Return the memberships in which an account may act now, by name of the organisation."""
    return every_membership(user) if may_recruit(user) else []


def every_membership(user: User) -> list[Membership]:
    """Return every membership of an account, also those in which it may not act now, by name."""
    query = (
        sa.select(Membership)
        .join(Membership.organisation)
        .where(Membership.user_id == user.id)
        .order_by(Organisation.name, Organisation.id)
        .options(contains_eager(Membership.organisation))
    )
    return list(db.session.scalars(query))


def may_recruit(user: User) -> bool:
    """Whether an account may act for organisations, its own or others': recruiters and admins."""
    return bool(user.is_authenticated and any(map(user.has_role, RECRUITING)))


def is_admin(user: User) -> bool:
    """Whether an account is an admin's."""
    return bool(user.is_authenticated and user.has_role("admin"))


def require_admin(user: User) -> None:
    """Raise NotFoundError for everybody but admins: to them the admins' room does not exist."""
    if not is_admin(user):
        raise NotFoundError
