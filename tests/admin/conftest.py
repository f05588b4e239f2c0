"""Fixtures of the admins' room."""

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
