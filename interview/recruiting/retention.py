"""Erasing what candidates gave, once the time is over for which an organisation may keep it.

And the organisation itself, once nobody is in it and nothing of a candidate is left.
"""

from datetime import datetime

import sqlalchemy as sa

from interview.extensions import db
from interview.practice.models import Question
from interview.privacy import audit
from interview.privacy import services as privacy
from interview.privacy.models import ActorKind
from interview.questions.models import Prompt, PromptRevision
from interview.recruiting.models import ApplicationInterview, Consent, Invitation, Organisation


def erase_due(now: datetime) -> int:
    """Erase every candidate whose time, as `Invitation.kept_until` says, is over.

    Return how many they were.
    """
    applications = db.session.scalars(
        sa.select(ApplicationInterview).where(
            # Closed before its deadline, an interview is over earlier: see `ends_at`.
            sa.or_(ApplicationInterview.deadline <= now, ApplicationInterview.closed_at <= now),
            sa.exists().where(Invitation.application_id == ApplicationInterview.id),
        )
    ).all()
    due = [application.id for application in applications if application.kept_until <= now]
    is_due = sa.or_(
        Invitation.application_id.in_(due), Invitation.consents.any(Consent.kept_until <= now)
    )
    keys = db.session.scalars(sa.select(Invitation.id).where(is_due)).all()
    return sum(_erase(key) for key in keys)


def erase_left() -> int:
    """Erase the organisations that their last member left closed; return how many.

    Each goes with its interviews and its own prompts. One whose candidates are not all erased
    stays until they are.
    """
    asked = (
        sa.select(Question.id)
        .join(PromptRevision, Question.revision_id == PromptRevision.id)
        .join(Prompt, PromptRevision.prompt_id == Prompt.id)
        .where(Prompt.organisation_id == Organisation.id)
    )
    left = db.session.scalars(
        sa.select(Organisation.id).where(
            ~Organisation.memberships.any(),
            ~Organisation.applications.any(ApplicationInterview.invitations.any()),
            ~asked.exists(),
        )
    ).all()
    for organisation_id in left:
        _erase_organisation(organisation_id)
    return len(left)


def _erase_organisation(organisation_id: int) -> None:
    """Erase an organisation in the order of the references: interviews ask its prompts."""
    audit.record(
        "organisation.expired",
        "organisation",
        organisation_id,
        actor=ActorKind.SYSTEM,
        organisation_id=organisation_id,
    )
    for statement in (
        sa.delete(ApplicationInterview).where(
            ApplicationInterview.organisation_id == organisation_id
        ),
        sa.delete(Prompt).where(Prompt.organisation_id == organisation_id),
        sa.delete(Organisation).where(Organisation.id == organisation_id),
    ):
        db.session.execute(statement)
    db.session.commit()


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
