"""The whole platform on one machine: migrate, fill, serve, and one worker beside it."""

import os
import signal
import subprocess
import sys
from types import FrameType

from flask import Flask
from flask_migrate import upgrade

from interview.questions import services as questions
from interview.settings import ROOT, Settings


def serve(app: Flask) -> None:
    """Migrate, fill the question bank if it is empty, then run web and worker until stopped."""
    settings: Settings = app.config["SETTINGS"]
    with app.app_context():
        prepare()
    environment = {**os.environ, "INSTANCE_DIR": str(settings.instance_dir.resolve())}
    worker = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "worker"], cwd=ROOT, env=environment
    )
    web = subprocess.Popen(  # noqa: S603 - our own command, no outside input
        [
            *(sys.executable, "-m", "gunicorn", "app:app"),
            *("--bind", f"{settings.host}:{settings.port}"),
            *("--workers", "1", "--threads", "8"),
            *("--log-level", "warning"),
        ],
        cwd=ROOT,
        env=environment,
    )
    print(_welcome(settings), flush=True)  # noqa: T201
    _run_until_stopped([web, worker])


def prepare() -> None:
    """Bring the database up to date and fill an empty question bank; repeating it is harmless."""
    upgrade()
    if added := questions.fill_if_empty():
        print(f"The question bank was empty: {added} prompts added.")  # noqa: T201


def _welcome(settings: Settings) -> str:
    return (
        f"\n  Interview Simulator: http://{settings.host}:{settings.port}\n"
        "  Make an admin:       make admin EMAIL=you@example.org\n"
        "  Stop:                Ctrl+C\n"
    )


def _run_until_stopped(children: list[subprocess.Popen]) -> None:
    """Wait; when one child ends or we are told to stop, end all of them."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        while all(child.poll() is None for child in children):
            for child in children:
                try:
                    child.wait(timeout=0.5)
                except subprocess.TimeoutExpired:
                    continue
    except KeyboardInterrupt:
        pass
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=30)
