"""Application interviews, as recruiters make them: draft → open → closed.

Owners and members of the organisation make and keep them; raters only see them (see `find`).
"""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from interview.accounts.models import User
from interview.columns import now
from interview.database import lock
from interview.errors import NotFoundError, RefusedError
from interview.extensions import db
from interview.permissions import member_of
from interview.privacy import audit
from interview.questions.models import Prompt, PromptRevision, PromptState
from interview.recruiting.models import (
    ApplicationInterview,
    ApplicationPrompt,
    ApplicationState,
    Invitation,
    MemberRole,
)

EDITORS = (MemberRole.OWNER, MemberRole.MEMBER)
"""Who makes application interviews and invites to them."""

MAX_PROMPTS = 10
MAX_CHARACTERS = 600
"""Longest wording of an own prompt."""


def find(user: User, application_id: int, *roles: MemberRole) -> ApplicationInterview:
    """Return an application interview of one of the account's organisations.

    Raises NotFoundError for everybody else, and for members without one of the roles.
    """
    application = db.session.get(ApplicationInterview, application_id)
    if application is None:
        raise NotFoundError
    member_of(user, application.organisation_id, *roles)
    return application


def create(user: User, organisation_id: int, values: Mapping[str, Any]) -> ApplicationInterview:
    """Begin an application interview, as a draft without prompts; commits."""
    member_of(user, organisation_id, *EDITORS)
    application = ApplicationInterview(organisation_id=organisation_id, author_id=user.id, **values)
    db.session.add(application)
    db.session.flush()
    _note("application.created", application)
    db.session.commit()
    return application


def update(user: User, application_id: int, values: Mapping[str, Any]) -> ApplicationInterview:
    """Change a draft; commits.

    Raises RefusedError for ways of answering that a chosen prompt of the bank does not suit.
    """
    application = _draft(user, application_id)
    for name, value in values.items():
        setattr(application, name, value)
    _require_suitable(application)
    db.session.commit()
    return application


def erase_draft(user: User, application_id: int) -> int:
    """Throw a draft away; return its organisation; commits."""
    application = _draft(user, application_id)
    organisation_id = application.organisation_id
    _note("application.erased", application)
    asked = [prompt.revision.prompt_id for prompt in application.prompts]
    db.session.delete(application)
    _erase_unasked(asked)
    db.session.commit()
    return organisation_id


def bank(application: ApplicationInterview) -> list[PromptRevision]:
    """Return the bank's active prompts that suit all of an application's modes, newest wording."""
    chosen = {prompt.revision.prompt_id for prompt in application.prompts}
    query = (
        sa.select(Prompt)
        .where(Prompt.state == PromptState.ACTIVE, Prompt.organisation_id.is_(None))
        .order_by(Prompt.competency, Prompt.id)
    )
    newest = [prompt.current for prompt in db.session.scalars(query) if prompt.id not in chosen]
    return [revision for revision in newest if set(application.modes) <= set(revision.modes)]


def add_bank_prompt(user: User, application_id: int, revision_id: int) -> None:
    """Ask a prompt of the bank, as it is worded now; commits."""
    application = _draft(user, application_id)
    wanted = {revision.id: revision for revision in bank(application)}.get(revision_id)
    if wanted is None:
        raise RefusedError(_("This question is not in the bank any more. Choose another one."))
    _append(application, wanted)


def add_own_prompt(
    user: User, application_id: int, text: str, competency: str, language: str
) -> None:
    """Ask a prompt of the organisation's own, written in a language such as "en"; commits.

    It is a prompt with a revision like the bank's, so that an answer keeps the wording that its
    candidate saw, and nobody is asked it in practice.
    """
    application = _draft(user, application_id)
    prompt = Prompt(
        key=f"own-{uuid.uuid4().hex}",
        competency=competency,
        language=language,
        organisation_id=application.organisation_id,
    )
    revision = PromptRevision(
        number=1,
        competency=competency,
        language=language,
        text=text,
        modes=list(application.modes),
        think_seconds=application.think_seconds,
        answer_seconds=application.answer_seconds,
        max_takes=application.max_takes,
        guidance={},
        tags=[],
        author_id=user.id,
    )
    prompt.revisions.append(revision)
    db.session.add(prompt)
    db.session.flush()
    _append(application, revision)


def remove_prompt(user: User, application_id: int, position: int) -> None:
    """Take a prompt out of a draft, for good if it is an own one; the others move up; commits."""
    application = _draft(user, application_id)
    left = [prompt for prompt in application.prompts if prompt.position != position]
    _ask(application, [prompt.revision_id for prompt in left])


def raise_prompt(user: User, application_id: int, position: int) -> None:
    """Ask a prompt one place earlier; commits."""
    application = _draft(user, application_id)
    order = [prompt.revision_id for prompt in application.prompts]
    if 1 < position <= len(order):
        order[position - 2 : position] = order[position - 1], order[position - 2]
    _ask(application, order)


def open_(user: User, application_id: int) -> ApplicationInterview:
    """Open a draft for invitations; from then on it stays as it is; commits.

    Raises RefusedError without a prompt, when one does not suit all ways of answering, or when the
    deadline has passed already.
    """
    application = _draft(user, application_id)
    if not application.prompts:
        raise RefusedError(_("Add at least one question first."))
    _require_suitable(application)
    if application.deadline <= now():
        raise RefusedError(_("The deadline has passed already. Set a later one first."))
    application.state, application.opened_at = ApplicationState.OPEN, now()
    _note("application.opened", application)
    db.session.commit()
    return application


def close(user: User, application_id: int) -> ApplicationInterview:
    """Take no new answers; what was begun may still be handed in for a while; commits."""
    application = find(user, application_id, *EDITORS)
    if application.state != ApplicationState.OPEN:
        raise RefusedError(_("This interview is not open."))
    application.state, application.closed_at = ApplicationState.CLOSED, now()
    _note("application.closed", application)
    db.session.commit()
    return application


def extend(user: User, application_id: int, deadline: datetime) -> ApplicationInterview:
    """Set a later deadline, which also opens a closed interview again; commits.

    Links work as long as the new deadline asks for. What was given by whoever accepted before is
    erased on the day that they agreed to, all the same.
    """
    application = find(user, application_id, *EDITORS)
    if application.state == ApplicationState.DRAFT:
        raise RefusedError(_("This is a draft. Change its deadline there."))
    if deadline <= max(application.ends_at, now()):
        raise RefusedError(_("The new deadline must be later than the old one, and not over."), 400)
    application.deadline, application.closed_at = deadline, None
    application.state = ApplicationState.OPEN
    db.session.execute(
        sa.update(Invitation)
        .where(Invitation.application_id == application.id)
        .values(expires_at=deadline)
    )
    _note("application.extended", application)
    db.session.commit()
    return application


def _draft(user: User, application_id: int) -> ApplicationInterview:
    """Return a draft that the account may change, and hold it until the transaction ends."""
    application = find(user, application_id, *EDITORS)
    lock(ApplicationInterview, application_id)
    db.session.refresh(application)
    if application.state != ApplicationState.DRAFT:
        db.session.rollback()
        raise RefusedError(
            _("This interview has been opened. So that everybody gets the same, it stays as it is.")
        )
    return application


def _append(application: ApplicationInterview, revision: PromptRevision) -> None:
    if len(application.prompts) >= MAX_PROMPTS:
        db.session.rollback()
        raise RefusedError(_("An interview has at most %(most)s questions.", most=MAX_PROMPTS))
    _ask(application, [*(prompt.revision_id for prompt in application.prompts), revision.id])


def _ask(application: ApplicationInterview, revisions: list[int]) -> None:
    """Ask these revisions in this order, and no others; commits."""
    asked = [prompt.revision.prompt_id for prompt in application.prompts]
    application.prompts.clear()
    db.session.flush()
    application.prompts.extend(
        ApplicationPrompt(position=position, revision_id=revision_id)
        for position, revision_id in enumerate(revisions, start=1)
    )
    _erase_unasked(asked)
    db.session.commit()


def _erase_unasked(prompt_ids: Collection[int]) -> None:
    """Erase those of some prompts that are an organisation's own and asked nowhere any more."""
    db.session.flush()
    asked = (
        sa.select(ApplicationPrompt.id)
        .join(ApplicationPrompt.revision)
        .where(PromptRevision.prompt_id == Prompt.id)
    )
    db.session.execute(
        sa.delete(Prompt)
        .where(Prompt.id.in_(prompt_ids), Prompt.organisation_id.is_not(None), ~asked.exists())
        .execution_options(synchronize_session=False)
    )


def _require_suitable(application: ApplicationInterview) -> None:
    """Refuse ways of answering that a prompt of the bank does not suit; an own one suits all."""
    modes = set(application.modes)
    revisions = [prompt.revision for prompt in application.prompts]
    unsuitable = [
        revision.text
        for revision in revisions
        if revision.prompt.organisation_id is None and not modes <= set(revision.modes)
    ]
    if unsuitable:
        db.session.rollback()
        raise RefusedError(
            _(
                "These questions of the bank are not meant for all the ways of answering that you "
                "chose: %(questions)s. Remove them, or leave out a way of answering.",
                questions=" ".join(f"“{text}”" for text in unsuitable),
            )
        )


def _note(action: str, application: ApplicationInterview) -> None:
    audit.record(action, "application", application.id, organisation_id=application.organisation_id)
