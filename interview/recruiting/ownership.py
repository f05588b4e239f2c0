"""How organisations end: by an owner's word, or with the account of whoever is alone in one.

None is left to members without an owner: the last owner hands it over first, or closes it for all
of them. A closed one has no members and asks nobody any more; what its candidates gave is erased
when the time is over that they were told, or when they withdraw.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from interview.accounts.models import User
from interview.columns import now
from interview.database import lock
from interview.errors import RefusedError
from interview.extensions import db
from interview.permissions import CAN_RECRUIT, may_recruit, member_of, memberships
from interview.privacy import audit
from interview.recruiting.invitations import UNANSWERED
from interview.recruiting.models import (
    ApplicationInterview,
    ApplicationState,
    Invitation,
    InvitationState,
    MemberRole,
    Membership,
    Organisation,
)


@dataclass(frozen=True)
class Asked:
    """A candidate of an organisation that closes: what they were asked for, and what is kept."""

    email: str
    title: str
    has_begun: bool
    kept_until: datetime


@dataclass(frozen=True)
class Ending:
    """What ends when an organisation is closed now, and who is to be told."""

    organisation: Organisation
    colleagues: list[str]
    """The addresses of the other members who have an account."""
    interviews: int
    """Drafts and open interviews."""
    asked: list[Asked]
    """Everybody who has an invitation or has taken part, unless they withdrew."""
    erased_by: datetime | None
    """When the last of what candidates gave, and of their addresses, is erased; None if there is
    nothing."""


def ending(user: User, organisation_id: int) -> Ending:
    """Return what would end. Raises NotFoundError for everybody but the owners."""
    organisation = member_of(user, organisation_id, MemberRole.OWNER).organisation
    moment = now()
    invited_to = sa.select(ApplicationInterview).where(
        ApplicationInterview.organisation_id == organisation_id,
        ApplicationInterview.invitations.any(),
    )
    return Ending(
        organisation,
        [each.email for each in organisation.memberships if each.user_id not in (None, user.id)],
        sum(each.state != ApplicationState.CLOSED for each in organisation.applications),
        _asked(organisation, moment),
        max((_kept_until(each, moment) for each in db.session.scalars(invited_to)), default=None),
    )


def close(user: User, organisation_id: int) -> Ending:
    """Close an organisation for all its members; return what ended; commits.

    Raises NotFoundError for everybody but the owners.
    """
    member_of(user, organisation_id, MemberRole.OWNER)
    lock(Organisation, organisation_id)
    found = ending(user, organisation_id)
    _close(found.organisation)
    db.session.execute(
        sa.delete(Membership)
        .where(Membership.organisation_id == organisation_id)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return found


def _kept_until(application: ApplicationInterview, moment: datetime) -> datetime:
    """Return what `kept_until` will be, once the interview is closed at a moment."""
    return min(application.kept_until, moment + timedelta(days=application.retention_days))


def _asked(organisation: Organisation, moment: datetime) -> list[Asked]:
    """Return the candidates of an organisation that closes at a moment."""
    states = (*UNANSWERED, InvitationState.ACCEPTED, InvitationState.SUBMITTED)
    query = (
        sa.select(Invitation, ApplicationInterview)
        .join(Invitation.application)
        .where(
            ApplicationInterview.organisation_id == organisation.id, Invitation.state.in_(states)
        )
        .order_by(ApplicationInterview.id, Invitation.created_at)
    )
    return [
        Asked(
            email=invitation.email,
            title=application.title,
            has_begun=invitation.state not in UNANSWERED,
            kept_until=min(invitation.kept_until, _kept_until(application, moment)),
        )
        for invitation, application in db.session.execute(query)
    ]


def to_hand_over(user: User) -> list[Organisation]:
    """Return the organisations whose other members would be left without an owner."""
    return [
        found.organisation
        for found in memberships(user)
        if found.role == MemberRole.OWNER
        and _others(found)
        and not _others(found, Membership.role == MemberRole.OWNER)
    ]


def leave_all(user: User) -> None:
    """Close the organisations that nobody but the account acts for; the caller commits.

    Raises RefusedError while there is one to hand over.
    """
    mine = sa.select(Membership).where(Membership.user_id == user.id)
    found = list(db.session.scalars(mine.order_by(Membership.organisation_id)))
    for membership in found:
        lock(Organisation, membership.organisation_id)
    if may_recruit(user) and (waiting := to_hand_over(user)):
        db.session.rollback()
        raise RefusedError(refusal(waiting))
    for membership in found:
        if not _others(membership):
            _close(membership.organisation)


def refusal(waiting: list[Organisation]) -> str:
    """Say what has to be done before the account can go."""
    return _(
        "You are the only owner of %(names)s. Make somebody else an owner first, or remove the "
        "other members: then it is closed with your account.",
        names=", ".join(organisation.name for organisation in waiting),
    )


def _others(membership: Membership, *which: sa.ColumnElement[bool]) -> bool:
    """Whether somebody else is in the organisation who may act for it."""
    others = sa.exists().where(
        Membership.organisation_id == membership.organisation_id,
        Membership.id != membership.id,
        Membership.user.has(CAN_RECRUIT),
        *which,
    )
    return bool(db.session.scalar(sa.select(others)))


def _close(organisation: Organisation) -> None:
    """End what can still be begun: drafts, open interviews, invitations of all kinds."""
    audit.record(
        "organisation.closed", "organisation", organisation.id, organisation_id=organisation.id
    )
    moment = now()
    for application in organisation.applications:
        if application.state == ApplicationState.DRAFT:
            db.session.delete(application)
        elif application.state == ApplicationState.OPEN:
            application.state, application.closed_at = ApplicationState.CLOSED, moment
    db.session.flush()
    applications = sa.select(ApplicationInterview.id).where(
        ApplicationInterview.organisation_id == organisation.id
    )
    for statement in (
        sa.update(Invitation)
        .where(Invitation.application_id.in_(applications), Invitation.state.in_(UNANSWERED))
        .values(state=InvitationState.REVOKED, token_hash=None, ended_at=moment),
        sa.delete(Membership).where(
            Membership.organisation_id == organisation.id, Membership.user_id.is_(None)
        ),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
