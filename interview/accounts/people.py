"""What admins do with accounts: find them, give and take roles, let them in or not.

Roles and whether an account is active are read from the database with each request, so that a
change holds from the next one on.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _

from interview.accounts.models import ROLES, Role, User, roles_users
from interview.accounts.services import ensure_role
from interview.database import lock
from interview.errors import NotFoundError, RefusedError
from interview.extensions import db
from interview.privacy import audit

PAGE = 50
"""Accounts on one page of the list."""

ADMIN = "admin"
RECRUITER = "recruiter"


def find(
    text: str = "", role: str = "", active: bool | None = None, page: int = 1
) -> tuple[list[User], int]:
    """Return one page of the accounts that fit, by address, and how many fit in all."""
    query = sa.select(User).where(*_conditions(text, role, active))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    query = query.order_by(User.email).limit(PAGE).offset(PAGE * (max(page, 1) - 1))
    return list(db.session.scalars(query).unique()), total


def _conditions(text: str, role: str, active: bool | None) -> Iterable[sa.ColumnElement[bool]]:
    if text:
        yield User.email.icontains(text, autoescape=True)
    if role:
        yield User.roles.any(Role.name == role)
    if active is not None:
        yield User.active.is_(active)


def get(user_id: int) -> User:
    """Return an account. Raises NotFoundError."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFoundError
    return user


def grant(user_id: int, role: str) -> User:
    """Give an account a role, which it may have already; commits.

    Raises NotFoundError for an unknown account and RefusedError for an unknown role.
    """
    user = get(user_id)
    give(user, role)
    db.session.commit()
    return user


def give(user: User, role: str) -> None:
    """Give an account a role, which it may have already; the caller commits."""
    granted = ensure_role(role)
    if granted not in user.roles:
        user.roles.append(granted)
        audit.record("role.granted", "user", user.id, role=role)


def revoke(user_id: int, role: str) -> User:
    """Take a role from an account; commits. Raises RefusedError when no admin would be left."""
    user = get(user_id)
    if role not in ROLES:
        raise RefusedError(_("There is no role “%(name)s”.", name=role))
    if role == ADMIN:
        _require_another_admin(user)
    user.roles = [held for held in user.roles if held.name != role]
    audit.record("role.revoked", "user", user.id, role=role)
    db.session.commit()
    return user


def set_active(user_id: int, active: bool) -> User:
    """Let an account log in again, or log it out everywhere and keep it out; commits.

    Raises RefusedError when no admin would be left.
    """
    user = get(user_id)
    if not active:
        _require_another_admin(user)
    user.active = active
    audit.record("account.activated" if active else "account.deactivated", "user", user.id)
    db.session.commit()
    return user


def _require_another_admin(user: User) -> None:
    """Refuse to lose the last admin who can log in; nobody else may lose one meanwhile."""
    role = ensure_role(ADMIN)
    lock(Role, role.id)
    others = (
        sa.select(sa.func.count())
        .select_from(roles_users.join(User.__table__, User.id == roles_users.c.user_id))
        .where(roles_users.c.role_id == role.id, User.active, User.id != user.id)
    )
    is_admin = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(roles_users)
        .where(roles_users.c.role_id == role.id, roles_users.c.user_id == user.id)
    )
    if is_admin and not db.session.scalar(others):
        db.session.rollback()
        raise RefusedError(_("This is the last admin. Make somebody else an admin first."))
