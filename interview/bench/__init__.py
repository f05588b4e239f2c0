"""Benchmarks of the platform, each in a module of its own: `flask bench …`."""

from pathlib import Path

import click


@click.group()
def bench() -> None:
    """Measure the platform."""


@bench.command("peers")
@click.option(
    "--candidates",
    default=100_000,
    show_default=True,
    type=click.IntRange(100),
    help="People with answers.",
)
@click.option(
    "--answers",
    default=1_000_000,
    show_default=True,
    type=click.IntRange(100),
    help="Analysed answers.",
)
@click.option(
    "--database",
    "server",
    default="",
    help="PostgreSQL server on which scratch databases are made, postgresql://…; "
    "by default SQLite files in a temporary folder.",
)
@click.option(
    "--requests",
    default=300,
    show_default=True,
    type=click.IntRange(2),
    help="Summary pages per size.",
)
def time_peers(candidates: int, answers: int, server: str, requests: int) -> None:
    """Time the summary page with few and with many candidates.

    Fails when it misses its bars.
    """
    from interview.bench.peers import run

    run(candidates, answers, server, requests)


@bench.command("audio")
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder that holds speech/manifest.csv.",
)
def time_audio(data: Path) -> None:
    """Time the analysis of spoken answers; fails when it misses its bars."""
    from interview.bench.audio import run

    run(data)


@bench.command("video")
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder that holds clips/ and speech/manifest.csv.",
)
@click.option("--rival", help="Python of an environment in which the package fer is installed.")
def time_video(data: Path, rival: str | None) -> None:
    """Time the analysis of video answers; fails when it misses its bars."""
    from interview.bench.video import run

    run(data, rival)


@bench.command("faces")
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder that holds clips/.",
)
def count_faces(data: Path) -> None:
    """Count the frames of the clips in which a face is found, by method."""
    from interview.bench.faces import run

    run(data)
