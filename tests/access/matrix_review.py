"""Rows of sharing and reviewing for the matrix of who may do what."""

from collections.abc import Mapping
from types import MappingProxyType

from interview.media import addresses
from interview.practice.models import AnswerState
from tests.access.matrix import Row, Scene, everybody, owners
from tests.support.reviewing import keep_recording, make_share

SHARE = {"parts": ["words"], "whom": "link", "days": "7", "name": "Robin"}


def link(scene: Scene) -> dict[str, object]:
    """The answer is shared by a link."""
    share = make_share(scene.answer)
    keep_recording(scene.answer)
    signed = addresses.sign(scene.answer.id, f"share:{share.id}")
    return {"token": share.token, "share_id": share.id, "signed": signed}  # type: ignore[attr-defined]


ROWS: Mapping[str, Mapping[str, Row]] = MappingProxyType(
    {
        "sharing.of_answer": {
            "GET": Row(owners(200), AnswerState.ANALYSED),
            "POST": Row(owners(302), AnswerState.ANALYSED, data=SHARE),
        },
        "sharing.overview": {"GET": Row(everybody(200))},
        "sharing.revoke": {"POST": Row(owners(302), AnswerState.ANALYSED, make=link)},
        "sharing.shared": {"GET": Row(everybody(200), AnswerState.ANALYSED, make=link)},
        "sharing.recording": {"GET": Row(everybody(200), AnswerState.ANALYSED, make=link)},
    }
)
