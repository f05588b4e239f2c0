"""Forms of the privacy page."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, RadioField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from interview.privacy.groups import ETHNICITIES, SEXES


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


def _choices(groups: dict[str, LazyString]) -> list[SelectChoice]:
    silent = SelectChoice("", _l("I would rather not say"))
    return [*(SelectChoice(code, name) for code, name in groups.items()), silent]


class PlainForm(FlaskForm):
    """A button that only sends its token."""


class SelfDescriptionForm(FlaskForm):
    """Which groups a person says they belong to; every question may stay unanswered."""

    sex = RadioField(
        _l("Sex"),
        choices=_choices(SEXES),
        default="",
    )
    ethnicity = RadioField(
        _l("Ethnicity and race"),
        choices=_choices(ETHNICITIES),
        default="",
    )
