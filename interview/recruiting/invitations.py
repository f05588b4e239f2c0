"""Invitations to an application interview, as recruiters send and follow them."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from interview.accounts.models import User
from interview.columns import now
from interview.database import lock
from interview.errors import NotFoundError, RefusedError
from interview.extensions import db
from interview.paging import Page, page_of
from interview.practice.models import AnswerState, Interview, Question
from interview.privacy import audit
from interview.recruiting import applications, links
from interview.recruiting.models import ApplicationInterview, Invitation, InvitationState

AT_ONCE = 100
"""How many people may be invited with one form."""

UNANSWERED = (InvitationState.SENT, InvitationState.OPENED)


@dataclass(frozen=True, slots=True)
class Sent:
    """An invitation with its link's token, which nobody can look up again later."""

    invitation: Invitation
    token: str


@dataclass(frozen=True, slots=True)
class Followed:
    """How far an invited person is: answers handed in, of how many, and whether any came late."""

    invitation: Invitation
    answered: int
    questions: int
    late: bool


def invite(user: User, application_id: int, emails: Sequence[str]) -> list[Sent]:
    """Invite people, each once; return the new invitations; commits.

    Raises RefusedError when the interview is not open.
    """
    application = applications.find(user, application_id, *applications.EDITORS)
    # Two who send at once, or one who sends twice, must not both find an address unknown.
    lock(ApplicationInterview, application_id)
    db.session.refresh(application)
    _require_open(application)
    known = set(
        db.session.scalars(
            sa.select(Invitation.email).where(
                Invitation.application_id == application_id,
                Invitation.state != InvitationState.REVOKED,
            )
        )
    )
    sent = []
    for email in dict.fromkeys(emails):
        if email not in known:
            token, token_hash = links.make()
            invitation = Invitation(
                application_id=application_id,
                email=email,
                token_hash=token_hash,
                expires_at=application.deadline,
                sent_at=now(),
            )
            db.session.add(invitation)
            sent.append(Sent(invitation, token))
    db.session.flush()
    for item in sent:
        _note("invitation.sent", item.invitation, application)
    db.session.commit()
    return sent


def withdrawn(application: ApplicationInterview, emails: Collection[str]) -> list[str]:
    """Return those of some addresses whose candidates withdrew; nobody invites them again here."""
    query = sa.select(Invitation.email).where(
        Invitation.application_id == application.id,
        Invitation.email.in_(emails),
        Invitation.state == InvitationState.WITHDRAWN,
    )
    return sorted(set(db.session.scalars(query)))


def resend(user: User, invitation_id: uuid.UUID) -> Sent:
    """Make a new link for somebody who has not accepted yet; the old one ends; commits."""
    invitation = _editable(user, invitation_id)
    _require_open(invitation.application)
    if invitation.state not in UNANSWERED:
        db.session.rollback()
        raise RefusedError(_("This invitation has been accepted, or is over."))
    token, invitation.token_hash = links.make()
    invitation.sent_at, invitation.expires_at = now(), invitation.application.deadline
    _note("invitation.resent", invitation, invitation.application)
    db.session.commit()
    return Sent(invitation, token)


def revoke(user: User, invitation_id: uuid.UUID) -> Invitation:
    """End an invitation that was not accepted; its link opens nothing any more; commits."""
    invitation = _editable(user, invitation_id)
    if invitation.state not in UNANSWERED:
        db.session.rollback()
        raise RefusedError(
            _("This invitation has been accepted. What its candidate gave is theirs to withdraw.")
        )
    invitation.state, invitation.token_hash = InvitationState.REVOKED, None
    invitation.ended_at = now()
    _note("invitation.revoked", invitation, invitation.application)
    db.session.commit()
    return invitation


def follow(application: ApplicationInterview, number: int = 1) -> Page[Followed]:
    """Return a page of who is invited and how far they are, in the order of inviting."""
    query = (
        sa.select(Invitation)
        .where(Invitation.application_id == application.id)
        .order_by(Invitation.created_at, Invitation.id)
        .options(
            selectinload(Invitation.interview)
            .selectinload(Interview.questions)
            .selectinload(Question.answers)
        )
    )
    page = page_of(query, number)
    return replace(page, rows=[_followed(found, application) for found in page.rows])


def counts(organisation_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return how many are invited, and have sent, by application interview of organisations."""
    sent = sa.case((Invitation.state == InvitationState.SUBMITTED, 1), else_=0)
    query = (
        sa.select(Invitation.application_id, sa.func.count(), sa.func.sum(sent))
        .join(Invitation.application)
        .where(ApplicationInterview.organisation_id.in_(organisation_ids))
        .group_by(Invitation.application_id)
    )
    return {key: (invited, sent) for key, invited, sent in db.session.execute(query)}


def _followed(invitation: Invitation, application: ApplicationInterview) -> Followed:
    questions = invitation.interview.questions if invitation.interview else []
    moments = [
        answer.submitted_at
        for question in questions
        for answer in question.answers[-1:]
        if answer.submitted_at and answer.state != AnswerState.DRAFT
    ]
    return Followed(
        invitation,
        answered=len(moments),
        questions=len(application.prompts),
        late=any(moment > application.ends_at for moment in moments),
    )


def _editable(user: User, invitation_id: uuid.UUID) -> Invitation:
    """Return an invitation as it is now, and hold it until the transaction ends.

    Its candidate may accept it at this very moment.
    """
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None:
        raise NotFoundError
    applications.find(user, invitation.application_id, *applications.EDITORS)
    lock(Invitation, invitation_id)
    db.session.refresh(invitation)
    return invitation


def _require_open(application: ApplicationInterview) -> None:
    if not application.is_open:
        db.session.rollback()
        raise RefusedError(_("This interview takes no more candidates. Extend its deadline first."))


def _note(action: str, invitation: Invitation, application: ApplicationInterview) -> None:
    audit.record(action, "invitation", invitation.id, organisation_id=application.organisation_id)
