"""`flask train`, `flask evaluate`, `flask analyse`: models and library without a database.

The heavy imports wait until a command runs, so that `flask --help` stays quick.
"""

import json
import sys
from pathlib import Path
from typing import Any

import click

from interview.settings import ROOT

MODELS = ROOT / "models"
DATA = click.Path(exists=True, file_okay=False, path_type=Path)
PRECISION = click.option(
    "--precision",
    default="float32",
    show_default=True,
    type=click.Choice(["float32", "mixed_bfloat16"]),
    help="With KERAS_BACKEND=torch, mixed_bfloat16 is twice as fast on recent processors.",
)
START = click.option(
    "--start",
    type=DATA,
    help="Folder of a shipped model whose networks learn their last part only.",
)


@click.group()
def train() -> None:
    """Train a model and write it to models/."""


@train.command("text")
@click.option("--data", required=True, type=DATA, help="Folder that holds text/*.csv.")
@click.option("--out", default=MODELS / "text", show_default=True, type=click.Path(path_type=Path))
def train_text(data: Path, out: Path) -> None:
    """Cross-validate, train and calibrate the Big Five text model; resumes where it stopped."""
    from interview.training.text.shipping import train

    train(data, out, log=click.echo)


@train.command("speech")
@click.option("--data", required=True, type=DATA, help="Folder that holds speech/manifest.csv.")
@click.option(
    "--out", default=MODELS / "speech", show_default=True, type=click.Path(path_type=Path)
)
@click.option("--network", default="gru", show_default=True, help="gru, lstm, literature or wide.")
@START
@PRECISION
def train_speech(data: Path, out: Path, network: str, start: Path | None, precision: str) -> None:
    """Cross-validate, train and calibrate the speech-emotion models; resumes where it stopped."""
    from interview.training.speech.network_settings import NETWORKS
    from interview.training.speech.shipping import Plan, runs_of, train

    if network not in NETWORKS:
        raise click.BadParameter(f"choose one of {', '.join(NETWORKS)}", param_hint="--network")
    plan = Plan(network=NETWORKS[network], start=start, precision=precision)
    train(data, out, plan=plan, runs=runs_of(network), log=click.echo)


@train.command("faces")
@click.option("--data", required=True, type=DATA, help="Folder that holds faces/*.webp and *.csv.")
@click.option("--out", default=MODELS / "faces", show_default=True, type=click.Path(path_type=Path))
@START
@PRECISION
@click.option("--rivals", is_flag=True, help="Train what the card compares ours with instead.")
def train_faces(data: Path, out: Path, start: Path | None, precision: str, rivals: bool) -> None:
    """Train, calibrate and measure the model of faces; resumes where it stopped."""
    from interview.training.faces.data import DataError
    from interview.training.faces.settings import Plan
    from interview.training.faces.shipping import RUNS, train

    plan = Plan(precision=precision, start=start)
    try:
        if rivals:
            from interview.training.faces.rivals import compare

            compare(data, out, runs=RUNS, plan=plan, log=click.echo)
        else:
            train(data, out, plan=plan, log=click.echo)
    except DataError as error:
        raise click.ClickException(str(error)) from None


@click.group()
def evaluate() -> None:
    """Score the shipped models on labelled data."""


@evaluate.command("text")
@click.option("--data", required=True, type=DATA, help="Folder that holds text/<set>.csv.")
@click.option(
    "--set", "set_name", default="essays", show_default=True, help="Name of the data set."
)
@click.option("--models", default=MODELS, type=DATA, help="Folder of the trained models.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def evaluate_text(data: Path, set_name: str, models: Path, as_json: bool) -> None:
    """Score the Big Five text model, trait by trait."""
    from interview.training.text.evaluate import evaluate

    result = evaluate(data, set_name, models)
    click.echo(json.dumps(result, indent=2) if as_json else _table(result))


@evaluate.command("speech")
@click.option("--data", required=True, type=DATA, help="Folder that holds speech/manifest.csv.")
@click.option(
    "--set", "set_name", default="ravdess", show_default=True, help="Name of the data set."
)
@click.option("--models", default=MODELS, type=DATA, help="Folder of the trained models.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def evaluate_speech(data: Path, set_name: str, models: Path, as_json: bool) -> None:
    """Score the speech-emotion models on clips of one corpus."""
    from interview.training.speech.corpus import DataError
    from interview.training.speech.evaluate import evaluate

    try:
        result = evaluate(data, set_name, models)
    except DataError as error:
        raise click.ClickException(str(error)) from None
    click.echo(json.dumps(result, indent=2) if as_json else _table(result))


@evaluate.command("faces")
@click.option("--data", required=True, type=DATA, help="Folder that holds faces/<set>.webp, .csv.")
@click.option(
    "--set",
    "set_name",
    default="fer2013_public_test",
    show_default=True,
    help="Name of the data set.",
)
@click.option("--models", default=MODELS, type=DATA, help="Folder of the trained models.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def evaluate_faces(data: Path, set_name: str, models: Path, as_json: bool) -> None:
    """Score the model of faces: emotions, smiles and pose, as the set's columns tell."""
    from interview.training.faces.data import DataError
    from interview.training.faces.evaluate import evaluate

    try:
        result = evaluate(data, set_name, models)
    except DataError as error:
        raise click.ClickException(str(error)) from None
    click.echo(json.dumps(result, indent=2) if as_json else _table(result))


@evaluate.command("fusion")
@click.option("--data", required=True, type=DATA, help="Folder of RAVDESS' own video files.")
@click.option("--models", default=MODELS, type=DATA, help="Folder of the trained models.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def evaluate_fusion(data: Path, models: Path, as_json: bool) -> None:
    """Score face, voice and both together on RAVDESS' videos, actors left out."""
    from interview.training.fusion.evaluate import evaluate
    from interview.training.speech.corpus import DataError

    try:
        result = evaluate(data, models)
    except DataError as error:
        raise click.ClickException(str(error)) from None
    click.echo(json.dumps(result, indent=2) if as_json else _table(result))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mode", type=click.Choice(["text", "audio", "video"]), default="text", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON.")
def analyse(file: Path, mode: str, as_json: bool) -> None:
    """Analyse one document or recording and print its report, without database or queue."""
    report = _analyse_document(file) if mode == "text" else _analyse_recording(file, mode)
    click.echo(json.dumps(report, indent=2) if as_json else _overview(report))


def _analyse_document(file: Path) -> dict[str, Any]:
    """Return the report on a document; ends the program when it cannot be read."""
    from interview.analysis.text.bigfive import BigFiveModel
    from interview.analysis.text.documents import DocumentError, extract
    from interview.analysis.text.pipeline import analyse_text

    try:
        document = extract(file)
    except DocumentError as error:
        sys.exit(f"{file.name} could not be read: {error.code}")
    return analyse_text(document.text, model=BigFiveModel.load(MODELS / "text")).to_dict()


def _analyse_recording(file: Path, mode: str) -> dict[str, Any]:
    """Return the report on a recording; ends the program when it cannot be read."""
    from interview.analysis.audio.emotion import SpeechEmotionModel
    from interview.analysis.audio.pipeline import analyse_audio
    from interview.analysis.decode import MediaError

    speech = SpeechEmotionModel.load(MODELS / "speech")
    try:
        if mode == "video":
            from interview.analysis.video.emotion import FaceModel
            from interview.analysis.video.pipeline import analyse_video

            faces = FaceModel.load(MODELS / "faces")
            return analyse_video(file, face_model=faces, speech_model=speech).to_dict()
        return analyse_audio(file, speech_model=speech).to_dict()
    except MediaError as error:
        sys.exit(f"{file.name} could not be read: {error.code}")


def _overview(report: dict[str, Any]) -> str:
    """Return the report's notices and measures, one a line."""
    found = [*report["notices"], *report.get("voice", {}).get("notices", ())]
    notices = [f"notice: {notice['code']} {notice['values']}" for notice in found]
    measures = [f"{key:32} {value:10.3f}" for key, value in report["measures"].items()]
    return "\n".join([f"pipeline: {report['pipeline']}", *notices, *measures])


def _table(result: dict[str, Any]) -> str:
    """Return the figures of an evaluation, one a line, nested names joined by dots."""
    lines = []

    def walk(prefix: str, value: Any) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                walk(f"{prefix}.{key}" if prefix else str(key), item)
        else:
            shown = f"{value:.4f}" if isinstance(value, float) else str(value)
            lines.append(f"{prefix:48} {shown}")

    walk("", result)
    return "\n".join(lines)
