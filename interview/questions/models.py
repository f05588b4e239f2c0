"""Tables of the question bank.

A prompt never changes what was asked: each edit adds a revision, and an answer points at the
revision that its candidate saw.
"""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from interview.columns import UtcDateTime, now
from interview.extensions import db

COMPETENCIES = (
    "leadership",
    "teamwork",
    "conflict",
    "problem_solving",
    "motivation",
    "failure_and_learning",
    "customer_focus",
    "communication",
    "planning",
    "adaptability",
    "integrity",
    "role_fit",
)
MODES = ("text", "audio", "video")
GUIDANCE_PARTS = ("situation", "task", "action", "result")


class PromptState(StrEnum):
    """Whether a prompt is asked."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class Prompt(db.Model):
    """One question of the bank, under a key that outlives its wording."""

    __tablename__ = "prompts"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[PromptState] = mapped_column(String(16), default=PromptState.ACTIVE)
    # The newest revision's competency and language, kept here because choosing filters on them.
    competency: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    # Set on a prompt that an organisation wrote for its own application interviews: it is no part
    # of the bank, and nobody is asked it in practice.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    # The prompt that this one says in another language.
    original_id: Mapped[int | None] = mapped_column(ForeignKey("prompts.id"))

    original: Mapped["Prompt | None"] = relationship(remote_side=[id])
    revisions: Mapped[list["PromptRevision"]] = relationship(
        back_populates="prompt", order_by="PromptRevision.number", cascade="all, delete-orphan"
    )

    __table_args__ = (Index(None, "state", "language", "competency"), Index(None, "original_id"))

    @property
    def current(self) -> "PromptRevision":
        """The newest revision."""
        return self.revisions[-1]


class PromptRevision(db.Model):
    """The wording, times and guidance of a prompt at one moment of its history."""

    __tablename__ = "prompt_revisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    prompt_id: Mapped[int] = mapped_column(ForeignKey("prompts.id", ondelete="CASCADE"))
    number: Mapped[int]
    competency: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    modes: Mapped[list[str]] = mapped_column(JSON)
    think_seconds: Mapped[int]
    answer_seconds: Mapped[int]
    # How often it may be answered in a spoken interview; None is as often as one likes.
    max_takes: Mapped[int | None]
    guidance: Mapped[dict[str, str]] = mapped_column(JSON)
    tags: Mapped[list[str]] = mapped_column(JSON)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    prompt: Mapped[Prompt] = relationship(back_populates="revisions")

    __table_args__ = (UniqueConstraint("prompt_id", "number"),)


class PromptFile(db.Model):
    """A file of prompts that an admin sent to see what it would change, until they decide."""

    __tablename__ = "prompt_files"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
