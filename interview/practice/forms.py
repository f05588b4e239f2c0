"""Forms of the practice rooms."""

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    TextAreaField,
)
from wtforms.validators import DataRequired, ValidationError

from interview.practice.labels import COMPETENCIES
from interview.questions import services as questions


class StartForm(FlaskForm):
    """Choose what to be asked about, and how many questions."""

    competency = SelectField(_l("What should it be about?"))
    count = RadioField(
        _l("How many questions?"),
        choices=[SelectChoice("1", _l("One question")), SelectChoice("3", _l("A set of three"))],
        default="1",
    )

    def offer(self, mode: str, language: str) -> None:
        """Fill the choices with the competencies that have prompts."""
        known = questions.competencies(mode, language)
        named = sorted((str(COMPETENCIES[key]), key) for key in known)
        self.competency.choices = [
            SelectChoice("", _l("Surprise me")),
            *(SelectChoice(key, name) for name, key in named),
        ]


def _limit_length(field: TextAreaField) -> None:
    limit = current_app.config["SETTINGS"].max_text_characters
    length = len(field.data or "")
    if length > limit:
        raise ValidationError(
            ngettext(
                "This is %(over)s character over the limit of %(limit)s.",
                "This is %(over)s characters over the limit of %(limit)s.",
                length - limit,
                over=length - limit,
                limit=limit,
            )
        )


class DraftForm(FlaskForm):
    """The text of an answer. `version` is what the page was made from."""

    text = TextAreaField(_l("Your answer"))
    version = HiddenField()

    def validate_text(self, field: TextAreaField) -> None:
        """Refuse what is longer than the instance allows."""
        _limit_length(field)


class SubmitForm(DraftForm):
    """The text of an answer that is ready to be analysed."""

    def validate_text(self, field: TextAreaField) -> None:
        """Refuse an empty answer too."""
        if not (field.data or "").strip():
            raise ValidationError(_l("There is no text yet. Write your answer first."))
        super().validate_text(field)


class DocumentForm(FlaskForm):
    """A document whose text becomes the draft."""

    document = FileField(
        _l("Document (PDF, Word .docx or plain text)"),
        validators=[FileRequired(_l("Choose a file first."))],
    )


class RecordingForm(FlaskForm):
    """An existing recording; or, from the page's script, how many bytes it has sent in pieces."""

    recording = FileField(_l("Recording"))
    total = HiddenField()

    def validate_recording(self, field: FileField) -> None:
        """Ask for a file unless one has arrived in pieces."""
        if not field.data and not (self.total.data or "").isdigit():
            raise ValidationError(_l("Choose a file first, or record your answer."))


class TranscriptForm(FlaskForm):
    """What was said in a recording, typed by its candidate."""

    transcript = TextAreaField(_l("What you said"))

    def validate_transcript(self, field: TextAreaField) -> None:
        """Refuse what is longer than the instance allows."""
        _limit_length(field)


class DiscardForm(FlaskForm):
    """Record again: `take` is the one to throw away."""

    take = IntegerField(validators=[DataRequired()])


class RetakeForm(FlaskForm):
    """Another take, empty or starting from this one's text."""

    keep = BooleanField(_l("Start from this text"))


class PlainForm(FlaskForm):
    """A button: nothing but the protection against forged requests."""
