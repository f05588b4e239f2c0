"""The whole platform on one machine: migrate, fill, serve, and one worker beside it."""

import os
import signal
import socket
import subprocess
import sys
from types import FrameType
from typing import TextIO

from flask import Flask
from flask_migrate import upgrade

from interview.questions import services as questions
from interview.settings import ROOT, Settings

STOP_SECONDS = 30
"""How long web and worker may take to finish what they are doing."""


def serve(app: Flask) -> int:
    """Migrate, fill the question bank if it is empty, then run web and worker until stopped.

    Return the exit status: 0 after being told to stop, 1 after something went wrong, said in
    words.
    """
    settings: Settings = app.config["SETTINGS"]
    try:
        listener = _listen(settings.host, settings.port)
    except OSError as error:
        _say(_cannot_listen(settings, error), sys.stderr)
        return 1
    with app.app_context():
        prepare()
    with listener:
        children = _start(settings, listener)
    _say(_welcome(settings))
    return _run_until_stopped(children)


def prepare() -> None:
    """Bring the database up to date and fill an empty question bank; repeating it is harmless."""
    upgrade()
    if added := questions.fill_if_empty():
        print(f"The question bank was empty: {added} prompts added.")  # noqa: T201


def _listen(host: str, port: int) -> socket.socket:
    """Take the port, which gunicorn gets: nobody is sent to an address that is another's.

    Raises OSError.
    """
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    return socket.create_server((host, port), family=family)


def _start(settings: Settings, listener: socket.socket) -> dict[str, subprocess.Popen]:
    """Start web and worker and return them by name."""
    environment = {**os.environ, "INSTANCE_DIR": str(settings.instance_dir.resolve())}
    python = (sys.executable, "-m")
    worker = subprocess.Popen(  # noqa: S603 - our own command, no outside input
        [*python, "flask", "--app", "app", "worker"], cwd=ROOT, env=environment
    )
    web = subprocess.Popen(  # noqa: S603 - our own command, no outside input
        [
            *(*python, "gunicorn", "app:app"),
            *("--bind", f"fd://{listener.fileno()}"),
            *("--workers", "1", "--threads", "8"),
            *("--log-level", "warning"),
        ],
        cwd=ROOT,
        env=environment,
        pass_fds=[listener.fileno()],
    )
    return {"web": web, "worker": worker}


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def _welcome(settings: Settings) -> str:
    return (
        f"\n  Interview Simulator: {_address(settings)}\n"
        "  Make an admin:       make admin EMAIL=you@example.org\n"
        "  Stop:                Ctrl+C\n"
    )


def _cannot_listen(settings: Settings, error: OSError) -> str:
    return (
        f"\n  {_address(settings)} cannot be used: {error.strerror or error}.\n"
        f"  Stop what uses it, or take another port: PORT={settings.port % 65535 + 1} make run\n"
    )


def _run_until_stopped(children: dict[str, subprocess.Popen]) -> int:
    """Wait; when one child ends or we are told to stop, end all of them. Return the status."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        while all(child.poll() is None for child in children.values()):
            for child in children.values():
                try:
                    child.wait(timeout=0.5)
                except subprocess.TimeoutExpired:
                    continue
        for name, child in children.items():
            if child.returncode is not None:
                _say(
                    f"The {name} process ended by itself, with status {child.returncode}; its "
                    "last words are above. Stopping.",
                    sys.stderr,
                )
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        _end(children)


def _end(children: dict[str, subprocess.Popen]) -> None:
    """End what still runs: politely, and by force after STOP_SECONDS or a second Ctrl+C."""
    for child in children.values():
        child.terminate()
    for name, child in children.items():
        try:
            child.wait(timeout=STOP_SECONDS)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            _say(
                f"The {name} process was still busy and has been ended; what it was doing is done "
                "again after the next start."
            )
            child.kill()
            child.wait()


def _say(text: str, file: TextIO | None = None) -> None:
    print(text, file=file or sys.stdout, flush=True)
