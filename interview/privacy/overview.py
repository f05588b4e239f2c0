"""What the privacy page shows of one person."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from interview.accounts.models import Candidate
from interview.admin import policy
from interview.columns import now
from interview.extensions import db
from interview.practice.models import Answer, Interview, Question, Report
from interview.privacy import exports, quotas, retention
from interview.privacy.models import Export
from interview.recruiting.models import ApplicationInterview, Consent, Invitation

SOON = timedelta(days=30)
"""How long before it is erased a thing is listed on the page."""

LISTED = 20
"""How many of those things are listed."""


@dataclass(frozen=True)
class Kept:
    """How much is kept of a person."""

    interviews: int = 0
    answers: int = 0
    reports: int = 0
    documents: int = 0
    """Uploaded files that have not been read yet."""
    recordings: int = 0
    recording_bytes: int = 0


@dataclass(frozen=True)
class Ending:
    """An answer that is going to be erased, or whose recording is."""

    answer: Answer
    moment: datetime
    recording_only: bool


@dataclass(frozen=True)
class Overview:
    """Everything that the page shows of a person, and the rules that hold for everybody."""

    kept: Kept
    endings: list[Ending]
    consents: list[Consent]
    export: Export | None
    rules: policy.Policy
    guest_hours: float
    unfinished_days: float
    export_days: int
    mail_in_log: bool
    has_face_model: bool


def of(candidate: Candidate | None) -> Overview:
    """Return what the page shows of a candidate, or of somebody of whom nothing is kept."""
    settings = current_app.config["SETTINGS"]
    return Overview(
        kept=count_kept(candidate),
        endings=_endings(candidate),
        consents=_consents(candidate),
        export=exports.latest(candidate),
        rules=policy.current(),
        guest_hours=settings.guest_hours,
        unfinished_days=settings.unfinished_recording_hours / 24,
        export_days=settings.export_days,
        mail_in_log=not settings.mail_server,
        has_face_model=(settings.models_dir / "faces" / "MODEL_CARD.md").is_file(),
    )


def count_kept(candidate: Candidate | None) -> Kept:
    """Return how much is kept of a candidate."""
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
    return Kept(interviews, answers, reports, documents, recordings, quotas.stored(candidate))


def _endings(candidate: Candidate | None) -> list[Ending]:
    """Return what the policy erases soon, the next one first."""
    rules = policy.current()
    if candidate is None or not (rules.retention_days or rules.recording_days):
        return []
    query = (
        sa.select(Answer)
        .where(Answer.candidate_id == candidate.id)
        .order_by(retention.SINCE)
        .limit(10 * LISTED)
        .options(
            joinedload(Answer.candidate),
            joinedload(Answer.question).joinedload(Question.revision),
            joinedload(Answer.question).joinedload(Question.interview),
        )
    )
    found = []
    for answer in db.session.scalars(query):
        until = retention.kept_until(answer)
        ends = [
            Ending(answer, moment, only)
            for moment, only in ((until.answer, False), (until.recording, True))
            if moment is not None and moment < now() + SOON
        ]
        found += sorted(ends, key=lambda ending: ending.moment)[:1]
    return sorted(found, key=lambda ending: ending.moment)[:LISTED]


def _consents(candidate: Candidate | None) -> list[Consent]:
    """Return what a candidate agreed to, newest first."""
    if candidate is None:
        return []
    query = (
        sa.select(Consent)
        .where(Consent.candidate_id == candidate.id)
        .order_by(Consent.given_at.desc(), Consent.id.desc())
        .options(
            joinedload(Consent.invitation)
            .joinedload(Invitation.application)
            .joinedload(ApplicationInterview.organisation)
        )
    )
    return list(db.session.scalars(query))
