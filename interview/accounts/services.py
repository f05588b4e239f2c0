"""What can be done with accounts, and how a guest's workspace becomes an account's."""

import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_security import hash_password
from sqlalchemy.exc import IntegrityError

from interview.accounts.models import ROLES, Candidate, Role, User
from interview.admin.models import BrokenGlass
from interview.columns import now
from interview.database import lock, upsert
from interview.errors import RefusedError
from interview.extensions import db, security
from interview.peers import services as peers
from interview.practice.models import Answer, Interview, Report
from interview.privacy import exports
from interview.privacy.models import SelfDescription
from interview.recruiting.models import Consent, Invitation

DEFAULT_ROLE = "candidate"


def create_user(email: str, password: str, roles: Iterable[str] = (DEFAULT_ROLE,)) -> User:
    """Make a confirmed account and return it.

    Raises RefusedError when the address is no address or taken, the password too weak, or a role
    unknown.
    """
    try:
        email = security.mail_util.validate(email)
    except ValueError as error:
        raise RefusedError(str(error)) from None
    problems, password = security.password_util.validate(password, True, email=email)
    if problems:
        raise RefusedError(" ".join(str(problem) for problem in problems))
    user = User(
        email=email,
        password=hash_password(password),
        active=True,
        fs_uniquifier=uuid.uuid4().hex,
        confirmed_at=now(),
        roles=[ensure_role(name) for name in dict.fromkeys(roles)],
    )
    db.session.add(user)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise RefusedError(_("There is already an account with this address.")) from None
    return user


def find_user(email: str) -> User | None:
    """Return the account with this address, however it is capitalised."""
    try:
        email = security.mail_util.normalize(email)
    except ValueError:
        return None
    return db.session.scalar(sa.select(User).where(User.email == email))


def list_users() -> list[User]:
    """Return every account with its roles, by address."""
    return list(db.session.scalars(sa.select(User).order_by(User.email)).unique())


def ensure_role(name: str) -> Role:
    """Return a role, making its row when it is needed for the first time; does not commit.

    Raises RefusedError for a name that is none of ROLES.
    """
    if name not in ROLES:
        raise RefusedError(_("There is no role “%(name)s”.", name=name))
    db.session.execute(
        upsert(Role.__table__)
        .values(name=name, description=ROLES[name])
        .on_conflict_do_nothing(index_elements=["name"])
    )
    return db.session.scalars(sa.select(Role).where(Role.name == name)).one()


def candidate_of(user_id: int) -> Candidate:
    """Return the account's candidate, making it when it is needed for the first time; commits."""
    found = _find_candidate(user_id)
    if found is None:
        db.session.execute(
            upsert(Candidate.__table__)
            .values(user_id=user_id)
            .on_conflict_do_nothing(index_elements=["user_id"])
        )
        db.session.commit()
        return db.session.scalars(sa.select(Candidate).where(Candidate.user_id == user_id)).one()
    return found


def claim_workspace(user: User, guest: Candidate) -> Candidate:
    """Hand a guest's practice to an account and return the account's candidate; commits.

    An account that never practised takes the guest's row over; otherwise everything in it moves.
    What was analysed counts in the averages of other candidates from now on, as a guest's
    answers do not. A workspace that is gone or somebody's meanwhile stays as it is.
    """
    user_id, guest_id = user.id, guest.id
    own = _find_candidate(user_id)
    # The candidates before their answers, lower id first, as everybody does who touches the
    # averages: no deadlocks.
    for key in sorted({guest_id, own.id if own else guest_id}):
        lock(Candidate, key)
    workspace = db.session.get(Candidate, guest_id, populate_existing=True)
    if workspace is None or not workspace.is_guest:
        db.session.commit()
        return candidate_of(user_id)
    unneeded: list[str] = []
    if own is not None:
        unneeded = _move(guest_id, own.id)
    else:
        workspace.user_id, workspace.guest_token_hash, workspace.expires_at = user_id, None, None
        own = workspace
        try:
            db.session.flush()
        except IntegrityError:  # the account began to practise in another browser just now
            db.session.rollback()
            return claim_workspace(user, guest)
    _count_reports(own)
    db.session.commit()
    exports.delete(unneeded)
    return own


def _move(guest_id: int, own_id: int) -> list[str]:
    """Move everything of a guest to an account's candidate; return files that nobody needs."""
    # A guest counts in the averages of the application interviews that they accepted.
    counted = sa.select(Report).where(Report.candidate_id == guest_id, Report.counted)
    peers.remove(*db.session.scalars(counted))
    for model in (BrokenGlass, Interview, Answer, Report, Invitation, Consent):
        db.session.execute(
            sa.update(model)
            .where(model.candidate_id == guest_id)
            .values(candidate_id=own_id)
            .execution_options(synchronize_session="fetch")
        )
    said = sa.exists().where(SelfDescription.candidate_id == own_id)
    if not db.session.scalar(sa.select(said)):
        db.session.execute(
            sa.update(SelfDescription)
            .where(SelfDescription.candidate_id == guest_id)
            .values(candidate_id=own_id)
        )
    unneeded = exports.move(guest_id, own_id)
    db.session.execute(sa.delete(Candidate).where(Candidate.id == guest_id))
    return unneeded


def _count_reports(candidate: Candidate) -> None:
    waiting = sa.select(Report).where(
        Report.candidate_id == candidate.id, Report.counted.is_(False)
    )
    peers.add(*db.session.scalars(waiting.order_by(Report.id)))


def _find_candidate(user_id: int) -> Candidate | None:
    return db.session.scalar(sa.select(Candidate).where(Candidate.user_id == user_id))
