"""What becomes of an invitation whose candidate leaves; the caller erases the answers, and commits.

The row stays so that the organisation knows that somebody withdrew; what was judged of them goes,
and what the row says of the person goes with whoever wants to be forgotten.
"""

import uuid

import sqlalchemy as sa

from interview.columns import now
from interview.extensions import db
from interview.recruiting import scorecards
from interview.recruiting.models import Consent, Invitation, InvitationState


def end(invitation: Invitation, *, forget: bool) -> None:
    """Mark an invitation as withdrawn; with `forget` nothing of the person stays in it."""
    _end(Invitation.id == invitation.id, forget=forget)
    if forget:
        _forget_consents(Consent.invitation_id == invitation.id)
    db.session.expire(invitation)


def interview_erased(interview_id: uuid.UUID) -> None:
    """Withdraw from the application, if it was one, whose interview is being erased."""
    _end(Invitation.interview_id == interview_id, forget=False)


def candidate_erased(candidate_id: int) -> None:
    """Withdraw a candidate who is being erased from everything, and forget them."""
    _end(Invitation.candidate_id == candidate_id, forget=True)
    _forget_consents(Consent.candidate_id == candidate_id)


def _end(which: sa.ColumnElement[bool], *, forget: bool) -> None:
    moment = now()
    ended = db.session.scalars(sa.select(Invitation.id).where(which)).all()
    if not ended:
        return
    scorecards.forget(ended)
    db.session.execute(
        sa.update(Consent)
        .where(Consent.invitation_id.in_(ended), Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=moment)
        .execution_options(synchronize_session=False)
    )
    forgotten = {"email": "", "candidate_id": None} if forget else {}
    db.session.execute(
        sa.update(Invitation)
        .where(Invitation.id.in_(ended))
        .values(
            state=InvitationState.WITHDRAWN,
            ended_at=moment,
            token_hash=None,
            resume_hash=None,
            interview_id=None,
            **forgotten,
        )
        .execution_options(synchronize_session=False)
    )


def _forget_consents(which: sa.ColumnElement[bool]) -> None:
    db.session.execute(sa.delete(Consent).where(which).execution_options(synchronize_session=False))
