"""Figures of a classifier of emotions on labelled clips."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interview.training.text.measures import wilson

ECE_BINS = 15


def figures(
    chances: NDArray, labels: Sequence[str], classes: Sequence[str], names: Sequence[str]
) -> dict[str, Any]:
    """Return accuracy, macro-F1, ECE and confusion of probabilities against true classes.

    ``names`` says which of the model's ``classes`` the corpus contains: the others are left out
    and the rest is brought to a sum of 1. ``labels`` are all among ``names``.
    """
    part = chances[:, [classes.index(name) for name in names]]
    part = part / np.maximum(part.sum(axis=1, keepdims=True), 1e-12)
    true = np.array([names.index(label) for label in labels])
    said = part.argmax(axis=1)
    confusion = np.zeros((len(names), len(names)), int)
    np.add.at(confusion, (true, said), 1)
    per_class = {name: _one(confusion, k) for k, name in enumerate(names)}
    accuracy = float((said == true).mean())
    return {
        "n": len(labels),
        "accuracy": accuracy,
        "accuracy_95": wilson(accuracy, len(labels)),
        "balanced_accuracy": float(np.mean([one["recall"] for one in per_class.values()])),
        "macro_f1": float(np.mean([one["f1"] for one in per_class.values()])),
        "ece": calibration_error(part.max(axis=1), said == true),
        "labels": list(names),
        "confusion": confusion.tolist(),
        "per_class": per_class,
    }


def _one(confusion: NDArray, k: int) -> dict[str, float]:
    """Return precision, recall, F1 and support of one class."""
    hit = confusion[k, k]
    precision = hit / max(1, confusion[:, k].sum())
    recall = hit / max(1, confusion[k].sum())
    both = precision + recall
    return {
        "precision": float(precision),
        "recall": float(recall),
        "f1": float(2 * precision * recall / both) if both else 0.0,
        "support": int(confusion[k].sum()),
    }


def calibration_error(confidence: NDArray, hits: NDArray, bins: int = ECE_BINS) -> float:
    """Return the expected calibration error of the top class (Guo et al. 2017), equal widths."""
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(confidence[index == k].mean() - hits[index == k].mean()) * (index == k).mean()
            for k in np.unique(index)
        )
    )
