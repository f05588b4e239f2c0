"""Rows of recruiting and applying for the matrix of who may do what.

In these rows `member` owns the organisation, `colleague` is a member of it who is no owner, `rater`
only rates, and `recruiter` owns another one.
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from interview.accounts.models import Candidate
from interview.columns import now
from interview.extensions import db
from interview.recruiting import applying, leaving, links, organisations
from interview.recruiting.models import (
    ApplicationInterview,
    ApplicationState,
    Invitation,
    InvitationState,
    MemberRole,
    Membership,
)
from tests.access.matrix import Row, Scene, everybody, owners
from tests.support.recruiting import DETAILS, make_application, make_invitation

CHOICES = {"analysis": "yes", "traits": "no", "recording": "no"}


def editors(status: int) -> dict[str, int]:
    """Only who keeps the organisation's interviews; to all others it does not exist."""
    return everybody(404) | {"member": status, "colleague": status}


def heads(status: int) -> dict[str, int]:
    """Only who owns the organisation: they alone say who is in it."""
    return everybody(404) | {"member": status}


def logged_in(status: int, without: int = 302) -> dict[str, int]:
    """Accounts get the status; visitors are asked to log in."""
    visitors = dict.fromkeys(("anonymous", "expired_link", "guest", "guest_owner"), without)
    return everybody(status) | visitors


def link(status: int, over: int) -> dict[str, int]:
    """Whoever has the link; `over` once its time has passed."""
    return everybody(status) | {"expired_link": over}


def application(scene: Scene, **values: Any) -> ApplicationInterview:
    """An open application interview of the organisation."""
    return make_application(scene.organisation, [scene.answer.question.revision.prompt], **values)


def opened(scene: Scene) -> dict[str, object]:
    """An open application interview."""
    return {"application_id": application(scene).id}


def draft(scene: Scene) -> dict[str, object]:
    """A draft with a question."""
    return {
        "application_id": application(scene, state=ApplicationState.DRAFT).id,
        "position": 1,
    }


def empty_draft(scene: Scene) -> dict[str, object]:
    """A draft without questions."""
    made = make_application(scene.organisation, [], state=ApplicationState.DRAFT)
    return {"application_id": made.id}


def of_organisation(scene: Scene) -> dict[str, object]:
    """The organisation itself."""
    return {"organisation_id": scene.organisation.id}


def pending(scene: Scene) -> dict[str, object]:
    """Somebody who is invited to be a member."""
    token, token_hash = links.make()
    membership = Membership(
        organisation_id=scene.organisation.id,
        email=f"{uuid.uuid4().hex}@example.org",
        role=MemberRole.RATER,
        token_hash=token_hash,
        expires_at=now() + timedelta(days=1),
    )
    db.session.add(membership)
    db.session.commit()
    return {"membership_id": membership.id, "token": token}


def invited(scene: Scene) -> dict[str, object]:
    """An invitation that nobody has accepted."""
    invitation = make_invitation(application(scene))
    return {"invitation_id": invitation.id, "token": invitation.token}  # type: ignore[attr-defined]


def accepted(mode: str = "text") -> Callable[[Scene], dict[str, object]]:
    """An invitation that the owner has accepted."""

    def make(scene: Scene) -> dict[str, object]:
        invitation = make_invitation(application(scene), scene.owner, mode)
        return {"invitation_id": invitation.id, "token": invitation.token}  # type: ignore[attr-defined]

    return make


def resumable(scene: Scene) -> dict[str, object]:
    """A guest's invitation with a link to go on in another browser."""
    guest = Candidate(guest_token_hash=uuid.uuid4().hex, expires_at=now() + timedelta(days=1))
    db.session.add(guest)
    db.session.commit()
    found = db.session.get_one(Invitation, make_invitation(application(scene), guest).id)
    token, found.resume_hash = links.make()
    found.resume_until = now() + timedelta(hours=1)
    db.session.commit()
    return {"token": token}


def _of_link(token: str) -> Invitation:
    return db.session.query(Invitation).filter_by(token_hash=links.hash_of(token)).one()


def expire(token: str) -> None:
    """The time of an invitation passes."""
    _of_link(token).expires_at = now()
    db.session.commit()


def revoke(token: str) -> None:
    """The organisation takes an invitation back."""
    found = _of_link(token)
    found.state, found.token_hash = InvitationState.REVOKED, None
    db.session.commit()


def withdraw(token: str) -> None:
    """The candidate takes an application back."""
    leaving.end(_of_link(token), forget=False)
    db.session.commit()


def expire_resume(token: str) -> None:
    """The hour of a link to go on passes."""
    found = db.session.query(Invitation).filter_by(resume_hash=links.hash_of(token)).one()
    found.resume_until = now()
    db.session.commit()


def use_up_resume(token: str) -> None:
    """Somebody has gone on by the link."""
    applying.resume(token)
    db.session.commit()


def expire_membership(token: str) -> None:
    """The time passes within which a member may join."""
    organisations.pending(token).expires_at = now()
    db.session.commit()


RECRUITING: Mapping[str, Mapping[str, Row]] = {
    "pages.how_recruiting": {"GET": Row(everybody(200))},
    "recruiting.overview": {
        "GET": Row(
            logged_in(200) | {"owner": 404, "other_candidate": 404, "former_recruiter": 404}
        ),
    },
    "recruiting.create_organisation": {
        "POST": Row(
            everybody(404)
            | dict.fromkeys(("recruiter", "member", "colleague", "rater", "admin"), 302),
            data={"name": "Another"},
        )
    },
    "recruiting.organisation": {"GET": Row(editors(200) | {"rater": 200}, make=of_organisation)},
    "recruiting.rename_organisation": {
        "POST": Row(heads(302), make=of_organisation, data={"name": "Another"})
    },
    "recruiting.close_organisation": {
        "GET": Row(heads(200), make=of_organisation),
        "POST": Row(heads(302), make=of_organisation, data={"sure": "y"}),
    },
    "recruiting.invite_member": {
        "POST": Row(
            heads(200), make=of_organisation, data={"email": "a@example.org", "role": "rater"}
        )
    },
    "recruiting.change_role": {"POST": Row(heads(302), make=pending, data={"role": "member"})},
    "recruiting.remove_member": {"POST": Row(heads(302), make=pending)},
    "recruiting.join": {"GET": Row(logged_in(200), make=pending, ends=[expire_membership])},
    "recruiting.accept_membership": {
        "POST": Row(
            logged_in(302)
            | dict.fromkeys(("member", "colleague", "rater", "former_recruiter"), 409),
            make=pending,
            ends=[expire_membership],
        )
    },
    "recruiting.new_application": {
        "GET": Row(editors(200), make=of_organisation),
        "POST": Row(editors(302), make=of_organisation, data=DETAILS),
    },
    "recruiting.edit_application": {
        "GET": Row(editors(200), make=draft),
        "POST": Row(editors(302), make=draft, data=DETAILS),
    },
    "recruiting.application": {"GET": Row(editors(200), make=opened)},
    "recruiting.add_bank_prompt": {
        "POST": Row(editors(302), make=empty_draft, data={"revision": "1"})
    },
    "recruiting.add_own_prompt": {
        "POST": Row(
            editors(302), make=draft, data={"text": "Why cranes?", "competency": "motivation"}
        )
    },
    "recruiting.remove_prompt": {"POST": Row(editors(302), make=draft)},
    "recruiting.raise_prompt": {"POST": Row(editors(302), make=draft)},
    "recruiting.open_application": {"POST": Row(editors(302), make=draft)},
    "recruiting.close_application": {"POST": Row(editors(302), make=opened)},
    "recruiting.extend_application": {
        "POST": Row(editors(302), make=opened, data={"deadline": DETAILS["deadline"]})
    },
    "recruiting.erase_application": {"POST": Row(editors(302), make=draft)},
    "recruiting.invite": {
        "POST": Row(editors(200), make=opened, data={"emails": "ann@example.org"})
    },
    "recruiting.resend_invitation": {"POST": Row(editors(200), make=invited)},
    "recruiting.revoke_invitation": {"POST": Row(editors(302), make=invited)},
}

APPLYING: Mapping[str, Mapping[str, Row]] = {
    "applying.landing": {"GET": Row(link(200, 410), make=invited, ends=[expire, revoke])},
    "applying.accept": {
        "POST": Row(
            link(302, 410),
            make=invited,
            ends=[expire, revoke],
            data={"mode": "text", "agree": "y", **CHOICES},
        )
    },
    # Once it is accepted a link lasts for as long as the application does.
    "applying.ask_to_resume": {
        "POST": Row(link(302, 404), make=accepted(), ends=[withdraw]),
    },
    "applying.resume": {
        "GET": Row(link(200, 404), make=resumable, ends=[expire_resume, use_up_resume])
    },
    "applying.go_on": {
        "POST": Row(link(302, 404), make=resumable, ends=[expire_resume, use_up_resume])
    },
    "applying.mine": {"GET": Row(everybody(200))},
    "applying.application": {"GET": Row(owners(200), make=accepted())},
    "applying.choose": {"POST": Row(owners(302), make=accepted(), data=CHOICES)},
    "applying.switch_to_writing": {"POST": Row(owners(302), make=accepted("audio"))},
    "applying.practise": {"POST": Row(owners(302), make=accepted())},
    "applying.withdraw": {"POST": Row(owners(302), make=accepted(), data={"sure": "y"})},
}

ROWS: Mapping[str, Mapping[str, Row]] = MappingProxyType({**RECRUITING, **APPLYING})
