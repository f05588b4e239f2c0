"""What the pages and exports of a recruiter show of scorecards: rows with finished words.

Pure: what `reviewing` and `scorecards` returned in, view models out.
"""

import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import format_decimal, format_percent, ngettext
from flask_babel import gettext as _

from interview.accounts.models import User
from interview.recruiting.agreement import FEWEST_UNITS, RELIABLE, TENTATIVE, Agreement
from interview.recruiting.models import Invitation
from interview.recruiting.reviewing import Reviewed
from interview.recruiting.scorecard_labels import LEVEL_NAMES, OUTCOMES, Anchor, anchors
from interview.recruiting.scorecard_models import Decision, Scorecard
from interview.recruiting.scorecards import Decided, Judgement, Outcome

_TIME = re.compile(r"\b(\d{1,2}):([0-5]\d)\b")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a note; `seconds` is set where it names a moment of the recording."""

    text: str
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class RatingView:
    """What one rater said of one answer."""

    rater: str
    level: int | None
    level_name: str
    evidence: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One prompt on a candidate's page: what is shown, one's own judgement, and the others'.

    `ratings` is empty until the reader's own scorecard is in.
    """

    reviewed: Reviewed
    anchors: tuple[Anchor, ...]
    level: int | None
    evidence: str
    ratings: tuple[RatingView, ...]


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate in the list: how many scorecards are in, one's own, and what was decided."""

    invitation: Invitation
    handed_in: int
    own: str
    decision: str | None


@dataclass(frozen=True, slots=True)
class AgreementView:
    """How far raters agree, in words."""

    exact: str
    adjacent: str
    alpha: str | None
    basis: str
    reading: str


def rater_name(user: User | None) -> str:
    """Return how a colleague is called; an account that is gone has no name any more."""
    return user.email if user else _("A former member")


def pieces(text: str) -> tuple[Piece, ...]:
    """Return a note in pieces, with the moments in it (as in 1:25) apart from the rest."""
    found, end = [], 0
    for match in _TIME.finditer(text):
        if match.start() > end:
            found.append(Piece(text[end : match.start()]))
        found.append(Piece(match[0], 60 * int(match[1]) + int(match[2])))
        end = match.end()
    return (*found, Piece(text[end:])) if end < len(text) else tuple(found)


def answer_views(
    reviewed: Sequence[Reviewed],
    own: Scorecard | None,
    cards: Sequence[Scorecard],
    typed: Mapping[int, Judgement] | None = None,
) -> tuple[AnswerView, ...]:
    """Return a candidate's answers with judgements; `typed` stands before what is stored."""
    stored = judgements(own)
    return tuple(
        AnswerView(
            reviewed=item,
            anchors=anchors(item.prompt.revision.competency),
            level=(found := (typed or stored).get(item.prompt.id, Judgement(None, ""))).level,
            evidence=found.evidence,
            ratings=tuple(_rating(card, item.prompt.id) for card in cards),
        )
        for item in reviewed
    )


def judgements(card: Scorecard | None) -> dict[int, Judgement]:
    """Return what a scorecard holds, by the prompt's number."""
    if card is None:
        return {}
    return {rating.prompt_id: Judgement(rating.level, rating.evidence) for rating in card.ratings}


def _rating(card: Scorecard, prompt_id: int) -> RatingView:
    found = judgements(card).get(prompt_id, Judgement(None, ""))
    return RatingView(
        rater=rater_name(card.rater),
        level=found.level,
        level_name=str(LEVEL_NAMES[found.level]) if found.level else _("Not rated"),
        evidence=pieces(found.evidence),
    )


def candidate_rows(
    invitations: Collection[Invitation],
    own: Mapping[object, Scorecard],
    counts: Mapping[object, int],
    decided: Mapping[uuid.UUID, Decided],
) -> tuple[CandidateRow, ...]:
    """Return the rows of the list of candidates, in the order in which they are given."""
    return tuple(
        CandidateRow(
            invitation=invitation,
            handed_in=counts.get(invitation.id, 0),
            own=_own_state(own.get(invitation.id)),
            decision=_decision(decided[invitation.id]) if decided[invitation.id] else None,
        )
        for invitation in invitations
    )


def _own_state(card: Scorecard | None) -> str:
    if card is None:
        return _("Not begun")
    return _("Handed in") if card.submitted_at else _("Begun")


def _decision(decided: Decided) -> str:
    return _("Decided") if decided.hidden else outcome_name(decided.shown[0])


def outcome_name(decision: Decision) -> str:
    """Return a decision's outcome in words."""
    return str(OUTCOMES[Outcome(decision.outcome)])


def agreement_view(found: Agreement | None) -> AgreementView | None:
    """Return how far raters agree in words, None when no two of them rated the same."""
    if found is None:
        return None
    return AgreementView(
        exact=format_percent(found.exact, "0%"),
        adjacent=format_percent(found.adjacent, "0%"),
        alpha=None if found.alpha is None else format_decimal(found.alpha, "0.00"),
        basis=ngettext(
            "%(num)s answer that two or more people rated.",
            "%(num)s answers that two or more people rated.",
            found.units,
        ),
        reading=_reading(found),
    )


def _reading(found: Agreement) -> str:
    if found.alpha is None and found.units < FEWEST_UNITS:
        return _(
            "Krippendorff’s alpha is given from %(fewest)s such answers on; from fewer it says "
            "little.",
            fewest=FEWEST_UNITS,
        )
    if found.alpha is None:
        return _("All ratings are the same, so Krippendorff’s alpha is not defined.")
    if found.alpha >= RELIABLE:
        return _("At 0.80 or more, ratings can be relied upon (Krippendorff 2004).")
    if found.alpha >= TENTATIVE:
        return _(
            "Between 0.667 and 0.80 only tentative conclusions are in order (Krippendorff 2004)."
        )
    return _(
        "Below 0.667 the ratings cannot be relied upon (Krippendorff 2004): talk about what the "
        "levels mean before you go on."
    )
