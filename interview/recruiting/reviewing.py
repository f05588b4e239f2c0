"""What a recruiter sees of the candidates of an application interview.

Each candidate's consent says which parts that is, at this moment: what was withdrawn is gone with
the next request. Candidates are listed by name or by time, never by anything that was measured or
rated.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from interview.accounts.models import User
from interview.columns import now
from interview.errors import NotFoundError
from interview.extensions import db
from interview.paging import Page, page_of
from interview.peers import services as peers
from interview.permissions import member_of
from interview.practice.models import Answer
from interview.privacy import audit
from interview.recruiting import disclosure, given, rules
from interview.recruiting.disclosure import Disclosure, Part
from interview.recruiting.models import (
    ApplicationInterview,
    ApplicationPrompt,
    Consent,
    Invitation,
    InvitationState,
    MemberRole,
)

DECIDES = (MemberRole.OWNER, MemberRole.MEMBER)
"""Who may decide and export; raters only rate."""

Order = Literal["name", "time"]

ORDERS: Mapping[Order, tuple[Any, ...]] = {
    "name": (Invitation.email, Invitation.id),
    "time": (Invitation.submitted_at, Invitation.accepted_at, Invitation.id),
}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One prompt's answer as a recruiter sees it; None where there is none that shows anything.

    `is_unusable` says that the candidate gave one all the same (see `given`). `others` is how many
    other candidates the averages in `shown` come from, 0 for no averages.
    """

    prompt: ApplicationPrompt
    answer: Answer | None
    shown: Disclosure | None
    others: int = 0
    is_unusable: bool = False


def find_application(viewer: User, application_id: int, *roles: MemberRole) -> ApplicationInterview:
    """Return an interview of an organisation in which the viewer is, in one of the roles if any."""
    found = db.session.get(ApplicationInterview, application_id)
    if found is None:
        raise NotFoundError
    member_of(viewer, found.organisation_id, *roles)
    return found


def find_candidate(viewer: User, invitation_id: uuid.UUID, *roles: MemberRole) -> Invitation:
    """Return a candidate whose answers a member, in one of the roles if any, may see now."""
    found = db.session.get(Invitation, invitation_id, populate_existing=True)
    if found is None:
        raise NotFoundError
    member_of(viewer, found.application.organisation_id, *roles)
    if not is_visible(found):
        raise NotFoundError
    return found


def candidates(application: ApplicationInterview) -> list[Invitation]:
    """Return all candidates whose answers may be seen now, by name."""
    return list(db.session.scalars(_visible(application).order_by(*ORDERS["name"])))


def candidate_page(
    application: ApplicationInterview, order: Order, number: int
) -> Page[Invitation]:
    """Return a page of the candidates whose answers may be seen now, by name or by time."""
    return page_of(_visible(application).order_by(*ORDERS[order]), number)


def chosen(application: ApplicationInterview, wanted: Sequence[str], most: int) -> list[Invitation]:
    """Return those of some candidates whose answers may be seen now, by name, at most so many."""
    keys = {key for text in wanted if (key := _as_uuid(text))}
    query = _visible(application).where(Invitation.id.in_(keys)).order_by(*ORDERS["name"])
    return list(db.session.scalars(query.limit(most)))


def candidate_ids(application: ApplicationInterview) -> sa.Select[tuple[uuid.UUID]]:
    """Return a query for the numbers of all candidates whose answers may be seen now."""
    return _visible(application).with_only_columns(Invitation.id)


def is_visible(invitation: Invitation) -> bool:
    """Whether a candidate's answers may be seen: handed in or out of time, and agreed to."""
    if invitation.consent is None or invitation.interview_id is None:
        return False
    if invitation.state == InvitationState.SUBMITTED:
        return True
    is_over = invitation.application.last_moment < now()
    return invitation.state == InvitationState.ACCEPTED and is_over


def parts(invitation: Invitation) -> tuple[Part, ...]:
    """Return what a candidate's consent lets a recruiter see on this instance, and no more."""
    consent = invitation.consent
    if consent is None or invitation.interview is None:
        return ()
    made = rules.permitted(invitation.interview)
    agreed = {
        Part.TRANSCRIPT: True,
        Part.RECORDING: consent.recording,
        Part.DELIVERY: made.analysis,
        Part.WORDS: made.analysis,
        Part.TRAITS: made.traits,
        Part.EMOTIONS: made.emotions,
    }
    return tuple(part for part, is_agreed in agreed.items() if is_agreed)


def review(
    invitation: Invitation, prompts: Sequence[ApplicationPrompt] | None = None
) -> tuple[Reviewed, ...]:
    """Return a candidate's answers to all, or to some, prompts, in the order of the prompts."""
    allowed = parts(invitation)
    if not allowed or invitation.interview_id is None:
        raise NotFoundError
    answers = given.answers_of(invitation.interview_id)
    return tuple(
        _reviewed(prompt, answers, allowed, invitation.application_id)
        for prompt in prompts or invitation.application.prompts
    )


def playable(invitation: Invitation, answer_id: uuid.UUID) -> Answer:
    """Return a candidate's answer whose recording a recruiter may play now."""
    if Part.RECORDING not in parts(invitation) or invitation.interview_id is None:
        raise NotFoundError
    for answer in given.answers_of(invitation.interview_id).values():
        if answer is not None and answer.id == answer_id:
            return answer
    raise NotFoundError


def note_seen(viewer: User, invitation: Invitation, action: str = "candidate.seen") -> None:
    """Write into the audit log that somebody looked at a candidate's answers; commits."""
    audit.record(
        action,
        "invitation",
        invitation.id,
        actor=viewer,
        organisation_id=invitation.application.organisation_id,
    )
    db.session.commit()


def note_exported(viewer: User, application: ApplicationInterview) -> None:
    """Write into the audit log that somebody took an interview's scorecards along; commits."""
    audit.record(
        "scorecards.exported",
        "application",
        application.id,
        actor=viewer,
        organisation_id=application.organisation_id,
    )
    db.session.commit()


def _visible(application: ApplicationInterview) -> sa.Select[tuple[Invitation]]:
    """Return a query for what `is_visible`."""
    states = [InvitationState.SUBMITTED]
    if application.last_moment < now():
        states.append(InvitationState.ACCEPTED)
    return sa.select(Invitation).where(
        Invitation.application_id == application.id,
        Invitation.state.in_(states),
        Invitation.interview_id.is_not(None),
        Invitation.consents.any(Consent.withdrawn_at.is_(None)),
    )


def _as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _reviewed(
    prompt: ApplicationPrompt,
    answers: Mapping[int, Answer | None],
    allowed: Collection[Part],
    pool: int,
) -> Reviewed:
    answer = answers.get(prompt.position)
    if answer is None:
        return Reviewed(prompt, None, None, is_unusable=prompt.position in answers)
    averages, others = _averages(answer, allowed, pool)
    return Reviewed(prompt, answer, disclosure.disclose(answer, allowed, averages), others)


def _averages(answer: Answer, allowed: Collection[Part], pool: int) -> tuple[dict[str, float], int]:
    """Return the averages of the other candidates on the same prompt, and how many they are."""
    if answer.report is None or Part.DELIVERY not in allowed:
        return {}, 0
    compared = peers.compare(
        answer.candidate,
        answer.question.interview.mode,
        answer.question.revision.prompt_id,
        answer.report.body["measures"],
        pool,
    )
    among = {key: item for key, item in compared.measures.items() if item.scope == "prompt"}
    return (
        {key: item.mean for key, item in among.items()},
        max((item.n for item in among.values()), default=0),
    )
