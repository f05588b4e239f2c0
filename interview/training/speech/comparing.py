"""Other machines on the same clips: kernels and components of the literature, older splits."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import SVC

from interview.analysis.audio.emotion import CLASSES, softmax
from interview.training.speech.corpus import FOLDS
from interview.training.speech.machines import (
    SvmSettings,
    fit_combination,
    fit_svm,
    principal_axes,
)

if TYPE_CHECKING:
    from interview.training.speech.shipping import Run

KERNELS = {
    "linear": {"kernel": "linear", "C": 0.01},
    "poly 2": {"kernel": "poly", "degree": 2, "coef0": 1.0, "C": 1.0},
    "poly 3": {"kernel": "poly", "degree": 3, "coef0": 1.0, "C": 1.0},
    "rbf": {"kernel": "rbf", "C": 5.0},
}
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
    train, test = random_split(run)
    return {
        "kernels_by_actor": kernels(table, run.labels, by_actor),
        "kernels_random": kernels(table, run.labels, [(train, test)]),
        "random_split": _random(run, table, train, test) if run.plan.random_split else None,
    }


def random_split(run: "Run") -> tuple[NDArray, NDArray]:
    """Return training (85 %) and test (15 %) rows of RAVDESS without calm, drawn by clip.

    Older work kept 5 % of the former for choosing; nothing is chosen here.
    """
    rows = np.flatnonzero((run.datasets == "ravdess") & (run.labels != CALM))
    rows = np.random.default_rng(run.plan.seed).permutation(rows)
    cut = round(0.85 * len(rows))
    return np.sort(rows[:cut]), np.sort(rows[cut:])


def kernels(
    table: NDArray, labels: NDArray, splits: list[tuple[NDArray, NDArray]]
) -> dict[str, dict[str, float]]:
    """Return the accuracy of each kernel with each number of components, RAVDESS alone."""
    hits: dict[str, dict[str, float]] = {name: {} for name in KERNELS}
    for count in COMPONENTS:
        right = dict.fromkeys(KERNELS, 0)
        for train, test in splits:
            mean, scale = table[train].mean(axis=0), table[train].std(axis=0) + 1e-6
            scaled = np.clip((table - mean) / scale, -4, 4)
            axes = principal_axes(scaled[train], count)
            places = scaled @ axes
            places /= np.sqrt((places[train] ** 2).sum(axis=1).mean())
            for name, settings in KERNELS.items():
                width = 0.4 if name == "rbf" else 1.0
                machine = SVC(gamma=width, **_scaled(settings))
                machine.fit(places[train], labels[train])
                right[name] += int((machine.predict(places[test]) == labels[test]).sum())
        total = sum(len(test) for _, test in splits)
        for name in KERNELS:
            hits[name][str(count or "none")] = right[name] / total
    return hits


def _scaled(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings for places of mean length 1, where penalties must be larger."""
    return settings | {"C": settings["C"] * 1000 if settings["kernel"] == "linear" else 10.0}


def _random(run: "Run", table: NDArray, train: NDArray, test: NDArray) -> dict[str, float]:
    """Return the machines' accuracies on the random split; the other corpora help to train."""
    rows = np.concatenate([train, np.flatnonzero(run.datasets != "ravdess")])
    odds = run.network(RANDOM, rows, test)
    # The weights of the combination come from a fifth of the training rows, left out for this.
    inner = np.random.default_rng(run.plan.seed + 1).permutation(train)
    part, rest = inner[: len(inner) // 5], inner[len(inner) // 5 :]
    svm = fit_svm_on(run, table, rest)
    svm_whole = fit_svm_on(run, table, train)
    scores, part_scores = svm_whole.scores(table[test]), svm.scores(table[part])
    allowed = np.ones(len(CLASSES), np.float32)
    allowed[CALM] = 0
    hidden = -30.0 * (1 - allowed)
    # The network saw every training row; only the scale of the other machine is fitted here.
    mixture = fit_combination(
        np.zeros_like(part_scores),
        part_scores,
        run.labels[part],
        np.tile(allowed, (len(part), 1)),
        np.ones(len(part)),
        ("svm",),
    )
    alone = softmax(mixture.svm * scores + mixture.offsets + hidden)
    network = softmax(odds + hidden)
    both = np.log(alone + 1e-9) + np.log(network + 1e-9)
    truth = run.labels[test]
    return {
        "n": len(test),
        "svm": float((alone.argmax(1) == truth).mean()),
        "crnn": float((network.argmax(1) == truth).mean()),
        "ensemble": float((both.argmax(1) == truth).mean()),
    }


def fit_svm_on(run: "Run", table: NDArray, rows: NDArray) -> Any:
    """Fit the machine on some RAVDESS rows and the other corpora."""
    every = np.concatenate([rows, np.flatnonzero(run.datasets != "ravdess")])
    settings: SvmSettings = run.plan.svm
    extra = every[run.labels[every] != CALM]
    # Calm is no class of this split, but the machine's layout has it: one clip stands for it.
    stand_in = np.flatnonzero(run.labels == CALM)[:1]
    chosen = np.concatenate([extra, stand_in])
    weights = np.where(np.isin(chosen, stand_in), 1e-3, run.weights[chosen])
    return fit_svm(table[chosen], run.labels[chosen], weights, settings)
