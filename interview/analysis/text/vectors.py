"""Feature spaces and kernel machines of the Big Five models, in NumPy and SciPy only.

Every class holds plain arrays, so that a fitted model is stored without pickles.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

Floats = NDArray[np.float32]
Analyzer = Callable[[str], list[str]]


def count_terms(
    texts: Sequence[str], analyzer: Analyzer, vocabulary: Sequence[str]
) -> sp.csr_array:
    """Return how often each text holds each term, shape ``(texts, vocabulary)``."""
    counter = CountVectorizer(analyzer=analyzer, vocabulary=list(vocabulary), dtype=np.float32)
    return sp.csr_array(counter.transform(texts))


@dataclass(frozen=True, slots=True)
class TfIdf:
    """Logarithmic term frequency times smoothed inverse document frequency, unit length.

    ``columns`` says which columns of a count matrix are terms; ``idf`` has their weights.
    """

    columns: NDArray[np.int64]
    idf: Floats

    @classmethod
    def fit(cls, counts: sp.csr_array, minimum: int) -> Self:
        """Keep the terms that at least ``minimum`` of the texts hold."""
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        columns = np.flatnonzero(frequency >= minimum)
        idf = np.log((1 + counts.shape[0]) / (1 + frequency[columns])) + 1
        return cls(columns, idf.astype(np.float32))

    def transform(self, counts: sp.csr_array) -> sp.csr_array:
        """Weigh a count matrix whose columns are those of the fitted one."""
        weighed = sp.csr_array(counts[:, self.columns], copy=True)
        weighed.data = 1 + np.log(weighed.data)
        weighed = sp.csr_array(weighed.multiply(self.idf[None, :]))
        norms = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
        scale = 1 / np.where(norms > 0, norms, 1)
        return sp.csr_array(weighed.multiply(scale[:, None]).astype(np.float32))


@dataclass(frozen=True, slots=True)
class Projection:
    """Latent semantic analysis (Deerwester et al. 1990): sparse vectors to a few axes.

    ``basis`` has shape ``(terms, axes)``; the axes are scaled to a standard deviation that falls
    with their rank, so that later axes count less.
    """

    basis: Floats

    def transform(self, vectors: sp.csr_array) -> Floats:
        """Return the coordinates, shape ``(texts, axes)``."""
        return np.asarray(vectors @ self.basis, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Gaussianiser:
    """Maps each feature to normal scores through its quantiles in the training texts.

    ``quantiles`` has shape ``(features, levels)``, ``scores`` shape ``(levels,)``.
    """

    quantiles: Floats
    scores: Floats

    def transform(self, features: NDArray[np.float64]) -> Floats:
        """Return the normal scores; a feature that never varied is 0."""
        columns = [
            np.interp(values, knots, self.scores) if knots[-1] > knots[0] else np.zeros(len(values))
            for values, knots in zip(features.T, self.quantiles, strict=True)
        ]
        return np.stack(columns, axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class LinearMachine:
    """Ridge regression in the space of the features: ``x @ weights + offset``."""

    weights: Floats
    offset: Floats

    def score(self, vectors: sp.csr_array) -> Floats:
        """Return the scores, shape ``(texts, outputs)``."""
        return np.asarray(vectors @ self.weights + self.offset, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class KernelMachine:
    """Ridge regression with a Gaussian kernel over support points.

    The kernel is ``exp(-gamma * |x - s|^2)``; ``weights`` has shape ``(support, outputs)``.
    """

    support: Floats
    gamma: float
    weights: Floats
    offset: Floats

    def score(self, points: Floats) -> Floats:
        """Return the scores, shape ``(texts, outputs)``."""
        return gaussian_kernel(points, self.support, self.gamma) @ self.weights + self.offset


def squared_distances(left: Floats, right: Floats) -> Floats:
    """Return the squared distances between the rows, shape ``(left, right)``."""
    found = (left**2).sum(1)[:, None] + (right**2).sum(1)[None, :] - 2 * left @ right.T
    return np.maximum(found, 0).astype(np.float32)


def gaussian_kernel(left: Floats, right: Floats, gamma: float) -> Floats:
    """Return ``exp(-gamma * d^2)`` for every pair of rows."""
    return np.exp(-np.float32(gamma) * squared_distances(left, right))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt scaling (Platt 1999) that depends on the length of a text.

    ``lengths`` are words, ascending; ``slopes`` and ``offsets`` have shape ``(lengths, traits)``.
    Between two lengths the values are interpolated over the logarithm of the length; outside they
    stay those of the nearest. Short texts say less, so their slopes are smaller.
    """

    lengths: Floats
    slopes: Floats
    offsets: Floats

    def probabilities(self, scores: Floats, words: NDArray[np.int64]) -> Floats:
        """Return calibrated probabilities, shape ``(texts, traits)``."""
        at, knots = np.log(np.maximum(words, 1)), np.log(self.lengths)
        slope = np.stack([np.interp(at, knots, column) for column in self.slopes.T], axis=1)
        offset = np.stack([np.interp(at, knots, column) for column in self.offsets.T], axis=1)
        return (1 / (1 + np.exp(-(slope * scores + offset)))).astype(np.float32)


def joined(blocks: Mapping[str, Floats], weights: Mapping[str, float]) -> Floats:
    """Return the named blocks of features side by side, each times its weight."""
    return np.hstack([blocks[name] * np.float32(weight) for name, weight in weights.items()])
