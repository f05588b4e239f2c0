"""Erasing what candidates gave, once the time is over for which an organisation may keep it."""

from datetime import datetime

import sqlalchemy as sa

from interview.extensions import db
from interview.privacy import audit
from interview.privacy import services as privacy
from interview.privacy.models import ActorKind
from interview.recruiting.models import ApplicationInterview, Invitation


def erase_due(now: datetime) -> int:
    """Erase every candidate of the application interviews whose time is over; return how many."""
    applications = db.session.scalars(
        sa.select(ApplicationInterview).where(
            # Closed before its deadline, an interview is over earlier: see `ends_at`.
            sa.or_(ApplicationInterview.deadline <= now, ApplicationInterview.closed_at <= now),
            sa.exists().where(Invitation.application_id == ApplicationInterview.id),
        )
    ).all()
    due = [application.id for application in applications if application.kept_until <= now]
    keys = db.session.scalars(
        sa.select(Invitation.id).where(Invitation.application_id.in_(due))
    ).all()
    return sum(_erase(key) for key in keys)


def _erase(invitation_id: object) -> bool:
    """Erase an invitation with everything that came of it, on its own; False if it was gone."""
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None:
        return False
    interview_id, candidate = invitation.interview_id, invitation.candidate
    audit.record(
        "invitation.expired",
        "invitation",
        invitation.id,
        actor=ActorKind.SYSTEM,
        organisation_id=invitation.application.organisation_id,
    )
    db.session.delete(invitation)
    if interview_id is None or candidate is None:
        db.session.commit()
    else:
        db.session.flush()
        privacy.erase_interview(candidate, interview_id)
    return True
