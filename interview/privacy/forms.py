"""Forms of the privacy page."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, SubmitField
from wtforms.validators import DataRequired


class EraseWorkspaceForm(FlaskForm):
    """Erase a guest's workspace."""

    sure = BooleanField(
        _l("Yes, erase everything I did here"),
        validators=[DataRequired(_l("Tick this box to confirm."))],
    )
    submit = SubmitField(_l("Erase everything"))


class EraseAccountForm(EraseWorkspaceForm):
    """Erase an account with everything in it; the password shows that it is theirs to erase."""

    sure = BooleanField(
        _l("Yes, erase my account and everything I did here"),
        validators=[DataRequired(_l("Tick this box to confirm."))],
    )
    password = PasswordField(
        _l("Password"),
        render_kw={"autocomplete": "current-password"},
        validators=[DataRequired(_l("Enter your password."))],
    )
