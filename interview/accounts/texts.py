"""Flask-Security's messages in our words, so that one catalogue translates everything."""

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_security.babel import FsDomain

from interview.settings import Settings


class Words(FsDomain):
    """Where Flask-Security looks texts up: ours in our catalogue, the rest in its own."""

    def gettext(self, string: str | LazyString, **variables: Any) -> str:
        """Return a text in the request's language."""
        text = str(string) if isinstance(string, LazyString) else super().gettext(string)
        return text % variables if variables else text


SUBJECTS = {
    "REGISTER": _l("Your account at Interview Simulator"),
    "CONFIRM": _l("Confirm your e-mail address"),
    "PASSWORD_RESET": _l("Set a new password"),
    "PASSWORD_NOTICE": _l("Your password has been set anew"),
    "PASSWORD_CHANGE_NOTICE": _l("Your password has been changed"),
}

_BAD_LINK = _l("This link is not valid, or it has been used already. Ask for a new one.")
_OLD_LINK = _l("This link is too old: it was valid for %(within)s. Ask for a new one.")

_MESSAGES = {
    "GENERIC_AUTHN_FAILED": (
        _l(
            "This address and password do not belong together, or the address has not been "
            "confirmed yet."
        ),
        "error",
    ),
    "UNAUTHENTICATED": (_l("Log in to see this page."), "info"),
    "ANONYMOUS_USER_REQUIRED": (_l("You are logged in already."), "info"),
    "INVALID_REDIRECT": (_l("That address leads to another site."), "error"),
    "EMAIL_CONFIRMED": (_l("Your address is confirmed: log in to go on."), "success"),
    "ALREADY_CONFIRMED": (_l("Your address is confirmed already."), "info"),
    "INVALID_CONFIRMATION_TOKEN": (_BAD_LINK, "error"),
    "CONFIRMATION_EXPIRED": (_OLD_LINK, "error"),
    "CONFIRMATION_REQUEST": (
        _l("If this address waits to be confirmed, a message with a link is on its way to it."),
        "info",
    ),
    "PASSWORD_RESET_REQUEST": (
        _l("If this address has an account, a message with a link is on its way to it."),
        "info",
    ),
    "PASSWORD_RESET_EXPIRED": (_OLD_LINK, "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (_BAD_LINK, "error"),
    "PASSWORD_RESET_NO_LOGIN": (_l("Your new password is set: log in with it."), "success"),
    "PASSWORD_CHANGE": (
        _l("Your password is changed. You have been logged out everywhere else."),
        "success",
    ),
    "PASSWORD_IS_THE_SAME": (_l("This is the password that you have now."), "error"),
    "INVALID_PASSWORD": (_l("This is not your present password."), "error"),
    "EMAIL_NOT_PROVIDED": (_l("Enter your e-mail address."), "error"),
    "INVALID_EMAIL_ADDRESS": (
        _l("This is not an e-mail address. It should look like name@example.org."),
        "error",
    ),
    "PASSWORD_NOT_PROVIDED": (_l("Enter a password."), "error"),
    "RETYPE_PASSWORD_MISMATCH": (_l("The two passwords are not the same."), "error"),
    "API_ERROR": (_l("This could not be read."), "error"),
}

_REGISTERED_HERE = _l(
    "Thank you. If this address is new here, your account is ready: log in to go on."
)
_REGISTERED_BY_MAIL = _l(
    "Thank you. Look into your mailbox: a message tells you how to go on. It may take a minute."
)


def messages(settings: Settings) -> dict[str, tuple[LazyString, str]]:
    """Return each message with its kind, under Flask-Security's names.

    The one after registering must be true for new and for known addresses.
    """
    registered = _REGISTERED_BY_MAIL if settings.mail_server else _REGISTERED_HERE
    return _MESSAGES | {"CONFIRM_REGISTRATION": (registered, "success")}
