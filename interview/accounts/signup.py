"""Who may make an account where accounts are by invitation: whoever has an unused link."""

import hashlib
import secrets
from datetime import timedelta

import sqlalchemy as sa

from interview.accounts.models import SignupInvitation, User
from interview.columns import now
from interview.errors import NotFoundError
from interview.extensions import db
from interview.privacy import audit

VALID = timedelta(days=14)


def invite(author: User) -> str:
    """Make an invitation and return its token, which is kept nowhere else; commits."""
    token = secrets.token_urlsafe(32)
    invitation = SignupInvitation(
        token_hash=_hash(token), author_id=author.id, expires_at=now() + VALID
    )
    db.session.add(invitation)
    db.session.flush()
    audit.record("signup_invitation.made", "signup_invitation", invitation.id)
    db.session.commit()
    return token


def pending() -> list[SignupInvitation]:
    """Return the invitations that can still be used, newest first."""
    query = sa.select(SignupInvitation).where(*_usable()).order_by(SignupInvitation.id.desc())
    return list(db.session.scalars(query))


def revoke(invitation_id: int) -> None:
    """Take an unused invitation back; commits. Raises NotFoundError for any other."""
    gone = db.session.scalar(
        sa.delete(SignupInvitation)
        .where(SignupInvitation.id == invitation_id, SignupInvitation.used_at.is_(None))
        .returning(SignupInvitation.id)
    )
    if gone is None:
        raise NotFoundError
    audit.record("signup_invitation.revoked", "signup_invitation", invitation_id)
    db.session.commit()


def is_valid(token: str | None) -> bool:
    """Whether an account can be made with this token now."""
    which = (SignupInvitation.token_hash == _hash(token or ""), *_usable())
    return db.session.scalar(sa.select(SignupInvitation.id).where(*which)) is not None


def use(token: str | None) -> bool:
    """Use an invitation up, once; the caller commits it together with the account."""
    used = db.session.scalar(
        sa.update(SignupInvitation)
        .where(SignupInvitation.token_hash == _hash(token or ""), *_usable())
        .values(used_at=now())
        .returning(SignupInvitation.id)
    )
    return used is not None


def _usable() -> tuple[sa.ColumnElement[bool], ...]:
    return SignupInvitation.used_at.is_(None), SignupInvitation.expires_at > now()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
