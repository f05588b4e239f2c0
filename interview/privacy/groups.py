"""Which groups people say they belong to: voluntary, for `flask audit bias` alone.

The groups are those of New York City's rules on automated employment decision tools (Local Law
144), which take them from the reports that United States employers file (EEO-1).
"""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from interview.accounts.models import Candidate
from interview.columns import now
from interview.database import upsert
from interview.errors import NotFoundError
from interview.extensions import db
from interview.privacy.models import SelfDescription

SEXES = {"female": _l("Female"), "male": _l("Male"), "other": _l("Another")}
ETHNICITIES = {
    "hispanic": _l("Hispanic or Latino"),
    "white": _l("White, not Hispanic or Latino"),
    "black": _l("Black or African American, not Hispanic or Latino"),
    "pacific": _l("Native Hawaiian or Pacific Islander, not Hispanic or Latino"),
    "asian": _l("Asian, not Hispanic or Latino"),
    "native": _l("Native American or Alaska Native, not Hispanic or Latino"),
    "several": _l("Two or more races, not Hispanic or Latino"),
}


def find(candidate: Candidate | None) -> SelfDescription | None:
    """Return what a candidate says of themselves, if anything."""
    return None if candidate is None else db.session.get(SelfDescription, candidate.id)


def save(candidate: Candidate | None, sex: str | None, ethnicity: str | None) -> None:
    """Store what a candidate says of themselves; nothing at all erases it; commits.

    Raises NotFoundError for somebody of whom nothing is kept.
    """
    if candidate is None:
        raise NotFoundError
    if sex or ethnicity:
        values = {"sex": sex or None, "ethnicity": ethnicity or None, "changed_at": now()}
        db.session.execute(
            upsert(SelfDescription.__table__)
            .values(candidate_id=candidate.id, **values)
            .on_conflict_do_update(index_elements=["candidate_id"], set_=values)
        )
    else:
        db.session.execute(
            sa.delete(SelfDescription).where(SelfDescription.candidate_id == candidate.id)
        )
    db.session.commit()
