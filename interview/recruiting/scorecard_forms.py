"""Forms of scorecards and decisions."""

from collections.abc import Iterable

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from interview.errors import RefusedError
from interview.recruiting.models import ApplicationPrompt
from interview.recruiting.scorecard_labels import OUTCOMES
from interview.recruiting.scorecards import LEVELS, Judgement

EVIDENCE_CHARACTERS = 4000
REASON_CHARACTERS = 4000


class ScorecardForm(FlaskForm):
    """A rater's judgements; `version` is that of the scorecard that the page was made from.

    The fields of each prompt are named after it: `level-7` and `evidence-7`.
    """

    version = IntegerField(validators=[InputRequired(), NumberRange(min=0)])

    def judgements(self, prompts: Iterable[ApplicationPrompt]) -> dict[int, Judgement]:
        """Return what was typed, by the prompt's number; RefusedError for what no page sends."""
        return {prompt.id: _judgement(prompt.id) for prompt in prompts}


def _judgement(prompt_id: int) -> Judgement:
    level = request.form.get(f"level-{prompt_id}", "")
    evidence = request.form.get(f"evidence-{prompt_id}", "").strip()
    if level not in ("", *map(str, LEVELS)):
        raise RefusedError(_("Something in the request was not as expected."), 400)
    if len(evidence) > EVIDENCE_CHARACTERS:
        raise RefusedError(
            _("Write at most %(limit)s characters of evidence.", limit=EVIDENCE_CHARACTERS), 400
        )
    return Judgement(int(level) if level else None, evidence)


class DecisionForm(FlaskForm):
    """What somebody decides about a candidate; `seen` is the newest decision that they saw."""

    outcome = RadioField(
        _l("Decision"),
        choices=[SelectChoice(outcome.value, label) for outcome, label in OUTCOMES.items()],
        validators=[DataRequired(_l("Choose what you decide."))],
    )
    reasons = TextAreaField(
        _l("Reasons"),
        filters=[lambda value: value.strip() if value else value],
        validators=[
            DataRequired(_l("Write down why; a decision without reasons cannot be explained.")),
            Length(
                max=REASON_CHARACTERS,
                message=_l("Use at most %(max)d characters."),
            ),
        ],
    )
    seen = HiddenField(default="0")

    @property
    def seen_number(self) -> int:
        """The number of the newest decision that the page showed."""
        return int(self.seen.data) if (self.seen.data or "").isdecimal() else 0
