"""Tables of what people judge: scorecards with their ratings, and decisions with their reasons."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from interview.accounts.models import User
from interview.columns import UtcDateTime, now
from interview.extensions import db
from interview.recruiting.models import ApplicationPrompt, Invitation


class Scorecard(db.Model):
    """One rater's judgement of one candidate; final once it is handed in.

    `version` counts the times it was saved, so that two windows cannot overwrite each other. The
    rater is None when their account is gone.
    """

    __tablename__ = "scorecards"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("invitations.id", ondelete="CASCADE")
    )
    rater_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    invitation: Mapped[Invitation] = relationship()
    rater: Mapped[User | None] = relationship()
    ratings: Mapped[list["Rating"]] = relationship(
        back_populates="scorecard", cascade="all, delete-orphan"
    )

    __table_args__ = (UniqueConstraint("invitation_id", "rater_id"),)


class Rating(db.Model):
    """A level from 1 to 5 for one prompt's competency, and what it rests on.

    A level of None is not rated yet. Moments in `evidence`, such as 1:25, can be listened to.
    """

    __tablename__ = "ratings"

    id: Mapped[int] = mapped_column(primary_key=True)
    scorecard_id: Mapped[int] = mapped_column(ForeignKey("scorecards.id", ondelete="CASCADE"))
    prompt_id: Mapped[int] = mapped_column(
        ForeignKey("application_prompts.id", ondelete="CASCADE"), index=True
    )
    level: Mapped[int | None]
    evidence: Mapped[str] = mapped_column(Text, default="")

    scorecard: Mapped[Scorecard] = relationship(back_populates="ratings")
    prompt: Mapped[ApplicationPrompt] = relationship()

    __table_args__ = (
        UniqueConstraint("scorecard_id", "prompt_id"),
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
    )


class Decision(db.Model):
    """What somebody decided about a candidate, and why; never changed, only followed by another.

    The author is None when their account is gone.
    """

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("invitations.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    outcome: Mapped[str] = mapped_column(String(16))
    reasons: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    invitation: Mapped[Invitation] = relationship()
    author: Mapped[User | None] = relationship()
