"""Figures of the models that were not shipped, on the folds of the shipped one."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interview.analysis.text.preprocess import anonymise, tokens
from interview.analysis.text.vectors import TfIdf
from interview.training.text import baselines
from interview.training.text.corpus import Essays, kept
from interview.training.text.crossval import Arrays, Checkpoint
from interview.training.text.data import Texts, folds
from interview.training.text.fitting import fit_kernel, fit_linear
from interview.training.text.measures import bootstrap_mean, wilson
from interview.training.text.network_settings import FIRST_WORD, UNKNOWN
from interview.training.text.plan import Plan

EMBEDDING_EPOCHS = 5
EMBEDDING_SCALE = 1.0
TAUGHT_SPREAD = 0.35
"""Standard deviation of the log odds that the network learns; about that of calibrated ones."""


def compare(
    essays: Essays, clips: Texts, plan: Plan, checkpoint: Checkpoint, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Return, per model, mean and per-trait accuracy over its folds, and the network's losses."""
    fold = folds(essays.data.groups, plan.settings.seed, plan.settings.fold_count)
    found: dict[str, Any] = {}
    if plan.baselines:
        for index in range(plan.settings.fold_count):
            train, test = np.flatnonzero(fold != index), np.flatnonzero(fold == index)

            def linear(train: NDArray = train, test: NDArray = test) -> Arrays:
                return baselines.score_fold(
                    essays.counted[0].tokens, essays.lemmas, essays.data.labels, train, test
                )

            _collect(found, checkpoint.run(f"baselines-{index}", linear, tell), test)
    losses = []
    for index in range(plan.network_folds):
        train, test = np.flatnonzero(fold != index), np.flatnonzero(fold == index)

        def network(train: NDArray = train, test: NDArray = test, index: int = index) -> Arrays:
            return embedded_fold(essays, clips, plan, train, test, index)

        result = checkpoint.run(f"network-{index}", network, tell, uses=plan.network)
        losses.append(result.pop("losses").tolist())
        _collect(found, result, test)
    figures = {name: _figures(scores, essays.data) for name, scores in found.items()}
    return {"models": figures, "network_losses": losses}


def _collect(found: dict[str, dict[int, NDArray]], result: Arrays, test: NDArray) -> None:
    """Put a fold's scores to the essays that they belong to."""
    for name, scores in result.items():
        if name != "seconds":
            found.setdefault(name, {}).update(zip(test.tolist(), scores, strict=True))


def _figures(scores: dict[int, NDArray], data: Texts) -> dict[str, Any]:
    """Return the figures over the essays that were scored."""
    rows = sorted(scores)
    hits = (np.stack([scores[row] for row in rows]) > 0) == (data.labels[rows] > 0.5)
    return {
        "n": len(rows),
        "mean_accuracy": float(hits.mean()),
        "mean_accuracy_95": bootstrap_mean(hits.astype(float)),
        "accuracy": dict(zip(data.names, hits.mean(0).tolist(), strict=True)),
        "accuracy_95": {
            name: wilson(float(share), len(rows))
            for name, share in zip(data.names, hits.mean(0), strict=True)
        },
    }


def embedded_fold(
    essays: Essays, clips: Texts, plan: Plan, train: NDArray, test: NDArray, seed: int
) -> Arrays:
    """Fit Word2Vec on a fold, then what uses it: the TF-IDF weighted mean and the network.

    The transcripts of the other data set, whose labels play no part, belong to the corpus of the
    embedding in every fold.
    """
    from interview.training.text import network

    plain = [anonymise(text) for text in essays.data.texts]
    labels, net = essays.data.labels, plan.network
    embedding = baselines.fit_embedding(
        [plain[row] for row in train],
        [anonymise(text) for text in clips.texts],
        seed=seed,
        size=net.size,
        epochs=EMBEDDING_EPOCHS,
    )
    weigh = TfIdf.fit(essays.counted[0].tokens[train], plan.settings.token_minimum)
    terms = kept(essays.terms["tokens"], weigh.columns)
    fitted = weigh.transform(essays.counted[0].tokens[train])
    held = weigh.transform(essays.counted[0].tokens[test])
    machine, _ = fit_kernel(
        _standardised(baselines.embedded(fitted, terms, embedding)), labels[train], 20.0, 0.5
    )
    middle = labels[train].mean(0) - 0.5
    reference = baselines.embedded(fitted, terms, embedding)
    points = (baselines.embedded(held, terms, embedding) - reference.mean(0)) / reference.std(0)
    scores = {"word2vec_tfidf": machine.score(points) + middle}
    index = {word: FIRST_WORD + rank for rank, word in enumerate(embedding.wv.index_to_key)}
    sequences = [
        np.array([index.get(token, UNKNOWN) for token in tokens(text)], np.int32) for text in plain
    ]
    table = _embedding_table(embedding.wv.vectors, [sequences[row] for row in train])
    _, left_out = fit_linear(fitted, labels[train], plan.settings.words_penalty)
    result = network.fit_predict(
        [sequences[row] for row in train],
        taught_odds(left_out, middle),
        [sequences[row] for row in test],
        table,
        net,
        seed,
    )
    names = {"head": "network_output_layers_only", "tuned": "network"}
    return scores | {names.get(name, name): value for name, value in result.items()}


def _standardised(values: NDArray) -> NDArray[np.float32]:
    """Return the columns with mean 0 and standard deviation 1."""
    return ((values - values.mean(0)) / values.std(0)).astype(np.float32)


def _embedding_table(vectors: NDArray, sequences: list[NDArray]) -> NDArray[np.float32]:
    """Return the network's first embedding: Word2Vec, centred, times inverse document frequency.

    The common direction of all word vectors says nothing (Mu & Viswanath 2018); words of many
    essays begin smaller. Rows 0 (padding) and 1 (unknown) are zero; the mean square over the
    running text is 1.
    """
    table = np.zeros((len(vectors) + FIRST_WORD, vectors.shape[1]))
    table[FIRST_WORD:] = vectors
    uses = np.bincount(np.concatenate(sequences), minlength=len(table)).astype(float)
    in_texts = np.bincount(
        np.concatenate([np.unique(one) for one in sequences]), minlength=len(table)
    )
    rarity = np.log((1 + len(sequences)) / (1 + in_texts)) + 0.2
    weights = (uses * rarity)[FIRST_WORD:]
    table[FIRST_WORD:] -= weights @ table[FIRST_WORD:] / weights.sum()
    table *= rarity[:, None]
    table[:FIRST_WORD] = 0
    scale = np.sqrt((uses @ table**2) / uses[FIRST_WORD:].sum()).mean()
    return (table / scale * EMBEDDING_SCALE).astype(np.float32)


def taught_odds(left_out: NDArray, middle: NDArray) -> NDArray:
    """Return the log odds that the network learns, from leave-one-out scores of the same texts.

    Scores of texts that a regression was fitted on would repeat their labels. ``middle`` is the
    share of texts above the middle of each trait, less a half.
    """
    return TAUGHT_SPREAD * left_out / left_out.std(0) + 4 * middle
