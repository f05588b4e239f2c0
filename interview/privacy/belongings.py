"""Which rows and files are a person's, found by following the references between the tables.

What goes with a person when they are erased is theirs: rows that refer to their account or their
workspace, directly or through others, and are deleted with them. So a table that a room adds later
is exported and erased without being named here.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from interview.accounts.models import Candidate, User
from interview.extensions import db

ABOUT_THE_PERSON = {("invitations", "candidate_id")}
"""References that are emptied when a person goes, of rows that are about that person."""

Owned = dict[sa.Table, sa.ColumnElement[bool]]


def owned(candidate_id: int | None, user_id: int | None) -> Owned:
    """Return each table that can hold rows of a person, with what tells theirs from others'."""
    found: Owned = {}
    if candidate_id is not None:
        found[Candidate.__table__] = Candidate.__table__.c.id == candidate_id
    if user_id is not None:
        found[User.__table__] = User.__table__.c.id == user_id
    for table in db.metadata.sorted_tables:  # those that are referred to come first
        if table in found:
            continue
        through = [
            key.parent.in_(sa.select(key.column).where(found[key.column.table]))
            for key in table.foreign_keys
            if key.column.table in found and _belongs(table, key)
        ]
        if through:
            found[table] = sa.or_(*through)
    return found


def _belongs(table: sa.Table, key: sa.ForeignKey) -> bool:
    return key.ondelete == "CASCADE" or (table.name, key.parent.name) in ABOUT_THE_PERSON


def file_columns(table: sa.Table) -> list[sa.Column]:
    """Return the columns of a table that hold keys of the media store."""
    return [column for column in table.columns if column.name.endswith("_key")]


def file_keys(rows: Owned) -> set[str]:
    """Return the keys of all files that rows refer to."""
    keys: set[str] = set()
    for table, which in rows.items():
        for column in file_columns(table):
            keys.update(
                key for key in db.session.scalars(sa.select(column).where(which)) if key is not None
            )
    return keys


def known_file_keys() -> Iterator[str]:
    """Yield the keys of all files that any row of any table refers to."""
    for table in db.metadata.sorted_tables:
        for column in file_columns(table):
            yield from db.session.scalars(sa.select(column).where(column.is_not(None)))


def plain(value: Any) -> Any:
    """Return a column's value as JSON can hold it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)
