"""Breaking the glass: an admin's look at one answer that nobody shared with them.

Admins see no answers. To look into a complaint one of them may open a single answer for half an
hour, with a reason. The candidate reads who looked, when and why on their page of privacy; the
audit log has every opening.
"""

import re
import uuid
from datetime import timedelta

import sqlalchemy as sa

from interview.accounts.models import Candidate, User
from interview.admin.models import BrokenGlass
from interview.columns import now
from interview.errors import NotFoundError
from interview.extensions import db
from interview.practice.models import Answer, AnswerState
from interview.privacy import audit

OPEN_FOR = timedelta(minutes=30)
REASON_CHARACTERS = (20, 1000)
RECENT = 100

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def break_(admin: User, reference: str, reason: str) -> BrokenGlass:
    """Open an answer, named by its number or address, to one admin for half an hour; commits.

    Raises NotFoundError for an answer that is not there or not handed in yet.
    """
    named = _ID.search(reference.lower())
    answer = db.session.get(Answer, uuid.UUID(named[0])) if named else None
    if answer is None or answer.state == AnswerState.DRAFT:
        raise NotFoundError
    glass = BrokenGlass(
        candidate_id=answer.candidate_id,
        answer_id=answer.id,
        admin_id=admin.id,
        reason=reason.strip(),
        expires_at=now() + OPEN_FOR,
    )
    db.session.add(glass)
    db.session.flush()
    audit.record("glass.broken", "answer", answer.id, minutes=OPEN_FOR.seconds // 60)
    db.session.commit()
    return glass


def see(admin: User, answer_id: uuid.UUID) -> tuple[BrokenGlass, Answer]:
    """Return an answer that this admin has opened, noting that they see it; commits.

    Raises NotFoundError once the time is over, and for everybody else's.
    """
    glass, answer = opened(admin, answer_id)
    glass.seen_at = now()
    audit.record("answer.seen", "answer", answer_id, glass=glass.id)
    db.session.commit()
    return glass, answer


def opened(admin: User, answer_id: uuid.UUID) -> tuple[BrokenGlass, Answer]:
    """Return an answer that this admin has opened and may still see. Raises NotFoundError."""
    glass = db.session.scalar(
        sa.select(BrokenGlass)
        .where(
            BrokenGlass.answer_id == answer_id,
            BrokenGlass.admin_id == admin.id,
            BrokenGlass.expires_at > now(),
        )
        .order_by(BrokenGlass.id.desc())
        .limit(1)
    )
    answer = db.session.get(Answer, answer_id)
    if glass is None or answer is None:
        raise NotFoundError
    return glass, answer


def of_candidate(candidate: Candidate | None) -> list[BrokenGlass]:
    """Return every look at a candidate's answers, newest first."""
    if candidate is None:
        return []
    query = sa.select(BrokenGlass).where(BrokenGlass.candidate_id == candidate.id)
    return list(db.session.scalars(query.order_by(BrokenGlass.id.desc())))


def recent() -> list[tuple[BrokenGlass, str | None]]:
    """Return the latest looks of all admins, each with the admin's address."""
    query = (
        sa.select(BrokenGlass, User.email)
        .outerjoin(User, User.id == BrokenGlass.admin_id)
        .order_by(BrokenGlass.id.desc())
        .limit(RECENT)
    )
    return [(glass, email) for glass, email in db.session.execute(query)]
