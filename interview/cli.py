"""The platform's commands, beside Flask's own."""

import os

import click
from flask import Flask
from flask.cli import with_appcontext

STANDALONE = {"train", "evaluate", "analyse", "bench", "settings"}
"""Commands that touch no session and no stored data, and so need no secret."""

YIELDING = 10
"""By how much a worker, and all that it starts, gives way to the web process on its machine."""


def works_without_secret(arguments: list[str]) -> bool:
    """Whether a command line asks for one of the STANDALONE commands."""
    commands = [argument for argument in arguments[1:] if not argument.startswith("-")]
    return bool(STANDALONE.intersection(commands[:3]))


def init_app(app: Flask) -> None:
    """Register every command group; each room brings its own."""
    from interview.accounts.commands import users
    from interview.bench import bench
    from interview.privacy.commands import audit
    from interview.questions.commands import questions
    from interview.training.commands import analyse, evaluate, train

    rooms = (users, questions, audit, bench, train, evaluate, analyse)
    for command in (*rooms, prepare, worker, settings):
        app.cli.add_command(command)


@click.command()
@with_appcontext
def prepare() -> None:
    """Bring the database up to date and fill the question bank if it is empty."""
    from interview import local

    local.prepare()


@click.command()
@click.option("--threads", default=1, show_default=True, help="Answers analysed at once.")
@with_appcontext
def worker(threads: int) -> None:
    """Analyse queued answers until told to stop."""
    from interview.jobs.tasks import run_worker

    os.nice(YIELDING)
    run_worker(threads)


@click.command()
def settings() -> None:
    """Print the table of settings in docs/settings.md."""
    from interview.settings_table import table

    click.echo(table(), nl=False)
