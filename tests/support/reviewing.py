"""Shares, scorecards and decisions for tests; to be called inside an application context."""

import hashlib
import io
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from interview.accounts.models import User
from interview.columns import now
from interview.extensions import db
from interview.media.store import store
from interview.practice.models import Answer, AnswerState, Report
from interview.recruiting.disclosure import Part
from interview.recruiting.models import Invitation, InvitationState, Organisation
from interview.recruiting.scorecard_models import Decision, Rating, Scorecard
from interview.recruiting.sharing_models import Share
from tests.support.recruiting import answers_of


def make_share(
    answer: Answer,
    parts: Sequence[Part] = tuple(Part),
    organisation: Organisation | None = None,
    **values: Any,
) -> Share:
    """Return a share of an answer for a week; the token of its link is in the attribute `token`."""
    token = None if organisation else uuid.uuid4().hex
    share = Share(
        answer_id=answer.id,
        organisation_id=organisation.id if organisation else None,
        token_hash=hashlib.sha256(token.encode()).hexdigest() if token else None,
        **{"name": "Robin", "expires_at": now() + timedelta(days=7)} | values,
        parts=[part.value for part in parts],
    )
    db.session.add(share)
    db.session.commit()
    share.token = token  # type: ignore[attr-defined]
    return share


def keep_recording(answer: Answer, sound: bytes = b"sound") -> None:
    """Give an answer a recording that the worker has cleaned."""
    row = db.session.get_one(Answer, answer.id)
    row.recording_key = store.save(io.BytesIO(sound), len(sound))
    row.recording_bytes, row.recording_clean = len(sound), True
    row.recording_type = "audio/wav"
    db.session.commit()


def hand_in(invitation: Invitation, bodies: Sequence[dict[str, Any]], text: str = "") -> None:
    """Let a candidate have answered: a report for each answer, and everything handed in."""
    for answer, body in zip(answers_of(invitation), bodies, strict=True):
        answer.state, answer.text = AnswerState.ANALYSED, text
        answer.submitted_at = answer.finished_at = now()
        db.session.add(report_of(answer, body))
        if body["mode"] != "text":
            keep_recording(answer)
    invitation.state, invitation.submitted_at = InvitationState.SUBMITTED, now()
    db.session.commit()


def report_of(answer: Answer, body: dict[str, Any]) -> Report:
    """Return the stored report of an application's answer."""
    from interview.peers import services as peers

    return Report(
        answer_id=answer.id,
        candidate_id=answer.candidate_id,
        pool=answer.question.interview.pool,
        mode=body["mode"],
        prompt_id=answer.question.revision.prompt_id,
        pipeline=body["pipeline"],
        body=body,
        steps=peers.to_steps(body["measures"], body["mode"]),
        terms=peers.terms_of(body),
    )


def make_scorecard(
    invitation: Invitation, rater: User, levels: Sequence[int], evidence: str = "At 0:20."
) -> Scorecard:
    """Return a scorecard that was handed in."""
    card = Scorecard(
        invitation_id=invitation.id,
        rater_id=rater.id,
        version=1,
        saved_at=now(),
        submitted_at=now(),
    )
    card.ratings = [
        Rating(prompt_id=prompt.id, level=level, evidence=evidence)
        for prompt, level in zip(invitation.application.prompts, levels, strict=True)
    ]
    db.session.add(card)
    db.session.commit()
    return card


def make_decision(invitation: Invitation, author: User, outcome: str = "next") -> Decision:
    """Return a decision about a candidate."""
    decision = Decision(
        invitation_id=invitation.id, author_id=author.id, outcome=outcome, reasons="Clear answers."
    )
    db.session.add(decision)
    db.session.commit()
    return decision
