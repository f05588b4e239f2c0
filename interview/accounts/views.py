"""The account pages: Flask-Security's views, configured, limited and with our words.

Nothing here tells whether an address has an account: known and unknown addresses get the same
answer in the same time, and a guest's workspace stays where it is until somebody logs in.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import (
    Flask,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import (
    SQLAlchemyUserDatastore,
    current_user,
    password_reset,
    uia_email_mapper,
    user_authenticated,
    user_registered,
)
from flask_security import views as security_views
from flask_security.utils import get_message
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from interview.accounts import forms, services, signup, texts
from interview.accounts.actor import adopt_guest, begun_as_guest, guest_of_cookie, keep_guest
from interview.accounts.begun import Begun
from interview.accounts.models import Role, User
from interview.admin import policy
from interview.columns import now
from interview.extensions import db, limiter, security
from interview.limits import keyed
from interview.privacy import audit
from interview.safety import KIBIBYTE, body_limit
from interview.settings import Settings

LIMIT = "10 per minute; 50 per hour"
"""Tries per address of the network on each page that takes a password or sends a message."""

LOGINS = "30 per 15 minutes"
"""Tries to log in per account, from anywhere: slow for who guesses passwords from many networks
(under 3,000 a day), and over soon for the person whom they keep out meanwhile."""

FORM_BYTES = 16 * KIBIBYTE
INVITATION = "invitation"
"""Name of an invitation's token, in its link and in the session that opened it."""

INVITATION_CHARACTERS = 64  # a session's cookie has little room
REMEMBERED = timedelta(days=30)

KEPT_AFTER_REGISTERING = timedelta(days=3)
"""How long a guest's work waits at least for the first log in: the link that confirms an address
is valid for two days."""

# Argon2id with the smallest memory (7 MiB) of the settings that the OWASP Password Storage Cheat
# Sheet rates alike: eight threads that check passwords at once still fit into a small process.
ARGON2 = {
    "argon2__type": "ID",
    "argon2__memory_cost": 7 * 1024,
    "argon2__time_cost": 5,
    "argon2__parallelism": 1,
}
ARGON2_IN_TESTS = ARGON2 | {"argon2__memory_cost": 64, "argon2__time_cost": 1}

_KEPT_IN_SESSION = {
    *("_user_id", "_id", "_fresh", "_remember", "_remember_seconds", "_flashes"),
    *("fs_cc", "fs_paa", "put_away"),
}


def _typed_address() -> str:
    """Return what stands for the address typed into the log in, however it is written."""
    typed = request.form.get("email", "")
    try:
        typed = security.mail_util.normalize(typed.strip())
    except ValueError:  # no address, so nobody's
        return ""
    key = current_app.config["SECRET_KEY"].encode()
    return "login " + hmac.digest(key, typed.encode(), "sha256").hex()


def _account_page(view: Callable) -> Callable:
    """Limit a view that takes passwords or sends messages: in tries, in bytes, to forms."""

    @wraps(view)
    def limited(*args: Any, **kwargs: Any) -> Any:
        if request.method == "POST" and request.is_json:
            abort(415)  # only forms went through the checks of `safety`
        return view(*args, **kwargs)

    # Once per view and process, not per application: the limiter would count each twice.
    return body_limit(FORM_BYTES)(limiter.limit(LIMIT, methods=["POST"])(limited))


def _per_account(view: Callable) -> Callable:
    """Limit the log in by the address typed, too."""
    return keyed(LOGINS, _typed_address, methods=["POST"])(view)


def _register() -> Any:
    """Make an account; two requests at once for the same address are one."""
    if invitation := request.args.get(INVITATION, "")[:INVITATION_CHARACTERS]:
        session[INVITATION] = invitation
    if _is_closed() and not current_user.is_authenticated:
        return render_template("security/register_closed.html"), 403
    try:
        answer = security_views.register()
    except IntegrityError:
        db.session.rollback()
        flash(*get_message("CONFIRM_REGISTRATION"))
        answer = redirect(url_for("security.login"))
    if request.method == "POST" and isinstance(answer, Response):
        _keep_guest()
    return answer


def _keep_guest() -> None:
    """Keep this browser's guest work until whoever has just registered can have logged in.

    For known and new addresses alike, as the date would tell which it was.
    """
    guest = guest_of_cookie()
    if guest is not None:
        keep_guest(guest, now() + KEPT_AFTER_REGISTERING)


def _is_closed() -> bool:
    """Whether this visitor lacks the invitation that an account needs here."""
    by_invitation = policy.current().signup == "invitation"
    return by_invitation and not signup.is_valid(session.get(INVITATION))


_VIEWS = {
    "login": _account_page(_per_account(security_views.login)),
    "register": _account_page(_register),
    "forgot_password": _account_page(security_views.forgot_password),
    "reset_password": _account_page(security_views.reset_password),
    "change_password": _account_page(security_views.change_password),
    "send_confirmation": _account_page(security_views.send_confirmation),
}


def init_app(app: Flask) -> None:
    """Bind the accounts to an application that has its database, mail and CSRF protection."""
    app.config.from_mapping(_configuration(app.config["SETTINGS"]))
    security.init_app(
        app,
        SQLAlchemyUserDatastore(db, User, Role),
        login_form=forms.LogInForm,
        register_form=forms.RegisterForm,
        forgot_password_form=forms.ForgotForm,
        reset_password_form=forms.ResetForm,
        change_password_form=forms.ChangeForm,
        send_confirmation_form=forms.ConfirmForm,
    )
    security.i18n_domain = texts.Words(app)
    security.want_json(lambda _request: False)
    # A session's cookie is the only way to be somebody: no tokens in headers or addresses.
    app.login_manager._request_callback = None  # type: ignore[attr-defined]
    for name, view in _VIEWS.items():
        app.view_functions[f"security.{name}"] = view
    app.context_processor(lambda: {"public_link": public_link, "begun_as_guest": begun_as_guest})
    user_registered.connect(_on_registered, app)
    user_authenticated.connect(_on_authenticated, app)
    password_reset.connect(_on_password_reset, app)


def public_link(endpoint: str, **values: Any) -> str:
    """Return a page's address for use in an e-mail.

    It starts with the address that the settings name: the request's `Host` header is the
    sender's word, who could have the link lead elsewhere.
    """
    base: str = current_app.config["SETTINGS"].public_url
    return base.rstrip("/") + url_for(endpoint, **values)


def _on_registered(app: Flask, user: User, **_extra: Any) -> None:
    invited = signup.use(session.pop(INVITATION, None))
    if not invited and policy.current().signup == "invitation":
        db.session.rollback()  # somebody else was quicker with the same link
        abort(403)
    user.roles.append(services.ensure_role(services.DEFAULT_ROLE))
    if not app.config["SETTINGS"].mail_server:
        user.confirmed_at = now()  # nobody could click a link that is never sent
    db.session.flush()
    audit.record("account.created", "user", user.id, actor=user, invited=invited)


def _on_password_reset(_app: Flask, user: User, **_extra: Any) -> None:
    """Confirm the address, too: the link that set the password was sent to it."""
    if user.confirmed_at is None:
        user.confirmed_at = now()


def _on_authenticated(_app: Flask, user: User, **_extra: Any) -> None:
    """Start a new session for whoever has just logged in, and hand them their guest's work."""
    for key in set(session) - _KEPT_IN_SESSION:
        session.pop(key)
    g.pop("csrf_token", None)
    _tell_what_came_along(adopt_guest(user))


def _tell_what_came_along(begun: Begun) -> None:
    """Say which work of this browser's guest the account has now: it may be somebody else's."""
    if begun.practice:
        text = ngettext(
            "%(num)s answer begun in this browser before you logged in is in your account now.",
            "%(num)s answers begun in this browser before you logged in are in your account now.",
            begun.practice,
        )
        _flash_with_link(text, url_for("practice.progress"), _("Not yours? Erase them."))
    if begun.application:
        text = _(
            "An application begun in this browser before you logged in is in your account now."
        )
        _flash_with_link(text, url_for("applying.mine"), _("Not yours? Erase it."))


def _flash_with_link(text: str, address: str, label: str) -> None:
    flash(Markup('{} <a href="{}">{}</a>').format(text, address, label), "info")


def _configuration(settings: Settings) -> dict[str, Any]:
    test = settings.environment == "test"
    options = {
        "REGISTERABLE": True,
        "RECOVERABLE": True,
        "CHANGEABLE": True,
        "CONFIRMABLE": True,
        "RETURN_GENERIC_RESPONSES": True,
        "POST_REGISTER_VIEW": "security.login",
        "POST_CONFIRM_VIEW": "security.login",
        "POST_LOGIN_VIEW": "pages.home",
        "POST_LOGOUT_VIEW": "pages.home",
        "POST_CHANGE_VIEW": "pages.home",
        "API_ENABLED_METHODS": ["session"],
        "FRESHNESS": timedelta(minutes=-1),
        "CACHE_CONTROL": None,  # `safety` sets it for every page
        "STATIC_FOLDER": None,
        "TWO_FACTOR_IMPLEMENTATIONS": {},
        "CLI_USERS_NAME": None,
        "CLI_ROLES_NAME": None,
        # Addresses are stored in small letters (see Mailer), which the unique index then covers.
        "USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": uia_email_mapper}}],
        "DATETIME_FACTORY": now,
        "EMAIL_HTML": False,
        "PASSWORD_LENGTH_MIN": forms.PASSWORD_MIN,
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        # Argon2 salts by itself. A pepper made from the secret would lock everybody out on the
        # day that the secret has to be changed.
        "PASSWORD_SINGLE_HASH": {"argon2"},
        "PASSWORD_HASH_PASSLIB_OPTIONS": ARGON2_IN_TESTS if test else ARGON2,
        # For the hashes inside signed links; a slow one would tell known addresses by the time.
        "HASHING_SCHEMES": ["hex_sha256"],
        "DEPRECATED_HASHING_SCHEMES": [],
    }
    return {
        **{f"SECURITY_{name}": value for name, value in options.items()},
        **{f"SECURITY_EMAIL_SUBJECT_{name}": text for name, text in texts.SUBJECTS.items()},
        **{f"SECURITY_MSG_{name}": text for name, text in texts.messages(settings).items()},
        "SECURITY_PASSWORD_SALT": hashlib.sha256(
            b"password salt" + settings.secret_key.encode()
        ).hexdigest(),
        "REMEMBER_COOKIE_DURATION": REMEMBERED,
    }
