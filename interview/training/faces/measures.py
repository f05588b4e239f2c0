"""Figures of the model's outputs on labelled faces."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax
from sklearn.metrics import roc_auc_score

from interview.analysis.report import EMOTIONS
from interview.analysis.video.emotion import Faces, Scales, softmax
from interview.analysis.video.shape import POSE, VOTED, head
from interview.training.faces.data import FEWEST_VOTES, FaceSet
from interview.training.speech.measures import figures

SMILES = ("no smile", "smile")


def emotion_figures(faces: FaceSet, seen: Faces) -> dict[str, Any]:
    """Return the figures of the seven emotions; faces of other labels count as ``skipped``."""
    labels = faces.emotions()
    rows = [row for row, label in enumerate(labels) if label in EMOTIONS]
    skipped: dict[str, int] = {}
    for label in labels:
        if label not in EMOTIONS:
            skipped[label] = skipped.get(label, 0) + 1
    there = {labels[row] for row in rows}
    names = [name for name in EMOTIONS if name in there]
    block = figures(seen.emotions[rows], [labels[row] for row in rows], EMOTIONS, names)
    return {"task": "emotion", **block, "skipped": skipped}


def votes_figures(faces: FaceSet, outputs: NDArray, scales: Scales) -> dict[str, Any]:
    """Return the figures of the annotators' majority among eight classes (FERPlus).

    Left out are faces with too few votes and those without a single first choice.
    """
    votes = faces.votes()
    highest = votes.max(axis=1)
    clear = (votes == highest[:, None]).sum(axis=1) == 1
    rows = np.flatnonzero(clear & (votes.sum(axis=1) >= FEWEST_VOTES))
    labels = [VOTED[place] for place in votes[rows].argmax(axis=1)]
    chances = softmax(scales.votes * outputs[rows][:, head("votes")])
    names = [name for name in VOTED if name in set(labels)]
    return {"task": "votes", **figures(chances, labels, VOTED, names)}


def smile_figures(faces: FaceSet, seen: Faces) -> dict[str, Any]:
    """Return the figures of smiles, with the area under the curve."""
    true = faces.column("smile") > 0.5
    chances = np.stack([1 - seen.smile, seen.smile], axis=1)
    block = figures(chances, [SMILES[int(value)] for value in true], SMILES, SMILES)
    return {"task": "smile", **block, "auc": float(roc_auc_score(true, seen.smile))}


def pose_figures(faces: FaceSet, seen: Faces) -> dict[str, float]:
    """Return the mean absolute error of the head's pose, in degrees."""
    true = np.stack([faces.column(f"{name}_rad") for name in POSE], axis=1)
    away = np.degrees(np.nanmean(np.abs(seen.pose - true), axis=0))
    return {f"{name}_mae_degrees": float(value) for name, value in zip(POSE, away, strict=True)}


def all_figures(faces: FaceSet, outputs: NDArray, scales: Scales) -> dict[str, Any]:
    """Return every figure that the columns of a set allow, the main task's on top."""
    seen, columns = scales.faces(outputs), faces.rows[0]
    blocks: dict[str, dict[str, Any]] = {}
    if "emotion" in columns:
        blocks["emotion"] = emotion_figures(faces, seen)
    if "votes_neutral" in columns:
        blocks["votes"] = votes_figures(faces, outputs, scales)
    if "smile" in columns:
        blocks["smile"] = smile_figures(faces, seen)
    main = next(iter(blocks.values()), {})
    found = {**main, "models": blocks}
    if "yaw_rad" in columns:
        found["pose"] = pose_figures(faces, seen)
    return found


def best_scale(odds: NDArray, targets: NDArray) -> float:
    """Return the factor of log odds with the least log loss (temperature, Guo et al. 2017).

    ``targets`` are distributions over the columns of ``odds``.
    """

    def loss(logarithm: float) -> float:
        return _log_loss(np.exp(logarithm) * odds, targets)

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 2), method="bounded").x))


def best_scaling(odds: NDArray, targets: NDArray) -> tuple[float, tuple[float, ...]]:
    """Return the factor and the offsets of log odds with the least log loss.

    ``targets`` are distributions over the columns of ``odds``. One factor for all classes and an
    offset for each, which sum to 0, are vector scaling (Guo et al. 2017) with one slope.
    """

    def loss(values: NDArray) -> float:
        return _log_loss(np.exp(values[0]) * odds + values[1:], targets)

    found = minimize(loss, np.zeros(1 + odds.shape[1]), method="L-BFGS-B").x
    offsets = found[1:] - found[1:].mean()
    return float(np.exp(found[0])), tuple(float(offset) for offset in offsets)


def _log_loss(odds: NDArray, targets: NDArray) -> float:
    return float(-(targets * log_softmax(odds, axis=1)).sum(axis=1).mean())
