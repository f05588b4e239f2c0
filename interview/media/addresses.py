"""Signed, short-lived addresses of recordings for people who do not own them.

A page for a recruiter, or for whoever got a share, puts such a token into the address of a
recording. It names the answer and the viewer and ends soon, so an address that is copied out of
the page opens nothing for anybody else, nor later. The signature does not replace the question
whether the viewer may see the answer now: the view asks that again, so that what is taken back is
gone at once. The view then sends the file with `interview.media.sending.send`.
"""

import uuid

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from interview.errors import NotFoundError

SECONDS = 2 * 60 * 60
"""How long an address lives: longer than anybody looks at one page of answers."""


def sign(answer_id: uuid.UUID, viewer: str) -> str:
    """Return the token of an answer's recording for one viewer, such as `user:12` or `share:7`."""
    return _serializer().dumps([answer_id.hex, viewer])


def read(token: str, viewer: str, seconds: int = SECONDS) -> uuid.UUID:
    """Return the answer of a token that was made for this viewer within the last `seconds`.

    Raises NotFoundError for anything else.
    """
    try:
        answer, whose = _serializer().loads(token, max_age=seconds)
        found = uuid.UUID(hex=answer)
    except (BadData, ValueError, TypeError, AttributeError):
        raise NotFoundError from None
    if whose != viewer:
        raise NotFoundError
    return found


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="interview-media")
