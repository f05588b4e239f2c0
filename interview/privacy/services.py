"""Erasing: one answer, one interview, or everything of a person, and what has expired.

What is erased leaves no trace: rows go, uploaded files go, and whatever was counted is taken out
of the averages of other candidates, in one transaction. A worker in the middle of an erased
answer finds its lease gone and stores nothing.
"""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from interview.accounts.models import Candidate, User
from interview.database import lock
from interview.extensions import db
from interview.media.store import store
from interview.peers import services as peers
from interview.permissions import own
from interview.practice.models import Answer, AnswerState, Interview, Question, Report
from interview.privacy import audit
from interview.privacy.models import ActorKind
from interview.recruiting import leaving, rules

log = logging.getLogger(__name__)

LOST_AFTER = timedelta(days=1)
"""How old a file must be before one that nobody refers to is taken for lost."""


@dataclass(frozen=True)
class Kept:
    """How much is kept of a person."""

    interviews: int = 0
    answers: int = 0
    reports: int = 0
    documents: int = 0
    """Uploaded files that have not been read yet."""
    recordings: int = 0


def count_kept(candidate: Candidate | None) -> Kept:
    """Return how much is kept of a candidate's practice."""
    if candidate is None:
        return Kept()
    interviews, answers, reports, documents, recordings = (
        db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*which)) or 0
        for model, *which in (
            (Interview, Interview.candidate_id == candidate.id),
            (Answer, Answer.candidate_id == candidate.id),
            (Report, Report.candidate_id == candidate.id),
            (Answer, Answer.candidate_id == candidate.id, Answer.document_key.is_not(None)),
            (Answer, Answer.candidate_id == candidate.id, Answer.recording_key.is_not(None)),
        )
    )
    return Kept(interviews, answers, reports, documents, recordings)


def erase_answer(candidate: Candidate | None, answer_id: uuid.UUID) -> uuid.UUID | None:
    """Erase one take; return its interview's id, or None when nothing of that is left.

    With its last take the question goes, and with its last question the interview. Raises
    NotFoundError when it is not the candidate's, and RefusedError in an application, which is
    erased as a whole.
    """
    answer = own(Answer, answer_id, candidate)
    rules.refuse_erasing_one(answer.question.interview)
    question_id, interview_id = answer.question_id, answer.question.interview_id
    lock(Candidate, answer.candidate_id)
    audit.record("answer.erased", "answer", answer_id)
    keys = _erase_answers(Answer.id == answer_id)
    no_answer = ~sa.exists().where(Answer.question_id == Question.id)
    _delete(Question, Question.id == question_id, no_answer)
    no_question = ~sa.exists().where(Question.interview_id == Interview.id)
    gone = _delete(Interview, Interview.id == interview_id, no_question)
    _finish(keys)
    return None if gone else interview_id


def erase_interview(candidate: Candidate | None, interview_id: uuid.UUID) -> None:
    """Erase an interview with every take in it. Raises NotFoundError for somebody else's."""
    interview = own(Interview, interview_id, candidate)
    lock(Candidate, interview.candidate_id)
    audit.record("interview.erased", "interview", interview_id)
    leaving.interview_erased(interview_id)
    questions = sa.select(Question.id).where(Question.interview_id == interview_id)
    keys = _erase_answers(Answer.question_id.in_(questions))
    _delete(Question, Question.interview_id == interview_id)
    _delete(Interview, Interview.id == interview_id)
    _finish(keys)


def erase_workspace(candidate: Candidate) -> None:
    """Erase everything that a guest did, and the workspace itself."""
    audit.record("workspace.erased", "candidate", candidate.id)
    _finish(_erase_candidate(candidate.id))


def erase_account(user: User) -> None:
    """Erase an account and everything that was done in it."""
    user_id = user.id
    candidate_id = db.session.scalar(sa.select(Candidate.id).where(Candidate.user_id == user_id))
    keys = _erase_candidate(candidate_id) if candidate_id is not None else []
    audit.record("account.erased", "user", user_id, actor=user)
    db.session.flush()
    audit.forget_user(user_id)
    _delete(User, User.id == user_id)  # with its roles; prompts that it wrote lose their author
    _finish(keys)


def erase_expired_guests(now: datetime) -> int:
    """Erase every guest's workspace whose time is over, each on its own; return how many."""
    expired = sa.and_(Candidate.user_id.is_(None), Candidate.expires_at <= now)
    erased = 0
    for key in db.session.scalars(sa.select(Candidate.id).where(expired)).all():
        lock(Candidate, key)
        # Under the lock, since the guest may have become an account meanwhile.
        if db.session.scalar(sa.select(Candidate.id).where(Candidate.id == key, expired)):
            audit.record("workspace.expired", "candidate", key, actor=ActorKind.SYSTEM)
            _finish(_erase_candidate(key))
            erased += 1
        else:
            db.session.commit()
    return erased


def erase_unfinished_recordings(now: datetime) -> int:
    """Erase recordings of drafts that nobody went on with; return how many.

    The draft itself stays, empty.
    """
    hours = current_app.config["SETTINGS"].unfinished_recording_hours
    unfinished = sa.and_(
        Answer.state == AnswerState.DRAFT,
        Answer.recording_key.is_not(None),
        Answer.saved_at < now - timedelta(hours=hours),
    )
    erased = 0
    query = sa.select(Answer.id, Answer.recording_key).where(unfinished)
    for answer_id, key in db.session.execute(query).all():
        emptied = db.session.scalar(
            sa.update(Answer)
            .where(Answer.id == answer_id, Answer.recording_key == key, unfinished)
            .values(recording_key=None, recording_id=None, recording_bytes=0, recording_type=None)
            .returning(Answer.id)
            .execution_options(synchronize_session=False)
        )
        _finish([key] if emptied else [])
        erased += bool(emptied)
    return erased


def erase_lost_files(now: datetime) -> int:
    """Remove old files that no answer refers to; return how many.

    A process that was killed between writing a file and storing its key leaves one behind.
    """
    oldest = (now - LOST_AFTER).timestamp()
    old = {key for key, written in store.find() if written < oldest}
    if old:
        for column in (Answer.document_key, Answer.recording_key):
            old -= set(db.session.scalars(sa.select(column).where(column.is_not(None))))
    _finish(sorted(old))
    return len(old)


def _erase_candidate(candidate_id: int) -> list[str]:
    lock(Candidate, candidate_id)
    leaving.candidate_erased(candidate_id)
    keys = _erase_answers(Answer.candidate_id == candidate_id)
    interviews = sa.select(Interview.id).where(Interview.candidate_id == candidate_id)
    _delete(Question, Question.interview_id.in_(interviews))
    _delete(Interview, Interview.candidate_id == candidate_id)
    _delete(Candidate, Candidate.id == candidate_id)
    return keys


def _erase_answers(which: sa.ColumnElement[bool]) -> list[str]:
    """Delete answers with their reports; return the keys of their files.

    The caller has locked the candidate, and with it everything that finishes an analysis.
    """
    answers = sa.select(Answer.id).where(which)
    counted = sa.select(Report).where(Report.answer_id.in_(answers), Report.counted)
    peers.remove(*db.session.scalars(counted))
    db.session.flush()
    files = db.session.execute(sa.select(Answer.document_key, Answer.recording_key).where(which))
    keys = [key for row in files for key in row if key]
    _delete(Report, Report.answer_id.in_(answers))
    _delete(Answer, which)
    return keys


def _delete(model: type, *which: sa.ColumnElement[bool]) -> int:
    statement = sa.delete(model).where(*which).execution_options(synchronize_session=False)
    result: Any = db.session.execute(statement)
    return int(result.rowcount)


def _finish(keys: list[str]) -> None:
    """Commit; only then remove the files, which no rollback could bring back."""
    db.session.commit()
    for key in keys:
        try:
            store.delete(key)
        except OSError:
            log.exception("a file of an erased answer could not be removed")
