"""How long things are kept, and erasing them when their time is over; a schedule calls it.

The instance's policy may limit how long practice answers, or their recordings alone, are kept.
Nobody is taken by surprise: pages say until when a thing is kept, and what a newly made rule
would erase at once stays for `NOTICE` after the rule was made.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from interview.accounts.models import Candidate
from interview.admin import policy
from interview.database import lock
from interview.extensions import db
from interview.media.store import store
from interview.practice.models import Answer, AnswerState, Interview, Question
from interview.privacy import audit, belongings, exports
from interview.privacy.models import ActorKind
from interview.privacy.services import erase_owned, finish, remove_answer

LOST_AFTER = timedelta(days=1)
"""How old a file must be before one that nobody refers to is taken for lost."""

NOTICE = timedelta(days=7)
"""How long what a new rule would erase at once stays, so that people can read of it."""

NO_RECORDING = {
    "recording_key": None,
    "recording_id": None,
    "recording_bytes": 0,
    "recording_type": None,
    "recording_clean": False,
}
ENDED = (AnswerState.ANALYSED, AnswerState.FAILED)
SINCE = sa.func.coalesce(Answer.submitted_at, Answer.saved_at, Answer.created_at)
"""From when on the days of an answer are counted."""


@dataclass(frozen=True, slots=True)
class KeptUntil:
    """When an answer, and its recording before it, is erased; None is never."""

    answer: datetime | None = None
    recording: datetime | None = None


def kept_until(answer: Answer) -> KeptUntil:
    """Return until when the policy keeps a practice answer of an account.

    An application's answers and a guest's end with the application and the workspace.
    """
    if answer.question.interview.purpose != "practice" or answer.candidate.is_guest:
        return KeptUntil()
    rules = policy.current()
    since = answer.submitted_at or answer.saved_at or answer.created_at
    ends = [
        max(since + timedelta(days=days), _first_moment(name)) if days else None
        for name, days in (
            ("retention_days", rules.retention_days),
            ("recording_days", rules.recording_days),
        )
    ]
    return KeptUntil(ends[0], ends[1] if answer.recording_key else None)


def erase_old_answers(moment: datetime) -> int:
    """Erase practice answers that the policy keeps no longer; return how many."""
    rule, days = "retention_days", policy.current().retention_days
    erased = 0
    for key in _overdue(rule, days, moment):
        answer = db.session.get(Answer, key)
        if answer is None:
            continue
        lock(Candidate, answer.candidate_id)
        # Under the lock, since another worker may have erased it meanwhile, or its person.
        if _overdue(rule, days, moment, Answer.id == key):
            audit.record("answer.expired", "answer", key, actor=ActorKind.SYSTEM)
            remove_answer(db.session.get_one(Answer, key, populate_existing=True))
            erased += 1
        else:
            db.session.commit()
    return erased


def erase_old_recordings(moment: datetime) -> int:
    """Erase recordings that the policy keeps no longer; their reports stay; return how many."""
    recorded = sa.and_(Answer.recording_key.is_not(None), Answer.state.in_(ENDED))
    erased = 0
    for key in _overdue("recording_days", policy.current().recording_days, moment, recorded):
        erased += _empty(Answer.id == key, recorded, action="recording.expired")
    return erased


def _overdue(
    rule: str, days: int, moment: datetime, *which: sa.ColumnElement[bool]
) -> list[object]:
    """Return the practice answers of accounts whose days are over."""
    if not days or moment < _first_moment(rule):
        return []
    query = (
        sa.select(Answer.id)
        .join(Answer.question)
        .join(Question.interview)
        .join(Answer.candidate)
        .where(
            Interview.purpose == "practice",
            Candidate.user_id.is_not(None),
            moment - timedelta(days=days) > SINCE,
            *which,
        )
    )
    return list(db.session.scalars(query))


def _first_moment(rule: str) -> datetime:
    """Return from when on a rule erases anything."""
    changed = policy.changed_at(rule)
    return (changed + NOTICE) if changed else datetime.min.replace(tzinfo=UTC)


def erase_expired_guests(moment: datetime) -> int:
    """Erase every guest's workspace whose time is over, each on its own; return how many."""
    expired = sa.and_(Candidate.user_id.is_(None), Candidate.expires_at <= moment)
    erased = 0
    for key in db.session.scalars(sa.select(Candidate.id).where(expired)).all():
        lock(Candidate, key)
        # Under the lock, since the guest may have become an account meanwhile.
        if db.session.scalar(sa.select(Candidate.id).where(Candidate.id == key, expired)):
            audit.record("workspace.expired", "candidate", key, actor=ActorKind.SYSTEM)
            finish(erase_owned(key))
            erased += 1
        else:
            db.session.commit()
    return erased


def erase_unfinished_recordings(moment: datetime) -> int:
    """Erase recordings of practice drafts that nobody went on with; return how many.

    The draft itself stays, empty. An application may pause until its deadline, and ends as a whole.
    """
    hours = current_app.config["SETTINGS"].unfinished_recording_hours
    unfinished = sa.and_(
        Answer.state == AnswerState.DRAFT,
        Answer.recording_key.is_not(None),
        Answer.saved_at < moment - timedelta(hours=hours),
        Answer.question_id.in_(
            sa.select(Question.id).join(Question.interview).where(Interview.purpose == "practice")
        ),
    )
    keys = db.session.scalars(sa.select(Answer.id).where(unfinished)).all()
    return sum(_empty(Answer.id == key, unfinished) for key in keys)


def _empty(*which: sa.ColumnElement[bool], action: str | None = None) -> bool:
    """Take the recording from an answer that is as `which` says, and erase it; commits.

    Archives that hold it go, too.
    """
    query = sa.select(Answer.id, Answer.candidate_id, Answer.recording_key).where(*which)
    found = db.session.execute(query).first()
    if found is None:
        return False
    answer_id, candidate_id, key = found
    lock(Candidate, candidate_id)
    emptied = db.session.scalar(
        sa.update(Answer)
        .where(Answer.recording_key == key, *which)
        .values(**NO_RECORDING)
        .returning(Answer.id)
        .execution_options(synchronize_session=False)
    )
    if emptied and action:
        audit.record(action, "answer", answer_id, actor=ActorKind.SYSTEM)
    finish([key, *exports.outdate(candidate_id)] if emptied else [])
    return emptied is not None


def erase_lost_files(moment: datetime) -> int:
    """Remove old files that no row refers to; return how many.

    A process that was killed between writing a file and storing its key leaves one behind.
    """
    oldest = (moment - LOST_AFTER).timestamp()
    old = {key for key, written in store.find() if written < oldest}
    if old:
        old.difference_update(belongings.known_file_keys())
    finish(sorted(old))
    return len(old)
