"""What a candidate shares of their practice, with whom, and who may look at it.

A share names the parts of one answer that are shown. What is not named stays with the candidate,
and so does everything once the share has ended: a dead share looks as if it had never been.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy.orm import contains_eager, joinedload

from interview.accounts.models import Candidate
from interview.admin import policy
from interview.columns import now
from interview.errors import NotFoundError, RefusedError
from interview.extensions import db
from interview.practice import services as practice
from interview.practice.models import Answer, AnswerState, Question, Report
from interview.privacy import audit
from interview.privacy.models import ActorKind
from interview.recruiting import links, rules
from interview.recruiting.disclosure import Part, available
from interview.recruiting.models import ApplicationInterview, Invitation, Organisation
from interview.recruiting.sharing_models import Share

OPEN_SHARES = 50
"""How many shares one candidate may have open at the same time."""


def shareable(candidate: Candidate | None, answer_id: uuid.UUID) -> Answer:
    """Return the candidate's practice answer, which has been analysed.

    Raises NotFoundError for an application's answer: who sees that was agreed elsewhere.
    """
    answer = practice.find_answer(candidate, answer_id)
    if rules.is_application(answer.question.interview):
        raise NotFoundError
    if answer.state != AnswerState.ANALYSED:
        raise RefusedError(_("An answer can be shared once its analysis is done."))
    return answer


def offered(answer: Answer) -> tuple[Part, ...]:
    """Return the parts of an answer that its candidate may share on this instance."""
    return tuple(part for part in available(answer) if part in permitted(tuple(Part)))


def permitted(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the parts that this instance's policy lets others see at all."""
    may_show = policy.current().recruiter_emotions
    return tuple(part for part in parts if part is not Part.EMOTIONS or may_show)


def organisations(candidate: Candidate | None) -> list[Organisation]:
    """Return whom a candidate may share with by name: whoever has invited them, and no other."""
    if candidate is None:
        return []
    query = (
        sa.select(Organisation)
        .join(Organisation.applications)
        .join(ApplicationInterview.invitations)
        .where(Invitation.candidate_id == candidate.id)
        .order_by(Organisation.name)
        .distinct()
    )
    return list(db.session.scalars(query))


def share(
    candidate: Candidate | None,
    answer_id: uuid.UUID,
    *,
    name: str,
    parts: Sequence[Part],
    days: int,
    organisation_id: int | None = None,
) -> tuple[Share, str | None]:
    """Share parts of an answer; return the share and, for a link, its token: shown only once.

    A guest's share ends with their workspace at the latest. Raises RefusedError for a part that
    cannot be shared and for too many open shares.
    """
    answer = shareable(candidate, answer_id)
    if not parts or not set(parts) <= set(offered(answer)):
        raise RefusedError(_("Choose what to show of this answer."), 400)
    if _count_open(answer.candidate_id) >= OPEN_SHARES:
        raise RefusedError(_("You share very much at once. End a share before you begin another."))
    if organisation_id is not None and organisation_id not in {
        known.id for known in organisations(candidate)
    }:
        raise NotFoundError
    token, token_hash = (None, None) if organisation_id else links.make()
    ends = now() + timedelta(days=days)
    made = Share(
        answer_id=answer.id,
        organisation_id=organisation_id,
        token_hash=token_hash,
        name=name,
        parts=[part.value for part in Part if part in parts],
        expires_at=min(ends, answer.candidate.expires_at or ends),
    )
    db.session.add(made)
    db.session.flush()
    _note("share.made", made)
    db.session.commit()
    return made, token


def shares_of(candidate: Candidate | None, answer_id: uuid.UUID | None = None) -> list[Share]:
    """Return what a candidate shares or shared, of one answer or of all, newest first."""
    if candidate is None:
        return []
    query = (
        sa.select(Share)
        .join(Share.answer)
        .where(Answer.candidate_id == candidate.id)
        .order_by(Share.created_at.desc(), Share.id)
        .options(
            contains_eager(Share.answer).joinedload(Answer.question).joinedload(Question.revision)
        )
        .options(joinedload(Share.organisation))
    )
    if answer_id is not None:
        query = query.where(Share.answer_id == answer_id)
    return list(db.session.scalars(query))


def revoke(candidate: Candidate | None, share_id: uuid.UUID) -> Share:
    """End one of the candidate's shares; nobody sees it from now on. A second time does nothing."""
    found = db.session.get(Share, share_id)
    if found is None or candidate is None or found.answer.candidate_id != candidate.id:
        raise NotFoundError
    if found.revoked_at is None:
        found.revoked_at = now()
        _note("share.revoked", found)
    db.session.commit()
    return found


def opened_by(token: str) -> Share:
    """Return the open share of a link. Raises NotFoundError for any other token."""
    return _open(Share.token_hash == links.hash_of(token))


def shown_to(organisation_ids: Collection[int], share_id: uuid.UUID) -> Share:
    """Return an open share with one of these organisations. Raises NotFoundError for any other."""
    return _open(Share.id == share_id, Share.organisation_id.in_(organisation_ids))


def shown_by_candidates(organisation_id: int) -> list[Share]:
    """Return the open shares with an organisation, newest first."""
    query = (
        sa.select(Share)
        .where(
            Share.organisation_id == organisation_id,
            Share.revoked_at.is_(None),
            Share.expires_at > now(),
        )
        .order_by(Share.created_at.desc(), Share.id)
        .options(
            joinedload(Share.answer).joinedload(Answer.question).joinedload(Question.revision),
            joinedload(Share.answer).joinedload(Answer.question).joinedload(Question.interview),
        )
    )
    return list(db.session.scalars(query))


def count_view(found: Share, viewer: Candidate | None) -> None:
    """Note that somebody looked at a share; its own candidate is not counted.

    `viewer` is whoever opened a link, as far as they have an account or a workspace.
    """
    if viewer is not None and viewer.id == found.answer.candidate_id:
        return
    db.session.execute(
        sa.update(Share)
        .where(Share.id == found.id)
        .values(views=Share.views + 1, seen_at=now())
        .execution_options(synchronize_session=False)
    )
    is_stranger = viewer is None and not current_user.is_authenticated
    _note("share.seen", found, ActorKind.LINK if is_stranger else None)
    db.session.commit()


def parts_of(found: Share) -> tuple[Part, ...]:
    """Return what a share shows now: what was chosen, as far as the policy still allows it."""
    return permitted([part for part in Part if part.value in found.parts])


def _open(*which: sa.ColumnElement[bool]) -> Share:
    query = (
        sa.select(Share)
        .where(*which, Share.revoked_at.is_(None), Share.expires_at > now())
        .options(
            joinedload(Share.answer).joinedload(Answer.question).joinedload(Question.revision),
            joinedload(Share.answer).joinedload(Answer.question).joinedload(Question.interview),
            joinedload(Share.answer).selectinload(Answer.reports).undefer(Report.body),
        )
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def _count_open(candidate_id: int) -> int:
    query = (
        sa.select(sa.func.count())
        .select_from(Share)
        .join(Share.answer)
        .where(
            Answer.candidate_id == candidate_id,
            Share.revoked_at.is_(None),
            Share.expires_at > now(),
        )
    )
    return db.session.scalar(query) or 0


def _note(action: str, about: Share, actor: ActorKind | None = None) -> None:
    audit.record(action, "share", about.id, actor=actor, organisation_id=about.organisation_id)
