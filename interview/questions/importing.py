"""Files into the question bank: first a plan, row by row, then all of it in one go or none.

Everything is read and written in sets, so that five thousand rows take seconds.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from interview.accounts.models import User
from interview.columns import now
from interview.errors import RefusedError
from interview.extensions import db
from interview.privacy import audit
from interview.questions.bank import Difference, content_differences, with_originals
from interview.questions.checking import parse_rows
from interview.questions.exchange import NOT_WORDING, PromptContent, Row, RowError
from interview.questions.models import Prompt, PromptRevision

TOGETHER = 500
"""Rows in one statement: every database takes that many values."""


class Effect(StrEnum):
    """What a row of a file would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclass(frozen=True)
class PlannedRow:
    """One row of a file: what it would do, and why not."""

    number: int
    effect: Effect
    content: PromptContent
    current: PromptRevision | None = None
    differences: Sequence[Difference] = ()
    errors: Sequence[RowError] = ()


@dataclass(frozen=True)
class Plan:
    """What a file would do to the bank."""

    rows: Sequence[PlannedRow]

    def having(self, effect: str) -> list[PlannedRow]:
        """Return the rows with this effect."""
        return [row for row in self.rows if row.effect == effect]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows have each effect."""
        counted = Counter(row.effect for row in self.rows)
        return {effect.value: counted[effect] for effect in Effect}

    @property
    def errors(self) -> list[RowError]:
        """Everything that is wrong, in the order of the file."""
        return [error for row in self.rows for error in row.errors]

    @property
    def digest(self) -> str:
        """What tells this plan from one that the same file makes once the bank has changed."""
        seen = sha256()
        for row in self.rows:
            revision = row.current.id if row.current else None
            changes = [(each.field, each.before) for each in row.differences]
            mistakes = [(each.field, each.message) for each in row.errors]
            seen.update(repr((row.content.key, revision, changes, mistakes)).encode())
        return seen.hexdigest()


@dataclass(frozen=True)
class ImportResult:
    """What an import did, or would do; with errors it does nothing."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)


def plan(rows: Sequence[Row]) -> Plan:
    """Return what rows of a file would do, each with its differences or its mistakes."""
    contents, errors = parse_rows(rows)
    bank = {revision.prompt.key: revision for revision in db.session.scalars(with_originals())}
    mistakes: dict[int, list[RowError]] = {}
    for error in errors:
        mistakes.setdefault(error.row, []).append(error)
    wanted = {content.key: content for content in contents}
    translated = {content.translation_of for content in contents}
    translated |= {
        revision.prompt.original.key for revision in bank.values() if revision.prompt.original
    }
    elsewhere = _keys_outside(bank)
    planned = []
    for row, content in zip(rows, contents, strict=True):
        wrong = mistakes.get(row.number, [])
        if content.key in elsewhere:
            wrong.append(
                RowError(row.number, "key", _("is taken by an organisation's own question"))
            )
        if content.translation_of:
            problem = _problem_of_original(content, wanted, bank, translated)
            wrong += [RowError(row.number, "translation_of", problem)] if problem else []
        planned.append(_planned(row.number, content, bank.get(content.key), wrong))
    return Plan(planned)


def _planned(
    number: int, content: PromptContent, current: PromptRevision | None, wrong: list[RowError]
) -> PlannedRow:
    if wrong:
        return PlannedRow(number, Effect.WRONG, content, errors=wrong)
    if current is None:
        return PlannedRow(number, Effect.NEW, content)
    changes = content_differences(PromptContent.of(current), content)
    effect = Effect.CHANGED if changes else Effect.UNCHANGED
    return PlannedRow(number, effect, content, current, changes)


def _keys_outside(bank: Mapping[str, PromptRevision]) -> set[str]:
    return set(db.session.scalars(sa.select(Prompt.key))) - set(bank)


def _problem_of_original(
    content: PromptContent,
    wanted: Mapping[str, PromptContent],
    bank: Mapping[str, PromptRevision],
    translated: set[str | None],
) -> str | None:
    """Return why a question cannot be a translation of the one that it names, if so."""
    key = content.translation_of or ""
    original = wanted.get(key) or (PromptContent.of(bank[key]) if key in bank else None)
    if original is None:
        return _("there is no question “%(key)s”", key=key)
    if key == content.key or content.language == original.language:
        return _("a translation needs another language than “%(key)s”", key=key)
    if original.translation_of:
        return _("“%(key)s” is itself a translation; name the one that it translates", key=key)
    if content.key in translated:
        return _("has translations of its own, so that it cannot be one")
    return None


def apply(found: Plan, author: User | None = None) -> ImportResult:
    """Do what a plan without mistakes says, note it in the audit log, and commit.

    Raises RefusedError, and does nothing, when the bank has changed meanwhile.
    """
    if found.errors:
        return ImportResult(errors=found.errors)
    counts = found.counts
    new, changed = found.having(Effect.NEW), found.having(Effect.CHANGED)
    try:
        numbers = _insert_prompts(new)
        _insert_revisions(new, changed, numbers, author)
        _update_prompts(changed)
        _link_translations([*new, *changed], numbers)
        audit.record("questions.imported", "bank", "", new=counts["new"], changed=counts["changed"])
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise RefusedError(
            _("Somebody else changed these questions meanwhile. Nothing was imported; check again.")
        ) from None
    db.session.expire_all()
    return ImportResult(counts["new"], counts["changed"], counts["unchanged"])


def import_prompts(
    rows: Sequence[Row], *, dry_run: bool = False, author: User | None = None
) -> ImportResult:
    """Add new prompts and reword changed ones, all or, with a single error, none; commits.

    Prompts that the rows do not name stay as they are. A dry run only counts.
    """
    found = plan(rows)
    if dry_run:
        counts = found.counts
        return ImportResult(counts["new"], counts["changed"], counts["unchanged"], found.errors)
    return apply(found, author)


def _insert_prompts(new: Sequence[PlannedRow]) -> dict[str, int]:
    """Add the new prompts and return their numbers by key."""
    moment = now()
    values = [
        {
            "key": row.content.key,
            "state": row.content.state,
            "competency": row.content.competency,
            "language": row.content.language,
            "created_at": moment,
        }
        for row in new
    ]
    numbers: dict[str, int] = {}
    for part in _parts(values):
        statement = sa.insert(Prompt).returning(Prompt.key, Prompt.id)
        numbers |= dict(db.session.execute(statement, part).all())
    return numbers


def _insert_revisions(
    new: Sequence[PlannedRow],
    changed: Sequence[PlannedRow],
    numbers: Mapping[str, int],
    author: User | None,
) -> None:
    common = {"author_id": author.id if author else None, "created_at": now()}
    values = [
        row.content.wording() | common | {"prompt_id": numbers[row.content.key], "number": 1}
        for row in new
    ]
    for row in changed:
        if row.current is not None and any(d.field not in NOT_WORDING for d in row.differences):
            step = {"prompt_id": row.current.prompt_id, "number": row.current.number + 1}
            values.append(row.content.wording() | common | step)
    for part in _parts(values):
        db.session.execute(sa.insert(PromptRevision), part)


def _update_prompts(changed: Sequence[PlannedRow]) -> None:
    values = [
        {
            "id": row.current.prompt_id,
            "state": row.content.state,
            "competency": row.content.competency,
            "language": row.content.language,
        }
        for row in changed
        if row.current is not None
    ]
    for part in _parts(values):
        db.session.execute(sa.update(Prompt), part)


def _link_translations(rows: Sequence[PlannedRow], numbers: dict[str, int]) -> None:
    """Let each translation point at its original, which may have come with the same file."""
    linked = [
        row
        for row in rows
        if row.content.translation_of or (row.current and row.current.prompt.original_id)
    ]
    if not linked:
        return
    known = dict(db.session.execute(sa.select(Prompt.key, Prompt.id)).all()) | numbers
    values = [
        {"id": known[row.content.key], "original_id": known.get(row.content.translation_of or "")}
        for row in linked
    ]
    for part in _parts(values):
        db.session.execute(sa.update(Prompt), part)


def _parts(values: Sequence[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    for start in range(0, len(values), TOGETHER):
        yield list(values[start : start + TOGETHER])


def check_form(values: Mapping[str, Any]) -> tuple[PromptContent, list[RowError]]:
    """Check one question as the admins' form has it, by the rules of a file."""
    found = plan([Row(0, values)]).rows[0]
    return found.content, list(found.errors)
