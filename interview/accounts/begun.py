"""What somebody has begun, told when an account takes it over."""

from typing import NamedTuple

import sqlalchemy as sa

from interview.accounts.models import Candidate
from interview.extensions import db
from interview.practice.models import Answer, Interview, Question


class Begun(NamedTuple):
    """How many answers of each purpose somebody has begun."""

    practice: int = 0
    application: int = 0


def begun_by(candidate: Candidate | None) -> Begun:
    """Count a candidate's answers, drafts too; nobody has begun nothing."""
    if candidate is None:
        return Begun()
    query = (
        sa.select(Interview.purpose, sa.func.count())
        .join(Interview.questions)
        .join(Question.answers)
        .where(Answer.candidate_id == candidate.id)
        .group_by(Interview.purpose)
    )
    counts = {str(purpose): count for purpose, count in db.session.execute(query)}
    return Begun(**counts)
