"""Forms of the account pages: Flask-Security's, with our words, and what a password must be."""

from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import (
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    PasswordUtil,
    RegisterFormV2,
    ResetPasswordForm,
    SendConfirmationForm,
    hash_password,
    uia_email_mapper,
)

PASSWORD_MIN = 8
PASSWORD_MAX = 128
PASSWORD_SCORE = 2
"""zxcvbn's score that a password needs: 2 means more than 10^8 guesses, beyond every list of
common passwords and its usual variations (Wheeler, USENIX Security 2016)."""

ZXCVBN_CHARACTERS = 72  # zxcvbn takes no more, as its time grows with the square


class Passwords(PasswordUtil):
    """What Flask-Security checks new passwords with."""

    def validate(
        self, password: str, is_register: bool, **kwargs: Any
    ) -> tuple[list[str] | None, str]:
        """Return what is wrong with a new password, if anything, and its normal form."""
        password = self.normalize(password)
        email = kwargs["user"].email if "user" in kwargs else kwargs.get("email")
        problem = _weakness(password, email or "")
        return ([problem] if problem else None), password


def _weakness(password: str, email: str) -> str | None:
    if len(password) < PASSWORD_MIN:
        return _("A password has at least %(count)s characters.", count=PASSWORD_MIN)
    if len(password) > PASSWORD_MAX:
        return _("A password has at most %(count)s characters.", count=PASSWORD_MAX)
    if not password.isprintable():
        return _("A password has only characters that can be typed.")
    from zxcvbn import zxcvbn  # its word lists are only loaded by those who need them

    known = ["interview", "simulator", email, *email.split("@")]
    if zxcvbn(password[:ZXCVBN_CHARACTERS], user_inputs=known)["score"] < PASSWORD_SCORE:
        return _(
            "This password is too easy to guess: it is a common one, follows a pattern, or is "
            "made from your address. A few unrelated words in a row are easy to keep in mind."
        )
    return None


def spend_a_hash() -> None:
    """Take the time of checking a password, so that the time of an answer tells nothing."""
    hash_password("nobody's password")


def _name(form: Any, **labels: LazyString) -> None:
    """Put our words on a form's fields."""
    for field, text in labels.items():
        form[field].label.text = text


def _keep_typing_mistakes(form: Any) -> None:
    """Tell what is no address at all; Flask-Security drops all that it finds about an address."""
    if uia_email_mapper(form.email.data or "") is None:
        form.form_errors.extend(form.email.errors)


class LogInForm(LoginForm):
    """Log in."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _name(
            self,
            email=_l("E-mail address"),
            password=_l("Password"),
            remember=_l("Stay logged in on this device"),
            submit=_l("Log in"),
        )
        self.email.render_kw = {"autocomplete": "username"}
        self.password.description = ""


class RegisterForm(RegisterFormV2):
    """Make an account."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _name(
            self,
            email=_l("E-mail address"),
            password=_l("Password"),
            password_confirm=_l("Password once more"),
            submit=_l("Create account"),
        )


class ForgotForm(ForgotPasswordForm):
    """Ask for a link that sets a new password."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _name(self, email=_l("E-mail address"), submit=_l("Send me a link"))

    def validate(self, **kwargs: Any) -> bool:
        """Check, and take for a known address the time that an unknown one takes."""
        known = bool(super().validate(**kwargs))
        if known:
            spend_a_hash()
        _keep_typing_mistakes(self)
        return known


class ResetForm(ResetPasswordForm):
    """Set a new password by a link."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _name(
            self,
            password=_l("New password"),
            password_confirm=_l("New password once more"),
            submit=_l("Set password"),
        )


class ChangeForm(ChangePasswordForm):
    """Change the password, knowing the old one."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _name(
            self,
            password=_l("Present password"),
            new_password=_l("New password"),
            new_password_confirm=_l("New password once more"),
            submit=_l("Change password"),
        )
        self.password.flags.required = True


class ConfirmForm(SendConfirmationForm):
    """Ask for another link that confirms the address."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _name(self, email=_l("E-mail address"), submit=_l("Send the link again"))

    def validate(self, **kwargs: Any) -> bool:
        """Check, taking the time of a hash whether or not a message will be sent."""
        spend_a_hash()
        fits = bool(super().validate(**kwargs))
        _keep_typing_mistakes(self)
        return fits
