"""What can be done with the question bank: fill it, choose from it, change it, exchange it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from interview.accounts.models import Candidate, User
from interview.extensions import db
from interview.practice.models import Interview, Question
from interview.questions import exchange
from interview.questions.exchange import PromptContent, Row, RowError, parse_rows, read_file
from interview.questions.models import COMPETENCIES, Prompt, PromptRevision, PromptState

BANK = Path(__file__).with_name("bank.json")
"""The prompts that the platform comes with."""

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class ImportResult:
    """What an import did, or would do; with errors it does nothing."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)


def fill_if_empty() -> int:
    """Import the prompts that the platform comes with into an empty bank; return how many."""
    if db.session.scalar(sa.select(Prompt.id).limit(1)) is not None:
        return 0
    result = import_prompts(read_file(BANK))
    if result.errors:
        raise ValueError(f"{BANK.name}: {result.errors[0]}")
    return result.added


def choose(
    mode: str, competency: str | None, count: int, candidate: Candidate | None, language: str
) -> list[PromptRevision]:
    """Return up to `count` prompts to ask, as worded now.

    Prompts that the candidate was never asked come first, in random order, then those asked
    longest ago. Without a competency each prompt is about another one, as long as there are
    enough of them.
    """
    revisions = _active(mode, language, competency)
    asked = _last_asked(candidate)
    secrets.SystemRandom().shuffle(revisions)
    revisions.sort(key=lambda revision: asked.get(revision.prompt_id, NEVER))
    first_of_each: dict[str, PromptRevision] = {}
    if competency is None:
        for revision in revisions:
            first_of_each.setdefault(revision.competency, revision)
    varied = list(first_of_each.values())
    chosen = {revision.prompt_id for revision in varied}
    rest = [revision for revision in revisions if revision.prompt_id not in chosen]
    return [*varied, *rest][:count]


def competencies(mode: str, language: str) -> list[str]:
    """Return the competencies that have active prompts, in the bank's order."""
    present = {revision.competency for revision in _active(mode, language)}
    return [name for name in COMPETENCIES if name in present]


def _active(mode: str, language: str, competency: str | None = None) -> list[PromptRevision]:
    """Return the newest revisions of the bank's active prompts of a mode in a language.

    Prompts in "en" serve people who ask for "en_GB" or "en-GB" too.
    """
    tag = language.replace("_", "-")
    query = _newest_revisions().where(
        Prompt.state == PromptState.ACTIVE, Prompt.language.in_({tag, tag.partition("-")[0]})
    )
    if competency is not None:
        query = query.where(Prompt.competency == competency)
    return [revision for revision in db.session.scalars(query) if mode in revision.modes]


def _newest_revisions() -> sa.Select[PromptRevision]:
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


def _last_asked(candidate: Candidate | None) -> dict[int, datetime]:
    if candidate is None:
        return {}
    query = (
        sa.select(PromptRevision.prompt_id, sa.func.max(Interview.created_at).label("last_asked"))
        .join(Question, Question.revision_id == PromptRevision.id)
        .join(Interview, Interview.id == Question.interview_id)
        .where(Interview.candidate_id == candidate.id)
        .group_by(PromptRevision.prompt_id)
    )
    return {row.prompt_id: row.last_asked for row in db.session.execute(query)}


def add_revision(prompt: Prompt, content: PromptContent, author: User | None = None) -> None:
    """Reword a prompt; answers keep pointing at what their candidate saw. Does not commit."""
    prompt.competency, prompt.language = content.competency, content.language
    prompt.state = content.state
    prompt.revisions.append(
        PromptRevision(
            number=prompt.revisions[-1].number + 1 if prompt.revisions else 1,
            author_id=author.id if author else None,
            **content.wording(),
        )
    )


def retire(prompt: Prompt) -> None:
    """Stop asking a prompt; what was answered stays. Does not commit."""
    prompt.state = PromptState.RETIRED


def contents() -> list[PromptContent]:
    """Return every prompt of the bank as it is now, in the order in which they were added."""
    return [PromptContent.of(revision) for revision in db.session.scalars(_newest_revisions())]


def export(kind: str, stream: TextIO) -> int:
    """Write the whole bank as "csv" or "json" and return how many prompts it has."""
    prompts = contents()
    exchange.write(prompts, kind, stream)
    return len(prompts)


def import_prompts(
    rows: Sequence[Row], *, dry_run: bool = False, author: User | None = None
) -> ImportResult:
    """Add new prompts and reword changed ones, all or, with a single error, none; commits.

    Prompts that the rows do not name stay as they are. A dry run only counts.
    """
    wanted, errors = parse_rows(rows)
    if errors:
        return ImportResult(errors=errors)
    existing = {
        revision.prompt.key: revision for revision in db.session.scalars(_newest_revisions())
    }
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    for content in wanted:
        kind = _apply(existing.get(content.key), content, author, dry_run)
        counts[kind] += 1
    if not dry_run:
        db.session.commit()
    return ImportResult(counts["added"], counts["changed"], counts["unchanged"])


def _apply(
    current: PromptRevision | None, content: PromptContent, author: User | None, dry_run: bool
) -> str:
    if current is None:
        if not dry_run:
            prompt = Prompt(key=content.key)
            add_revision(prompt, content, author)
            db.session.add(prompt)
        return "added"
    before = PromptContent.of(current)
    if before == content:
        return "unchanged"
    if not dry_run:
        if before.wording() == content.wording():
            current.prompt.state = content.state
        else:
            add_revision(current.prompt, content, author)
    return "changed"


__all__ = [
    "ImportResult",
    "Row",
    "RowError",
    "add_revision",
    "choose",
    "competencies",
    "contents",
    "export",
    "fill_if_empty",
    "import_prompts",
    "read_file",
    "retire",
]
