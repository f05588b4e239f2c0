"""What becomes of organisations when somebody who acts for them erases their account.

None is left to members without an owner: the last owner hands it over first. One that nobody is
left in is closed: it asks nobody any more, and what its candidates gave is erased when the time
is over that they were told, or when they withdraw.
"""

import sqlalchemy as sa
from flask_babel import gettext as _

from interview.accounts.models import User
from interview.columns import now
from interview.database import lock
from interview.errors import RefusedError
from interview.extensions import db
from interview.permissions import CAN_RECRUIT, may_recruit, memberships
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
