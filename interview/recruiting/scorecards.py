"""Scorecards and decisions: what people judge, each on their own first.

Nobody sees what others rated or decided before their own scorecard is in, and a scorecard that is
in cannot be changed any more: otherwise the second rating would follow the first. Where a candidate
gave no answer there is nothing to rate, and nothing to wait for. Callers have found that the person
may rate the candidate (see `permissions`).
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import aliased, joinedload, selectinload

from interview.accounts.models import User
from interview.columns import now
from interview.database import lock, upsert
from interview.errors import RefusedError
from interview.extensions import db
from interview.privacy import audit
from interview.recruiting import given
from interview.recruiting.agreement import Agreement, agreement
from interview.recruiting.models import Invitation
from interview.recruiting.scorecard_models import Decision, Rating, Scorecard

LEVELS = (1, 2, 3, 4, 5)


class Outcome(StrEnum):
    """What people can decide about a candidate."""

    NEXT = "next"
    OFFER = "offer"
    HOLD = "hold"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rater says of one prompt: a level of `LEVELS` or None, and what it rests on."""

    level: int | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The decisions about one candidate that somebody may read, newest first.

    `hidden` is how many more there are, which show once the reader's own scorecard is in. `is_open`
    says that nothing is left for the reader to rate before: they may read all, and decide.
    """

    shown: tuple[Decision, ...]
    hidden: int
    is_open: bool

    def __bool__(self) -> bool:
        """Whether anybody has decided."""
        return bool(self.shown or self.hidden)


def own_scorecard(rater: User, invitation: Invitation) -> Scorecard | None:
    """Return a rater's scorecard on a candidate, None before its first saving."""
    return own_scorecards(rater, [invitation.id]).get(invitation.id)


def own_scorecards(
    rater: User, invitation_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Scorecard]:
    """Return a rater's scorecards on some candidates, by candidate, as they are stored now."""
    query = (
        sa.select(Scorecard)
        .where(Scorecard.invitation_id.in_(invitation_ids), Scorecard.rater_id == rater.id)
        .options(selectinload(Scorecard.ratings))
        .execution_options(populate_existing=True)
    )
    return {card.invitation_id: card for card in db.session.scalars(query)}


def save(
    rater: User,
    invitation: Invitation,
    judgements: Mapping[int, Judgement],
    version: int,
    *,
    hand_in: bool = False,
) -> Scorecard:
    """Store a rater's judgements by prompt; with `hand_in` they are final; commits.

    `version` is that of the scorecard as the rater saw it, 0 for none. Raises RefusedError when it
    was saved elsewhere meanwhile, has been handed in, or is handed in without a rating of each of
    the prompts in `judgements`; nothing is stored then.
    """
    unrated = not judgements or any(item.level is None for item in judgements.values())
    if hand_in and unrated:
        raise RefusedError(_("Rate every answer before you hand the scorecard in."), 400)
    key = _claim(rater.id, invitation.id, version, hand_in=hand_in)
    for prompt_id, judgement in judgements.items():
        values = {"level": judgement.level, "evidence": judgement.evidence}
        db.session.execute(
            upsert(Rating.__table__)
            .values(scorecard_id=key, prompt_id=prompt_id, **values)
            .on_conflict_do_update(index_elements=["scorecard_id", "prompt_id"], set_=values)
        )
    if hand_in:
        organisation_id = invitation.application.organisation_id
        audit.record("scorecard.handed_in", "scorecard", key, organisation_id=organisation_id)
    db.session.commit()
    return db.session.get_one(Scorecard, key, populate_existing=True)


def _claim(rater_id: int, invitation_id: uuid.UUID, version: int, *, hand_in: bool) -> int:
    """Move the scorecard from this version to the next; return its number."""
    moment = now()
    db.session.execute(
        upsert(Scorecard.__table__)
        .values(invitation_id=invitation_id, rater_id=rater_id, version=0, created_at=moment)
        .on_conflict_do_nothing(index_elements=["invitation_id", "rater_id"])
    )
    claimed = db.session.scalar(
        sa.update(Scorecard)
        .where(
            Scorecard.invitation_id == invitation_id,
            Scorecard.rater_id == rater_id,
            Scorecard.version == version,
            Scorecard.submitted_at.is_(None),
        )
        .values(version=version + 1, saved_at=moment, submitted_at=moment if hand_in else sa.null())
        .returning(Scorecard.id)
        .execution_options(synchronize_session=False)
    )
    if claimed is None:
        db.session.rollback()
        raise RefusedError(
            _(
                "This scorecard was saved in another window meanwhile, or has been handed in. "
                "Nothing was overwritten: what you typed is still on this page, beside what is "
                "stored."
            )
        )
    return claimed


def visible(rater: User, invitation_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Scorecard]]:
    """Return the scorecards of candidates that a person may see, by candidate, oldest first.

    Those are all that were handed in, where the person's own is among them; their own otherwise.
    """
    query = (
        sa.select(Scorecard)
        .where(Scorecard.invitation_id.in_(invitation_ids), Scorecard.submitted_at.is_not(None))
        .order_by(Scorecard.submitted_at, Scorecard.id)
        .options(selectinload(Scorecard.ratings), joinedload(Scorecard.rater))
    )
    found: dict[uuid.UUID, list[Scorecard]] = {}
    for scorecard in db.session.scalars(query).unique():
        found.setdefault(scorecard.invitation_id, []).append(scorecard)
    return {
        key: cards
        for key, cards in found.items()
        if any(card.rater_id == rater.id for card in cards)
    }


def count_handed_in(invitation_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return how many scorecards on each candidate are in, whoever's they are."""
    query = (
        sa.select(Scorecard.invitation_id, sa.func.count())
        .where(Scorecard.invitation_id.in_(invitation_ids), Scorecard.submitted_at.is_not(None))
        .group_by(Scorecard.invitation_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def agreement_on(
    rater: User, invitation_ids: Collection[uuid.UUID] | sa.Select[tuple[uuid.UUID]]
) -> Agreement | None:
    """Return how far raters agree, prompt by prompt, where a person may see all scorecards."""
    own = aliased(Scorecard)
    query = (
        sa.select(Scorecard.invitation_id, Rating.prompt_id, Rating.level)
        .join(Rating, Rating.scorecard_id == Scorecard.id)
        .join(own, own.invitation_id == Scorecard.invitation_id)
        .where(
            Scorecard.invitation_id.in_(invitation_ids),
            Scorecard.submitted_at.is_not(None),
            own.rater_id == rater.id,
            own.submitted_at.is_not(None),
            Rating.level.is_not(None),
        )
    )
    units: dict[tuple[uuid.UUID, int], list[int]] = {}
    for invitation_id, prompt_id, level in db.session.execute(query):
        units.setdefault((invitation_id, prompt_id), []).append(level)
    return agreement(list(units.values()))


def decide(
    author: User, invitation: Invitation, outcome: Outcome, reasons: str, seen: int
) -> Decision:
    """Note what a person decided about a candidate, and why; commits.

    `seen` is the number of the newest decision that they saw, 0 for none. Raises RefusedError when
    somebody else decided meanwhile, and before the person's own scorecard is in, where there is
    something to rate.
    """
    if invitation.id not in judged_by(author, [invitation.id]):
        raise RefusedError(_("Hand in your own scorecard before you decide."))
    lock(Invitation, invitation.id)  # two people must not decide past each other
    newest = db.session.scalar(
        sa.select(sa.func.max(Decision.id)).where(Decision.invitation_id == invitation.id)
    )
    if (newest or 0) != seen:
        db.session.rollback()
        raise RefusedError(
            _("Somebody else decided meanwhile. Read their reasons, then decide again.")
        )
    made = Decision(
        invitation_id=invitation.id, author_id=author.id, outcome=outcome, reasons=reasons
    )
    db.session.add(made)
    db.session.flush()
    audit.record(
        "decision.made",
        "decision",
        made.id,
        organisation_id=invitation.application.organisation_id,
        outcome=outcome.value,
    )
    db.session.commit()
    return made


def judged_by(person: User, invitation_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return the candidates on whom a person has no rating left to give.

    Their own scorecard is in, or there is no answer to rate. What others decided cannot sway them
    any more, so they may read it, and decide themselves.
    """
    cards = own_scorecards(person, invitation_ids)
    rated = {key for key, card in cards.items() if card.submitted_at}
    return rated | given.without_answer(invitation_ids)


def decisions(reader: User, invitation_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Decided]:
    """Return what was decided about each of some candidates, as far as a person may read it.

    Those are all decisions about the candidates of `judged_by`, and the person's own.
    """
    query = (
        sa.select(Decision)
        .where(Decision.invitation_id.in_(invitation_ids))
        .order_by(Decision.id.desc())
        .options(joinedload(Decision.author))
    )
    found: dict[uuid.UUID, list[Decision]] = {key: [] for key in invitation_ids}
    for decision in db.session.scalars(query).unique():
        found[decision.invitation_id].append(decision)
    judged = judged_by(reader, found)
    return {key: _as_read_by(reader, every, is_open=key in judged) for key, every in found.items()}


def _as_read_by(reader: User, every: list[Decision], *, is_open: bool) -> Decided:
    shown = tuple(each for each in every if is_open or each.author_id == reader.id)
    return Decided(shown, len(every) - len(shown), is_open)


def forget(invitation_ids: Collection[uuid.UUID]) -> None:
    """Erase what was judged of candidates who withdrew; the caller commits."""
    for model in (Scorecard, Decision):  # a scorecard's ratings go with it
        db.session.execute(
            sa.delete(model)
            .where(model.invitation_id.in_(invitation_ids))
            .execution_options(synchronize_session=False)
        )
