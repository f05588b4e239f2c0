"""How often somebody may do something: counted per person, and loosely per network address.

A class or an office shares one network address, so that what is enough for one person would stop
the others there. The larger figure per address stops who makes up a new guest for each request.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import request
from flask_security import current_user

from interview.accounts.actor import COOKIE, token_hash
from interview.extensions import limiter


class Rate(NamedTuple):
    """How many requests are taken, as Flask-Limiter writes it."""

    person: str
    address: str


def limited(rate: Rate, **options: Any) -> Callable[[Callable], Callable]:
    """Limit a view; somebody without account or guest's cookie counts by address only.

    `options` are those of `limiter.limit`.
    """

    def decorate(view: Callable) -> Callable:
        by_address = limiter.limit(rate.address, **options)(view)
        return keyed(rate.person, _person, **options)(by_address)

    return decorate


def keyed(limit: str, key: Callable[[], str], **options: Any) -> Callable[[Callable], Callable]:
    """Limit a view per `key()`; requests for which that is empty are not counted."""
    return limiter.limit(limit, key_func=key, exempt_when=lambda: not key(), **options)


def _person() -> str:
    if current_user.is_authenticated:
        return f"account {current_user.id}"
    token = request.cookies.get(COOKIE)
    return f"guest {token_hash(token)}" if token else ""
