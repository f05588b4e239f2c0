"""What the views of the practice rooms share: blueprint, limits, and the head of a page."""

from typing import Any

from flask import Blueprint

from interview.limits import Rate
from interview.practice import services
from interview.practice.forms import PlainForm
from interview.practice.models import Answer
from interview.privacy import retention
from interview.recruiting import rules
from interview.safety import KIBIBYTE

blueprint = Blueprint("practice", __name__)

FORM_BYTES = 16 * KIBIBYTE
STARTS = Rate("30 per minute", address="300 per minute; 3000 per hour")
SUBMISSIONS = Rate("30 per minute; 300 per day", address="300 per minute; 6000 per day")
AUTOSAVES = Rate("120 per minute", address="2400 per minute")


def context(found: Answer) -> dict[str, Any]:
    """Return what every page of an answer shows."""
    return {
        "answer": found,
        "question": found.question,
        "interview": found.question.interview,
        "revision": found.question.revision,
        "takes": services.takes(found.question_id),
        "plain_form": PlainForm(),
        "invitation": rules.invitation_of(found.question.interview),
        "is_begun": rules.is_begun(found),
        "kept": retention.kept_until(found),
        "can_retry": services.can_retry(found),
        "is_recording_gone": services.is_recording_gone(found),
    }
