"""`flask train text`: cross-validate, fit on everything, write ``models/text`` and its card."""

import json
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interview.analysis.text.bigfive import FORMAT, BigFiveModel
from interview.analysis.text.vectors import TfIdf
from interview.training.text import comparing
from interview.training.text.card import write_card
from interview.training.text.corpus import Essays, Transcripts, count_clips, count_essays, kept
from interview.training.text.crossval import (
    Checkpoint,
    cross_calibrate,
    cross_validate_impressions,
    cross_validate_traits,
    whole_calibration,
)
from interview.training.text.data import fingerprint, read_essays, read_impressions
from interview.training.text.heads import (
    Settings,
    calibrated,
    fit_impressions,
    fit_traits,
    lined_up,
)
from interview.training.text.measures import binary, bootstrap_mean, continuous
from interview.training.text.norms import norms_of
from interview.training.text.plan import Plan

VERSION = "text-1"
CHECKPOINTS = Path(__file__).resolve().parents[3] / "runs" / "text"


def train(
    data: Path,
    out: Path,
    *,
    seed: int = Settings.seed,
    plan: Plan | None = None,
    checkpoints: Path = CHECKPOINTS,
    log: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Train the text model on ``data`` and write it, complete with its card, to ``out``.

    Every finished fold is kept under ``checkpoints``; a run that was stopped goes on from there.
    Returns what ``card.json`` says. Raises ``DataError`` when the data cannot be used.
    """
    plan = plan or Plan(settings=Settings(seed=seed))
    messages: list[str] = []
    start = time.monotonic()

    def tell(message: str) -> None:
        messages.append(f"{time.monotonic() - start:7.0f} s  {message}")
        if log:
            log(messages[-1])

    essays_data, clips_data = read_essays(data), read_impressions(data)
    kept_essays = Checkpoint(checkpoints, essays_data, plan.settings)
    kept_clips = Checkpoint(checkpoints, clips_data, plan.settings)
    clips = count_clips(clips_data, plan.settings, kept_clips, tell)
    essays = count_essays(essays_data, plan.settings, kept_essays, tell, clips)
    traits, chances, calibration = _measure_traits(essays, plan, kept_essays, tell)
    impressions, scores = _measure_impressions(clips, plan.settings, kept_clips, tell)
    compared = comparing.compare(essays, clips_data, plan, kept_essays, tell)
    tell("fitting on everything")
    model, ratings = _fit(essays, clips, plan.settings, calibration, scores)
    model.save(out)
    norms = norms_of(essays_data.texts, chances, ratings, clips_data.groups)
    _write(out / "norms.json", norms)
    _write(
        out / "training_ids.json",
        {
            "essays": sorted(map(fingerprint, essays_data.ids)),
            "first_impressions": sorted(map(fingerprint, clips_data.ids)),
        },
    )
    tell("writing the card")
    card = {
        "name": "text",
        "version": VERSION,
        "format": FORMAT,
        "settings": asdict(plan.settings),
        "traits": traits,
        "impressions": impressions,
        "compared": compared,
    }
    run = {"plan": asdict(plan), "environment": _environment(), "log": messages, "results": card}
    _write(out / "run.json", run)
    _write(out / "card.json", card)
    write_card(out, card, chances, essays_data.labels)
    return card


def _measure_traits(
    essays: Essays, plan: Plan, checkpoint: Checkpoint, tell: Callable[[str], None]
) -> tuple[dict[str, Any], NDArray[np.float64], Any]:
    """Return the held-out figures, the held-out probabilities and the calibration to ship."""
    labels, words = essays.data.labels, essays.counted[0].words
    lengths = {length: counted.words for length, counted in essays.counted.items()}
    repeated = []
    for seed in (plan.settings.seed, *plan.more_seeds):
        found, fold = cross_validate_traits(
            essays.data, essays.counted, plan.settings, checkpoint, tell, seed
        )
        scores = {int(length): machines["shipped"] for length, machines in found.items()}
        chances = cross_calibrate(scores, lengths, labels, fold)
        if not repeated:
            first, first_found, first_fold = (scores, chances), found, fold
        repeated.append({"seed": seed, "mean_accuracy": _accuracy(chances[0], labels)})
    scores, chances = first
    blocks = {
        name: binary(chances[0][:, k], labels[:, k]) for k, name in enumerate(essays.data.names)
    }
    hits = (chances[0] > 0.5) == (labels > 0.5)
    by_length = [
        _at_length(length or int(np.median(words)), chances[length], labels, whole=not length)
        for length in (*plan.settings.lengths, 0)
    ]
    alone = {
        name: _accuracy(cross_calibrate({0: score}, lengths, labels, first_fold)[0], labels)
        for name, score in first_found["0"].items()
    }
    result = {
        "protocol": "ten folds by essay; calibration fitted on the other nine folds",
        "fold_seed": plan.settings.seed,
        "n": len(labels),
        "mean_accuracy": float(hits.mean()),
        "mean_accuracy_95": bootstrap_mean(hits.astype(float)),
        "fold_accuracies": [
            float(hits[first_fold == index].mean()) for index in np.unique(first_fold)
        ],
        "repeated": repeated,
        "repeated_mean": float(np.mean([one["mean_accuracy"] for one in repeated])),
        "traits": blocks,
        "machines": alone,
        "by_length": by_length,
    }
    tell(f"mean accuracy {result['mean_accuracy']:.4f}, repeated {result['repeated_mean']:.4f}")
    return result, chances[0], whole_calibration(scores, labels, words)


def _accuracy(chances: NDArray, labels: NDArray) -> float:
    """Return the mean accuracy over traits."""
    return float(((chances > 0.5) == (labels > 0.5)).mean())


def _at_length(words: int, chances: NDArray, labels: NDArray, *, whole: bool) -> dict[str, Any]:
    """Return the figures of essays cut to one length."""
    blocks = [binary(chances[:, k], labels[:, k]) for k in range(labels.shape[1])]
    return {
        "words": words,
        "whole": whole,
        "mean_accuracy": float(np.mean([block["accuracy"] for block in blocks])),
        "accuracy": [block["accuracy"] for block in blocks],
        "ece": [block["ece"] for block in blocks],
        "spread": float(chances.std(0).mean()),
    }


def _measure_impressions(
    clips: Transcripts,
    settings: Settings,
    checkpoint: Checkpoint,
    tell: Callable[[str], None],
) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """Return the held-out figures and the held-out scores before their line to the ratings."""
    found, fold = cross_validate_impressions(
        clips.data, clips.letters, clips.style, settings, checkpoint, tell, settings.seed
    )
    labels = clips.data.labels
    ratings = _line_by_fold(found["shipped"], labels, fold)
    blocks = {
        name: continuous(ratings[:, k], labels[:, k]) for k, name in enumerate(clips.data.names)
    }
    result = {
        "protocol": "ten folds by video; the line to the ratings fitted on the other nine folds",
        "fold_seed": settings.seed,
        "n": len(labels),
        "pearson_r": float(np.mean([block["pearson_r"] for block in blocks.values()])),
        "mae": float(np.mean([block["mae"] for block in blocks.values()])),
        "traits": blocks,
        "machines": {name: _correlation(score, labels) for name, score in found.items()},
    }
    tell(f"impressions r {result['pearson_r']:.4f}")
    return result, found["shipped"]


def _correlation(scores: NDArray, labels: NDArray) -> float:
    """Return the mean Pearson r over outputs."""
    pairs = zip(scores.T, labels.T, strict=True)
    return float(np.mean([np.corrcoef(left, right)[0, 1] for left, right in pairs]))


def _line_by_fold(scores: NDArray, labels: NDArray, fold: NDArray) -> NDArray[np.float64]:
    """Map each fold's scores to ratings by the line of the other folds."""
    found = np.zeros_like(labels)
    for index in np.unique(fold):
        held = fold == index
        found[held] = _line(scores[~held], labels[~held], scores[held])
    return found


def _line(scores: NDArray, labels: NDArray, new: NDArray) -> NDArray[np.float64]:
    """Map new scores by the least-squares line, clipped to 0 to 1."""
    centred = scores - scores.mean(0)
    slopes = (centred * (labels - labels.mean(0))).sum(0) / (centred**2).sum(0)
    return np.clip((new - scores.mean(0)) * slopes + labels.mean(0), 0, 1)


def _fit(
    essays: Essays,
    clips: Transcripts,
    settings: Settings,
    calibration: Any,
    clip_scores: NDArray[np.float32],
) -> tuple[BigFiveModel, NDArray[np.float64]]:
    """Fit both heads on all texts; also return the held-out ratings of the clips."""
    traits = fit_traits(essays.counted[0], essays.data.labels, settings)
    impressions = fit_impressions(clips.letters, clips.style, clips.data.labels, settings)
    vocabularies = {
        "tokens": kept(essays.terms["tokens"], traits.tokens.columns),
        "spelling": kept(essays.terms["spelling"], traits.spelling.columns),
        "letters": kept(clips.terms, impressions.letters.columns),
    }
    model = BigFiveModel(
        VERSION,
        vocabularies,
        calibrated(_renumbered(traits, "tokens", "spelling"), calibration),
        lined_up(_renumbered(impressions, "letters"), clip_scores, clips.data.labels),
    )
    return model, _line(clip_scores, clips.data.labels, clip_scores)


def _renumbered(head: Any, *names: str) -> Any:
    """Return the head with columns counted in the kept vocabulary instead of the whole one."""
    weights = {name: getattr(head, name) for name in names}
    return replace(
        head, **{name: TfIdf(np.arange(len(w.idf)), w.idf) for name, w in weights.items()}
    )


def _environment() -> Mapping[str, str]:
    """Return the versions that the figures were made with."""
    packages = ("numpy", "scipy", "scikit-learn", "gensim", "tensorflow", "keras")
    return {"python": platform.python_version()} | {name: version(name) for name in packages}


def _write(path: Path, content: Any) -> None:
    """Write JSON, one key a line down to the arrays of numbers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, default=_plain) + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    """Return NumPy values as JSON types."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(f"{type(value)} is not JSON")
