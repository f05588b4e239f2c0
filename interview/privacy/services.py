"""Erasing: one answer, one interview, or everything of a person.

What is erased leaves no trace: rows go, uploaded files go, and whatever was counted is taken out
of the averages of other candidates, in one transaction. A worker in the middle of an erased
answer finds its lease gone and stores nothing.
"""

import logging
import uuid
from typing import Any

import sqlalchemy as sa

from interview.accounts.models import Candidate, User
from interview.accounts.services import candidate_of
from interview.database import lock
from interview.extensions import db
from interview.jobs.queue import drop_hints
from interview.media.store import store
from interview.peers import services as peers
from interview.permissions import own
from interview.practice.models import Answer, AnswerState, Interview, Question, Report
from interview.privacy import audit, belongings, exports
from interview.privacy.models import Export
from interview.recruiting import leaving, ownership, rules
from interview.recruiting.models import Invitation

log = logging.getLogger(__name__)


def erase_answer(candidate: Candidate | None, answer_id: uuid.UUID) -> uuid.UUID | None:
    """Erase one take; return its interview's id, or None when nothing of that is left.

    With its last take the question goes, and with its last question the interview. Raises
    NotFoundError when it is not the candidate's, and RefusedError in an application, which is
    erased as a whole.
    """
    answer = own(Answer, answer_id, candidate)
    rules.refuse_erasing_one(answer.question.interview)
    interview_id = answer.question.interview_id
    lock(Candidate, answer.candidate_id)
    audit.record("answer.erased", "answer", answer_id)
    gone = remove_answer(answer)
    return None if gone else interview_id


def remove_answer(answer: Answer) -> bool:
    """Delete an answer, its candidate being locked, and commit; True if its interview went, too."""
    question_id, interview_id = answer.question_id, answer.question.interview_id
    keys = _erase_answers(Answer.id == answer.id)
    no_answer = ~sa.exists().where(Answer.question_id == Question.id)
    _delete(Question, Question.id == question_id, no_answer)
    no_question = ~sa.exists().where(Question.interview_id == Interview.id)
    gone = _delete(Interview, Interview.id == interview_id, no_question)
    finish(keys)
    return bool(gone)


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
    finish(keys)


def erase_workspace(candidate: Candidate) -> None:
    """Erase everything that a guest did, and the workspace itself."""
    audit.record("workspace.erased", "candidate", candidate.id)
    finish(erase_owned(candidate.id))


def erase_account(user: User) -> None:
    """Erase an account and everything that was done in it.

    Raises RefusedError while an organisation has no other owner; see `ownership`.
    """
    user_id = user.id
    ownership.leave_all(user)
    candidate_id = candidate_of(user_id).id
    audit.record("account.erased", "user", user_id, actor=user)
    _forget_invited(user)
    db.session.flush()
    audit.forget_user(user_id)
    keys = erase_owned(candidate_id, user_id)  # prompts that it wrote lose their author
    finish(keys)


def erase_owned(candidate_id: int, user_id: int | None = None) -> list[str]:
    """Delete every row of a person, their candidate's and their account's; return their files.

    What was counted of them is taken out of the averages. The caller commits with `finish`.
    """
    lock(Candidate, candidate_id)
    leaving.candidate_erased(candidate_id)
    rows = belongings.owned(candidate_id, user_id)
    _uncount(Report.candidate_id == candidate_id)
    keys = belongings.file_keys(rows)
    _drop_hints(Answer.candidate_id == candidate_id)
    asked_for = sa.select(Export.id).where(Export.candidate_id == candidate_id)
    drop_hints([str(key) for key in db.session.scalars(asked_for)])
    for table, which in reversed(rows.items()):
        db.session.execute(sa.delete(table).where(which))
    return sorted(keys)


def _forget_invited(user: User) -> None:
    """Erase invitations that were sent to a person's address and never accepted.

    Only where they have shown that the address is theirs: somebody else could otherwise make an
    account with it to have them erased.
    """
    if user.confirmed_at is not None:
        address = sa.func.lower(Invitation.email) == user.email.lower()
        _delete(Invitation, address, Invitation.candidate_id.is_(None))


def _erase_answers(which: sa.ColumnElement[bool]) -> list[str]:
    """Delete answers with all that hangs on them; return the keys of their files.

    Archives that hold them go, too. The caller has locked the candidate, and with it everything
    that finishes an analysis.
    """
    answers = sa.select(Answer.id).where(which)
    owners = db.session.scalars(sa.select(Answer.candidate_id).where(which).distinct()).all()
    archives = [key for owner in owners for key in exports.outdate(owner)]
    _uncount(Report.answer_id.in_(answers))
    _drop_hints(which)
    keys = belongings.file_keys({Answer.__table__: which})
    _delete(Report, Report.answer_id.in_(answers))
    _delete(Answer, which)
    return sorted({*keys, *archives})


def _uncount(which: sa.ColumnElement[bool]) -> None:
    """Take reports out of the averages."""
    peers.remove(*db.session.scalars(sa.select(Report).where(which, Report.counted)))
    db.session.flush()


def _drop_hints(which: sa.ColumnElement[bool]) -> None:
    """Take hints of answers that wait for a worker out of the queue."""
    waiting = sa.and_(which, Answer.state == AnswerState.QUEUED)
    drop_hints([str(key) for key in db.session.scalars(sa.select(Answer.id).where(waiting))])


def _delete(model: type, *which: sa.ColumnElement[bool]) -> int:
    statement = sa.delete(model).where(*which).execution_options(synchronize_session=False)
    result: Any = db.session.execute(statement)
    return int(result.rowcount)


def finish(keys: list[str]) -> None:
    """Commit; only then remove the files, which no rollback could bring back."""
    db.session.commit()
    for key in keys:
        try:
            store.delete(key)
        except OSError:
            log.exception("a file of an erased answer could not be removed")
