"""What holds for an answer because of what it is for: practice, or an application.

The one place that says so. The rooms that take answers ask it before they do, workers ask it
before they load a model. Practice is free; an application has a deadline, and its candidate's
consent, which can change at any time, says what may be made of the answers.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from interview.admin import policy
from interview.columns import now
from interview.database import lock
from interview.errors import RefusedError
from interview.extensions import db
from interview.practice.models import Answer, AnswerState, Interview, Question
from interview.recruiting.models import Invitation, InvitationState

APPLICATION = "application"
"""An interview's purpose when it is for an organisation."""


@dataclass(frozen=True, slots=True)
class Permitted:
    """What may be made of an answer: be analysed at all, and be searched for traits, emotions."""

    analysis: bool
    traits: bool
    emotions: bool


EVERYTHING = Permitted(analysis=True, traits=True, emotions=True)
NOTHING = Permitted(analysis=False, traits=False, emotions=False)


def is_application(interview: Interview) -> bool:
    """Whether an interview is for an organisation."""
    return interview.purpose == APPLICATION


def invitation_of(interview: Interview) -> Invitation | None:
    """Return the invitation that an application's interview belongs to; None for practice."""
    if not is_application(interview):
        return None
    return db.session.scalar(sa.select(Invitation).where(Invitation.interview_id == interview.id))


def permitted(interview: Interview) -> Permitted:
    """Return what may be made of an interview's answers now.

    In an application the models of emotions run only where the instance's policy and the
    candidate's consent both allow it; nothing runs without consent.
    """
    if not is_application(interview):
        return EVERYTHING
    invitation = invitation_of(interview)
    consent = invitation.consent if invitation else None
    if consent is None or not consent.analysis:
        return NOTHING
    return Permitted(
        analysis=True,
        traits=consent.traits,
        emotions=consent.emotions and policy.current().recruiter_emotions,
    )


def require_time(interview: Interview) -> None:
    """Raise RefusedError when an application's answers are taken no more.

    After the deadline what was begun may still be handed in, for the time of one answer and ten
    minutes; nothing that has arrived is thrown away afterwards either.
    """
    invitation = _taking(interview)
    if invitation is not None and not invitation.application.is_taking:
        raise RefusedError(
            _(
                "The time for this application is over. What had arrived is kept for you, and "
                "you can hand it in if the organisation extends the deadline."
            )
        )


def require_new_takes(interview: Interview) -> None:
    """Raise RefusedError when an application's deadline has passed: no take is begun then."""
    invitation = _taking(interview)
    if invitation is not None and not invitation.application.is_open:
        raise RefusedError(
            _(
                "The deadline has passed. What you had begun by then can still be handed in; "
                "nothing new is begun."
            )
        )


def require_time_for(answer: Answer) -> None:
    """Raise RefusedError when something for an answer is taken no more.

    Until the deadline everything is; after it, as `require_time` says, only what goes on with
    something that had arrived by then. A browser's word on when it began counts for nothing.
    """
    interview = answer.question.interview
    require_time(interview)
    if not is_begun(answer):
        require_new_takes(interview)


def is_begun(answer: Answer) -> bool:
    """Whether anything of an answer has arrived.

    A text that was saved and then emptied has been begun, too: its writer may be rewording it.
    """
    if answer.question.interview.is_spoken:
        return answer.recording_key is not None
    return bool(answer.text) or answer.saved_at is not None


def require_retake(answer: Answer) -> None:
    """Raise RefusedError in an application, where only what could not be used is answered anew."""
    if not is_application(answer.question.interview):
        return
    if answer.state != AnswerState.FAILED:
        raise RefusedError(_("This answer has been sent. In an application it stays as it is."))
    require_new_takes(answer.question.interview)


def refuse_erasing_one(interview: Interview) -> None:
    """Raise RefusedError in an application, which is withdrawn and erased as a whole."""
    if is_application(interview):
        raise RefusedError(
            _("The answers of an application are erased together: withdraw from it to erase them.")
        )


def note_handed_in(answer: Answer) -> None:
    """Mark an application as sent once no question waits for an answer; the caller commits."""
    invitation = invitation_of(answer.question.interview)
    if invitation is None:
        return
    lock(Invitation, invitation.id)  # two answers at once: the second one sees the first
    waiting = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(Answer)
        .join(Answer.question)
        .where(
            Question.interview_id == invitation.interview_id,
            sa.or_(
                Answer.state == AnswerState.DRAFT,
                # A document that is being read ends as a draft.
                Answer.submitted_at.is_(None),
            ),
        )
    )
    if not waiting and invitation.state == InvitationState.ACCEPTED:
        invitation.state, invitation.submitted_at = InvitationState.SUBMITTED, now()


def _taking(interview: Interview) -> Invitation | None:
    """Return an application's invitation, None for practice; refuse where it was withdrawn."""
    if not is_application(interview):
        return None
    invitation = invitation_of(interview)
    if invitation is None or invitation.consent is None:
        raise RefusedError(
            _("Please look at what you agree to first, then go on with your answer.")
        )
    return invitation
