"""Who is acting: the candidate behind a request, an account's or a guest's.

A guest is a random token in an HttpOnly cookie; the database knows only its hash, so whoever
reads the database cannot become the guest.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Response, after_this_request, current_app, g, request
from flask_security import current_user

from interview.accounts import services
from interview.accounts.begun import Begun, begun_by
from interview.accounts.models import Candidate, User
from interview.columns import now
from interview.extensions import db

COOKIE = "workspace"
TOKEN_BYTES = 32


def current_candidate() -> Candidate | None:
    """Return the acting person's candidate, or None for somebody who has not practised yet.

    An account's candidate is made (and committed) when it is first asked for.
    """
    if "candidate" not in g:
        if current_user.is_authenticated:
            g.candidate = services.candidate_of(current_user.id)
        else:
            g.candidate = guest_of_cookie()
    return g.candidate


def ensure_candidate() -> Candidate:
    """Return the acting person's candidate; somebody new gets a guest's workspace (committed)."""
    found = current_candidate()
    if found is not None:
        return found
    lifetime = timedelta(hours=current_app.config["SETTINGS"].guest_hours)
    guest = Candidate(expires_at=now() + lifetime)
    db.session.add(guest)
    open_workspace(guest, lifetime)
    return guest


def keep_guest(candidate: Candidate, until: datetime) -> None:
    """Keep a guest's workspace, and the cookie that opens it, at least until then; commits.

    An account's is kept anyway.
    """
    if candidate.expires_at is not None and candidate.expires_at < until:
        candidate.expires_at = until
        open_workspace(candidate, until - now())


def open_workspace(guest: Candidate, lifetime: timedelta) -> None:
    """Let this browser, and no other one any more, open a guest's workspace; commits."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    guest.guest_token_hash = token_hash(token)
    db.session.commit()
    g.candidate = guest

    @after_this_request
    def _set_cookie(response: Response) -> Response:
        response.set_cookie(
            COOKIE,
            token,
            max_age=lifetime,
            secure=current_app.config["SETTINGS"].secure,
            httponly=True,
            samesite="Lax",
        )
        return response

    return guest


def guest_of_cookie() -> Candidate | None:
    """Return the guest's workspace that the request's cookie opens, unless it has ended."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    query = sa.select(Candidate).where(
        Candidate.guest_token_hash == token_hash(token), Candidate.expires_at > now()
    )
    return db.session.scalar(query)


def adopt_guest(user: User) -> Begun:
    """Hand this browser's guest workspace to the account that has just logged in.

    Return what was in it.
    """
    forget_candidate()
    if COOKIE not in request.cookies:
        return Begun()
    guest = guest_of_cookie()
    begun = begun_by(guest)
    if guest is not None:
        services.claim_workspace(user, guest)
    drop_cookie()
    return begun


def begun_as_guest() -> Begun:
    """Return what was begun in this browser without an account and would go into one."""
    return begun_by(guest_of_cookie())


def adopt(user: User, guest: Candidate) -> None:
    """Hand a guest's workspace, whose cookie this browser need not have, to an account; commits."""
    services.claim_workspace(user, guest)
    forget_candidate()


def drop_cookie() -> None:
    """Remove the guest's cookie from the browser with this response."""

    @after_this_request
    def _delete_cookie(response: Response) -> Response:
        response.delete_cookie(
            COOKIE,
            secure=current_app.config["SETTINGS"].secure,
            httponly=True,
            samesite="Lax",
        )
        return response


def forget_candidate() -> None:
    """Look the candidate up again when it is next asked for."""
    g.pop("candidate", None)


def token_hash(token: str) -> str:
    """Return what the database knows of a guest's token."""
    return hashlib.sha256(token.encode()).hexdigest()
