"""Fitting of the feature spaces and ridge machines; nothing here sees a text it is scored on."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.special import ndtri
from sklearn.utils.extmath import randomized_svd

from interview.analysis.text.vectors import (
    Calibration,
    Floats,
    Gaussianiser,
    KernelMachine,
    LinearMachine,
    Projection,
    gaussian_kernel,
    squared_distances,
)

QUANTILE_LEVELS = 41


@dataclass(frozen=True, slots=True)
class Solution:
    """Weights over the training texts, offset, and leave-one-out scores of those texts."""

    weights: Floats
    offset: Floats
    left_out: Floats


def fit_projection(vectors: sp.csr_array, axes: int, seed: int) -> Projection:
    """Find the axes of latent semantic analysis; the first, which is mostly the mean, is dropped.

    Axis ``j`` is scaled to the standard deviation ``1 / sqrt(1 + j / 10)`` over the texts.
    """
    axes = min(axes, min(vectors.shape) - 2)
    _, _, rows = randomized_svd(vectors, axes + 1, n_iter=6, random_state=seed)
    basis = rows[1:].T
    spread = np.asarray(vectors @ basis).std(0)
    taper = 1 / np.sqrt(1 + np.arange(basis.shape[1]) / 10)
    return Projection((basis * (taper / np.maximum(spread, 1e-9))).astype(np.float32))


def fit_gaussianiser(features: NDArray[np.float64]) -> Gaussianiser:
    """Learn the quantiles of each feature."""
    levels = (np.arange(QUANTILE_LEVELS) + 0.5) / QUANTILE_LEVELS
    quantiles = np.quantile(features, levels, axis=0).T
    return Gaussianiser(quantiles.astype(np.float32), ndtri(levels).astype(np.float32))


def solve_ridge(kernel: Floats, labels: NDArray[np.float64], penalty: float) -> Solution:
    """Kernel ridge regression with an unpenalised offset; ``penalty`` is per mean eigenvalue.

    The scores are centred: 0 is the mean label. The leave-one-out scores are the closed form of
    the hat matrix, exact for given features.
    """
    means = kernel.mean(0)
    centred = kernel - means[None, :] - means[:, None] + means.mean()
    centred[np.diag_indices_from(centred)] += penalty * np.trace(centred) / len(centred)
    targets = (labels - labels.mean(0)).astype(np.float32)
    factor = cho_factor(centred, lower=True, overwrite_a=True, check_finite=False)
    weights = cho_solve(factor, targets, check_finite=False)
    inverse = cho_solve(factor, np.eye(len(centred), dtype=np.float32), check_finite=False)
    left_out = targets - weights / np.diag(inverse)[:, None]
    return Solution(weights, -(means @ weights), left_out)


def fit_linear(
    vectors: sp.csr_array, labels: NDArray[np.float64], penalty: float
) -> tuple[LinearMachine, Floats]:
    """Ridge regression over sparse vectors, solved over the texts; with leave-one-out scores."""
    solution = solve_ridge((vectors @ vectors.T).toarray(), labels, penalty)
    machine = LinearMachine(np.asarray(vectors.T @ solution.weights), solution.offset)
    return machine, solution.left_out


def fit_kernel(
    points: Floats, labels: NDArray[np.float64], penalty: float, width: float
) -> tuple[KernelMachine, Floats]:
    """Ridge regression with a Gaussian kernel; ``width`` is gamma times the mean distance."""
    distances = squared_distances(points, points)
    gamma = width / float(distances.mean())
    solution = solve_ridge(np.exp(-np.float32(gamma) * distances), labels, penalty)
    machine = KernelMachine(points, gamma, solution.weights, solution.offset)
    return machine, solution.left_out


def fit_landmarks(
    points: Floats,
    labels: NDArray[np.float64],
    penalty: float,
    width: float,
    landmarks: int,
    seed: int,
) -> KernelMachine:
    """Gaussian kernel ridge regression through landmarks (Nystroem; Rudi et al. 2015)."""
    chosen = np.random.default_rng(seed).permutation(len(points))[:landmarks]
    support = points[np.sort(chosen)]
    gamma = width / float(squared_distances(support, support).mean())
    among = gaussian_kernel(support, support, gamma).astype(np.float64)
    towards = gaussian_kernel(points, support, gamma).astype(np.float64)
    means = towards.mean(0)
    centred = towards - means
    system = centred.T @ centred + penalty * among
    system[np.diag_indices_from(system)] += 1e-6 * np.trace(system) / len(system)
    factor = cho_factor(system, lower=True, overwrite_a=True)
    weights = cho_solve(factor, centred.T @ (labels - labels.mean(0)))
    return KernelMachine(
        support, gamma, weights.astype(np.float32), (-(means @ weights)).astype(np.float32)
    )


def fit_platt(scores: NDArray, labels: NDArray, steps: int = 30) -> tuple[float, float]:
    """Return slope and offset of a logistic regression of 0/1 labels on one score.

    Newton's method, with Platt's softened targets; a negative slope becomes 0, so that a score
    that says nothing gives the base rate.
    """
    known = ~np.isnan(labels)
    scores, labels = scores[known].astype(np.float64), labels[known]
    positive, negative = (labels > 0.5).sum(), (labels < 0.5).sum()
    targets = np.where(labels > 0.5, (positive + 1) / (positive + 2), 1 / (negative + 2))
    base = float(np.log((positive + 1) / (negative + 1)))
    design = np.stack([scores, np.ones_like(scores)], axis=1)
    solution = np.array([0.0, base])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-design @ solution))
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + 1e-6 * np.eye(2)
        solution += np.linalg.solve(curvature, design.T @ (targets - chance))
    if solution[0] < 0:
        return 0.0, base
    return float(solution[0]), float(solution[1])


def fit_calibration(scores: dict[int, NDArray], labels: NDArray, longest: float) -> Calibration:
    """Fit one Platt scaling per trait and length.

    ``scores`` maps a length in words, 0 for the whole text, to scores ``(texts, traits)``;
    ``longest`` is the length at which the scaling of whole texts holds.
    """
    order = [*sorted(length for length in scores if length), 0]
    fitted = np.array(
        [
            [fit_platt(scores[length][:, k], labels[:, k]) for k in range(labels.shape[1])]
            for length in order
        ],
        np.float32,
    )
    lengths = np.array([length or longest for length in order], np.float32)
    return Calibration(lengths, fitted[..., 0], fitted[..., 1])
