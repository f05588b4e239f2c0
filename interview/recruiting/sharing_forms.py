"""Forms of sharing."""

from collections.abc import Mapping, Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput

from interview.recruiting.disclosure import Part
from interview.recruiting.models import Organisation

LINK = "link"

PARTS: Mapping[Part, LazyString] = {
    Part.RECORDING: _l("The recording"),
    Part.TRANSCRIPT: _l("The words: what you wrote, or the transcript"),
    Part.DELIVERY: _l("How you spoke: pace, pauses, voice"),
    Part.WORDS: _l("Figures on your words: length, structure, style"),
    Part.TRAITS: _l("Estimates of five traits"),
    Part.EMOTIONS: _l("Estimates of emotions"),
}
"""What each part is called where its candidate chooses."""

DAYS: Mapping[str, LazyString] = {
    "1": _l("One day"),
    "7": _l("One week"),
    "30": _l("One month"),
    "90": _l("Three months"),
}


class ShareForm(FlaskForm):
    """Share one answer: what, with whom, and until when. Nothing is chosen beforehand."""

    parts = SelectMultipleField(
        _l("What may be seen?"),
        option_widget=CheckboxInput(),
        validators=[DataRequired(_l("Choose at least one part."))],
    )
    whom = RadioField(_l("Who may see it?"), default=LINK)
    days = RadioField(
        _l("For how long?"),
        choices=[SelectChoice(value, label) for value, label in DAYS.items()],
        default="7",
    )
    name = StringField(
        _l("Your name, as they will see it"),
        filters=[lambda value: value.strip() if value else value],
        validators=[
            DataRequired(_l("Enter the name that they know you by.")),
            Length(max=80, message=_l("Use at most 80 characters.")),
        ],
    )

    def offer(self, parts: Sequence[Part], organisations: Sequence[Organisation]) -> None:
        """Fill the choices with what this answer has, and whom its candidate knows."""
        self.parts.choices = [SelectChoice(part.value, PARTS[part]) for part in parts]
        self.whom.choices = [
            SelectChoice(LINK, _l("Whoever has the link")),
            *(SelectChoice(str(each.id), each.name) for each in organisations),
        ]

    @property
    def chosen(self) -> list[Part]:
        """The parts that were chosen."""
        return [Part(value) for value in self.parts.data or ()]

    @property
    def organisation_id(self) -> int | None:
        """The organisation that was chosen, None for a link."""
        return None if self.whom.data == LINK else int(self.whom.data)


class RevokeForm(FlaskForm):
    """End a share."""
