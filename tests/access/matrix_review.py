"""Rows of sharing and reviewing for the matrix of who may do what."""

from collections.abc import Mapping
from types import MappingProxyType

import sqlalchemy as sa

from interview.columns import now
from interview.extensions import db
from interview.media import addresses
from interview.practice.models import AnswerState
from interview.recruiting import links
from interview.recruiting.scorecard_models import Scorecard
from interview.recruiting.sharing_models import Share
from tests.access.matrix import Row, Scene, everybody, owners
from tests.support.recruiting import make_application, make_invitation
from tests.support.reports import audio_report
from tests.support.reviewing import hand_in, keep_recording, make_scorecard, make_share

SHARE = {"parts": ["words"], "whom": "link", "days": "7", "name": "Robin"}


def link(scene: Scene) -> dict[str, object]:
    """The answer is shared by a link."""
    share = make_share(scene.answer)
    keep_recording(scene.answer)
    signed = addresses.sign(scene.answer.id, f"share:{share.id}")
    return {"token": share.token, "share_id": share.id, "signed": signed}  # type: ignore[attr-defined]


def _of_link(token: str) -> Share:
    token_hash = links.hash_of(token)
    return db.session.query(Share).filter_by(token_hash=token_hash).one()


def expire(token: str) -> None:
    """The time of a share passes."""
    _of_link(token).expires_at = now()
    db.session.commit()


def revoke(token: str) -> None:
    """The candidate ends a share."""
    _of_link(token).revoked_at = now()
    db.session.commit()


def candidate(scene: Scene) -> dict[str, object]:
    """The owner has handed in to an interview of the organisation, all raters have rated."""
    prompt = scene.answer.question.revision.prompt
    application = make_application(scene.organisation, [prompt])
    invitation = make_invitation(application, scene.owner, mode="audio")
    hand_in(invitation, [audio_report()])
    for membership in scene.organisation.memberships:
        make_scorecard(invitation, membership.user, [3])
    values: dict[str, object] = {
        "application_id": application.id,
        "invitation_id": invitation.id,
        "signed": "not-signed",
    }
    return values


def to_rate(scene: Scene) -> dict[str, object]:
    """The same, but nobody has rated yet."""
    values = candidate(scene)
    db.session.execute(sa.delete(Scorecard))
    db.session.commit()
    return values


def given(scene: Scene) -> dict[str, object]:
    """The answer is shared with the organisation."""
    return {"share_id": make_share(scene.answer, organisation=scene.organisation).id}


def members(status: int, *, rater: int | None = None) -> dict[str, int]:
    """Only who is in the organisation; raters may get something else."""
    found = dict.fromkeys(("member", "colleague", "rater"), status)
    return everybody(404) | found | ({} if rater is None else {"rater": rater})


SHARED = everybody(200) | {"expired_link": 404}
LINK = {"make": link, "ends": [expire, revoke]}
READ = {"make": candidate}
GIVEN = {"state": AnswerState.ANALYSED, "make": given}
DECISION = {"outcome": "next", "reasons": "Planned well.", "seen": "0"}

ROWS: Mapping[str, Mapping[str, Row]] = MappingProxyType(
    {
        "sharing.of_answer": {
            "GET": Row(owners(200), AnswerState.ANALYSED),
            "POST": Row(owners(302), AnswerState.ANALYSED, data=SHARE),
        },
        "sharing.overview": {"GET": Row(everybody(200))},
        "sharing.revoke": {"POST": Row(owners(302), AnswerState.ANALYSED, make=link)},
        "sharing.shared": {"GET": Row(SHARED, AnswerState.ANALYSED, **LINK)},
        "sharing.recording": {"GET": Row(SHARED, AnswerState.ANALYSED, **LINK)},
        "reviewing.candidates": {"GET": Row(members(200), **READ)},
        "reviewing.candidate": {"GET": Row(members(200), **READ)},
        "reviewing.compare": {"GET": Row(members(200), **READ)},
        "reviewing.save_scorecard": {
            "POST": Row(members(302), data={"version": "0"}, make=to_rate)
        },
        "reviewing.decide": {"POST": Row(members(302, rater=404), data=DECISION, **READ)},
        # An address that was not signed for the very viewer opens nothing: tests/recruiting.
        "reviewing.recording": {"GET": Row(everybody(404), **READ)},
        "reviewing.shares": {"GET": Row(members(200) | {"recruiter": 200})},
        "reviewing.share": {"GET": Row(members(200), **GIVEN)},
        "reviewing.share_recording": {
            "GET": Row(everybody(404), values={"signed": "not-signed"}, **GIVEN)
        },
        "exporting.scorecards_csv": {"GET": Row(members(200, rater=404), **READ)},
        "exporting.scorecards_pdf": {"GET": Row(members(200, rater=404), **READ)},
        "exporting.candidate_csv": {"GET": Row(members(200, rater=404), **READ)},
        "exporting.candidate_pdf": {"GET": Row(members(200, rater=404), **READ)},
    }
)
