"""Who may do what: one row per address and method, one column per kind of person.

The object that a row acts on belongs to `owner` (an account) or, in the column `guest_owner`, to
a guest. To all others it must look as if it did not exist. `expired_link` is a visitor without an
account who opened a link to the very objects of the row while it was good, and whose link is over:
a stranger again, except at the link's own addresses.

The organisation of a row is owned by `member`; `colleague` keeps its interviews, too, and `rater`
only rates. `recruiter` belongs to another one, and `former_recruiter` owns both, but an admin has
taken the role recruiter away. Rooms keep their rows in modules of their own, `matrix_<room>.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from interview.accounts.models import Candidate
from interview.practice.models import Answer, AnswerState
from interview.recruiting.models import Organisation

ACTORS = (
    "anonymous",
    "expired_link",
    "guest",
    "guest_owner",
    "owner",
    "other_candidate",
    "recruiter",
    "member",
    "colleague",
    "rater",
    "former_recruiter",
    "admin",
)
ACCOUNTS = (
    *("owner", "other_candidate", "recruiter", "member", "colleague", "rater"),
    *("former_recruiter", "admin"),
)
CREDENTIALS = {"email": "nobody@example.org", "password": "seven-wrong-bottles"}
BAD_TOKEN = {"token": "not-a-token"}
RECORDING_ID = "1-0123456789ab"
TEXT = "An answer that was typed for the matrix of who may do what."


@dataclass(frozen=True)
class Scene:
    """What a row's objects are made of: the owner and their answer, and the organisation."""

    owner: Candidate
    answer: Answer
    organisation: Organisation


@dataclass(frozen=True)
class Row:
    """What each kind of person gets from one address and method.

    `state` is the state of the answer acted on, and `mode` its interview's; `make` makes further
    objects, inside an application context, and returns the values of the address that name them.
    Where the address holds a link's token, `ends` are the ways in which that link may end: by the
    passing of time first, which is what `expired_link` meets, then all others, after which the link
    looks as if it had never been. The rest is how the request is made.
    """

    expected: Mapping[str, int]
    state: AnswerState = AnswerState.DRAFT
    mode: str = "text"
    headers: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    make: Callable[[Scene], Mapping[str, Any]] | None = None
    ends: Sequence[Callable[[str], None]] = ()


def everybody(status: int) -> dict[str, int]:
    """Every kind of person gets the same."""
    return dict.fromkeys(ACTORS, status)


def owners(status: int) -> dict[str, int]:
    """Only whose the object is; to all others it does not exist."""
    return everybody(404) | {"owner": status, "guest_owner": status}


def by_account(*, account: int, without: int) -> dict[str, int]:
    """One status with an account, another without."""
    return everybody(without) | dict.fromkeys(ACCOUNTS, account)


MATRIX: Mapping[str, Mapping[str, Row]] = MappingProxyType(
    {
        "static": {"GET": Row(everybody(200), values={"filename": "css/site.css"})},
        "health.alive": {"GET": Row(everybody(200))},
        "health.ready": {"GET": Row(everybody(200))},
        "pages.home": {"GET": Row(everybody(200))},
        "pages.how_text": {"GET": Row(everybody(200))},
        "pages.how_audio": {"GET": Row(everybody(200))},
        "pages.how_video": {"GET": Row(everybody(200))},
        "pages.model_card": {"GET": Row(everybody(200), values={"name": "text"})},
        "pages.model_picture": {
            "GET": Row(everybody(404), values={"name": "text", "file": "norms.json"})
        },
        "practice.text": {
            "GET": Row(everybody(200)),
            "POST": Row(everybody(302), data={"competency": "", "count": "1"}),
        },
        "practice.interview": {"GET": Row(owners(200))},
        "practice.answer": {"GET": Row(owners(200))},
        "practice.save_draft": {"POST": Row(owners(302), data={"text": TEXT})},
        "practice.submit": {"POST": Row(owners(302), data={"text": TEXT})},
        "practice.upload_document": {
            "POST": Row(owners(302), data={"text": "", "document": (TEXT.encode(), "answer.txt")})
        },
        "practice.audio": {
            "GET": Row(everybody(200)),
            "POST": Row(everybody(302), data={"competency": "", "count": "1"}),
        },
        "practice.video": {
            "GET": Row(everybody(200)),
            "POST": Row(everybody(302), data={"competency": "", "count": "1"}),
        },
        "practice.arrived": {"GET": Row(owners(200), mode="audio")},
        "practice.append": {
            "POST": Row(
                owners(200),
                mode="audio",
                headers={"Upload-Offset": "2", "Recording-Id": RECORDING_ID},
            )
        },
        "practice.hand_in_recording": {
            "POST": Row(owners(302), mode="audio", data={"recording": (b"sound", "answer.wav")})
        },
        "practice.recording": {"GET": Row(owners(200), mode="audio")},
        "practice.discard": {"POST": Row(owners(302), mode="audio", data={"take": "1"})},
        "practice.save_transcript": {
            "POST": Row(owners(302), AnswerState.FAILED, mode="audio", data={"transcript": TEXT})
        },
        "practice.retry": {"POST": Row(owners(302), state=AnswerState.FAILED)},
        "practice.retake": {"POST": Row(owners(302), state=AnswerState.ANALYSED)},
        "practice.progress": {"GET": Row(everybody(200))},
        "privacy.overview": {"GET": Row(everybody(200))},
        "privacy.erase_answer": {"POST": Row(owners(302))},
        "privacy.erase_interview": {"POST": Row(owners(302))},
        # Without their password an account's owner is asked for it again.
        "privacy.erase_everything": {
            "POST": Row(by_account(account=400, without=302), data={"sure": "y"})
        },
        "security.login": {
            "GET": Row(by_account(account=302, without=200)),
            "POST": Row(by_account(account=302, without=200), data=CREDENTIALS),
        },
        "security.logout": {"POST": Row(everybody(302))},
        "security.register": {
            "GET": Row(by_account(account=302, without=200)),
            "POST": Row(by_account(account=302, without=200), data=CREDENTIALS),
        },
        "security.forgot_password": {
            "GET": Row(everybody(200)),
            "POST": Row(everybody(200), data=CREDENTIALS),
        },
        "security.reset_password": {
            "GET": Row(everybody(302), values=BAD_TOKEN),
            "POST": Row(everybody(302), values=BAD_TOKEN, data=CREDENTIALS),
        },
        "security.change_password": {
            "GET": Row(by_account(account=200, without=302)),
            "POST": Row(by_account(account=200, without=302), data=CREDENTIALS),
        },
        "security.send_confirmation": {
            "GET": Row(everybody(200)),
            "POST": Row(everybody(200), data=CREDENTIALS),
        },
        "security.confirm_email": {
            "GET": Row(everybody(302), values=BAD_TOKEN),
            "POST": Row(everybody(302), values=BAD_TOKEN),
        },
    }
)
