"""Log lines that carry the request's id and no personal data."""

import json
import logging
import time
import traceback
import uuid
from typing import Any

from flask import Flask, Response, g, has_request_context, request


class RequestContext(logging.Filter):
    """Adds the request's id to each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Set `request_id` ('-' outside a request) and keep the record."""
        record.request_id = g.get("request_id", "-") if has_request_context() else "-"
        return True


class QuietFormatter(logging.Formatter):
    """Shows a failure without what people wrote.

    A database's error goes on, after its first line, with the row that did not fit.
    """

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """Return the traceback with only the first line of a database's messages."""
        return "".join(_without_row(part) for part in traceback.format_exception(*ei)).rstrip()


class JsonFormatter(QuietFormatter):
    """One JSON object per line, for log collectors."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON: time, level, logger, message, id, and the error if any."""
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _without_row(part: str) -> str:
    if part.startswith(("psycopg.", "sqlalchemy.", "sqlite3.")):
        return part.partition("\n")[0] + "\n"
    return part


def init_app(app: Flask) -> None:
    """Set up the `interview` logger and the access line."""
    handler = logging.StreamHandler()
    handler.addFilter(RequestContext())
    if app.config["SETTINGS"].log_format == "json":
        handler.setFormatter(JsonFormatter())
    else:
        handler.setFormatter(
            QuietFormatter("%(asctime)s %(levelname)s %(request_id)s %(name)s: %(message)s")
        )
    logger = logging.getLogger("interview")
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    app.before_request(_start)
    app.after_request(_log_access)


def _start() -> None:
    g.request_id = uuid.uuid4().hex[:12]
    g.started = time.perf_counter()


def _log_access(response: Response) -> Response:
    # The rule, not the path or the query: those can hold ids, tokens and addresses.
    rule = request.url_rule.rule if request.url_rule else "(no such page)"
    if request.endpoint not in ("static", "health.alive"):
        logging.getLogger("interview.access").info(
            "%s %s %s %.0f ms",
            request.method,
            rule,
            response.status_code,
            1000 * (time.perf_counter() - g.started),
        )
    response.headers["X-Request-ID"] = g.request_id
    return response
