"""How the queue and the store are: what waits, what failed and why, and what is used."""

import json
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from interview.columns import now
from interview.errors import RefusedError
from interview.extensions import db
from interview.jobs import tasks
from interview.media.store import LocalStore, store
from interview.practice.models import Answer, AnswerState, Interview, Question, Report, Step
from interview.practice.services import queued
from interview.privacy import audit
from interview.privacy.models import Export

FAILURES = 100
"""Failed answers that the page lists."""

CAUSE = sa.func.coalesce(Answer.failure, sa.literal_column("'internal'"))
"""Why an analysis failed."""

MEASURED = 200
"""Waiting documents whose sizes the page asks the store for, one by one."""

TOGETHER = 500
"""Answers that are queued again in one transaction."""


@dataclass(frozen=True)
class QueueState:
    """How many answers are in each state, since when the oldest waits, and how many are held."""

    counts: dict[str, int]
    oldest: datetime | None
    leases: int
    overdue: int
    """Answers whose worker fell silent and that nobody has taken over yet."""


@dataclass(frozen=True)
class Storage:
    """How much of a kind is kept: how many, and their bytes."""

    kind: str
    count: int
    size: int | None


@dataclass(frozen=True)
class ModelInUse:
    """A trained model: the name of its folder, which is its card's, and its version."""

    name: str
    version: str


def state() -> QueueState:
    """Return how the queue is."""
    by_state = sa.select(Answer.state, sa.func.count()).group_by(Answer.state)
    found = dict(db.session.execute(by_state).all())
    waiting = sa.func.min(sa.func.coalesce(Answer.submitted_at, Answer.saved_at))
    held = Answer.state == AnswerState.ANALYSING
    count = sa.select(sa.func.count()).select_from(Answer)
    return QueueState(
        counts={name.value: found.get(name.value, 0) for name in AnswerState},
        oldest=db.session.scalar(sa.select(waiting).where(Answer.state == AnswerState.QUEUED)),
        leases=db.session.scalar(count.where(held, Answer.lease_until >= now())) or 0,
        overdue=db.session.scalar(count.where(held, Answer.lease_until < now())) or 0,
    )


def causes() -> list[tuple[str, int]]:
    """Return why analyses failed, and how many of each, most first."""
    count = sa.func.count()
    query = sa.select(CAUSE, count).where(_failed()).group_by(CAUSE).order_by(count.desc(), CAUSE)
    return [(cause, number) for cause, number in db.session.execute(query)]


def failed() -> list[tuple[Answer, str]]:
    """Return the answers that failed last, each with its mode."""
    query = (
        sa.select(Answer, Interview.mode)
        .join(Question, Question.id == Answer.question_id)
        .join(Interview, Interview.id == Question.interview_id)
        .where(_failed())
        .order_by(Answer.finished_at.desc(), Answer.id)
        .limit(FAILURES)
    )
    return [(answer, mode) for answer, mode in db.session.execute(query)]


def retry(answer_id: uuid.UUID) -> None:
    """Queue one failed answer again; commits. Raises RefusedError when it has not failed."""
    if not _queue_again(Answer.id == answer_id):
        raise RefusedError(_("This answer has not failed, or is being tried again already."))


def retry_all(cause: str) -> int:
    """Queue every answer that failed for a cause again; return how many; commits in parts."""
    total, began = 0, now()  # what fails anew meanwhile is not tried for ever
    while number := _queue_again(cause == CAUSE, Answer.finished_at <= began):
        total += number
    return total


def _queue_again(*which: sa.ColumnElement[bool]) -> int:
    chosen = sa.select(Answer.id).where(_failed(), *which).limit(TOGETHER)
    answers = list(
        db.session.scalars(
            sa.update(Answer)
            .where(Answer.id.in_(chosen), _failed())
            .values(**queued(Step.ANALYSE))
            .returning(Answer.id)
            .execution_options(synchronize_session=False)
        )
    )
    for answer_id in answers:
        audit.record("analysis.retried", "answer", answer_id)
    db.session.commit()
    for answer_id in answers:
        tasks.enqueue(answer_id)
    return len(answers)


def _failed() -> sa.ColumnElement[bool]:
    return sa.and_(Answer.state == AnswerState.FAILED, Answer.step == Step.ANALYSE)


def storage() -> list[Storage]:
    """Return what is kept, by kind; a size is None where it cannot be known at once."""
    recordings = (
        sa.select(Interview.mode, sa.func.count(), sa.func.sum(Answer.recording_bytes))
        .join(Question, Question.id == Answer.question_id)
        .join(Interview, Interview.id == Question.interview_id)
        .where(Answer.recording_key.is_not(None))
        .group_by(Interview.mode)
        .order_by(Interview.mode)
    )
    documents = db.session.scalars(
        sa.select(Answer.document_key).where(Answer.document_key.is_not(None))
    ).all()
    archives = sa.select(
        sa.func.count(), sa.func.coalesce(sa.func.sum(Export.file_bytes), 0)
    ).where(Export.file_key.is_not(None))
    return [
        *(Storage(*row) for row in db.session.execute(recordings)),
        Storage("document", len(documents), _bytes_of(documents)),
        Storage("export", *db.session.execute(archives).one()),
        Storage("database", 1, _database_bytes()),
    ]


def free_bytes() -> int | None:
    """Return what is free on the disk of the files; None where they are in a bucket."""
    if not isinstance(store, LocalStore):
        return None
    # The folder is made with its first file.
    there = next(path for path in (store.folder, *store.folder.parents) if path.exists())
    return shutil.disk_usage(there).free


def _bytes_of(keys: Sequence[str | None]) -> int | None:
    """Return the size of files that no row notes; None for many of them, or without the store."""
    if len(keys) > MEASURED:
        return None
    total = 0
    for key in filter(None, keys):
        try:
            total += store.size(key)
        except FileNotFoundError:
            continue  # it has been read meanwhile
        except OSError:
            return None
    return total


def _database_bytes() -> int:
    if db.session.get_bind().dialect.name == "sqlite":
        pages, size = (
            db.session.scalar(sa.text(f"PRAGMA {name}")) for name in ("page_count", "page_size")
        )
        return int(pages) * int(size)
    return int(db.session.scalar(sa.text("SELECT pg_database_size(current_database())")))


def models() -> list[ModelInUse]:
    """Return the models that analyses use, by their cards."""
    folder: Path = current_app.config["SETTINGS"].models_dir
    cards = sorted(Path(folder).glob("*/card.json"))
    return [
        ModelInUse(card.parent.name, str(json.loads(card.read_text("utf-8")).get("version", "")))
        for card in cards
    ]


def pipelines() -> Sequence[tuple[str, str, int]]:
    """Return how many reports there are by mode and by the pipeline that made them."""
    query = (
        sa.select(Report.mode, Report.pipeline, sa.func.count())
        .group_by(Report.mode, Report.pipeline)
        .order_by(Report.mode, Report.pipeline)
    )
    return [(mode, pipeline, count) for mode, pipeline, count in db.session.execute(query)]
