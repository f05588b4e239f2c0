"""Tables of a candidate's practice: interviews, the questions asked in them, answers, reports."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from interview.accounts.models import Candidate
from interview.columns import UtcDateTime, now
from interview.extensions import db
from interview.questions.models import PromptRevision


class AnswerState(StrEnum):
    """Where an answer is on its way; the database is the only place that knows.

    draft → queued → analysing → analysed | failed, and failed → queued on retry. An answer whose
    candidate declined the analysis ends as kept: cleaned, but not analysed. Reading an
    uploaded document takes the same way with the step `extract` and ends in draft, so that the
    candidate can correct what was read.
    """

    DRAFT = "draft"
    QUEUED = "queued"
    ANALYSING = "analysing"
    ANALYSED = "analysed"
    FAILED = "failed"
    KEPT = "kept"


SPOKEN = ("audio", "video")
"""The modes whose answers are recordings; those of the others are written."""


VIDEO_SECONDS = 45
"""How long an answer before a camera is meant to be at most; the page offers more, and no limit."""


HANDED_IN = (
    AnswerState.QUEUED,
    AnswerState.ANALYSING,
    AnswerState.ANALYSED,
    AnswerState.KEPT,
)
"""States of an answer that was handed in, unless a document is being read (`READING`)."""

READING = (AnswerState.QUEUED, AnswerState.ANALYSING)
"""States of an answer while a worker has to do with it, which may be reading a document."""


class Step(StrEnum):
    """What the worker has to do with a queued answer."""

    EXTRACT = "extract"
    ANALYSE = "analyse"


class Interview(db.Model):
    """A sitting: one mode, one purpose, one or more questions."""

    __tablename__ = "interviews"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidates.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[str] = mapped_column(String(16), default="practice")
    # Whose averages it counts in: 0 for practice, or the application interview's number.
    pool: Mapped[int] = mapped_column(default=0, server_default="0")
    mode: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    candidate: Mapped[Candidate] = relationship()
    questions: Mapped[list["Question"]] = relationship(
        back_populates="interview", order_by="Question.position", cascade="all, delete-orphan"
    )

    @property
    def is_spoken(self) -> bool:
        """Whether its answers are recordings, with picture or without."""
        return self.mode in SPOKEN


class Question(db.Model):
    """A prompt as it was asked in one interview."""

    __tablename__ = "questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"))
    position: Mapped[int]
    revision_id: Mapped[int] = mapped_column(ForeignKey("prompt_revisions.id"), index=True)
    # The times and takes of this interview, where they are not the prompt's own.
    own_think_seconds: Mapped[int | None]
    own_answer_seconds: Mapped[int | None]
    own_max_takes: Mapped[int | None]

    interview: Mapped[Interview] = relationship(back_populates="questions")
    revision: Mapped[PromptRevision] = relationship()
    answers: Mapped[list["Answer"]] = relationship(
        back_populates="question", order_by="Answer.take", cascade="all, delete-orphan"
    )

    __table_args__ = (UniqueConstraint("interview_id", "position"),)

    @property
    def think_seconds(self) -> int:
        """Seconds to think before answering."""
        own = self.own_think_seconds
        return self.revision.think_seconds if own is None else own

    @property
    def answer_seconds(self) -> int:
        """Seconds that a spoken answer is meant to take; before a camera fewer."""
        usual = self.revision.answer_seconds
        if self.interview.mode == "video":
            usual = min(usual, VIDEO_SECONDS)
        return self.own_answer_seconds or usual

    @property
    def max_takes(self) -> int | None:
        """How often it may be answered by speaking; None is as often as one likes."""
        return self.own_max_takes or self.revision.max_takes


class Answer(db.Model):
    """One take on a question, and everything that is known of its analysis."""

    __tablename__ = "answers"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    # The owner, repeated from the interview: every look-up and every page filters on it.
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id", ondelete="CASCADE"))
    take: Mapped[int]
    state: Mapped[AnswerState] = mapped_column(String(16), default=AnswerState.DRAFT)
    step: Mapped[Step | None] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text, default="")
    # Set while an uploaded document waits to be read; the file is deleted once it has been.
    document_key: Mapped[str | None] = mapped_column(String(80))
    from_document: Mapped[bool] = mapped_column(default=False)
    # The file of a spoken answer: whole or, in a draft, the first `recording_bytes` of it that have
    # arrived. `recording_id` is the browser's name of one recording, so that two windows cannot mix
    # theirs; `recording_clean` is set once the worker has left nothing in it but sound and picture.
    recording_key: Mapped[str | None] = mapped_column(String(80))
    recording_id: Mapped[str | None] = mapped_column(String(40))
    recording_type: Mapped[str | None] = mapped_column(String(40))
    recording_bytes: Mapped[int] = mapped_column(default=0, server_default="0")
    recording_clean: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # The lease: which worker has the answer, until when, and how far it is.
    lease_token: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    progress: Mapped[int] = mapped_column(default=0)
    progress_step: Mapped[str | None] = mapped_column(String(40))
    failure: Mapped[str | None] = mapped_column(String(40))
    failure_values: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    question: Mapped[Question] = relationship(back_populates="answers")
    candidate: Mapped[Candidate] = relationship()
    reports: Mapped[list["Report"]] = relationship(
        back_populates="answer", order_by="Report.created_at", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("question_id", "take"),
        Index(None, "candidate_id", "created_at"),
        Index(None, "state", "lease_until"),
    )

    @property
    def is_being_read(self) -> bool:
        """Whether a document is on its way into the draft."""
        return self.step == Step.EXTRACT and self.state in READING

    @property
    def is_handed_in(self) -> bool:
        """Whether handing it in once more changes nothing."""
        return self.state in HANDED_IN and not self.is_being_read

    @property
    def report(self) -> "Report | None":
        """The newest report, or None before the analysis."""
        return self.reports[-1] if self.reports else None


class Report(db.Model):
    """What the analysis found in an answer; one per answer and pipeline version."""

    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"))
    # Owner, pool, mode and prompt are repeated so that a candidate's share of the averages is one
    # indexed look-up, whatever the number of answers.
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id", ondelete="CASCADE"))
    pool: Mapped[int] = mapped_column(default=0, server_default="0")
    mode: Mapped[str] = mapped_column(String(8))
    prompt_id: Mapped[int] = mapped_column(ForeignKey("prompts.id"))
    pipeline: Mapped[str] = mapped_column(String(24))
    # What counts in the averages: whole steps of each measure's range, and the terms used.
    steps: Mapped[dict[str, int]] = mapped_column(JSON)
    terms: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    counted: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    # Last: what comes after several kilobytes lies on another page of SQLite's file.
    body: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)

    answer: Mapped[Answer] = relationship(back_populates="reports")

    __table_args__ = (
        UniqueConstraint("answer_id", "pipeline"),
        Index(None, "candidate_id", "pool", "mode", "prompt_id"),
    )
