"""Rows of the admins' room for the matrix of who may do what.

To everybody else it does not exist; whoever is not logged in is asked to do so.
"""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

import sqlalchemy as sa

from interview.accounts.models import SignupInvitation, User
from interview.admin.models import Announcement
from interview.columns import now
from interview.extensions import db
from interview.practice.models import AnswerState
from interview.questions.models import Prompt
from tests.access.matrix import ACCOUNTS, Row, Scene, everybody

BANK = (
    b"key,competency,language,text,modes,think_seconds,answer_seconds,"
    b"situation,task,action,result\n"
)
FILE = "00000000-0000-4000-8000-000000000000"


def page(status: int = 200) -> dict[str, int]:
    """A page of the room."""
    return everybody(302) | dict.fromkeys(ACCOUNTS, 404) | {"admin": status}


def deed(status: int = 302) -> dict[str, int]:
    """Something that only an admin does."""
    return everybody(404) | {"admin": status}


def prompt(_scene: Scene) -> dict[str, object]:
    """The question that was asked."""
    return {"prompt_id": db.session.scalars(sa.select(Prompt.id)).first()}


def person(_scene: Scene) -> dict[str, object]:
    """An account that nobody else of the matrix has."""
    user = User(
        email=f"{uuid.uuid4().hex}@example.org", password="x", fs_uniquifier=uuid.uuid4().hex
    )
    db.session.add(user)
    db.session.commit()
    return {"user_id": user.id}


def organisation(scene: Scene) -> dict[str, object]:
    """The organisation of some of the people."""
    return {"organisation_id": scene.organisation.id}


def invitation(_scene: Scene) -> dict[str, object]:
    """An invitation to make an account."""
    made = SignupInvitation(token_hash=uuid.uuid4().hex, expires_at=now() + timedelta(days=1))
    db.session.add(made)
    db.session.commit()
    return {"invitation_id": made.id}


def announcement(_scene: Scene) -> dict[str, object]:
    """An announcement."""
    made = Announcement(text="Soon.", starts_at=now(), ends_at=now() + timedelta(days=1))
    db.session.add(made)
    db.session.commit()
    return {"number": made.id}


ROWS: Mapping[str, Mapping[str, Row]] = MappingProxyType(
    {
        "admin.overview": {"GET": Row(page())},
        "admin.rules": {"GET": Row(page()), "POST": Row(deed(400), data={"signup": "nobody"})},
        "admin.people": {"GET": Row(page())},
        "admin.person": {"GET": Row(page(), make=person)},
        "admin.grant_role": {"POST": Row(deed(), make=person, data={"role": "recruiter"})},
        "admin.revoke_role": {"POST": Row(deed(), make=person, data={"role": "recruiter"})},
        "admin.deactivate": {"POST": Row(deed(), make=person)},
        "admin.activate": {"POST": Row(deed(), make=person)},
        "admin.organisations": {"GET": Row(page()), "POST": Row(deed(400))},
        "admin.organisation": {
            "GET": Row(page(), make=organisation),
            "POST": Row(deed(400), make=organisation, data={"email": "nobody@example.org"}),
        },
        "admin.signup_invitations": {"GET": Row(page())},
        "admin.invite": {"POST": Row(deed(200))},
        "admin.revoke_signup_invitation": {"POST": Row(deed(), make=invitation)},
        "admin.help_page": {"GET": Row(page())},
        "admin.queue": {"GET": Row(page())},
        "admin.retry_answer": {"POST": Row(deed(), AnswerState.FAILED)},
        "admin.retry_cause": {"POST": Row(deed(), AnswerState.FAILED, data={"cause": "internal"})},
        "admin.audit_log": {"GET": Row(page())},
        "admin.audit_export": {"GET": Row(page())},
        "admin.announcement_list": {"GET": Row(page())},
        "admin.announce": {"POST": Row(deed(400))},
        "admin.announcement": {
            "GET": Row(page(), make=announcement),
            "POST": Row(deed(400), make=announcement, data={"text": ""}),
        },
        "admin.remove_announcement": {"POST": Row(deed(), make=announcement)},
        "announcements.put_away": {"POST": Row(everybody(302), values={"number": "1"})},
        "admin.break_glass": {
            "GET": Row(page()),
            "POST": Row(deed(400), AnswerState.ANALYSED, data={"answer": "x", "reason": "y"}),
        },
        # Nobody has broken the glass: the answer is not an admin's to see.
        "admin.seen_answer": {"GET": Row(page(404), AnswerState.ANALYSED)},
        "admin.seen_recording": {
            "GET": Row(page(404), AnswerState.ANALYSED, values={"signed": "x"})
        },
        "admin.questions": {"GET": Row(page())},
        "admin.question": {"GET": Row(page(), make=prompt)},
        "admin.new_question": {"GET": Row(page()), "POST": Row(deed(400))},
        "admin.edit_question": {
            "GET": Row(page(), make=prompt),
            "POST": Row(deed(400), make=prompt),
        },
        "admin.set_question_state": {
            "POST": Row(deed(), make=prompt, data={"state": "retired"}),
        },
        "admin.tag_questions": {
            "POST": Row(deed(), data={"chosen": "1", "word": "x", "effect": "add"})
        },
        "admin.export_questions": {"GET": Row(page(), values={"kind": "csv"})},
        "admin.import_questions": {
            "GET": Row(page()),
            "POST": Row(deed(), data={"file": (BANK, "bank.csv")}),
        },
        # A file is its sender's alone.
        "admin.question_plan": {"GET": Row(page(404), values={"file_id": FILE})},
        "admin.question_plan_rows": {"GET": Row(page(404), values={"file_id": FILE})},
        "admin.apply_question_plan": {"POST": Row(deed(404), values={"file_id": FILE})},
    }
)
