"""What a candidate gave in answer to a question, as far as there is anything of it to see.

A recording that could not be used, or that nobody may play, shows nobody anything unless its words
are known. Such an answer is named as one, but nobody is asked to rate it.
"""

import uuid
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from interview.extensions import db
from interview.practice.models import Answer, AnswerState, Question, Report
from interview.recruiting.models import Consent, Invitation

_SHOWS_SOMETHING = sa.or_(
    Answer.state.in_((AnswerState.QUEUED, AnswerState.ANALYSING, AnswerState.ANALYSED)),
    Answer.text != "",
    sa.and_(Answer.recording_clean, Consent.recording),
)
"""Whether there is something to rate: words, figures, or a recording that may be played."""


def answers_of(interview_id: uuid.UUID) -> dict[int, Answer | None]:
    """Return what was handed in, by the question's position: the last take that shows something.

    None stands for takes of which there is nothing to see; a question without a take is left out.
    """
    query = (
        _handed_in(sa.select(Answer, _SHOWS_SOMETHING))
        .where(Question.interview_id == interview_id)
        .order_by(_SHOWS_SOMETHING, Answer.take)
        .options(
            joinedload(Answer.question).joinedload(Question.interview),
            joinedload(Answer.question).joinedload(Question.revision),
            selectinload(Answer.reports).undefer(Report.body),
        )
    )
    rows = db.session.execute(query)
    return {answer.question.position: answer if shows else None for answer, shows in rows}


def without_answer(invitation_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of some candidates of whom there is no answer to rate."""
    query = _handed_in(sa.select(Invitation.id)).where(
        Invitation.id.in_(invitation_ids), _SHOWS_SOMETHING
    )
    return set(invitation_ids) - set(db.session.scalars(query.distinct()))


def _handed_in(query: sa.Select) -> sa.Select:
    """Join the takes that were handed in under a consent that holds."""
    return (
        query.select_from(Answer)
        .join(Answer.question)
        .join(Invitation, Invitation.interview_id == Question.interview_id)
        .join(
            Consent,
            sa.and_(Consent.invitation_id == Invitation.id, Consent.withdrawn_at.is_(None)),
        )
        .where(Answer.state != AnswerState.DRAFT)
    )
