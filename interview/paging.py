"""Lists that are shown a page at a time."""

from dataclasses import dataclass
from typing import Generic, TypeVar

import sqlalchemy as sa

from interview.extensions import db
from interview.safety import number_of

T = TypeVar("T")

ROWS = 50
"""Rows on one page."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list: which page they are, of how many, and how many rows there are in all."""

    rows: list[T]
    number: int
    count: int
    total: int


def requested() -> int:
    """Return which page of a list the request asks for, from 1."""
    return max(1, number_of("page") or 1)


def page_of(query: sa.Select[tuple[T]], number: int) -> Page[T]:
    """Return a page of what a query finds; for a number beyond the last one, the last one."""
    plain = query.order_by(None).with_only_columns(sa.func.count(), maintain_column_froms=True)
    total = db.session.scalar(plain) or 0
    count = max(1, -(-total // ROWS))
    number = min(max(1, number), count)
    rows = db.session.scalars(query.limit(ROWS).offset(ROWS * (number - 1)))
    return Page(list(rows), number, count, total)
