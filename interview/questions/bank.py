"""Reading the question bank: what is in it, how it came to be, and how often it is asked."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from interview.accounts.models import User
from interview.errors import NotFoundError
from interview.extensions import db
from interview.practice.models import Answer, AnswerState, Question
from interview.questions.exchange import SEPARATOR, PromptContent
from interview.questions.models import Prompt, PromptRevision

PAGE = 50
"""Questions on one page of the list."""


@dataclass(frozen=True)
class Filters:
    """What a list of questions is narrowed to; None and "" are everything."""

    text: str = ""
    """Part of the question or of its key."""
    competency: str | None = None
    mode: str | None = None
    language: str | None = None
    state: str | None = None
    tag: str | None = None


@dataclass(frozen=True)
class Usage:
    """How often a question was asked, how often of those answered, and in how many takes."""

    asked: int = 0
    answered: int = 0
    takes: int = 0


@dataclass(frozen=True)
class Difference:
    """A field that is not what it was."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One step in the history of a question: a revision, who made it, and what it changed."""

    revision: PromptRevision
    author: str | None
    differences: Sequence[Difference]


def newest_revisions() -> sa.Select[PromptRevision]:
    """Select the bank's questions as worded now, in the order in which they were added."""
    newer = aliased(PromptRevision)
    return (
        sa.select(PromptRevision)
        .join(PromptRevision.prompt)
        .where(
            Prompt.organisation_id.is_(None),
            ~sa.exists().where(
                newer.prompt_id == PromptRevision.prompt_id,
                newer.number > PromptRevision.number,
            ),
        )
        .order_by(Prompt.id)
        .options(contains_eager(PromptRevision.prompt))
    )


def with_originals() -> sa.Select[PromptRevision]:
    """Select the questions as worded now, with what each is a translation of."""
    return newest_revisions().options(
        contains_eager(PromptRevision.prompt).joinedload(Prompt.original)
    )


def contents() -> list[PromptContent]:
    """Return every prompt of the bank as it is now, in the order in which they were added."""
    return [PromptContent.of(revision) for revision in db.session.scalars(with_originals())]


def find(filters: Filters, page: int = 1) -> tuple[list[PromptRevision], int]:
    """Return one page of the questions that fit, and how many fit in all."""
    query = newest_revisions().where(*_conditions(filters))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    found = db.session.scalars(query.limit(PAGE).offset(PAGE * (max(page, 1) - 1)))
    return list(found), total


def _conditions(filters: Filters) -> Iterable[sa.ColumnElement[bool]]:
    if filters.text:
        yield sa.or_(
            PromptRevision.text.icontains(filters.text, autoescape=True),
            Prompt.key.icontains(filters.text, autoescape=True),
        )
    if filters.competency:
        yield Prompt.competency == filters.competency
    if filters.language:
        yield Prompt.language == filters.language
    if filters.state:
        yield Prompt.state == filters.state
    for column, item in ((PromptRevision.modes, filters.mode), (PromptRevision.tags, filters.tag)):
        if item:  # lists are stored as JSON, in which an item stands between quotes
            yield sa.cast(column, sa.Text).contains(json.dumps(item), autoescape=True)


def languages() -> list[str]:
    """Return the languages that the bank has questions in."""
    query = sa.select(Prompt.language).where(Prompt.organisation_id.is_(None)).distinct()
    return list(db.session.scalars(query.order_by(Prompt.language)))


def get(prompt_id: int) -> PromptRevision:
    """Return a question of the bank as it is worded now. Raises NotFoundError."""
    found = db.session.scalar(with_originals().where(Prompt.id == prompt_id))
    if found is None:
        raise NotFoundError
    return found


def translations(prompt: Prompt) -> list[PromptRevision]:
    """Return the question in other languages: its original, and that one's other translations."""
    root = prompt.original_id or prompt.id
    query = newest_revisions().where(
        sa.or_(Prompt.id == root, Prompt.original_id == root), Prompt.id != prompt.id
    )
    return list(db.session.scalars(query))


def usage(prompt_ids: Sequence[int]) -> dict[int, Usage]:
    """Return how often each of some questions was asked and answered, in whatever wording."""
    handed_in = sa.and_(Answer.submitted_at.is_not(None), Answer.state != AnswerState.DRAFT)
    query = (
        sa.select(
            PromptRevision.prompt_id,
            sa.func.count(Question.id.distinct()),
            sa.func.count(sa.case((handed_in, Question.id)).distinct()),
            sa.func.count(sa.case((handed_in, Answer.id)).distinct()),
        )
        .join(Question, Question.revision_id == PromptRevision.id)
        .outerjoin(Answer, Answer.question_id == Question.id)
        .where(PromptRevision.prompt_id.in_(prompt_ids))
        .group_by(PromptRevision.prompt_id)
    )
    found = {key: Usage(*counts) for key, *counts in db.session.execute(query).all()}
    return {key: found.get(key, Usage()) for key in prompt_ids}


def history(prompt_id: int) -> list[Change]:
    """Return what each revision of a question changed, newest first."""
    query = (
        sa.select(PromptRevision, User.email)
        .outerjoin(User, User.id == PromptRevision.author_id)
        .where(PromptRevision.prompt_id == prompt_id)
        .order_by(PromptRevision.number)
        .options(joinedload(PromptRevision.prompt).joinedload(Prompt.original))
    )
    changes: list[Change] = []
    before: dict[str, Any] = {}
    for revision, author in db.session.execute(query).all():
        after = PromptContent.of(revision).wording()
        changes.append(Change(revision, author, differences(before, after) if before else ()))
        before = after
    return changes[::-1]


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """Return the fields in which two contents are not the same, as a person reads them."""
    old, new = _flat(before), _flat(after)
    return [
        Difference(name, old.get(name, ""), new[name])
        for name in new
        if old.get(name, "") != new[name]
    ]


def content_differences(before: PromptContent, after: PromptContent) -> list[Difference]:
    """Return the fields in which two questions are not the same."""
    return [] if before == after else differences(vars(before), vars(after))


def _flat(values: dict[str, Any]) -> dict[str, str]:
    flat = {name: value for name, value in values.items() if name != "guidance"}
    flat |= {f"guidance.{part}": text for part, text in values["guidance"].items()}
    return {name: _written(value) for name, value in flat.items()}


def _written(value: Any) -> str:
    if isinstance(value, list):
        return f" {SEPARATOR} ".join(value)
    return "" if value is None else str(value)
