"""What a candidate can do in the practice rooms. Each function acts for one candidate.

Objects of somebody else are "not found" (NotFoundError); what cannot be done in an answer's
present state is refused with the reason (RefusedError).
"""

import uuid
from datetime import datetime, timedelta
from typing import BinaryIO

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from interview.accounts.models import Candidate
from interview.columns import now
from interview.database import lock
from interview.errors import NotFoundError, RefusedError
from interview.extensions import db
from interview.jobs import tasks
from interview.media.store import TooLargeError, store
from interview.permissions import own
from interview.practice.failures import LASTING
from interview.practice.models import (
    Answer,
    AnswerState,
    Interview,
    Question,
    Report,
    Step,
)
from interview.privacy import quotas
from interview.questions import services as questions
from interview.recruiting import rules

RECENT_TAKES = 200
"""How many takes the progress page looks back."""


def start(
    candidate: Candidate, mode: str, competency: str | None, count: int, language: str
) -> Answer:
    """Begin an interview with `count` questions; return the first question's empty answer.

    Raises RefusedError when the bank has no such prompt.
    """
    revisions = questions.choose(mode, competency, count, candidate, language)
    if not revisions:
        raise RefusedError(_("There is no question of this kind in the question bank yet."), 404)
    interview = Interview(candidate_id=candidate.id, mode=mode)
    interview.questions = [
        Question(position=position, revision=revision)
        for position, revision in enumerate(revisions, start=1)
    ]
    db.session.add(interview)
    db.session.flush()
    answers = [
        Answer(question_id=question.id, candidate_id=candidate.id, take=1)
        for question in interview.questions
    ]
    db.session.add_all(answers)
    db.session.commit()
    return answers[0]


def find_answer(candidate: Candidate | None, answer_id: uuid.UUID) -> Answer:
    """Return the candidate's answer with its question, prompt, interview and reports."""
    row = db.session.execute(
        sa.select(Answer)
        .where(Answer.id == answer_id)
        .options(
            joinedload(Answer.question).joinedload(Question.revision),
            joinedload(Answer.question).joinedload(Question.interview),
            selectinload(Answer.reports).undefer(Report.body),
        )
    ).scalar_one_or_none()
    if row is None or candidate is None or row.candidate_id != candidate.id:
        raise NotFoundError
    return row


def find_interview(candidate: Candidate | None, interview_id: uuid.UUID) -> Interview:
    """Return the candidate's interview."""
    return own(Interview, interview_id, candidate)


def takes(question_id: int) -> list[Answer]:
    """Return every take on a question, oldest first."""
    query = sa.select(Answer).where(Answer.question_id == question_id).order_by(Answer.take)
    return list(db.session.scalars(query))


def next_question(answer: Answer) -> Answer | None:
    """Return the newest take of the set's first later question that still wants an answer."""
    query = (
        sa.select(Answer)
        .join(Answer.question)
        .where(
            Question.interview_id == answer.question.interview_id,
            Question.position > answer.question.position,
            Answer.state == AnswerState.DRAFT,
        )
        .order_by(Question.position, Answer.take.desc())
        .limit(1)
    )
    return db.session.scalars(query).first()


def own_written(candidate: Candidate | None, answer_id: uuid.UUID) -> Answer:
    """Return the candidate's answer in a text interview; NotFoundError for any other."""
    answer = own(Answer, answer_id, candidate)
    if answer.question.interview.mode != "text":
        raise NotFoundError
    return answer


class ChangedError(RefusedError):
    """A draft was changed elsewhere since the page was made that its text comes from."""

    def __init__(self) -> None:
        super().__init__(
            _("This answer was changed in another window. Reload the page to see that text.")
        )


def save_draft(
    candidate: Candidate | None, answer_id: uuid.UUID, text: str, version: str | None
) -> str:
    """Store a draft and return its new version.

    Raises ChangedError when the draft was changed elsewhere since `version`, and RefusedError when
    it is no draft.
    """
    answer = own_written(candidate, answer_id)
    rules.require_time_for(answer)
    moment = now()
    _change_draft(answer, version, text=text, saved_at=moment)
    db.session.commit()
    return _version(moment)


def draft_version(answer: Answer) -> str:
    """Return what tells one saved state of a draft from another."""
    return _version(answer.saved_at)


def submit(
    candidate: Candidate | None, answer_id: uuid.UUID, text: str, version: str | None = None
) -> None:
    """Hand a draft to the analysis. Submitting the same answer twice does nothing more.

    Raises as `save_draft` does, and RefusedError when the candidate may hand in no more today; the
    text is saved then.
    """
    answer = own_written(candidate, answer_id)
    if answer.is_handed_in:
        return
    rules.require_time_for(answer)
    moment = now()
    written = {"text": text, "saved_at": moment}
    try:
        require_hand_in(answer)
    except RefusedError:
        _change_draft(answer, version, **written)
        db.session.commit()
        raise
    _change_draft(answer, version, **written, submitted_at=moment, **queued(Step.ANALYSE))
    rules.note_handed_in(answer)
    db.session.commit()
    tasks.enqueue(answer_id)


def upload_document(
    candidate: Candidate | None,
    answer_id: uuid.UUID,
    stream: BinaryIO,
    text: str,
    version: str | None = None,
) -> None:
    """Keep a document for the worker to read into the draft; `text` is what was typed so far.

    Raises as `save_draft` does, and RefusedError when the file is too large.
    """
    answer = own_written(candidate, answer_id)
    rules.require_time_for(answer)
    limit = current_app.config["SETTINGS"].max_document_bytes
    try:
        key = store.save(stream, limit)
    except TooLargeError:
        raise RefusedError(
            _("This file is larger than %(size)s MB.", size=limit // 1024**2), 413
        ) from None
    try:
        _change_draft(
            answer,
            version,
            text=text,
            saved_at=now(),
            document_key=key,
            **queued(Step.EXTRACT),
        )
        db.session.commit()
    except BaseException:
        store.delete(key)
        raise
    tasks.enqueue(answer_id)


def require_hand_in(answer: Answer) -> None:
    """Raise RefusedError when the candidate may hand in no more practice answers today."""
    if answer.question.interview.purpose == "practice":
        quotas.require_answer(answer.candidate)


def can_retry(answer: Answer) -> bool:
    """Whether analysing a failed answer again may end otherwise."""
    return (
        answer.state == AnswerState.FAILED
        and answer.failure not in LASTING
        and not is_recording_gone(answer)
    )


def is_recording_gone(answer: Answer) -> bool:
    """Whether a spoken answer was handed in and its recording has been erased since."""
    spoken = answer.question.interview.is_spoken and answer.state != AnswerState.DRAFT
    return spoken and answer.recording_key is None


def retry(candidate: Candidate | None, answer_id: uuid.UUID) -> None:
    """Queue a failed answer again. Raises RefusedError when its recording is erased."""
    answer = own(Answer, answer_id, candidate)
    if is_recording_gone(answer):
        raise RefusedError(_("The recording is erased, so it cannot be analysed any more."))
    change(answer, [AnswerState.FAILED], **queued(Step.ANALYSE))
    db.session.commit()
    tasks.enqueue(answer_id)


def retake(candidate: Candidate | None, answer_id: uuid.UUID, keep_text: bool) -> Answer:
    """Return the open draft of the answer's question, or begin another take.

    Raises RefusedError when the prompt allows no more takes of a spoken answer, and in an
    application.
    """
    answer = own(Answer, answer_id, candidate)
    rules.require_retake(answer)
    lock(Candidate, answer.candidate_id)  # two windows must not begin the same take
    earlier = takes(answer.question_id)
    if earlier[-1].state == AnswerState.DRAFT:
        db.session.commit()
        return earlier[-1]
    spoken = answer.question.interview.is_spoken
    if spoken:
        require_another_take(earlier[-1])
    new = Answer(
        question_id=answer.question_id,
        candidate_id=answer.candidate_id,
        take=earlier[-1].take + 1,
        text=answer.text if keep_text and not spoken else "",
    )
    db.session.add(new)
    db.session.commit()
    return new


def takes_left(answer: Answer) -> int | None:
    """Return how many more takes a spoken answer's prompt allows; None is any number.

    A take that could not be analysed does not count.
    """
    allowed = answer.question.max_takes
    if allowed is None:
        return None
    used = answer.take - (answer.state == AnswerState.FAILED)
    return max(0, allowed - used)


def require_another_take(answer: Answer) -> None:
    """Raise RefusedError when this was the last take that the prompt allows."""
    if takes_left(answer) == 0:
        raise RefusedError(_("This question allows no more takes."))


def history(candidate: Candidate | None) -> list[Answer]:
    """Return the candidate's newest takes in practice, newest first, with questions and reports."""
    if candidate is None:
        return []
    query = (
        sa.select(Answer)
        .join(Answer.question)
        .join(Question.interview)
        .where(Answer.candidate_id == candidate.id, Interview.purpose != rules.APPLICATION)
        .order_by(Answer.created_at.desc(), Answer.id)
        .limit(RECENT_TAKES)
        .options(
            joinedload(Answer.question).joinedload(Question.revision),
            joinedload(Answer.question).joinedload(Question.interview),
            selectinload(Answer.reports).undefer(Report.body),
        )
    )
    return list(db.session.scalars(query))


def queued(step: Step) -> dict[str, object]:
    """Values of an answer that begins to wait for a worker."""
    lease = timedelta(seconds=current_app.config["SETTINGS"].lease_seconds)
    return {
        "state": AnswerState.QUEUED,
        "step": step,
        "attempts": 0,
        "progress": 0,
        "progress_step": None,
        "failure": None,
        "failure_values": None,
        "lease_token": None,
        "lease_until": now() + lease,  # from then on the sweep takes its hint for lost
    }


def change(
    answer: Answer, states: list[AnswerState], *which: sa.ColumnElement[bool], **values: object
) -> None:
    """Change an answer that is in one of the given states (and as `which` says), or refuse."""
    key = answer.id
    changed = db.session.scalar(
        sa.update(Answer)
        .where(Answer.id == key, Answer.state.in_(states), *which)
        .values(**values)
        .returning(Answer.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        db.session.rollback()
        current = db.session.get(Answer, key, populate_existing=True)
        if current is None:
            raise NotFoundError
        raise ChangedError() if current.state in states else _not_in_state(current)
    db.session.expire(answer)


def require_draft(answer: Answer) -> None:
    """Raise RefusedError when an answer cannot be written on, or not now."""
    if answer.state != AnswerState.DRAFT:
        raise _not_in_state(answer)


def _change_draft(answer: Answer, version: str | None, *, text: str, **values: object) -> None:
    """Change a draft that nobody changed since `version`, if one is given; or refuse.

    The same text sent again, as by a script and then by the form, is no change by somebody else.
    """
    require_draft(answer)
    seen = answer.saved_at
    if version is not None and version != _version(seen) and not _is_same(text, answer.text):
        raise ChangedError
    unchanged = () if version is None else (Answer.saved_at.is_not_distinct_from(seen),)
    change(answer, [AnswerState.DRAFT], *unchanged, text=text, **values)


def _is_same(text: str, other: str) -> bool:
    """Whether two texts differ in nothing but how their lines end."""
    return text.splitlines() == other.splitlines()


def _not_in_state(answer: Answer) -> RefusedError:
    """Say why an answer cannot be changed in its present state."""
    if answer.is_being_read:
        return RefusedError(
            _(
                "A document is being read into this answer at the moment, so nothing else can be "
                "taken. Go back to the answer: its text will be there in a moment."
            )
        )
    return RefusedError(
        _("This answer has already been handed in. Start another take to change it.")
    )


def _version(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
