"""Rows of one person in every table that can hold some, made from the tables themselves.

So a table that a room adds later takes part in the tests of exporting and erasing by itself.
"""

import uuid
from typing import Any

import sqlalchemy as sa

from interview.columns import UtcDateTime, now
from interview.extensions import db
from interview.privacy import belongings

SENTINEL = "zeppelin"
"""Begins every text that is made up here."""


def fill(candidate_id: int, user_id: int) -> dict[str, dict[str, Any]]:
    """Put a row of the person into each table that has none; return the rows made, by table."""
    made = {}
    for table, which in belongings.owned(candidate_id, user_id).items():
        if not db.session.scalar(sa.select(sa.func.count()).select_from(table).where(which)):
            values = _row(table, candidate_id, user_id)
            db.session.execute(sa.insert(table).values(values))
            made[table.name] = values
    db.session.commit()
    return made


def _row(table: sa.Table, candidate_id: int, user_id: int) -> dict[str, Any]:
    owned = belongings.owned(candidate_id, user_id)
    values: dict[str, Any] = {}
    for column in table.columns:
        if column.foreign_keys:
            parent = next(iter(column.foreign_keys)).column
            values[column.name] = _parent(parent, owned)
        elif not (column.primary_key and isinstance(column.type, sa.Integer)):
            values[column.name] = _value(column)
    return values


def _parent(parent: sa.Column, owned: belongings.Owned) -> Any:
    """Return the key of the person's row, or else of any row, of the table that is referred to."""
    query = sa.select(parent).limit(1)
    if parent.table in owned:
        query = query.where(owned[parent.table])
    return db.session.scalar(query)


def _value(column: sa.Column) -> Any:
    kind = column.type
    if isinstance(kind, sa.Uuid):
        return uuid.uuid4()
    if isinstance(kind, UtcDateTime):
        return now()
    if isinstance(kind, sa.JSON):
        return [f"{SENTINEL} in {column.name}"]
    if isinstance(kind, sa.LargeBinary):
        return f"{SENTINEL} in {column.name}".encode()
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.Integer | sa.Float):
        return 1
    if column.name.endswith("_key"):
        return None
    return f"{SENTINEL} {column.name}"[: getattr(kind, "length", None) or 80]
