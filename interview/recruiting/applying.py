"""What a candidate can do with an invitation: accept, choose, pause, switch, withdraw.

An invitation belongs to its candidate once it is accepted, and is "not found" for anybody else.
"""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from interview.accounts.models import Candidate
from interview.columns import now
from interview.database import lock
from interview.errors import NotFoundError, RefusedError
from interview.extensions import db
from interview.jobs import tasks
from interview.peers import services as peers
from interview.permissions import own
from interview.practice import services as practice
from interview.practice.models import (
    HANDED_IN,
    Answer,
    AnswerState,
    Interview,
    Question,
    Report,
    Step,
)
from interview.privacy import audit
from interview.privacy import services as privacy
from interview.recruiting import consenting, leaving, links, rules, scorecards
from interview.recruiting.models import ApplicationInterview, Consent, Invitation, InvitationState


class NextStep(StrEnum):
    """What a candidate can do about an answer that did not arrive as it should."""

    GO_ON = "go_on"
    AGAIN = "again"
    WRITE = "write"
    ASK = "ask"
    """Nothing here; the organisation can extend the deadline."""


RESUME_WITHIN = timedelta(hours=1)
UNANSWERED = (InvitationState.SENT, InvitationState.OPENED)
ACCEPTED = (InvitationState.ACCEPTED, InvitationState.SUBMITTED)


def of_link(token: str) -> Invitation:
    """Return the invitation of a link, noting that it was opened; commits.

    Raises NotFoundError for a link that was revoked, replaced, or never made.
    """
    invitation = db.session.scalar(
        sa.select(Invitation).where(Invitation.token_hash == links.hash_of(token))
    )
    if invitation is None:
        raise NotFoundError
    if invitation.state == InvitationState.SENT and is_acceptable(invitation):
        # Only what is still unopened: it may be revoked at this very moment.
        db.session.execute(
            sa.update(Invitation)
            .where(Invitation.id == invitation.id, Invitation.state == InvitationState.SENT)
            .values(state=InvitationState.OPENED, opened_at=now())
            .execution_options(synchronize_session=False)
        )
        db.session.commit()
        db.session.refresh(invitation)
    return invitation


def is_acceptable(invitation: Invitation) -> bool:
    """Whether an invitation waits for an answer and its time is not over."""
    return (
        invitation.state in UNANSWERED
        and invitation.application.is_open
        and now() < invitation.expires_at
    )


def accept(candidate: Candidate, token: str, mode: str, choices: Mapping[str, bool]) -> Invitation:
    """Accept an invitation in a mode, with the candidate's consent; commits.

    Raises RefusedError when it was accepted elsewhere, is over, or does not offer the mode.
    """
    invitation = of_link(token)
    lock(Invitation, invitation.id)
    db.session.refresh(invitation)
    if not is_acceptable(invitation):
        db.session.rollback()
        raise RefusedError(_("This invitation has been accepted already, or its time is over."))
    _require_mode(invitation.application, mode)
    sitting = _begin(candidate, invitation.application, mode)
    invitation.state, invitation.accepted_at = InvitationState.ACCEPTED, now()
    invitation.candidate_id, invitation.interview_id = candidate.id, sitting.id
    _consent(invitation, candidate, choices)
    _note("invitation.accepted", invitation, candidate)
    db.session.commit()
    return invitation


def find(candidate: Candidate | None, invitation_id: uuid.UUID) -> Invitation:
    """Return the candidate's own invitation. Raises NotFoundError for anybody else's."""
    return own(Invitation, invitation_id, candidate)


def of_candidate(candidate: Candidate | None) -> list[Invitation]:
    """Return everything that the candidate applied for, newest first."""
    if candidate is None:
        return []
    query = (
        sa.select(Invitation)
        .where(Invitation.candidate_id == candidate.id)
        .order_by(Invitation.created_at.desc(), Invitation.id)
        .options(
            joinedload(Invitation.application).joinedload(ApplicationInterview.organisation),
            selectinload(Invitation.interview)
            .selectinload(Interview.questions)
            .selectinload(Question.answers),
        )
    )
    return list(db.session.scalars(query))


def choose(
    candidate: Candidate | None, invitation_id: uuid.UUID, choices: Mapping[str, bool]
) -> None:
    """Replace the candidate's consent by another one; commits.

    What may be made of the answers holds at once: reports that say more, or less, go, with their
    share in the averages, and what was handed in is looked at anew, as far as it still may be.
    """
    invitation = _accepted(candidate, invitation_id)
    sitting, owner = invitation.interview, invitation.candidate
    if sitting is None or owner is None:
        raise NotFoundError
    lock(Candidate, owner.id)
    before = rules.permitted(sitting)
    _consent(invitation, owner, choices)
    _note("consent.changed", invitation, owner)
    db.session.flush()
    again = _look_anew(sitting) if rules.permitted(sitting) != before else []
    db.session.commit()
    for answer_id in again:
        tasks.enqueue(answer_id)


def has_begun(invitation: Invitation) -> bool:
    """Whether anything was recorded, written or handed in for an application."""
    questions = invitation.interview.questions if invitation.interview else []
    return any(
        answer.state != AnswerState.DRAFT or answer.recording_bytes or answer.text
        for question in questions
        for answer in question.answers
    )


def missing(invitation: Invitation) -> list[tuple[Answer, NextStep]]:
    """Return the answers that could not be used, each with what its candidate can do next.

    In an application that is sent also those that were begun anew and not handed in.
    """
    questions = invitation.interview.questions if invitation.interview else []
    is_sent = invitation.state == InvitationState.SUBMITTED
    newest = [question.answers[-1] for question in questions]
    return [
        (answer, _next_step(invitation, answer))
        for answer in newest
        if (answer.state == AnswerState.FAILED and answer.report is None)
        or (is_sent and answer.state == AnswerState.DRAFT)
    ]


def _next_step(invitation: Invitation, answer: Answer) -> NextStep:
    application = invitation.application
    if answer.state == AnswerState.DRAFT:
        is_taken = application.is_open or (rules.is_begun(answer) and application.is_taking)
        return NextStep.GO_ON if is_taken else NextStep.ASK
    if not application.is_open:
        return NextStep.ASK
    is_spoken = answer.question.interview.is_spoken
    if not is_spoken or practice.takes_left(answer) != 0:
        return NextStep.AGAIN
    return NextStep.WRITE if invitation.state == InvitationState.ACCEPTED else NextStep.ASK


def switch_to_writing(candidate: Candidate | None, invitation_id: uuid.UUID) -> None:
    """Begin anew in writing; what was recorded so far, and judged of it, is erased; commits.

    Raises RefusedError once the application is sent: it stays as others have looked at it.
    """
    invitation = _accepted(candidate, invitation_id)
    _hold(invitation)
    sitting, owner = invitation.interview, invitation.candidate
    if sitting is None or owner is None or sitting.mode == "text":
        raise RefusedError(_("You are answering in writing already."))
    if invitation.state != InvitationState.ACCEPTED:
        raise RefusedError(
            _("Your application is sent and stays as it is. To erase your answers, withdraw.")
        )
    rules.require_new_takes(sitting)
    written = _begin(owner, invitation.application, "text")
    invitation.interview_id = written.id
    scorecards.forget([invitation.id])  # rated after an earlier deadline, which was extended
    db.session.flush()
    privacy.erase_interview(owner, sitting.id)


def practise(candidate: Candidate | None, invitation_id: uuid.UUID, language: str) -> Answer:
    """Begin a question of the bank in the application's mode, which only the candidate sees."""
    invitation = _accepted(candidate, invitation_id)
    if invitation.interview is None or invitation.candidate is None:
        raise NotFoundError
    return practice.start(invitation.candidate, invitation.interview.mode, None, 1, language)


def withdraw(candidate: Candidate | None, invitation_id: uuid.UUID, *, forget: bool) -> None:
    """Take an application back: answers, files, jobs, reports and averages are erased; commits.

    With `forget` the organisation's list keeps no address either.
    """
    invitation = find(candidate, invitation_id)
    interview_id = invitation.interview_id
    _note("invitation.withdrawn", invitation, candidate)
    leaving.end(invitation, forget=forget)
    if interview_id is None:
        db.session.commit()
    else:
        privacy.erase_interview(candidate, interview_id)


def ask_to_resume(token: str) -> tuple[str, str] | None:
    """Make a link that opens an accepted invitation in another browser, once; commits.

    Return the invited address and the link's token; None where an account has the invitation,
    which opens it by logging in.
    """
    invitation = of_link(token)
    owner = invitation.candidate
    if invitation.state not in ACCEPTED or owner is None:
        raise NotFoundError
    if not owner.is_guest:
        return None
    resume, invitation.resume_hash = links.make()
    invitation.resume_until = now() + RESUME_WITHIN
    db.session.commit()
    return invitation.email, resume


def resumable(token: str) -> Invitation:
    """Return the invitation that a link to go on opens. Raises NotFoundError once it is over."""
    invitation = db.session.scalar(
        sa.select(Invitation).where(
            Invitation.resume_hash == links.hash_of(token), Invitation.resume_until > now()
        )
    )
    if invitation is None or invitation.candidate is None:
        raise NotFoundError
    return invitation


def resume(token: str) -> Invitation:
    """Use up a link to go on and return its invitation; the caller commits."""
    invitation = resumable(token)
    invitation.resume_hash = invitation.resume_until = None
    return invitation


def _accepted(candidate: Candidate | None, invitation_id: uuid.UUID) -> Invitation:
    invitation = find(candidate, invitation_id)
    if invitation.state not in ACCEPTED:
        raise RefusedError(_("You have withdrawn from this application."))
    return invitation


def _hold(invitation: Invitation) -> None:
    """Hold an invitation and its answers until the transaction ends, and read it anew.

    In the order of those who hand answers in, so that none is sent meanwhile: no deadlocks.
    """
    asked = sa.select(Question.id).where(Question.interview_id == invitation.interview_id)
    lock(Candidate, invitation.candidate_id)
    db.session.execute(
        sa.update(Answer)
        .where(Answer.question_id.in_(asked))
        .values(take=Answer.take)
        .execution_options(synchronize_session=False)
    )
    lock(Invitation, invitation.id)
    db.session.refresh(invitation)


def _require_mode(application: ApplicationInterview, mode: str) -> None:
    if mode not in application.modes:
        db.session.rollback()
        raise RefusedError(_("Choose one of the ways to answer."), 400)


def _begin(candidate: Candidate, application: ApplicationInterview, mode: str) -> Interview:
    """Return a sitting with an empty answer to each question, with the application's times."""
    sitting = Interview(
        candidate_id=candidate.id, purpose=rules.APPLICATION, mode=mode, pool=application.id
    )
    for prompt in application.prompts:
        question = Question(
            position=prompt.position,
            revision_id=prompt.revision_id,
            own_think_seconds=application.think_seconds,
            own_answer_seconds=application.answer_seconds,
            own_max_takes=application.max_takes,
        )
        question.answers.append(Answer(candidate_id=candidate.id, take=1))
        sitting.questions.append(question)
    db.session.add(sitting)
    db.session.flush()
    return sitting


def _consent(invitation: Invitation, candidate: Candidate, choices: Mapping[str, bool]) -> None:
    """End the present consent, if there is one, and give a new one.

    Another choice does not keep anything for longer than was agreed to first.
    """
    until = invitation.kept_until
    if invitation.consent is not None:
        invitation.consent.withdrawn_at = now()
    offered = consenting.offered(invitation.application)
    given = {name: bool(choices.get(name)) and name in offered for name in consenting.CHOICES}
    invitation.consents.append(
        Consent(
            candidate_id=candidate.id,
            version=consenting.VERSION,
            text=consenting.text(invitation.application, until, given),
            kept_until=until,
            **given,
        )
    )


def _look_anew(sitting: Interview) -> list[uuid.UUID]:
    """Drop the reports of what was handed in and queue it; the candidate is locked.

    A worker that is at one of the answers loses its lease and stores nothing.
    """
    which = sa.and_(
        Question.interview_id == sitting.id,
        Answer.state.in_(HANDED_IN),
        Answer.submitted_at.is_not(None),
    )
    keys = list(db.session.scalars(sa.select(Answer.id).join(Answer.question).where(which)))
    reports = db.session.scalars(sa.select(Report).where(Report.answer_id.in_(keys))).all()
    peers.remove(*[report for report in reports if report.counted])
    for report in reports:
        db.session.delete(report)
    db.session.flush()
    db.session.execute(
        sa.update(Answer)
        .where(Answer.id.in_(keys), Answer.state != AnswerState.DRAFT)
        .values(**practice.queued(Step.ANALYSE))
        .execution_options(synchronize_session=False)
    )
    return keys


def _note(action: str, invitation: Invitation, candidate: Candidate | None) -> None:
    audit.record(
        action,
        "invitation",
        invitation.id,
        actor=candidate,
        organisation_id=invitation.application.organisation_id,
    )
