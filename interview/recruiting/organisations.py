"""Organisations and their members. Whoever is no member cannot know that one exists."""

from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from interview.accounts import people
from interview.accounts.models import User
from interview.columns import now
from interview.database import lock
from interview.errors import NotFoundError, RefusedError
from interview.extensions import db, security
from interview.permissions import CAN_RECRUIT, may_recruit, member_of
from interview.privacy import audit
from interview.recruiting import links
from interview.recruiting.models import MemberRole, Membership, Organisation

JOIN_WITHIN = timedelta(days=14)


def create(user: User, name: str) -> Organisation:
    """Make an organisation whose owner the account is; commits.

    Raises NotFoundError for whoever may not.
    """
    if not may_recruit(user):
        raise NotFoundError
    organisation = Organisation(name=name)
    organisation.memberships.append(
        Membership(user_id=user.id, email=user.email, role=MemberRole.OWNER)
    )
    db.session.add(organisation)
    db.session.flush()
    _note("organisation.created", organisation.id)
    db.session.commit()
    return organisation


def find(user: User, organisation_id: int) -> tuple[Organisation, Membership]:
    """Return an organisation and the account's membership of it, whatever its role."""
    membership = member_of(user, organisation_id)
    return membership.organisation, membership


def rename(user: User, organisation_id: int, name: str) -> None:
    """Give an organisation another name; commits.

    What candidates agreed to keeps the name that they read.
    """
    organisation = member_of(user, organisation_id, MemberRole.OWNER).organisation
    organisation.name = name
    _note("organisation.renamed", organisation_id)
    db.session.commit()


def invite(user: User, organisation_id: int, email: str, role: MemberRole) -> tuple[str, str]:
    """Invite somebody to be a member; return their address and their link's token; commits.

    An invitation that was not accepted yet is replaced. Raises RefusedError for an address that is
    none, or a member's.
    """
    member_of(user, organisation_id, MemberRole.OWNER)
    email = address(email)
    token, token_hash = links.make()
    lock(Organisation, organisation_id)
    membership = db.session.scalar(
        sa.select(Membership).where(
            Membership.organisation_id == organisation_id, Membership.email == email
        )
    )
    if membership is None:
        membership = Membership(organisation_id=organisation_id, email=email)
        db.session.add(membership)
    elif membership.user_id is not None:
        db.session.rollback()
        raise RefusedError(_("%(email)s is a member already.", email=email))
    membership.role, membership.token_hash = role, token_hash
    membership.expires_at = now() + JOIN_WITHIN
    db.session.flush()
    _note("member.invited", organisation_id, membership, role=role.value)
    db.session.commit()
    return email, token


def pending(token: str) -> Membership:
    """Return the membership that a link offers. Raises NotFoundError once it is used or over."""
    membership = db.session.scalar(
        sa.select(Membership).where(
            Membership.token_hash == links.hash_of(token), Membership.expires_at > now()
        )
    )
    if membership is None:
        raise NotFoundError
    return membership


def join(user: User, token: str) -> Organisation:
    """Make an account a member, as its link offers; commits.

    An account that is in no organisation yet becomes a recruiter's. Raises RefusedError for who is
    a member already, and for whom an admin has taken that role from.
    """
    membership = pending(token)
    organisation = membership.organisation
    lock(Organisation, organisation.id)
    already = sa.exists().where(
        Membership.organisation_id == organisation.id, Membership.user_id == user.id
    )
    if db.session.scalar(sa.select(already)):
        db.session.rollback()
        raise RefusedError(_("You are a member of this organisation already."))
    _let_recruit(user)
    membership.user_id, membership.email = user.id, user.email
    membership.token_hash = membership.expires_at = None
    _note("member.joined", organisation.id, membership, role=str(membership.role))
    db.session.commit()
    return organisation


def change_role(user: User, membership_id: int, role: MemberRole) -> Membership:
    """Give a member another role, which holds from their next request on; commits."""
    membership = _owned(user, membership_id)
    if role is not MemberRole.OWNER:
        _require_another_owner(membership)
    membership.role = role
    _note("member.role_changed", membership.organisation_id, membership, role=role.value)
    db.session.commit()
    return membership


def remove(user: User, membership_id: int) -> int:
    """End a membership or take an invitation to one back; return the organisation; commits.

    Owners remove anybody, members themselves. Raises RefusedError for the last owner.
    """
    membership = db.session.get(Membership, membership_id)
    if membership is None:
        raise NotFoundError
    if membership.user_id is None or membership.user_id != user.id:
        membership = _owned(user, membership_id)
    _require_another_owner(membership)
    organisation_id = membership.organisation_id
    _note("member.removed", organisation_id, membership)
    db.session.delete(membership)
    db.session.commit()
    return organisation_id


def address(email: str) -> str:
    """Return an e-mail address in its normal form. Raises RefusedError for what is none."""
    try:
        return str(security.mail_util.validate(email.strip()))
    except ValueError:
        raise RefusedError(_("“%(email)s” is no e-mail address.", email=email), 400) from None


def _let_recruit(user: User) -> None:
    """Make the account a recruiter's, unless it is in an organisation and was one before.

    Otherwise a link could give back what an admin has taken away.
    """
    if may_recruit(user):
        return
    if db.session.scalar(sa.select(sa.exists().where(Membership.user_id == user.id))):
        db.session.rollback()
        raise RefusedError(
            _("Your account may not recruit any more. Ask an admin of this server to let it.")
        )
    people.give(user, people.RECRUITER)


def _owned(user: User, membership_id: int) -> Membership:
    """Return a membership of an organisation that the account owns."""
    membership = db.session.get(Membership, membership_id)
    if membership is None:
        raise NotFoundError
    member_of(user, membership.organisation_id, MemberRole.OWNER)
    return membership


def _require_another_owner(membership: Membership) -> None:
    """Refuse to leave an organisation without an owner; holds the organisation meanwhile."""
    lock(Organisation, membership.organisation_id)
    others = sa.exists().where(
        Membership.organisation_id == membership.organisation_id,
        Membership.id != membership.id,
        Membership.role == MemberRole.OWNER,
        Membership.user.has(CAN_RECRUIT),
    )
    is_owner = membership.role == MemberRole.OWNER and membership.user_id is not None
    if is_owner and not db.session.scalar(sa.select(others)):
        db.session.rollback()
        raise RefusedError(_("An organisation needs an owner. Make somebody else an owner first."))


def _note(
    action: str, organisation_id: int, about: Membership | None = None, **details: str
) -> None:
    kind, key = ("membership", about.id) if about else ("organisation", organisation_id)
    audit.record(action, kind, key, organisation_id=organisation_id, **details)
