"""Figures of a model on labelled texts."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

ECE_BINS = 10


def calibration_error(chances: NDArray, labels: NDArray, bins: int = ECE_BINS) -> float:
    """Return the expected calibration error (Naeini et al. 2015) over equally wide bins."""
    index = np.minimum((chances * bins).astype(int), bins - 1)
    gaps = [
        abs(chances[index == i].mean() - labels[index == i].mean()) * (index == i).mean()
        for i in np.unique(index)
    ]
    return float(sum(gaps))


def binary(chances: NDArray, labels: NDArray) -> dict[str, Any]:
    """Return the figures of a two-class trait: ``low`` (0) and ``high`` (1)."""
    said, true = chances > 0.5, labels > 0.5
    confusion = [
        [int((~true & ~said).sum()), int((~true & said).sum())],
        [int((true & ~said).sum()), int((true & said).sum())],
    ]
    per_class = {}
    for index, name in enumerate(("low", "high")):
        hit = confusion[index][index]
        predicted, actual = confusion[0][index] + confusion[1][index], sum(confusion[index])
        precision, recall = hit / max(1, predicted), hit / max(1, actual)
        both = precision + recall
        per_class[name] = {
            "precision": precision,
            "recall": recall,
            "f1": 2 * precision * recall / both if both else 0.0,
            "support": actual,
        }
    accuracy = float((said == true).mean())
    return {
        "n": len(labels),
        "accuracy": accuracy,
        "accuracy_95": wilson(accuracy, len(labels)),
        "macro_f1": (per_class["low"]["f1"] + per_class["high"]["f1"]) / 2,
        "ece": calibration_error(chances, labels),
        "confusion": confusion,
        "labels": ["low", "high"],
        "per_class": per_class,
    }


def continuous(values: NDArray, labels: NDArray) -> dict[str, Any]:
    """Return the figures of a rating: Pearson's r with its 95 % interval (Fisher) and the MAE."""
    count = len(labels)
    varies = count > 2 and np.std(values) > 0 and np.std(labels) > 0
    r = float(np.corrcoef(values, labels)[0, 1]) if varies else float("nan")
    if varies and count > 3:
        z, half = np.arctanh(r), 1.96 / np.sqrt(count - 3)
        interval = [float(np.tanh(z - half)), float(np.tanh(z + half))]
    else:
        interval = [-1.0, 1.0]
    mae = float(np.abs(values - labels).mean())
    return {
        "n": count,
        "pearson_r": r if varies else None,
        "pearson_r_95": interval,
        "mae": mae,
    }


def wilson(share: float, count: int) -> list[float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    z2 = 1.96**2
    centre = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = 1.96 * np.sqrt(share * (1 - share) / count + z2 / (4 * count**2)) / (1 + z2 / count)
    return [float(centre - half), float(centre + half)]


def bootstrap_mean(hits: NDArray, seed: int = 0, rounds: int = 2000) -> list[float]:
    """Return the 95 % bootstrap interval of the mean over texts of each text's mean.

    ``hits`` has shape ``(texts, names)``, NaN where a label is missing. Whole texts are drawn, so
    that a text's traits stay together.
    """
    per_text = np.nanmean(hits, axis=1)
    draws = np.random.default_rng(seed).integers(0, len(per_text), (rounds, len(per_text)))
    low, high = np.quantile(per_text[draws].mean(1), (0.025, 0.975))
    return [float(low), float(high)]
