"""Forms of recruiting: of the organisation, and of the candidate who applies."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from interview.columns import now
from interview.errors import RefusedError
from interview.practice.labels import COMPETENCIES
from interview.questions.models import PromptRevision
from interview.recruiting import consenting
from interview.recruiting.applications import MAX_CHARACTERS
from interview.recruiting.invitations import AT_ONCE
from interview.recruiting.labels import MODES, ROLES
from interview.recruiting.models import ApplicationInterview, Consent, MemberRole
from interview.recruiting.organisations import address

FARTHEST = timedelta(days=366)
YES, NO = "yes", "no"


def _stripped(value: str | None) -> str:
    return (value or "").strip()


def _seconds(*values: int) -> list[SelectChoice]:
    return [SelectChoice(str(value), f"{value // 60}:{value % 60:02}") for value in values]


class OrganisationForm(FlaskForm):
    """Make an organisation, or give it another name."""

    name = StringField(
        _l("Name of the organisation"),
        filters=[_stripped],
        validators=[DataRequired(_l("Give it a name.")), Length(max=120)],
    )


class CloseForm(FlaskForm):
    """Close an organisation."""

    sure = BooleanField(
        _l("Yes, close it for everybody in it"),
        validators=[DataRequired(_l("Tick this box to confirm."))],
    )


class MemberForm(FlaskForm):
    """Invite somebody to be a member."""

    email = StringField(
        _l("E-mail address"), filters=[_stripped], validators=[DataRequired(), Length(max=255)]
    )
    role = SelectField(_l("Role"), validators=[InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.role.choices = [SelectChoice(role.value, str(ROLES[role])) for role in MemberRole]


class RoleForm(FlaskForm):
    """Give a member another role."""

    role = SelectField(_l("Role"), choices=[role.value for role in MemberRole])


class DeadlineForm(FlaskForm):
    """The last day on which answers may be begun; it ends at midnight, UTC."""

    deadline = DateField(
        _l("Last day"), validators=[InputRequired(_l("Enter the last day for answers."))]
    )

    def validate_deadline(self, field: DateField) -> None:
        """Refuse a day that is over, or farther away than a year."""
        if field.data is None:
            return
        if self.moment <= now():
            raise ValidationError(_("This day is over. Choose a later one."))
        if self.moment > now() + FARTHEST:
            raise ValidationError(_("Choose a day within a year."))

    @property
    def moment(self) -> datetime:
        """The end of the chosen day."""
        return datetime.combine(self.deadline.data, time(23, 59, 59), tzinfo=UTC)


class ApplicationForm(DeadlineForm):
    """Make an application interview, or change a draft."""

    title = StringField(
        _l("Title"),
        filters=[_stripped],
        validators=[DataRequired(_l("Give it a title.")), Length(max=120)],
    )
    description = TextAreaField(
        _l("What it is about"), filters=[_stripped], validators=[Length(max=4000)]
    )
    audio = BooleanField(_l("Speaking"))
    video = BooleanField(_l("Speaking before a camera"))
    think_seconds = SelectField(
        _l("Time to think"),
        choices=_seconds(0, 30, 60, 120),
        default="60",
        validators=[InputRequired()],
    )
    answer_seconds = SelectField(
        _l("Time for an answer"),
        choices=_seconds(60, 90, 120, 180, 300),
        default="120",
        validators=[InputRequired()],
    )
    max_takes = SelectField(
        _l("Takes of a spoken answer"),
        choices=[
            *(SelectChoice(str(number), str(number)) for number in (1, 2, 3, 5)),
            SelectChoice("0", _l("As many as they like")),
        ],
        default="3",
        validators=[InputRequired()],
    )
    retention_days = SelectField(
        _l("Everything is erased after the last day within"),
        choices=[
            SelectChoice(str(days), _l("%(days)s days", days=days)) for days in (30, 60, 90, 180)
        ],
        default="90",
        validators=[InputRequired()],
    )

    @classmethod
    def of(cls, application: ApplicationInterview) -> "ApplicationForm":
        """Return the form filled with what a draft says."""
        return cls(
            data={
                "title": application.title,
                "description": application.description,
                "audio": "audio" in application.modes,
                "video": "video" in application.modes,
                "deadline": application.deadline.date(),
                "max_takes": str(application.max_takes or 0),
                **{
                    name: str(getattr(application, name))
                    for name in ("think_seconds", "answer_seconds", "retention_days")
                },
            }
        )

    def values(self) -> dict[str, Any]:
        """Return the columns of an application interview."""
        spoken = [mode for mode in ("audio", "video") if self[mode].data]
        return {
            "title": self.title.data,
            "description": self.description.data,
            "modes": ["text", *spoken],
            "think_seconds": int(self.think_seconds.data),
            "answer_seconds": int(self.answer_seconds.data),
            "max_takes": int(self.max_takes.data) or None,
            "deadline": self.moment,
            "retention_days": int(self.retention_days.data),
        }


class BankPromptForm(FlaskForm):
    """Add a question of the bank."""

    revision = SelectField(_l("Question of the bank"), coerce=int, validators=[InputRequired()])

    def offer(self, revisions: list[PromptRevision]) -> None:
        """Fill the choices, in groups of competencies."""
        self.revision.choices = {
            str(COMPETENCIES[competency]): [
                (revision.id, revision.text)
                for revision in revisions
                if revision.competency == competency
            ]
            for competency in dict.fromkeys(revision.competency for revision in revisions)
        }


class OwnPromptForm(FlaskForm):
    """Add a question of the organisation's own."""

    text = TextAreaField(
        _l("Your own question"),
        filters=[_stripped],
        validators=[
            DataRequired(_l("Write the question first.")),
            Length(max=MAX_CHARACTERS),
        ],
    )
    competency = SelectField(_l("What it is about"), validators=[InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        named = sorted((str(name), key) for key, name in COMPETENCIES.items())
        self.competency.choices = [SelectChoice(key, name) for name, key in named]


class InviteForm(FlaskForm):
    """Invite candidates, one address a line."""

    emails = TextAreaField(
        _l("E-mail addresses, one a line"),
        validators=[DataRequired(_l("Enter at least one address."))],
    )

    def validate_emails(self, field: TextAreaField) -> None:
        """Refuse lines that are no addresses, naming them, and too many of them."""
        lines = [line for line in (field.data or "").split() if line.strip(",;")]
        if len(lines) > AT_ONCE:
            raise ValidationError(_("Invite at most %(most)s people at once.", most=AT_ONCE))
        self.addresses = []
        wrong = []
        for line in lines:
            try:
                self.addresses.append(address(line.strip(",;")))
            except RefusedError:
                wrong.append(line)
        if wrong:
            raise ValidationError(
                _("These are no e-mail addresses: %(lines)s", lines=", ".join(wrong[:5]))
            )


def choices_form(
    application: ApplicationInterview, consent: Consent | None = None
) -> "ChoicesForm":
    """Return the form of the choices that an application leaves, filled with those made."""
    offered = consenting.offered(application)
    data = {name: YES if getattr(consent, name) else NO for name in offered} if consent else {}
    form = ChoicesForm(data=data)
    form.offer(offered)
    return form


def accept_form(application: ApplicationInterview) -> "AcceptForm":
    """Return the form that accepts an invitation."""
    form = AcceptForm()
    form.offer(consenting.offered(application))
    form.mode.choices = [SelectChoice(mode, str(MODES[mode])) for mode in application.modes]
    if len(application.modes) == 1:
        form.mode.data = application.modes[0]
    return form


def _choice(name: str) -> RadioField:
    return RadioField(
        consenting.CHOICES[name],
        choices=[SelectChoice(YES, _l("Yes")), SelectChoice(NO, _l("No"))],
        validators=[InputRequired(_l("Choose yes or no."))],
    )


class ChoicesForm(FlaskForm):
    """What a candidate allows; nothing is chosen beforehand."""

    analysis = _choice("analysis")
    traits = _choice("traits")
    emotions = _choice("emotions")
    recording = _choice("recording")

    def offer(self, names: list[str]) -> None:
        """Ask only what is open in this application."""
        for name in consenting.CHOICES:
            if name not in names:
                del self[name]

    def choices(self) -> dict[str, bool]:
        """Return what was allowed."""
        return {name: self[name].data == YES for name in consenting.CHOICES if name in self}


class AcceptForm(ChoicesForm):
    """Accept an invitation."""

    mode = RadioField(
        _l("How do you want to answer?"),
        validators=[InputRequired(_l("Choose how you want to answer."))],
    )
    agree = BooleanField(
        _l("I have read this, and I want to take part"),
        validators=[DataRequired(_l("Tick this box to take part."))],
    )


class WritingForm(FlaskForm):
    """Answer in writing instead, which erases what was recorded."""

    sure = BooleanField(
        _l("Yes, erase what I have recorded and let me write"),
        id="writing-sure",  # the page has another box of this name
        validators=[DataRequired(_l("Tick this box to confirm."))],
    )


class WithdrawForm(FlaskForm):
    """Take an application back."""

    forget = BooleanField(_l("Remove my address from the organisation’s list, too"))
    sure = BooleanField(
        _l("Yes, withdraw and erase all my answers"),
        validators=[DataRequired(_l("Tick this box to confirm."))],
    )
