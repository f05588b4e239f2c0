"""Who may do what to which object: the one place that says so.

What a person may not know of is answered "not found", never "forbidden".
"""

import uuid
from typing import TypeVar

from interview.accounts.models import Candidate
from interview.errors import NotFoundError
from interview.extensions import db

T = TypeVar("T")


def own(model: type[T], key: uuid.UUID | int, candidate: Candidate | None) -> T:
    """Return the candidate's own row; raise NotFoundError for anybody else's and for none."""
    row = db.session.get(model, key)
    if row is None or candidate is None or row.candidate_id != candidate.id:  # type: ignore[attr-defined]
        raise NotFoundError
    return row
