"""Rows of recruiting for tests; to be called inside an application context, each commits."""

import hashlib
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from interview.accounts.models import Candidate, User
from interview.accounts.services import ensure_role
from interview.columns import now
from interview.extensions import db
from interview.permissions import may_recruit
from interview.practice.models import Answer, Interview, Question
from interview.questions.models import Prompt
from interview.recruiting.models import (
    ApplicationInterview,
    ApplicationPrompt,
    ApplicationState,
    Consent,
    Invitation,
    InvitationState,
    MemberRole,
    Membership,
    Organisation,
)

ALL_CHOICES = {"analysis": True, "traits": True, "emotions": True, "recording": True}


DETAILS = {
    "title": "Crane operator",
    "think_seconds": "30",
    "answer_seconds": "120",
    "max_takes": "2",
    "deadline": (now() + timedelta(days=9)).date().isoformat(),
    "retention_days": "90",
}
"""What a recruiter types to make an application interview, but for the ways of answering."""


def make_organisation(
    name: str = "Harbour Works", members: Mapping[User, MemberRole] | None = None
) -> Organisation:
    """Return an organisation with these members, who may recruit."""
    organisation = Organisation(name=name)
    for user, role in (members or {}).items():
        account = db.session.get_one(User, user.id)
        if not may_recruit(account):
            account.roles.append(ensure_role("recruiter"))
        organisation.memberships.append(Membership(user_id=user.id, email=user.email, role=role))
    db.session.add(organisation)
    db.session.commit()
    return organisation


def make_application(
    organisation: Organisation, prompts: list[Prompt], **values: Any
) -> ApplicationInterview:
    """Return an application interview, open for a week unless `values` says otherwise."""
    application = ApplicationInterview(
        **{
            "organisation_id": organisation.id,
            "title": "Crane operator",
            "description": "Works at the harbour.",
            "modes": ["text", "audio"],
            "think_seconds": 30,
            "answer_seconds": 120,
            "max_takes": 2,
            "deadline": now() + timedelta(days=7),
            "retention_days": 90,
            "state": ApplicationState.OPEN,
            "opened_at": now(),
        }
        | values
    )
    for position, prompt in enumerate(prompts, start=1):
        revision = db.session.get_one(Prompt, prompt.id).current
        application.prompts.append(ApplicationPrompt(position=position, revision=revision))
    db.session.add(application)
    db.session.commit()
    return application


def make_invitation(
    application: ApplicationInterview,
    candidate: Candidate | None = None,
    mode: str = "text",
    choices: Mapping[str, bool] = ALL_CHOICES,
    **values: Any,
) -> Invitation:
    """Return an invitation; with a candidate, one that was accepted and has empty answers.

    The token of its link is in the attribute `token`.
    """
    token = uuid.uuid4().hex
    invitation = Invitation(
        application_id=application.id,
        **{
            "email": f"{uuid.uuid4().hex[:10]}@example.org",
            "token_hash": hashlib.sha256(token.encode()).hexdigest(),
            "expires_at": application.deadline,
            "sent_at": now(),
        }
        | values,
    )
    db.session.add(invitation)
    db.session.flush()
    if candidate is not None:
        _accept(invitation, application, candidate, mode, choices)
    db.session.commit()
    invitation.token = token  # type: ignore[attr-defined]
    return invitation


def _accept(
    invitation: Invitation,
    application: ApplicationInterview,
    candidate: Candidate,
    mode: str,
    choices: Mapping[str, bool],
) -> None:
    sitting = Interview(
        candidate_id=candidate.id, purpose="application", mode=mode, pool=application.id
    )
    for prompt in application.prompts:
        question = Question(position=prompt.position, revision_id=prompt.revision_id)
        question.answers.append(Answer(candidate_id=candidate.id, take=1))
        sitting.questions.append(question)
    db.session.add(sitting)
    db.session.flush()
    invitation.state = InvitationState.ACCEPTED
    invitation.candidate_id, invitation.interview_id = candidate.id, sitting.id
    invitation.opened_at = invitation.accepted_at = now()
    invitation.consents.append(
        Consent(
            candidate_id=candidate.id,
            version="test",
            text="I agree.",
            kept_until=application.kept_until,
            **choices,
        )
    )


def answers_of(invitation: Invitation) -> list[Answer]:
    """Return the answers of an accepted invitation, in the order of its questions."""
    query = (
        sa.select(Answer)
        .join(Answer.question)
        .where(Question.interview_id == invitation.interview_id)
        .order_by(Question.position, Answer.take)
    )
    return list(db.session.scalars(query))


def count(*models: Any) -> list[int | None]:
    """Return how many rows of each there are."""
    return [db.session.scalar(sa.select(sa.func.count()).select_from(model)) for model in models]
