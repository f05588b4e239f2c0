"""What admins do with organisations: see which there are and who is in them, and appoint owners.

What an organisation asks, and whom, is not theirs to see.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from interview.accounts import people
from interview.accounts.models import User
from interview.database import lock
from interview.errors import NotFoundError
from interview.extensions import db
from interview.permissions import may_recruit
from interview.privacy import audit
from interview.recruiting import organisations
from interview.recruiting.models import (
    ApplicationInterview,
    Invitation,
    MemberRole,
    Membership,
    Organisation,
)


@dataclass(frozen=True)
class Standing:
    """An organisation, and how many members, interviews and invited candidates it has."""

    organisation: Organisation
    members: int
    interviews: int
    candidates: int


def standings() -> list[Standing]:
    """Return every organisation, by name."""
    counts = (
        _count(Membership.id, Membership.organisation_id, Membership.user_id.is_not(None)),
        _count(ApplicationInterview.id, ApplicationInterview.organisation_id),
        sa.select(sa.func.count(Invitation.id))
        .join(ApplicationInterview, ApplicationInterview.id == Invitation.application_id)
        .where(ApplicationInterview.organisation_id == Organisation.id)
        .scalar_subquery(),
    )
    query = sa.select(Organisation, *counts).order_by(Organisation.name, Organisation.id)
    return [Standing(*row) for row in db.session.execute(query)]


def get(organisation_id: int) -> Organisation:
    """Return an organisation with its members. Raises NotFoundError."""
    found = db.session.scalar(
        sa.select(Organisation)
        .where(Organisation.id == organisation_id)
        .options(selectinload(Organisation.memberships))
    )
    if found is None:
        raise NotFoundError
    return found


def make(name: str, owner: User) -> Organisation:
    """Make an organisation for an account, which becomes a recruiter's if it was none; commits."""
    _let_recruit(owner)
    return organisations.create(owner, name)


def appoint(organisation_id: int, owner: User) -> None:
    """Make an account an owner of an organisation, whose member it may be already; commits.

    It becomes a recruiter's if it was none.
    """
    get(organisation_id)
    lock(Organisation, organisation_id)
    membership = db.session.scalar(
        sa.select(Membership)
        .where(
            Membership.organisation_id == organisation_id,
            sa.or_(Membership.user_id == owner.id, Membership.email == owner.email),
        )
        .order_by(Membership.user_id.is_(None))
        .limit(1)
    )
    if membership is None:
        membership = Membership(organisation_id=organisation_id)
        db.session.add(membership)
    membership.user_id, membership.email = owner.id, owner.email
    membership.role = MemberRole.OWNER
    membership.token_hash = membership.expires_at = None
    _let_recruit(owner)
    db.session.flush()
    audit.record(
        "member.appointed",
        "membership",
        membership.id,
        organisation_id=organisation_id,
        role=MemberRole.OWNER.value,
    )
    db.session.commit()


def _let_recruit(user: User) -> None:
    if not may_recruit(user):
        people.give(user, people.RECRUITER)


def _count(
    column: sa.ColumnElement, key: sa.ColumnElement, *which: sa.ColumnElement[bool]
) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count(column)).where(key == Organisation.id, *which).scalar_subquery()
