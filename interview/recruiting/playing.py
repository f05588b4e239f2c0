"""Playing a candidate's recording to somebody else who may hear it."""

from flask import Response

from interview.errors import NotFoundError
from interview.media.sending import send
from interview.practice.models import Answer
from interview.practice.recordings import UNKNOWN_TYPE
from interview.recruiting.disclosure import has_recording


def play(answer: Answer) -> Response:
    """Return the recording, or the part of it that a range asks for.

    The caller has found that the person may have it. Raises NotFoundError when there is none.
    """
    if answer.recording_key is None or not has_recording(answer):
        raise NotFoundError
    return send(answer.recording_key, answer.recording_type or UNKNOWN_TYPE)
