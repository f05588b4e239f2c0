"""Forms of the question bank."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Optional

from interview.practice.labels import COMPETENCIES
from interview.questions.checking import ANSWER_SECONDS, MAX_TAKES, THINK_SECONDS
from interview.questions.exchange import PromptContent, RowError
from interview.questions.models import GUIDANCE_PARTS, PromptState

STATES = {
    PromptState.DRAFT.value: _l("Draft"),
    PromptState.ACTIVE.value: _l("Active"),
    PromptState.RETIRED.value: _l("Retired"),
}
MODES = {"text": _l("In writing"), "audio": _l("Aloud"), "video": _l("On video")}


def _choices(words: Any) -> list[SelectChoice]:
    return [SelectChoice(code, word) for code, word in words.items()]


class QuestionForm(FlaskForm):
    """A question, checked by the rules of the files that questions are imported from."""

    key = StringField(_l("Key"))
    competency = SelectField(_l("Competency"), choices=_choices(COMPETENCIES))
    language = StringField(_l("Language"), default="en")
    text = TextAreaField(_l("Question"), render_kw={"rows": 3})
    modes = SelectMultipleField(
        _l("Answered"), choices=_choices(MODES), default=list(MODES), validate_choice=False
    )
    think_seconds = IntegerField(
        _l("Seconds to think"),
        default=30,
        render_kw={"min": THINK_SECONDS[0], "max": THINK_SECONDS[1]},
    )
    answer_seconds = IntegerField(
        _l("Seconds to answer"),
        default=120,
        render_kw={"min": ANSWER_SECONDS[0], "max": ANSWER_SECONDS[1]},
    )
    max_takes = IntegerField(
        _l("Most takes"),
        validators=[Optional()],
        render_kw={"min": MAX_TAKES[0], "max": MAX_TAKES[1]},
    )
    situation = TextAreaField(_l("Situation"), render_kw={"rows": 2})
    task = TextAreaField(_l("Task"), render_kw={"rows": 2})
    action = TextAreaField(_l("Action"), render_kw={"rows": 2})
    result = TextAreaField(_l("Result"), render_kw={"rows": 2})
    tags = StringField(_l("Tags"))
    state = SelectField(_l("State"), choices=_choices(STATES), default="active")
    translation_of = StringField(_l("Translation of"))
    number = HiddenField(default="0")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in (*REQUIRED, *GUIDANCE_PARTS):
            self[name].flags.required = True

    @classmethod
    def of(cls, content: PromptContent, number: int) -> "QuestionForm":
        """Return the form filled with a question as it is now; `number` is its revision's."""
        values = {name: getattr(content, name) for name in SIMPLE if name != "state"}
        return cls(
            data=values
            | content.guidance
            | {"tags": ", ".join(content.tags), "state": content.state.value, "number": number}
        )

    def content(self, key: str | None = None) -> dict[str, Any]:
        """Return what was entered as the row of a file; `key` is that of an existing question."""
        values = {name: self[name].data for name in SIMPLE}
        values |= {f"guidance.{part}": self[part].data for part in GUIDANCE_PARTS}
        values["key"] = key or values["key"]
        values["tags"] = [
            word.strip() for word in (self.tags.data or "").split(",") if word.strip()
        ]
        values["translation_of"] = (self.translation_of.data or "").strip() or None
        return values

    def show(self, errors: list[RowError]) -> None:
        """Put what the rules find wrong at the fields."""
        for error in errors:
            field = self[error.field.removeprefix("guidance.")]
            field.errors = [*field.errors, error.message]


SIMPLE = (
    *("key", "competency", "language", "text", "modes", "think_seconds", "answer_seconds"),
    *("max_takes", "state", "translation_of"),
)
REQUIRED = ("key", "competency", "language", "text", "think_seconds", "answer_seconds", "state")


class StateForm(FlaskForm):
    """Offer a question, retire it or make it a draft."""

    state = SelectField(choices=_choices(STATES))


class TagForm(FlaskForm):
    """Put a tag on the chosen questions, or take it off."""

    chosen = SelectMultipleField(coerce=int, validate_choice=False)
    word = StringField(_l("Tag"), validators=[DataRequired(_l("Enter a tag."))])
    effect = SelectField(
        _l("Do"),
        choices=[SelectChoice("add", _l("Put on")), SelectChoice("remove", _l("Take off"))],
    )


class FileForm(FlaskForm):
    """A file of questions."""

    file = FileField(_l("File (.csv or .json)"), validators=[FileRequired(_l("Choose a file."))])


class PlanForm(FlaskForm):
    """Import what was shown: the digest tells whether the bank has changed meanwhile."""

    digest = HiddenField()
