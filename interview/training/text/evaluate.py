"""Scoring of the shipped weights on labelled texts."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interview.analysis.text.bigfive import BigFiveModel
from interview.analysis.text.heads import count_transcripts
from interview.training.text.data import Texts, fingerprint, read_essays, read_impressions
from interview.training.text.measures import binary, bootstrap_mean, continuous

SETS = ("essays", "first_impressions")


def evaluate(data: Path, set_name: str, models: Path) -> dict[str, Any]:
    """Score the shipped model on ``data/text/<set_name>.csv``.

    ``models`` is the folder of all models or that of the text model. Returns one block per trait;
    ``mean_accuracy`` for essays, mean ``pearson_r`` and ``mae`` for impressions; ``models`` with
    the figures of each machine in the ensemble. Rows without a label are counted under
    ``skipped``. ``trained_on`` says whether any scored text was among the training texts, and then
    the figures say nothing of new texts. Raises ``DataError`` or ``ValueError``.
    """
    if set_name not in SETS:
        raise ValueError(f"unknown set {set_name!r}; known are {', '.join(SETS)}")
    folder = models / "text" if (models / "text" / "card.json").exists() else models
    model = BigFiveModel.load(folder)
    texts = read_essays(data) if set_name == "essays" else read_impressions(data)
    result = _traits(model, texts) if set_name == "essays" else _impressions(model, texts)
    known = set(json.loads((folder / "training_ids.json").read_text(encoding="utf-8"))[set_name])
    seen = sum(fingerprint(identifier) in known for identifier in texts.ids)
    return {
        "set": set_name,
        "n": len(texts.texts),
        "version": model.version,
        "trained_on": seen > 0,
        "trained_on_texts": seen,
        **result,
    }


def _traits(model: BigFiveModel, texts: Texts) -> dict[str, Any]:
    """Return the figures on essays."""
    counted = model.count(texts.texts)
    chances = model.traits.probabilities(counted)
    blocks, skipped = _blocks(chances, texts, binary)
    hits = np.where(np.isnan(texts.labels), np.nan, (chances > 0.5) == (texts.labels > 0.5))
    labelled = ~np.isnan(hits).all(1)
    machines = {}
    for name, scores in model.traits.machines(counted).items():
        # A machine alone has no calibration: above 0 is above the middle of its training texts.
        alone = {
            trait: float(((scores[:, k] > 0) == (texts.labels[:, k] > 0.5))[known].mean())
            for k, trait in enumerate(texts.names)
            if (known := ~np.isnan(texts.labels[:, k])).any()
        }
        machines[name] = {"accuracy": _mean(list(alone.values())), "traits": alone}
    accuracy = _mean([block["accuracy"] for block in blocks.values()])
    interval = bootstrap_mean(hits[labelled]) if labelled.any() else None
    return {
        "task": "binary",
        "labels": ["low", "high"],
        "mean_accuracy": accuracy,
        "mean_accuracy_95": interval,
        "accuracy": accuracy,
        "macro_f1": _mean([block["macro_f1"] for block in blocks.values()]),
        "ece": _mean([block["ece"] for block in blocks.values()]),
        "skipped": skipped,
        "traits": blocks,
        "models": machines,
    }


def _impressions(model: BigFiveModel, texts: Texts) -> dict[str, Any]:
    """Return the figures on transcripts."""
    ratings = model.impression_ratings(texts.texts)
    blocks, skipped = _blocks(ratings, texts, continuous)
    letters, style = count_transcripts(texts.texts, model.vocabularies["letters"])
    machines = {}
    for name, scores in model.impressions.machines(letters, style).items():
        alone, _ = _blocks(scores, texts, continuous)
        machines[name] = {"pearson_r": _mean([b["pearson_r"] for b in alone.values()])}
    return {
        "task": "continuous",
        "pearson_r": _mean([block["pearson_r"] for block in blocks.values()]),
        "mae": _mean([block["mae"] for block in blocks.values()]),
        "skipped": skipped,
        "traits": blocks,
        "models": machines,
    }


def _blocks(values: NDArray, texts: Texts, figures: Any) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the figures of each trait that has labels, and how many texts lack one."""
    blocks, skipped = {}, {}
    for k, name in enumerate(texts.names):
        known = ~np.isnan(texts.labels[:, k])
        if (~known).any():
            skipped[name] = int((~known).sum())
        if known.any():
            blocks[name] = figures(values[known, k], texts.labels[known, k])
    return blocks, skipped


def _mean(values: Sequence[float | None]) -> float | None:
    """Return the mean of what is there, None when nothing is."""
    there = [value for value in values if value is not None]
    return float(np.mean(there)) if there else None
