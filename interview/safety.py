"""What every request and response goes through before any page: limits, refusals, headers."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, abort, current_app, g, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

KIBIBYTE = 1024
DEFAULT_BODY_BYTES = 256 * KIBIBYTE

MOST_NUMBER = 2**31 - 1
"""The greatest number that a row of a table can have."""

BASE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def body_limit(limit: int | Callable[[], int]) -> Callable:
    """Mark a view as taking bodies of at most `limit` bytes (or what `limit()` returns)."""

    def mark(view: Callable) -> Callable:
        view.body_limit = limit  # type: ignore[attr-defined]
        return view

    return mark


def public_page(view: Callable) -> Callable:
    """Mark a view whose page is the same for everybody and may be cached."""
    view.public_page = True  # type: ignore[attr-defined]
    return view


def allow(*, media: str | None = None, microphone: bool = False, camera: bool = False) -> None:
    """Let the page of this request do what no other may: play `media` sources, and record."""
    g.media_sources, g.microphone, g.camera = media, microphone, camera


def content_security_policy() -> str:
    """Return the policy of this request's page."""
    sources = g.get("media_sources")
    return BASE_POLICY + (f"; media-src {sources}" if sources else "")


def permissions_policy() -> str:
    """Return which devices this request's page may ask for."""
    camera, microphone = ("self" if g.get(name) else "" for name in ("camera", "microphone"))
    return f"camera=({camera}), microphone=({microphone}), geolocation=()"


def number_of(name: str) -> int | None:
    """Return a number of the address's query; None for anything else, and for what no row has."""
    number: int | None = request.args.get(name, type=int)
    return number if number is not None and abs(number) <= MOST_NUMBER else None


class _RowNumber(IntegerConverter):
    """A number in an address; one that no row can have leads nowhere."""

    def __init__(self, map: Map, **limits: Any) -> None:
        super().__init__(map, **{"max": MOST_NUMBER} | limits)


def init_app(app: Flask) -> None:
    """Bind the checks and headers to the application."""
    app.url_map.converters["int"] = _RowNumber
    if hops := app.config["SETTINGS"].trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.before_request(_limit_body)
    app.before_request(_refuse_nul)
    app.after_request(_add_headers)


def _view() -> Any:
    return current_app.view_functions.get(request.endpoint or "")


def _limit_body() -> None:
    limit = getattr(_view(), "body_limit", None)
    if limit is not None:
        request.max_content_length = limit() if callable(limit) else limit


def _refuse_nul() -> None:
    """Refuse NUL bytes, which no text has and which databases choke on."""
    if "\x00" in request.path:
        abort(400)
    for values in (request.args, request.form):
        for name, items in values.lists():
            if "\x00" in name or any("\x00" in item for item in items):
                abort(400)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = content_security_policy()
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Permissions-Policy"] = permissions_policy()
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if current_app.config["SETTINGS"].secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "static" and not getattr(_view(), "public_page", False):
        headers["Cache-Control"] = "no-store"
    return response
