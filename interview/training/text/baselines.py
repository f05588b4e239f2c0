"""Models that others would use, for comparison, on the same folds.

Scores are centred so that above 0 means above the middle of the trait.
"""

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from gensim.models import Word2Vec
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.svm import LinearSVC

from interview.analysis.text.preprocess import tokens, words
from interview.analysis.text.vectors import TfIdf
from interview.analysis.text.words import lemma, stop_words
from interview.training.text.fitting import fit_linear

EMBEDDING_SIZE = 300


def literature_words(text: str) -> list[str]:
    """Return lemmas without stop words, as the literature's pipelines prepare essays."""
    return [lemma(word) for word in words(text) if word not in stop_words()]


def score_fold(
    counts: sp.csr_array,
    reduced: sp.csr_array,
    labels: NDArray[np.float64],
    train: NDArray[np.int64],
    test: NDArray[np.int64],
) -> dict[str, NDArray]:
    """Fit on ``train`` and score ``test``; ``reduced`` counts lemmas without stop words."""
    weigh, weigh_reduced = TfIdf.fit(counts[train], 3), TfIdf.fit(reduced[train], 3)
    fitted, held = weigh.transform(counts[train]), weigh.transform(counts[test])
    lemmas, held_lemmas = (weigh_reduced.transform(reduced[rows]) for rows in (train, test))
    ridge, _ = fit_linear(lemmas, labels[train], 10.0)
    found = {"ridge_lemmas": ridge.score(held_lemmas) + labels[train].mean(0) - 0.5}
    kept = weigh.columns
    presence = sp.csr_array(counts[:, kept])
    presence.data = np.ones_like(presence.data)
    for name in ("naive_bayes", "linear_svm", "logistic", "nb_svm"):
        found[name] = np.zeros((len(test), labels.shape[1]), np.float32)
    for k in range(labels.shape[1]):
        y = (labels[train, k] > 0.5).astype(int)
        bayes = MultinomialNB(alpha=0.5).fit(fitted, y)
        chances = bayes.predict_log_proba(held)
        found["naive_bayes"][:, k] = chances[:, 1] - chances[:, 0]
        svm = LinearSVC(C=0.05, dual=True, max_iter=5000).fit(fitted, y)
        found["linear_svm"][:, k] = svm.decision_function(held)
        logistic = LogisticRegression(C=0.5, max_iter=500).fit(fitted, y)
        found["logistic"][:, k] = logistic.decision_function(held)
        ratio = _log_count_ratio(presence[train], y)
        # Wang & Manning (2012): counts weighed by how much more one class uses the term.
        nb_svm = LinearSVC(C=0.001, dual=True, max_iter=5000)
        nb_svm.fit(sp.csr_array(presence[train].multiply(ratio[None, :])), y)
        found["nb_svm"][:, k] = nb_svm.decision_function(
            sp.csr_array(presence[test].multiply(ratio[None, :]))
        )
    return found


def _log_count_ratio(presence: sp.csr_array, labels: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the logarithm of how much more likely each term is in texts of the upper class."""
    high, low = (np.asarray(presence[labels == side].sum(0)).ravel() + 1 for side in (1, 0))
    return np.log((high / high.sum()) / (low / low.sum())).astype(np.float32)


def fit_embedding(
    texts: Sequence[str], extra: Sequence[str], *, seed: int, size: int, epochs: int
) -> Word2Vec:
    """Fit skip-gram Word2Vec (Mikolov et al. 2013) on a fold's texts and unlabelled ``extra``."""
    corpus = [tokens(text) for text in (*texts, *extra)]
    return Word2Vec(
        corpus,
        vector_size=size,
        sg=1,
        window=5,
        min_count=5,
        negative=5,
        sample=1e-4,
        epochs=epochs,
        workers=1,  # several would make it depend on their timing
        seed=seed,
    )


def embedded(vectors: sp.csr_array, terms: Sequence[str], model: Word2Vec) -> NDArray[np.float32]:
    """Return each text's Word2Vec mean, weighted by TF-IDF; unit length."""
    table = np.stack(
        [model.wv[term] if term in model.wv else np.zeros(model.vector_size) for term in terms]
    )
    means = np.asarray(vectors @ table.astype(np.float32))
    return means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
