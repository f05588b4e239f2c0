"""Fixtures of the accounts' tests: a mailbox, and forms filled in as a browser does."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

EMAIL = "ada@example.org"
PASSWORD = "seven-green-bottles-hanging"


@pytest.fixture
def mailbox(app: Flask) -> list[Any]:
    """Every message sent, newest last."""
    mailman = app.extensions["mailman"]
    mailman.backend = "locmem"
    mailman.outbox = []
    return mailman.outbox


@pytest.fixture
def link() -> Callable[[Any], str]:
    """`link(message)` returns the path of the last link in a message."""

    def find(message: Any) -> str:
        return re.findall(r"https?://[^/\s]+(/\S*)", message.body)[-1]

    return find


@pytest.fixture
def register() -> Callable[..., Any]:
    """`register(client, email, password)` sends the form."""

    def send(client: Any, email: str = EMAIL, password: str = PASSWORD, **more: Any) -> Any:
        form = {"email": email, "password": password, "password_confirm": password}
        return client.post("/register", data=form | more)

    return send


@pytest.fixture
def log_in() -> Callable[..., Any]:
    """`log_in(client, email, password)` sends the form."""

    def send(client: Any, email: str = EMAIL, password: str = PASSWORD, **more: Any) -> Any:
        return client.post("/login", data={"email": email, "password": password} | more)

    return send


@pytest.fixture
def wait_for() -> Callable[[Callable[[], Any]], None]:
    """`wait_for(condition)` waits, ten seconds at most, for what happens beside the request."""

    def wait(condition: Callable[[], Any]) -> None:
        deadline = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.01)

    return wait


@pytest.fixture
def count_hashes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """`count_hashes(act)` returns how many passwords were hashed or checked meanwhile."""
    context = app.extensions["security"].pwd_context
    calls = []
    for name in ("hash", "verify"):
        real = getattr(context, name)
        counting = lambda *args, _real=real, **more: calls.append(1) or _real(*args, **more)  # noqa: E731
        monkeypatch.setattr(context, name, counting)

    def count(act: Callable[[], Any]) -> int:
        calls.clear()
        act()
        return len(calls)

    return count
