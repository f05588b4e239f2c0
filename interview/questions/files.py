"""Files of prompts that wait until an admin has seen what they would change."""

import uuid
from datetime import timedelta
from pathlib import PurePath
from typing import BinaryIO

import sqlalchemy as sa
from flask_babel import gettext as _

from interview.accounts.models import User
from interview.columns import now
from interview.errors import NotFoundError
from interview.extensions import db
from interview.questions import importing
from interview.questions.exchange import FORMATS, FileError, read
from interview.questions.importing import Plan
from interview.questions.models import PromptFile

MAX_BYTES = 20 * 1024 * 1024
"""Largest file: five thousand long prompts in UTF-16."""

KEPT = timedelta(days=1)


def keep(author: User, name: str, stream: BinaryIO) -> PromptFile:
    """Keep a file in the place of the author's last one; commits.

    Raises FileError for one that cannot be read as a question bank.
    """
    kind = PurePath(name or "").suffix.lower().removeprefix(".")
    content = stream.read(MAX_BYTES + 1)
    if kind not in FORMATS or len(content) > MAX_BYTES:
        raise FileError(_reason(kind))
    read(content, kind)
    old = sa.or_(PromptFile.author_id == author.id, PromptFile.created_at < now() - KEPT)
    db.session.execute(sa.delete(PromptFile).where(old))
    kept = PromptFile(author_id=author.id, kind=kind, content=content)
    db.session.add(kept)
    db.session.commit()
    return kept


def plan(author: User, file_id: uuid.UUID) -> Plan:
    """Return what the author's file would do now. Raises NotFoundError for anybody else's."""
    kept = db.session.get(PromptFile, file_id)
    if kept is None or kept.author_id != author.id:
        raise NotFoundError
    return importing.plan(read(kept.content, kept.kind))


def drop(author: User) -> None:
    """Forget the author's file; commits."""
    db.session.execute(sa.delete(PromptFile).where(PromptFile.author_id == author.id))
    db.session.commit()


def _reason(kind: str) -> str:
    if kind not in FORMATS:
        return _("the file's name must end in .csv or .json")
    return _("it has more than %(count)s MB", count=MAX_BYTES // 2**20)
