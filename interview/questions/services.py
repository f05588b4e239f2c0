"""What can be done with the question bank: fill it, choose from it, change it, exchange it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from interview.accounts.models import Candidate, User
from interview.errors import RefusedError
from interview.extensions import db
from interview.practice.models import Interview, Question
from interview.privacy import audit
from interview.questions import bank, exchange
from interview.questions.bank import contents, newest_revisions
from interview.questions.checking import problem_of_tag
from interview.questions.exchange import PromptContent, Row, RowError, read_file
from interview.questions.importing import (
    ImportResult,
    check_form,
    import_prompts,
)
from interview.questions.models import COMPETENCIES, Prompt, PromptRevision, PromptState

BANK = Path(__file__).with_name("bank.json")
"""The prompts that the platform comes with."""

NEVER = datetime.min.replace(tzinfo=UTC)


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
    query = newest_revisions().where(
        Prompt.state == PromptState.ACTIVE, Prompt.language.in_({tag, tag.partition("-")[0]})
    )
    if competency is not None:
        query = query.where(Prompt.competency == competency)
    return [revision for revision in db.session.scalars(query) if mode in revision.modes]


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


def save(
    values: Mapping[str, Any], author: User | None, prompt_id: int | None = None, number: int = 0
) -> tuple[Prompt | None, list[RowError]]:
    """Add a question, or change one whose newest revision is `number`; commits.

    Returns the question, or None and what is wrong. Raises NotFoundError for an unknown question
    and RefusedError when somebody else changed it, or took its key, meanwhile.
    """
    content, errors = check_form(values)
    current = bank.get(prompt_id) if prompt_id is not None else None
    if current is None and not errors and _is_taken(content.key):
        errors = [RowError(0, "key", _("is taken"))]
    if errors:
        return None, errors
    if current is not None and current.number != number:
        raise RefusedError(_("Somebody else changed this question meanwhile. Look at it again."))
    prompt = current.prompt if current else Prompt(key=content.key)
    if current is None or PromptContent.of(current).wording() != content.wording():
        add_revision(prompt, content, author)
    prompt.state = content.state
    prompt.original_id = _number_of(content.translation_of)
    db.session.add(prompt)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise RefusedError(_("Somebody else was quicker. Look at the question again.")) from None
    action = "question.changed" if current else "question.added"
    audit.record(action, "question", prompt.id, revision=prompt.revisions[-1].number)
    db.session.commit()
    return prompt, []


def set_state(prompt_id: int, state: PromptState) -> None:
    """Offer a question, retire it, or make it a draft; what was answered stays. Commits."""
    prompt = bank.get(prompt_id).prompt
    before, prompt.state = prompt.state, state
    audit.record("question.state_changed", "question", prompt.id, before=before, after=state)
    db.session.commit()


def tag(prompt_ids: Sequence[int], word: str, author: User | None, *, remove: bool = False) -> int:
    """Put a tag on questions, or take it off, and return how many changed; commits.

    Raises RefusedError for what is not a plain word.
    """
    problem = problem_of_tag(word)
    if problem:
        raise RefusedError(problem, 400)
    changed = 0
    for revision in db.session.scalars(bank.with_originals().where(Prompt.id.in_(prompt_ids))):
        content = PromptContent.of(revision)
        tags = [item for item in content.tags if item != word] + ([] if remove else [word])
        if (word in content.tags) == remove:
            add_revision(revision.prompt, replace(content, tags=tags), author)
            audit.record("question.tagged", "question", revision.prompt_id)
            changed += 1
    db.session.commit()
    return changed


def _is_taken(key: str) -> bool:
    return _number_of(key) is not None


def _number_of(key: str | None) -> int | None:
    return db.session.scalar(sa.select(Prompt.id).where(Prompt.key == key)) if key else None


def export(kind: str, stream: TextIO) -> int:
    """Write the whole bank as "csv" or "json" and return how many prompts it has; commits."""
    prompts = contents()
    exchange.write(prompts, kind, stream)
    audit.record("questions.exported", "bank", "", count=len(prompts), kind=kind)
    db.session.commit()
    return len(prompts)


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
    "save",
    "set_state",
    "tag",
]
