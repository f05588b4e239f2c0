"""Fitting of the two heads on the texts of a fold, or on all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import Ridge

from interview.analysis.text.heads import KERNELS, Counted, ImpressionHead, TraitHead
from interview.analysis.text.preprocess import anonymise
from interview.analysis.text.vectors import Analyzer, Calibration, LinearMachine, TfIdf, joined
from interview.training.text import fitting


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set; the defaults are what is shipped."""

    seed: int = 20
    fold_count: int = 10
    token_minimum: int = 3
    spelling_minimum: int = 10
    axes: int = 50
    words_penalty: float = 10.0
    kernel_penalty: float = 20.0
    style_penalty: float = 10.0
    kernel_width: float = 0.5
    letters_minimum: int = 6
    letters_penalty: float = 10.0
    manner_penalty: float = 10.0
    manner_width: float = 0.25
    landmarks: int = 2000
    lengths: tuple[int, ...] = (50, 100, 150, 300)


def vocabulary(texts: Sequence[str], analyzer: Analyzer, minimum: int) -> list[str]:
    """Return the terms that at least ``minimum`` of the texts hold, sorted.

    Over all texts this is only the upper bound of what may be counted: inside a fold, TfIdf.fit
    keeps the terms that are frequent enough among the fold's own training texts.
    """
    counter = CountVectorizer(analyzer=analyzer, min_df=min(minimum, len(texts)))
    return sorted(counter.fit([anonymise(text) for text in texts]).vocabulary_)


def fit_traits(counted: Counted, labels: NDArray[np.float64], settings: Settings) -> TraitHead:
    """Fit the trait head, without calibration (it comes from texts that were held out)."""
    tokens = TfIdf.fit(counted.tokens, settings.token_minimum)
    spelling = TfIdf.fit(counted.spelling, settings.spelling_minimum)
    vectors, letters = tokens.transform(counted.tokens), spelling.transform(counted.spelling)
    topics = fitting.fit_projection(vectors, settings.axes, settings.seed)
    spelling_axes = fitting.fit_projection(letters, settings.axes, settings.seed)
    style = fitting.fit_gaussianiser(counted.style)
    manner = fitting.fit_gaussianiser(counted.manner)
    blocks = {
        "topics": topics.transform(vectors),
        "spelling": spelling_axes.transform(letters),
        "style": style.transform(counted.style),
        "manner": manner.transform(counted.manner),
    }
    words, left_out = fitting.fit_linear(vectors, labels, settings.words_penalty)
    machines, spreads = [], [left_out.std(0)]
    for name, weights in KERNELS.items():
        penalty = settings.style_penalty if name == "style" else settings.kernel_penalty
        points = joined(blocks, weights)
        machine, left_out = fitting.fit_kernel(points, labels, penalty, settings.kernel_width)
        machines.append(machine)
        spreads.append(left_out.std(0))
    scales = np.maximum(np.array(spreads, np.float32), 1e-6)
    none = np.zeros((1, labels.shape[1]), np.float32)
    unfitted = Calibration(np.array([1.0], np.float32), none + 1, none)
    return TraitHead(
        tokens, spelling, topics, spelling_axes, style, manner, words, *machines, scales, unfitted
    )


def calibrated(head: TraitHead, calibration: Calibration) -> TraitHead:
    """Return the head with a calibration."""
    return replace(head, calibration=calibration)


def fit_impressions(
    letters: sp.csr_array,
    style: NDArray[np.float64],
    labels: NDArray[np.float64],
    settings: Settings,
) -> ImpressionHead:
    """Fit the impression head; its line to the ratings is set by `lined_up`."""
    terms = TfIdf.fit(letters, settings.letters_minimum)
    vectors = terms.transform(letters)
    ridge = Ridge(settings.letters_penalty, solver="sparse_cg", tol=1e-3)
    ridge.fit(sp.csr_matrix(vectors), labels - labels.mean(0))
    by_letters = LinearMachine(
        ridge.coef_.T.astype(np.float32), ridge.intercept_.astype(np.float32)
    )
    gaussianiser = fitting.fit_gaussianiser(style)
    points = gaussianiser.transform(style)
    by_style = fitting.fit_landmarks(
        points,
        labels,
        settings.manner_penalty,
        settings.manner_width,
        settings.landmarks,
        settings.seed,
    )
    scales = np.stack([by_letters.score(vectors).std(0), by_style.score(points).std(0)])
    outputs = labels.shape[1]
    return ImpressionHead(
        terms,
        gaussianiser,
        by_letters,
        by_style,
        np.maximum(scales, 1e-6).astype(np.float32),
        np.ones(outputs, np.float32),
        np.zeros(outputs, np.float32),
    )


def lined_up(
    head: ImpressionHead, scores: NDArray[np.float64], labels: NDArray[np.float64]
) -> ImpressionHead:
    """Return the head with the least-squares line from held-out scores to the ratings."""
    centred = scores - scores.mean(0)
    slopes = (centred * (labels - labels.mean(0))).sum(0) / (centred**2).sum(0)
    offsets = labels.mean(0) - slopes * scores.mean(0)
    return replace(head, slopes=slopes.astype(np.float32), offsets=offsets.astype(np.float32))
