"""Fixtures of recruiting: an organisation with its people, and forms as browsers send them."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from interview.accounts.models import User
from interview.recruiting.models import MemberRole
from tests.support.recruiting import make_organisation


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
