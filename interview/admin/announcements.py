"""Announcements: what everybody reads at the head of each page, until they put it away."""

import logging
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from markdown_it import MarkdownIt
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from interview.admin.models import Announcement
from interview.columns import now
from interview.errors import NotFoundError
from interview.extensions import db
from interview.privacy import audit

log = logging.getLogger(__name__)

_MARKDOWN = MarkdownIt("zero", {"html": False}).enable(["emphasis", "link", "newline"])


def shown(put_away: Collection[int] = ()) -> list[Announcement]:
    """Return what is announced now, newest first, without what the reader put away.

    A page that tells of a failure of the database must not fail over this: then it is empty.
    """
    moment = now()
    query = (
        sa.select(Announcement)
        .where(Announcement.ends_at > moment, Announcement.starts_at <= moment)
        .order_by(Announcement.id.desc())
    )
    try:
        return [item for item in db.session.scalars(query) if item.id not in put_away]
    except SQLAlchemyError:
        log.exception("announcements could not be read")
        db.session.rollback()
        return []


def render(text: str) -> Markup:
    """Return a text with emphasis and links as HTML; everything else in it is shown as it is."""
    return Markup(_MARKDOWN.renderInline(text))  # noqa: S704 - HTML in the text was escaped


def all_() -> list[Announcement]:
    """Return every announcement, newest first."""
    return list(db.session.scalars(sa.select(Announcement).order_by(Announcement.id.desc())))


def get(announcement_id: int) -> Announcement:
    """Return an announcement. Raises NotFoundError."""
    found = db.session.get(Announcement, announcement_id)
    if found is None:
        raise NotFoundError
    return found


def save(
    text: str, starts_at: datetime, ends_at: datetime, *, urgent: bool, number: int | None = None
) -> Announcement:
    """Add an announcement, or change the one of this number; commits."""
    announcement = Announcement() if number is None else get(number)
    announcement.text, announcement.urgent = text, urgent
    announcement.starts_at, announcement.ends_at = starts_at, ends_at
    db.session.add(announcement)
    db.session.flush()
    action = "announcement.made" if number is None else "announcement.changed"
    audit.record(action, "announcement", announcement.id)
    db.session.commit()
    return announcement


def remove(number: int) -> None:
    """Remove an announcement; commits. Raises NotFoundError."""
    db.session.delete(get(number))
    audit.record("announcement.removed", "announcement", number)
    db.session.commit()
