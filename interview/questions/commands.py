"""`flask questions`: the question bank in and out of files."""

import io
from pathlib import Path

import click
from flask.cli import AppGroup

from interview.questions import services
from interview.questions.exchange import FORMATS, FileError

questions = AppGroup("questions", help="Import and export the question bank.")


@questions.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def import_(file: Path, dry_run: bool) -> None:
    """Add and reword prompts from a .csv or .json FILE: all of them, or none if one is wrong."""
    try:
        rows = services.read_file(file)
    except FileError as error:
        raise click.ClickException(f"{file}: {error}") from None
    result = services.import_prompts(rows, dry_run=dry_run)
    if result.errors:
        for mistake in result.errors:
            click.echo(f"{file}: {mistake}", err=True)
        raise click.ClickException("Nothing was imported.")
    counts = f"{result.added} added, {result.changed} changed, {result.unchanged} unchanged"
    click.echo(f"Would be {counts}." if dry_run else f"{counts[0].upper()}{counts[1:]}.")


@questions.command("export")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "kind",
    type=click.Choice(FORMATS),
    help="Default: by the file's name, json without one.",
)
def export(file: Path | None, kind: str | None) -> None:
    """Write the whole question bank to FILE, or to the standard output."""
    if kind is None:
        kind = file.suffix.lower().removeprefix(".") if file else "json"
    if kind not in FORMATS:
        raise click.ClickException("Name the file .csv or .json, or give --format.")
    if file is None:
        buffer = io.StringIO(newline="")
        services.export(kind, buffer)
        click.echo(buffer.getvalue().encode(), nl=False)
        return
    with file.open("w", encoding="utf-8", newline="") as stream:
        count = services.export(kind, stream)
    click.echo(f"{count} prompts written to {file}.", err=True)
