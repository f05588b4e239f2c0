"""What admins do with organisations: see which there are and who is in them, and appoint owners.

What an organisation asks, and whom, is not theirs to see. So nobody appoints themselves, and who
is in the organisation hears of every owner whom an admin appoints.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from interview.accounts import people
from interview.accounts.models import User
from interview.database import lock
from interview.errors import NotFoundError, RefusedError
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


def appoint(admin: User, organisation_id: int, owner: User) -> list[str]:
    """Make an account an owner of an organisation, whose member it may be already; commits.

    It becomes a recruiter's if it was none. Return the addresses of who is to be told: the owners
    there were, or, where there was none, the other members. Raises RefusedError for the admin's own
    account and for an organisation that nobody is left in.
    """
    get(organisation_id)
    if owner.id == admin.id:
        raise RefusedError(
            _(
                "Nobody makes themselves an owner. To look into a complaint, break the glass for "
                "that one answer and give the reason; to work here, ask an owner to invite you."
            )
        )
    lock(Organisation, organisation_id)
    told = _members_to_tell(organisation_id, owner)
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
    return told


def _members_to_tell(organisation_id: int, owner: User) -> list[str]:
    """Return the addresses of the other owners, or, if there is none, of the other members."""
    query = (
        sa.select(Membership.role, User.id, User.email)
        .join(Membership.user)
        .where(Membership.organisation_id == organisation_id)
        .order_by(Membership.id)
    )
    present = db.session.execute(query).all()
    if not present:
        db.session.rollback()
        raise RefusedError(
            _("Nobody is left in this organisation. It is closed, and opens to nobody again.")
        )
    others = [(role, email) for role, user_id, email in present if user_id != owner.id]
    owners = [(role, email) for role, email in others if role == MemberRole.OWNER]
    return [email for _role, email in owners or others]


def _let_recruit(user: User) -> None:
    if not may_recruit(user):
        people.give(user, people.RECRUITER)


def _count(
    column: sa.ColumnElement, key: sa.ColumnElement, *which: sa.ColumnElement[bool]
) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count(column)).where(key == Organisation.id, *which).scalar_subquery()
