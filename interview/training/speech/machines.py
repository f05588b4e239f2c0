"""Fitting of the support vector machine and of the calibrated combination."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.svm import SVC

from interview.analysis.audio.emotion import CLASSES, Combination, softmax
from interview.analysis.audio.svm import LIMIT, Svm

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SvmSettings:
    """``width`` is the kernel's, over the components' mean square; ``components`` 0: all."""

    components: int = 300
    penalty: float = 4.0
    width: float = 0.4
    ravdess_weight: float = 3.0


def fit_svm(
    features: Floats, labels: NDArray[np.int64], weights: NDArray, settings: SvmSettings
) -> Svm:
    """Fit scaling, principal components and machine; ``labels`` index ``CLASSES``."""
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-6
    scaled = np.clip((features - mean) / scale, -LIMIT, LIMIT)
    axes = principal_axes(scaled, settings.components)
    places = scaled @ axes
    width = settings.width / float((places**2).sum(axis=1).mean())
    machine = SVC(C=settings.penalty, kernel="precomputed", cache_size=1000)
    machine.fit(gaussian(places, places, width), labels, sample_weight=weights)
    duals = np.zeros((len(CLASSES) - 1, len(machine.support_)), np.float32)
    duals[: len(machine.dual_coef_)] = machine.dual_coef_
    if len(machine.classes_) != len(CLASSES):
        raise ValueError("every class needs a clip")
    return Svm(
        mean=mean.astype(np.float32),
        scale=scale.astype(np.float32),
        axes=axes.astype(np.float32),
        vectors=places[machine.support_].astype(np.float32),
        duals=duals,
        intercepts=machine.intercept_.astype(np.float32),
        sizes=machine.n_support_.astype(np.int64),
        width=width,
    )


def principal_axes(scaled: Floats, count: int) -> Floats:
    """Return the first eigenvectors of the covariance, shape ``(features, count)``; 0: all."""
    if not count or count >= scaled.shape[1]:
        return np.eye(scaled.shape[1], dtype=np.float32)
    centred = scaled - scaled.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    return vectors[:, ::-1][:, :count].astype(np.float32)


def gaussian(one: Floats, other: Floats, width: float) -> Floats:
    """Return the Gaussian kernel between rows."""
    distance = (one**2).sum(1)[:, None] + (other**2).sum(1)[None] - 2 * one @ other.T
    return np.exp(-width * np.maximum(distance, 0))


def fit_combination(
    odds: Floats,
    scores: Floats,
    labels: NDArray[np.int64],
    known: Floats,
    weights: NDArray,
    use: Sequence[str],
) -> Combination:
    """Fit the weights of the machines named in ``use`` and an offset per class.

    Minimises the weighted log loss among the classes that each clip's corpus contains.
    """
    hidden = -30.0 * (1 - known)
    rows = np.arange(len(labels))

    def mixture(values: NDArray) -> Floats:
        crnn = values[0] if "crnn" in use else 0.0
        svm = values[1] if "svm" in use else 0.0
        return crnn * odds + svm * scores + values[2:] + hidden

    def loss(values: NDArray) -> float:
        chances = softmax(mixture(values))[rows, labels]
        return float(-(weights * np.log(chances + 1e-9)).sum() / weights.sum()) + 1e-3 * float(
            (values[2:] ** 2).sum()
        )

    best = minimize(loss, np.concatenate([[0.7, 0.3], np.zeros(len(CLASSES))]), method="L-BFGS-B").x
    return Combination(
        crnn=float(best[0]) if "crnn" in use else 0.0,
        svm=float(best[1]) if "svm" in use else 0.0,
        offsets=best[2:].astype(np.float32),
    )
