"""Benchmarks of the platform, each in a module of its own: `flask bench …`."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import click

LOAD_SECONDS = 5
"""Length of the recording that many candidates make at the same time."""


def _data(what: str, *, required: bool = True) -> Callable[[Callable], Callable]:
    """Return the option that names the folder of data."""
    folder = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.option("--data", required=required, type=folder, help=what)


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
@_data("Folder that holds speech/manifest.csv.")
def time_audio(data: Path) -> None:
    """Time the analysis of spoken answers; fails when it misses its bars."""
    from interview.bench.audio import run

    run(data)


@bench.command("video")
@_data("Folder that holds clips/ and speech/manifest.csv.")
@click.option("--rival", help="Python of an environment in which the package fer is installed.")
def time_video(data: Path, rival: str | None) -> None:
    """Time the analysis of video answers; fails when it misses its bars."""
    from interview.bench.video import run

    run(data, rival)


@bench.command("faces")
@_data("Folder that holds clips/.")
def count_faces(data: Path) -> None:
    """Count the frames of the clips in which a face is found, by method."""
    from interview.bench.faces import run

    run(data)


@bench.command("load")
@click.option(
    "--recording",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What every candidate records; made from --data when it is not given.",
)
@_data("Folder that holds clips/one_face.jpg.", required=False)
@click.option("--mode", default="video", show_default=True, type=click.Choice(["audio", "video"]))
@click.option("--candidates", default=50, show_default=True, type=click.IntRange(1, 500))
@click.option(
    "--database",
    default="",
    help="PostgreSQL server for a scratch database, postgresql://…; by default SQLite.",
)
@click.option("--queue", default="", help="redis://… of an empty database; by default SQLite.")
@click.option("--minutes", default=10.0, show_default=True, help="How long to wait at most.")
def load(
    recording: Path | None,
    data: Path | None,
    mode: str,
    candidates: int,
    database: str,
    queue: str,
    minutes: float,
) -> None:
    """Let many invited candidates record at the same time.

    Fails when something is lost, or pages are slower than their bar meanwhile.
    """
    from interview.bench.film import write_film
    from interview.bench.load import run

    with tempfile.TemporaryDirectory() as folder:
        if recording is None:
            if data is None:
                raise click.UsageError("Give --recording or --data.")
            recording = Path(folder) / "recording.webm"
            write_film(recording, data / "clips" / "one_face.jpg", LOAD_SECONDS)
        run(recording, mode, candidates, database, queue, minutes)
