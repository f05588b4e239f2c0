"""Other machines on the same clips: kernels and components of the literature, older splits."""

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import SVC

from interview.analysis.audio.emotion import CLASSES, softmax
from interview.analysis.audio.svm import LIMIT, Svm
from interview.training.speech.corpus import FOLDS, random_rows
from interview.training.speech.machines import fit_combination, fit_svm, principal_axes
from interview.training.speech.rivals import FILE as RIVALS

if TYPE_CHECKING:
    from interview.training.speech.shipping import Run

KERNELS = {
    "linear": {"kernel": "linear", "C": 10.0},
    "poly 2": {"kernel": "poly", "degree": 2, "coef0": 1.0, "gamma": 1.0, "C": 10.0},
    "poly 3": {"kernel": "poly", "degree": 3, "coef0": 1.0, "gamma": 1.0, "C": 10.0},
    "rbf": {"kernel": "rbf", "gamma": 0.4, "C": 10.0},
}
"""Settings for places whose mean square length is 1."""
COMPONENTS = (0, 140, 120, 100)
RANDOM = "random"
CALM = CLASSES.index("calm")


def compare(run: "Run", table: NDArray) -> dict[str, Any]:
    """Return the table of kernels and components, and the figures on the older random split."""
    ravdess = run.datasets == "ravdess"
    rows = np.flatnonzero(ravdess)
    by_actor = [
        (rows[run.folds[rows] != fold], rows[run.folds[rows] == fold]) for fold in range(FOLDS)
    ]
    train, test = random_rows(run.clips, run.plan.seed)
    rivals = run.runs / RIVALS
    return {
        "rivals": json.loads(rivals.read_text(encoding="utf-8")) if rivals.exists() else {},
        "kernels_by_actor": kernels(table, run.labels, by_actor),
        "kernels_random": kernels(table, run.labels, [(train, test)]),
        "random_split": _random(run, table, train, test) if run.plan.random_split else None,
    }


def kernels(
    table: NDArray, labels: NDArray, splits: list[tuple[NDArray, NDArray]]
) -> dict[str, dict[str, float]]:
    """Return the accuracy of each kernel with each number of components, RAVDESS alone."""
    hits: dict[str, dict[str, float]] = {name: {} for name in KERNELS}
    for count in COMPONENTS:
        right = dict.fromkeys(KERNELS, 0)
        for train, test in splits:
            mean, scale = table[train].mean(axis=0), table[train].std(axis=0) + 1e-6
            scaled = np.clip((table - mean) / scale, -LIMIT, LIMIT)
            axes = principal_axes(scaled[train], count)
            places = scaled @ axes
            places /= np.sqrt((places[train] ** 2).sum(axis=1).mean())
            for name, settings in KERNELS.items():
                machine = SVC(**settings)
                machine.fit(places[train], labels[train])
                right[name] += int((machine.predict(places[test]) == labels[test]).sum())
        total = sum(len(test) for _, test in splits)
        for name in KERNELS:
            hits[name][str(count or "none")] = right[name] / total
    return hits


def _random(run: "Run", table: NDArray, train: NDArray, test: NDArray) -> dict[str, float]:
    """Return the machines' accuracies on the random split.

    The network learns from these clips alone, as in older work; CREMA-D helps the other machine.
    """
    hidden = np.where(np.arange(len(CLASSES)) == CALM, -30.0, 0.0)
    network = softmax(run.network(RANDOM, train, test) + hidden)
    # How far to trust the support vectors is fitted on a fifth of the training clips.
    order = np.random.default_rng(run.plan.seed + 1).permutation(train)
    part, rest = order[: len(order) // 5], order[len(order) // 5 :]
    scores = _fit_without_calm(run, table, rest).scores(table[part])
    known = np.tile(np.where(hidden < 0, 0.0, 1.0), (len(part), 1)).astype(np.float32)
    mixture = fit_combination(
        np.zeros_like(scores), scores, run.labels[part], known, np.ones(len(part)), ("svm",)
    )
    found = _fit_without_calm(run, table, train).scores(table[test])
    vectors = softmax(mixture.svm * found + mixture.offsets + hidden)
    both = np.log(vectors + 1e-9) + np.log(network + 1e-9)
    truth = run.labels[test]
    return {
        "n": len(test),
        "svm": float((vectors.argmax(axis=1) == truth).mean()),
        "crnn": float((network.argmax(axis=1) == truth).mean()),
        "ensemble": float((both.argmax(axis=1) == truth).mean()),
    }


def _fit_without_calm(run: "Run", table: NDArray, rows: NDArray) -> Svm:
    """Fit the machine on some RAVDESS rows and the other corpora.

    Calm is no class of this split, but the machine's layout has it: one clip of next to no weight
    stands for it.
    """
    stand_in = np.flatnonzero(run.labels == CALM)[:1]
    chosen = np.concatenate([rows, np.flatnonzero(run.datasets != "ravdess"), stand_in])
    weights = np.where(np.isin(chosen, stand_in), 1e-3, run.weights[chosen])
    return fit_svm(table[chosen], run.labels[chosen], weights, run.plan.svm)
