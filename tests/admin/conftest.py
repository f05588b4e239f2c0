"""Fixtures of the admins' room."""

import logging
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from interview.accounts.models import User
from interview.extensions import db
from interview.privacy.models import AuditEntry


@pytest.fixture
def admin(make_user: Callable[..., User]) -> User:
    """An admin's account."""
    return make_user(email="admin@example.org", roles=("candidate", "admin"))


@pytest.fixture
def room(admin: User, login: Callable[[User], FlaskClient]) -> FlaskClient:
    """The admin's browser."""
    return login(admin)


@pytest.fixture
def audited(app) -> Callable[[], list[str]]:
    """`audited()` returns what is in the audit log, oldest first."""

    def find() -> list[str]:
        with app.app_context():
            return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))

    return find


@pytest.fixture
def messages(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """`messages()` returns the e-mails sent so far, oldest first, as the log shows them."""
    caplog.set_level(logging.INFO, logger="interview.accounts.mail")

    def sent() -> list[str]:
        found = [record for record in caplog.records if record.name == "interview.accounts.mail"]
        return [record.getMessage() for record in found]

    return sent
