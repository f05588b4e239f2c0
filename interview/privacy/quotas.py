"""How much one person may store and hand in, with messages that say where to make room."""

from datetime import timedelta

import sqlalchemy as sa
from flask_babel import format_datetime
from flask_babel import gettext as _

from interview.accounts.models import Candidate
from interview.admin import policy
from interview.columns import now
from interview.errors import RefusedError
from interview.extensions import db
from interview.practice.models import Answer, Interview, Question

DAY = timedelta(hours=24)
MEGABYTE = 1024 * 1024


def stored(candidate: Candidate) -> int:
    """Return how many bytes the candidate's recordings take up."""
    query = sa.select(sa.func.coalesce(sa.func.sum(Answer.recording_bytes), 0))
    return int(db.session.scalar(query.where(Answer.candidate_id == candidate.id)) or 0)


def require_room(candidate: Candidate | None, more: int) -> None:
    """Raise RefusedError when `more` bytes would not fit into the candidate's quota."""
    quota = policy.current().quota_bytes
    if candidate is None or not quota or more <= 0:
        return
    used = stored(candidate)
    if used + more > quota:
        raise RefusedError(
            _(
                "Your recordings take up %(used)s of %(quota)s MB, and this one does not fit any "
                "more. Erase recordings that you no longer need, from the page “Progress”, then "
                "try again. Nothing that you have sent so far is lost.",
                used=round(used / MEGABYTE),
                quota=round(quota / MEGABYTE),
            ),
            413,
        )


def require_answer(candidate: Candidate | None) -> None:
    """Raise RefusedError when the candidate handed in as many answers as a day allows.

    Answers of an organisation's application do not count: they have a deadline.
    """
    allowed = policy.current().answers_per_day
    if candidate is None or not allowed:
        return
    query = (
        sa.select(Answer.submitted_at)
        .join(Answer.question)
        .join(Question.interview)
        .where(
            Answer.candidate_id == candidate.id,
            Answer.submitted_at > now() - DAY,
            Interview.purpose == "practice",
        )
        .order_by(Answer.submitted_at.desc())
        .offset(allowed - 1)
        .limit(1)
    )
    earliest = db.session.scalar(query)
    if earliest is not None:
        raise RefusedError(
            _(
                "You have handed in %(n)s answers within 24 hours, as many as this server allows. "
                "What you wrote or recorded is kept; hand it in after %(moment)s (UTC).",
                n=allowed,
                moment=format_datetime(earliest + DAY, "short", rebase=False),
            ),
            429,
        )
