"""Tables of recruiting: organisations, their application interviews, invitations, consent."""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from interview.accounts.models import Candidate, User
from interview.columns import UtcDateTime, now
from interview.extensions import db
from interview.practice.models import Interview
from interview.questions.models import PromptRevision

GRACE = timedelta(minutes=10)
"""How long after the deadline, on top of the time of one answer, begun answers are taken."""


class MemberRole(StrEnum):
    """What a member may do: owners keep the members, members the interviews, raters only rate."""

    OWNER = "owner"
    MEMBER = "member"
    RATER = "rater"


class ApplicationState(StrEnum):
    """Where an application interview is: draft → open → closed."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class InvitationState(StrEnum):
    """Where an invitation is: sent → opened → accepted → submitted.

    It may be revoked by the recruiter until it is accepted, and its candidate may withdraw at any
    time.
    """

    SENT = "sent"
    OPENED = "opened"
    ACCEPTED = "accepted"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"


class Organisation(db.Model):
    """Who asks: a company, an agency, a school."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="organisation", order_by="Membership.id", cascade="all, delete-orphan"
    )
    applications: Mapped[list["ApplicationInterview"]] = relationship(
        back_populates="organisation",
        order_by="ApplicationInterview.id.desc()",
        cascade="all, delete-orphan",
    )

    __table_args__ = {"sqlite_autoincrement": True}


class Membership(db.Model):
    """An account's place in an organisation; without an account, an invitation to one."""

    __tablename__ = "memberships"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[str] = mapped_column(String(255))
    role: Mapped[MemberRole] = mapped_column(String(16))
    # The hash of the link's token, until it is accepted.
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    organisation: Mapped[Organisation] = relationship(back_populates="memberships")
    user: Mapped[User | None] = relationship()

    __table_args__ = (
        UniqueConstraint("organisation_id", "email"),
        UniqueConstraint("organisation_id", "user_id"),
    )


class ApplicationInterview(db.Model):
    """What an organisation asks everybody who applies: the same prompts, times and takes.

    Its number is also that of its pool of averages (see `peers`).
    """

    __tablename__ = "application_interviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    # Text is always among them: whoever cannot or does not want to speak may write.
    modes: Mapped[list[str]] = mapped_column(JSON)
    think_seconds: Mapped[int]
    answer_seconds: Mapped[int]
    max_takes: Mapped[int | None]
    deadline: Mapped[datetime] = mapped_column(UtcDateTime)
    # How long after the deadline everything is kept of whoever accepts with that deadline.
    retention_days: Mapped[int]
    state: Mapped[ApplicationState] = mapped_column(String(16), default=ApplicationState.DRAFT)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship(back_populates="applications")
    prompts: Mapped[list["ApplicationPrompt"]] = relationship(
        back_populates="application",
        order_by="ApplicationPrompt.position",
        cascade="all, delete-orphan",
    )
    invitations: Mapped[list["Invitation"]] = relationship(
        back_populates="application", order_by="Invitation.created_at", cascade="all, delete-orphan"
    )

    # A pool is never given to another interview.
    __table_args__ = {"sqlite_autoincrement": True}

    @property
    def is_open(self) -> bool:
        """Whether answers may be begun."""
        return self.state == ApplicationState.OPEN and now() < self.ends_at

    @property
    def ends_at(self) -> datetime:
        """The deadline, or the moment at which it was closed before that."""
        return min(self.deadline, self.closed_at or self.deadline)

    @property
    def last_moment(self) -> datetime:
        """Until when an answer that was begun before the end may be handed in."""
        return self.ends_at + timedelta(seconds=self.answer_seconds) + GRACE

    @property
    def is_taking(self) -> bool:
        """Whether an answer that was begun before the end may be handed in."""
        return now() <= self.last_moment

    @property
    def kept_until(self) -> datetime:
        """When everything is erased of whoever accepts now; see `Invitation.kept_until`."""
        return self.ends_at + timedelta(days=self.retention_days)


class ApplicationPrompt(db.Model):
    """A prompt of an application interview, as worded when it was chosen."""

    __tablename__ = "application_prompts"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("application_interviews.id", ondelete="CASCADE")
    )
    position: Mapped[int]
    revision_id: Mapped[int] = mapped_column(ForeignKey("prompt_revisions.id"), index=True)

    application: Mapped[ApplicationInterview] = relationship(back_populates="prompts")
    revision: Mapped[PromptRevision] = relationship()

    __table_args__ = (UniqueConstraint("application_id", "position"),)


class Invitation(db.Model):
    """One person's invitation to an application interview, and what became of it.

    The link holds a random token of which only the hash is stored. Once accepted, the invitation
    belongs to its candidate, and the link alone opens nothing any more.
    """

    __tablename__ = "invitations"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("application_interviews.id", ondelete="CASCADE")
    )
    # Empty once the candidate withdrew and had their address removed.
    email: Mapped[str] = mapped_column(String(255))
    state: Mapped[InvitationState] = mapped_column(String(16), default=InvitationState.SENT)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Of a link that was sent to go on in another browser; it works once.
    resume_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    resume_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    candidate_id: Mapped[int | None] = mapped_column(
        ForeignKey("candidates.id", ondelete="SET NULL"), index=True
    )
    interview_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("interviews.id", ondelete="SET NULL"), unique=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    application: Mapped[ApplicationInterview] = relationship(back_populates="invitations")
    candidate: Mapped[Candidate | None] = relationship()
    interview: Mapped[Interview | None] = relationship()
    consents: Mapped[list["Consent"]] = relationship(
        back_populates="invitation", order_by="Consent.id", cascade="all, delete-orphan"
    )

    __table_args__ = (Index(None, "application_id", "email"),)

    @property
    def consent(self) -> "Consent | None":
        """The consent that holds now; None before it is given and after it is withdrawn."""
        newest = self.consents[-1] if self.consents else None
        return newest if newest and newest.withdrawn_at is None else None

    @property
    def kept_until(self) -> datetime:
        """When everything of its candidate is erased: never later than they agreed to."""
        agreed = [consent.kept_until for consent in self.consents]
        return min([self.application.kept_until, *agreed])


class Consent(db.Model):
    """What a candidate agreed to: when, the words that they read, and what they chose.

    Another choice ends a consent and gives a new one, so the rows are the history.
    """

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("invitations.id", ondelete="CASCADE"), index=True
    )
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidates.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    # The day that the text names; a deadline that is extended later does not move it.
    kept_until: Mapped[datetime] = mapped_column(UtcDateTime)
    # May the answers be analysed, may traits and emotions be estimated and shown to the recruiter,
    # may the recruiter play the recordings (or only read the words)?
    analysis: Mapped[bool] = mapped_column(default=False)
    traits: Mapped[bool] = mapped_column(default=False)
    emotions: Mapped[bool] = mapped_column(default=False)
    recording: Mapped[bool] = mapped_column(default=False)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    invitation: Mapped[Invitation] = relationship(back_populates="consents")
    candidate: Mapped[Candidate] = relationship()


__all__ = [
    "GRACE",
    "ApplicationInterview",
    "ApplicationPrompt",
    "ApplicationState",
    "Consent",
    "Invitation",
    "InvitationState",
    "MemberRole",
    "Membership",
    "Organisation",
]
