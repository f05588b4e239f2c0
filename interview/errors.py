"""Mistakes and failures as friendly pages with an id, or as JSON where JSON was asked for."""

import logging
import math
import time

from flask import Flask, Response, g, jsonify, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from interview.extensions import limiter

log = logging.getLogger(__name__)


class NotFoundError(Exception):
    """The acting person may not know of such an object, whether or not it exists."""


class RefusedError(Exception):
    """What was asked cannot be done now; the message is for the person.

    `status` is the HTTP status that says so.
    """

    def __init__(self, message: str, status: int = 409):
        super().__init__(message)
        self.message = message
        self.status = status


def init_app(app: Flask) -> None:
    """Bind the handlers."""
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(CSRFError, _on_csrf_error)
    app.register_error_handler(NotFoundError, lambda error: _answer(404))
    app.register_error_handler(
        RefusedError, lambda error: _answer(error.status, error.message, back=_way_back())
    )
    app.register_error_handler(Exception, _on_failure)


def wants_json() -> bool:
    """Whether the request prefers JSON to a page."""
    if request.args.get("format") == "json":
        return True
    accept = request.accept_mimetypes
    return accept["application/json"] > accept["text/html"]


def _on_http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    if error.code is not None and 300 <= error.code < 400:
        return make_response(error.get_response())
    message = _come_back() if error.code == 429 else None
    return _answer(error.code or 500, message=message, headers=error.get_headers())


def _come_back() -> str | None:
    """Say how long the limit lasts that this request ran into."""
    limit = limiter.current_limit
    if limit is None:
        return None
    seconds = max(1, math.ceil(limit.reset_at - time.time()))
    return _(
        "There were too many tries in a short time. You can try again in %(wait)s.",
        wait=_wait(seconds),
    )


def _wait(seconds: int) -> str:
    if seconds < 60:
        return ngettext("%(num)s second", "%(num)s seconds", seconds)
    if seconds <= 90 * 60:
        return ngettext("%(num)s minute", "%(num)s minutes", math.ceil(seconds / 60))
    return ngettext("%(num)s hour", "%(num)s hours", math.ceil(seconds / 3600))


def _on_csrf_error(error: CSRFError) -> Response:
    return _answer(
        400,
        message=_(
            "This page was open too long, or it was sent from another site. Go back, reload the "
            "page and send it again; what you typed is still there."
        ),
    )


def _on_failure(error: Exception) -> Response:
    log.exception("unexpected failure")
    return _answer(InternalServerError.code)


def _way_back() -> str | None:
    """Return the page of the answer that its candidate wanted to do something with, if any."""
    answer_id = (request.view_args or {}).get("answer_id")
    if answer_id is None or request.blueprint not in ("practice", "privacy"):
        return None
    return url_for("practice.answer", answer_id=answer_id)


def _answer(
    status: int, message: str | None = None, headers: list | None = None, back: str | None = None
) -> Response:
    title, explanation = _texts().get(status, _texts()[400 if status < 500 else 500])
    message = message or explanation
    log.info("answered %s", status)
    if wants_json():
        response = jsonify(error=message, status=status, id=g.request_id)
    else:
        shown = {"title": title, "message": message, "error_id": g.request_id, "back": back}
        response = make_response(render_template("error.html", **shown))
    response.status_code = status
    for name, value in headers or []:
        if name in ("Retry-After", "Allow"):
            response.headers[name] = value
    return response


def _texts() -> dict[int, tuple[str, str]]:
    return {
        400: (
            _("That could not be read"),
            _("Something in the request was not as expected. Nothing was changed."),
        ),
        403: (_("Not allowed"), _("Your account may not do this.")),
        404: (
            _("Not found"),
            _("There is nothing here, or it belongs to somebody else."),
        ),
        405: (_("Not possible this way"), _("This address does not take that kind of request.")),
        409: (
            _("That is not possible now"),
            _("Something has changed since the page was made. Load it again to see what."),
        ),
        413: (
            _("Too large"),
            _("What you sent is larger than we accept here. Nothing was changed."),
        ),
        429: (
            _("A little slower, please"),
            _("There were too many tries in a short time. Wait a minute, then try again."),
        ),
        500: (
            _("Our mistake"),
            _("Something went wrong on our side. What you had saved is still there."),
        ),
    }
