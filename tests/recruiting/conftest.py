"""Fixtures of recruiting: an organisation with its people, and forms as browsers send them."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from interview.accounts.models import User
from interview.extensions import db
from interview.recruiting.models import (
    ApplicationInterview,
    Invitation,
    MemberRole,
    Membership,
)
from tests.support.recruiting import (
    ALL_CHOICES,
    answers_of,
    make_application,
    make_invitation,
    make_organisation,
)


@dataclass(frozen=True)
class Office:
    """An organisation's number, its people and their browsers, by role."""

    id: int
    people: dict[str, User]
    browsers: dict[str, FlaskClient]

    @property
    def owner(self) -> FlaskClient:
        """The browser of the owner."""
        return self.browsers["owner"]


@pytest.fixture
def office(app: Flask, make_user: Callable, login: Callable) -> Office:
    """An organisation with an owner, a member and a rater."""
    people = {role.value: make_user(roles=("candidate", "recruiter")) for role in MemberRole}
    with app.app_context():
        members = {people[role.value]: role for role in MemberRole}
        number = make_organisation(members=members).id
    return Office(number, people, {role: login(user) for role, user in people.items()})


@pytest.fixture
def letters(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """`letters()` returns the links in the messages sent so far, oldest first."""
    import logging
    import re

    caplog.set_level(logging.INFO, logger="interview.accounts.mail")

    def sent() -> list[str]:
        texts = "\n".join(record.getMessage() for record in caplog.records)
        return [
            match.removeprefix("http://localhost:8000") for match in re.findall(r"http\S+", texts)
        ]

    return sent


class Case:
    """An invitation and what it led to; keys only, as nothing outlives its context."""

    def __init__(self, app, invitation):
        self.app, self.id, self.link = app, invitation.id, f"/invitations/{invitation.token}"
        self.application_id, self.interview_id = invitation.application_id, invitation.interview_id
        self.answers = [answer.id for answer in answers_of(invitation)]
        self.page = f"/applications/{self.id}"

    def set(self, model, key, **values):
        with self.app.app_context():
            row = db.session.get_one(model, key)
            for name, value in values.items():
                setattr(row, name, value)
            db.session.commit()

    def read(self, model=Invitation, key=None):
        with self.app.app_context():
            row = db.session.get_one(model, key or self.id)
            db.session.refresh(row)
            db.session.expunge(row)
            return row


@pytest.fixture
def case(app, make_prompt, guest):
    """`case(candidate=…, mode=…, choices=…, email=…, …)` returns an invitation's `Case`."""

    def make(candidate=guest, mode="text", choices=ALL_CHOICES, email="a@example.org", **values):
        prompts = [make_prompt(modes=("text", "audio", "video"))]
        with app.app_context():
            application = make_application(make_organisation(), prompts, **values)
            return Case(app, make_invitation(application, candidate, mode, choices, email=email))

    return make


@pytest.fixture
def office_of(app, make_user):
    """`office_of(case)` returns an account that owns the organisation of an invitation."""

    def make(made):
        user = make_user(roles=("recruiter",))
        with app.app_context():
            application = db.session.get_one(ApplicationInterview, made.application_id)
            db.session.add(
                Membership(
                    organisation_id=application.organisation_id,
                    user_id=user.id,
                    email=user.email,
                    role=MemberRole.OWNER,
                )
            )
            db.session.commit()
        return user

    return make
