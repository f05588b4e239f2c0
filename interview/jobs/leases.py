"""An answer's way through the workers: claim, renew, finish, fail, sweep.

At-least-once delivery, exactly-once effect. A worker holds an answer under a random token for a
limited time and renews it while it works. Whatever it wants to store is guarded by that token, in
the transaction that ends the lease; a worker that was silent too long, or whose answer was erased
meanwhile, stores nothing.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from interview.accounts.models import Candidate
from interview.columns import now
from interview.database import lock
from interview.extensions import db
from interview.peers import services as peers
from interview.practice.models import Answer, AnswerState, Report, Step

CRASHED = "crashed"

LONG_WAIT_LEASES = 20
"""An answer that waits this many leases past its first gets a new hint, however long the queue."""

HINTS_PER_SWEEP = 5
"""How many such hints are given at a time: on a queue that is merely long they are all needless."""


@dataclass(frozen=True)
class Lease:
    """A worker's right to an answer."""

    answer_id: uuid.UUID
    token: str
    step: Step


def claim(answer_id: uuid.UUID) -> Lease | None:
    """Take a queued answer, or one whose worker fell silent; None if there is nothing to take."""
    token = uuid.uuid4().hex
    waiting = sa.or_(
        Answer.state == AnswerState.QUEUED,
        sa.and_(Answer.state == AnswerState.ANALYSING, Answer.lease_until < now()),
    )
    taken = db.session.execute(
        sa.update(Answer)
        .where(Answer.id == answer_id, waiting, Answer.attempts < _settings().max_attempts)
        .values(
            state=AnswerState.ANALYSING,
            lease_token=token,
            lease_until=_until(),
            attempts=Answer.attempts + 1,
            progress=0,
            progress_step=None,
        )
        .returning(Answer.step)
    ).scalar_one_or_none()
    db.session.commit()
    return None if taken is None else Lease(answer_id, token, Step(taken))


def renew(lease: Lease, step: str | None = None, progress: int | None = None) -> bool:
    """Prolong a lease, noting progress (0 to 100) if given; False when it is lost."""
    values: dict[str, Any] = {"lease_until": _until()}
    if step is not None:
        values |= {"progress_step": step, "progress": progress or 0}
    renewed = db.session.scalar(
        sa.update(Answer).where(*_held(lease)).values(**values).returning(Answer.id)
    )
    db.session.commit()
    return renewed is not None


def finish_analysis(lease: Lease, body: dict[str, Any]) -> bool:
    """Store a report and its share of the averages; False, and nothing, if the lease is lost.

    An earlier report by the same pipeline, made before the answer got a transcript, gives way.
    """
    answer = _lock_owner(lease.answer_id)
    if answer is None:
        return False
    if not _end(lease, state=AnswerState.ANALYSED, finished_at=now(), progress=100):
        return False
    _remove_report(answer, body["pipeline"])
    question = answer.question
    report = Report(
        answer_id=answer.id,
        candidate_id=answer.candidate_id,
        pool=question.interview.pool,
        mode=question.interview.mode,
        prompt_id=question.revision.prompt_id,
        pipeline=body["pipeline"],
        body=body,
        steps=peers.to_steps(body["measures"], question.interview.mode),
        terms=peers.terms_of(body),
    )
    db.session.add(report)
    db.session.flush()
    peers.add(report)
    db.session.commit()
    return True


def finish_without_report(lease: Lease) -> bool:
    """End an analysis that its candidate declined; False if the lease is lost."""
    ended = _end(lease, state=AnswerState.KEPT, finished_at=now(), progress=100)
    if ended:
        db.session.commit()
    return ended


def _remove_report(answer: Answer, pipeline: str) -> None:
    """Take back what an earlier analysis by the same pipeline stored and counted."""
    old = db.session.scalar(
        sa.select(Report).where(Report.answer_id == answer.id, Report.pipeline == pipeline)
    )
    if old is not None:
        peers.remove(old)
        db.session.delete(old)
        db.session.flush()


def keep_recording(lease: Lease, key: str, size: int, content_type: str) -> str | None:
    """Put the cleaned recording in the uploaded one's place; the lease goes on.

    Return the key of the file that nobody needs any more: the upload's, or the new one's if the
    lease is lost.
    """
    old = db.session.scalar(sa.select(Answer.recording_key).where(*_held(lease)))
    replaced = db.session.scalar(
        sa.update(Answer)
        .where(*_held(lease))
        .values(
            recording_key=key,
            recording_bytes=size,
            recording_type=content_type,
            recording_clean=True,
        )
        .returning(Answer.id)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return key if replaced is None else old


def finish_extraction(lease: Lease, text: str) -> str | None:
    """Put a document's text into the draft; return the key of the file to delete, if any."""
    answer = db.session.get(Answer, lease.answer_id)
    if answer is None:
        return None
    joined = "\n\n".join(part for part in (answer.text.strip(), text) if part)
    key = answer.document_key
    ended = _end(
        lease,
        state=AnswerState.DRAFT,
        text=joined,
        from_document=True,
        document_key=None,
        saved_at=now(),
        failure=None,
        failure_values=None,
    )
    if ended:
        db.session.commit()
    return key if ended else None


def fail(lease: Lease, code: str, values: dict[str, Any] | None = None) -> str | None:
    """End a lease with a cause; return the key of the uploaded file to delete, if any.

    A document that could not be read leads back to the draft, which keeps what was typed.
    """
    answer = db.session.get(Answer, lease.answer_id)
    if answer is None:
        return None
    key = answer.document_key
    state = AnswerState.DRAFT if lease.step is Step.EXTRACT else AnswerState.FAILED
    ended = _end(
        lease,
        state=state,
        document_key=None,
        finished_at=now(),
        failure=code,
        failure_values=values or {},
    )
    if ended:
        db.session.commit()
    return key if ended else None


def give_up() -> list[str]:
    """End what took its workers down with it too often; return the files that nobody needs.

    An analysis has failed then; a document leads back to its draft, and its file would kill again.
    """
    given_up = sa.and_(
        Answer.state.in_([AnswerState.ANALYSING, AnswerState.QUEUED]),
        Answer.lease_until < now(),
        Answer.attempts >= _settings().max_attempts,
    )
    ended: dict[str, Any] = {
        "lease_token": None,
        "failure": CRASHED,
        "failure_values": {},
        "finished_at": now(),
    }
    documents = sa.and_(given_up, Answer.step == Step.EXTRACT)
    found = db.session.execute(sa.select(Answer.id, Answer.document_key).where(documents))
    keys = {row.id: row.document_key for row in found}
    back = db.session.execute(
        sa.update(Answer)
        .where(documents, Answer.id.in_(keys))
        .values(state=AnswerState.DRAFT, document_key=None, **ended)
        .returning(Answer.id)
    )
    files = [key for answer_id in back.scalars() if (key := keys[answer_id])]
    db.session.execute(
        sa.update(Answer)
        .where(given_up, Answer.step == Step.ANALYSE)
        .values(state=AnswerState.FAILED, **ended)
    )
    db.session.commit()
    return files


def sweep(hints_lost: bool) -> list[uuid.UUID]:
    """Return the answers that need a new hint: their worker died, or (`hints_lost`) all that wait.

    Of those that wait behind others, a few that have waited very long: their hint may be lost, too,
    and one too many does no harm.
    """
    silent = sa.and_(Answer.state == AnswerState.ANALYSING, Answer.lease_until < now())
    long = timedelta(seconds=0 if hints_lost else LONG_WAIT_LEASES * _settings().lease_seconds)
    waiting = sa.and_(Answer.state == AnswerState.QUEUED, Answer.lease_until < now() - long)
    if not hints_lost:
        longest = sa.select(Answer.id).where(waiting).order_by(Answer.lease_until)
        # Asked for again outside: another sweep may have been faster.
        waiting = sa.and_(waiting, Answer.id.in_(longest.limit(HINTS_PER_SWEEP)))
    found = db.session.execute(
        sa.update(Answer)
        .where(sa.or_(silent, waiting))
        .values(state=AnswerState.QUEUED, lease_token=None, lease_until=_until())
        .returning(Answer.id)
        .execution_options(synchronize_session=False)
    )
    answers = list(found.scalars())
    db.session.commit()
    return answers


def _lock_owner(answer_id: uuid.UUID) -> Answer | None:
    """Lock the candidate who has the answer, then return it; None if there is no such answer.

    The candidate first, as everybody does who touches the averages: no deadlocks. A guest's answer
    can become an account's while we wait for the lock; then it is the account's that is needed.
    """
    locked = None
    while True:
        answer = db.session.get(Answer, answer_id, populate_existing=True)
        if answer is None or answer.candidate_id == locked:
            return answer
        locked = answer.candidate_id
        db.session.rollback()
        lock(Candidate, locked)


def _settings() -> Any:
    return current_app.config["SETTINGS"]


def _until() -> datetime:
    return now() + timedelta(seconds=_settings().lease_seconds)


def _held(lease: Lease) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Answer.id == lease.answer_id,
        Answer.state == AnswerState.ANALYSING,
        Answer.lease_token == lease.token,
    )


def _end(lease: Lease, **values: Any) -> bool:
    """Release a lease that is still held; roll back and return False when it is not."""
    ended = db.session.scalar(
        sa.update(Answer)
        .where(*_held(lease))
        .values(lease_token=None, lease_until=None, **values)
        .returning(Answer.id)
    )
    if ended is None:
        db.session.rollback()
        return False
    return True
