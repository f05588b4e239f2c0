"""Forms of the admins' room."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from interview.accounts.models import ROLES
from interview.admin.glass import REASON_CHARACTERS
from interview.admin.policy import MEBIBYTE, Policy

MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
"""How browsers write a date and a time, and want to have it written."""

MOST_DAYS = 3650
MOST_MEBIBYTES = 1024 * 1024
MOST_ANSWERS = 100_000

SIGNUP_WORDS = {"open": _l("Anybody"), "invitation": _l("Whoever has an admin's invitation")}
ROLE_WORDS = {
    "candidate": (_l("Candidate"), _l("Practises interviews.")),
    "recruiter": (
        _l("Recruiter"),
        _l("Acts for organisations: makes them, asks people to apply, rates answers."),
    ),
    "admin": (_l("Admin"), _l("Keeps the question bank, people and policy.")),
}
"""What each role of an account is called, and what it lets do."""


class PolicyForm(FlaskForm):
    """The instance's rules."""

    signup = RadioField(
        _l("Who may make an account"),
        choices=[SelectChoice(code, words) for code, words in SIGNUP_WORDS.items()],
    )
    retention_days = IntegerField(
        _l("Days that practice answers are kept"),
        validators=[
            InputRequired(_l("Enter a number of days; 0 is no limit.")),
            NumberRange(0, MOST_DAYS, _l("Enter a number of days from 0 to 3650.")),
        ],
    )
    recording_days = IntegerField(
        _l("Days that recordings of practice answers are kept"),
        validators=[
            InputRequired(_l("Enter a number of days; 0 is no limit.")),
            NumberRange(0, MOST_DAYS, _l("Enter a number of days from 0 to 3650.")),
        ],
    )
    quota_mebibytes = IntegerField(
        _l("Room for one person's files, in megabytes"),
        validators=[
            InputRequired(_l("Enter a number of megabytes; 0 is no limit.")),
            NumberRange(0, MOST_MEBIBYTES, _l("Enter a number of megabytes from 0 to 1048576.")),
        ],
    )
    answers_per_day = IntegerField(
        _l("Practice answers that one person may hand in within 24 hours"),
        validators=[
            InputRequired(_l("Enter a number of answers; 0 is no limit.")),
            NumberRange(0, MOST_ANSWERS, _l("Enter a number of answers from 0 to 100000.")),
        ],
    )
    recruiter_emotions = BooleanField(
        _l("Estimates of emotions may reach recruiters where the candidate agrees, too")
    )

    @classmethod
    def of(cls, policy: Policy) -> "PolicyForm":
        """Return the form filled with the rules that hold."""
        values = policy.model_dump()
        return cls(data=values | {"quota_mebibytes": policy.quota_bytes // MEBIBYTE})

    def values(self, policy: Policy) -> dict[str, Any]:
        """Return the rules as entered; a quota that was not touched keeps its odd bytes."""
        entered = {name: field.data for name, field in self._fields.items()}
        values = {name: entered[name] for name in Policy.model_fields if name in entered}
        if self.quota_mebibytes.data != policy.quota_bytes // MEBIBYTE:
            values["quota_bytes"] = self.quota_mebibytes.data * MEBIBYTE
        return values


class RoleForm(FlaskForm):
    """One of the roles."""

    role = SelectField(choices=[SelectChoice(name, name) for name in ROLES])


class OwnerForm(FlaskForm):
    """The account that is to own an organisation."""

    email = StringField(
        _l("E-mail address of the owner's account"),
        validators=[InputRequired(_l("Enter an address."))],
    )


class OrganisationForm(OwnerForm):
    """A new organisation and who owns it."""

    name = StringField(
        _l("Name"),
        validators=[
            InputRequired(_l("Enter a name.")),
            Length(max=120, message=_l("At most 120 characters.")),
        ],
    )


class AnnouncementForm(FlaskForm):
    """What is announced, from when until when."""

    text = TextAreaField(
        _l("Text"),
        validators=[
            InputRequired(_l("Enter a text.")),
            Length(max=500, message=_l("At most 500 characters.")),
        ],
        render_kw={"rows": 3},
    )
    starts_at = DateTimeLocalField(
        _l("From (UTC)"),
        format=MOMENTS,
        validators=[InputRequired(_l("Enter a date and a time."))],
    )
    ends_at = DateTimeLocalField(
        _l("Until (UTC)"),
        format=MOMENTS,
        validators=[InputRequired(_l("Enter a date and a time."))],
    )
    urgent = BooleanField(_l("It is a warning"))

    def validate_ends_at(self, field: DateTimeLocalField) -> None:
        """Refuse an end that comes before the beginning."""
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(_l("The end must come after the beginning."))


class GlassForm(FlaskForm):
    """Which answer to open, and why."""

    answer = StringField(
        _l("Number or address of the answer"),
        validators=[InputRequired(_l("Enter the number or the address of an answer."))],
    )
    reason = TextAreaField(
        _l("Why you must see it"),
        validators=[
            InputRequired(_l("Say why. The candidate will read it.")),
            Length(
                *REASON_CHARACTERS,
                message=_l("Say why in at least %(min)d and at most %(max)d characters."),
            ),
        ],
        render_kw={"rows": 3},
    )


class CauseForm(FlaskForm):
    """The cause of failed analyses."""

    cause = StringField(validators=[InputRequired()])
