"""The model card: what the figures of a run say, for people."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from interview.analysis.report import TRAITS
from interview.training.star.measure import FOLDER, as_markdown, measure
from interview.training.text.measures import ECE_BINS

mpl.use("Agg")

from matplotlib import pyplot as plt

NAMES = {
    "naive_bayes": "Multinomial naive Bayes, TF-IDF",
    "linear_svm": "Linear SVM, TF-IDF",
    "logistic": "Logistic regression, TF-IDF",
    "nb_svm": "SVM on log-count ratios (NB-SVM)",
    "ridge_lemmas": "Ridge, TF-IDF of lemmas without stop words",
    "word2vec_tfidf": "Word2Vec weighted by TF-IDF, Gaussian kernel",
    "network_output_layers_only": "Conv1D + LSTM, only its output layers fitted",
    "network": "Conv1D + LSTM, everything fitted",
    "words": "Ridge, TF-IDF of words and marks",
    "style": "Gaussian kernel, style",
    "topics": "Gaussian kernel, latent axes and impression (part of the ensemble)",
    "joint": "Gaussian kernel, the same and style (part of the ensemble)",
}

_INTENT = """\
# Big Five from a text

What a writer says of themselves (five traits, each a calibrated probability of being above the
middle), and, from a separate head, how a speaker may come across to strangers.

## Use and terms

For practice and research. **Not for hiring decisions**: the accuracy below is a little above
chance, and nobody should be chosen, ranked or turned down by it. The weights were fitted on data
for research use, so use of the weights follows those terms. No text of the data is in
the folder of the weights: vocabularies hold terms of at least {token_minimum} essays or
{letters_minimum} transcripts, and training texts are recognised by short hashes of their ids.

## Data

- {n_essays} stream-of-consciousness essays of psychology students with the binary results of their
  questionnaires (Pennebaker & King 1999), anonymised: names are placeholders, every digit is 0.
- {n_clips} transcripts of 15-second clips of people who talk to a camera, with strangers' ratings
  (ChaLearn First Impressions V2, CVPR 2017).

## What is shipped

The mean of two ridge machines with Gaussian kernels: one over latent semantic axes of words and of
spelling and over what the impression head says of the text, one over these and style (word classes,
lengths, punctuation). One Platt scaling per trait, for texts of each length. The impression head
adds a linear ridge over runs of characters and a kernel ridge over style; longer texts are cut into
passages of about {clip_words} words whose ratings are averaged.
"""

_LIMITS = """\
## Known limits

- The essays are a stream of consciousness by American students around the year 2000. An answer in
  an interview is another kind of text by other people; how the accuracy carries over is not
  measured.
- Answers are shorter than essays. The table by length was made by cutting essays; probabilities
  move towards the base rate accordingly.
- The transcripts were punctuated by professionals, and a clip's number of words is the speed of
  speech. In a typed answer both mean something else, so the rating is a rough hint.
- The ratings are strangers' prejudices about people on camera, including their looks, and say
  nothing about how anybody is.
- English only. The data name no sex, race or age, so differences between groups are not measured.
- The settings and the make-up of the ensemble were chosen by earlier ten-fold runs on the same
  essays, partly with the fold seeds 20 and 21, so those figures are a little optimistic; other
  seeds in the list of fold seeds played no part in the choice.
- The impression head, whose scores are features of the trait head, is fitted on all transcripts in
  every fold of the essays; no essay and no essay's label is in it.
- The shipped model was meant to reach 59.0 % and the network 56.5 % in ten folds. Where a figure
  above is lower, or the network has fewer held-out essays than the others or is missing from the
  table, that aim is not shown to be met.
"""

_NETWORK = """
![Losses of the network](training.svg)

The network starts as a weighted mean of the fold's skip-gram vectors, with its output layers set by
a ridge regression on its last states, and is then tuned for one epoch at a low rate. It learns the
log odds that the ridge regression over TF-IDF of the same fold gives each training essay when that
essay is left out; the 0/1 labels reach it only through these. How it starts was chosen on six folds
of another split.
"""


def write_card(
    folder: Path, card: dict[str, Any], chances: NDArray, labels: NDArray[np.float64]
) -> None:
    """Write ``MODEL_CARD.md`` and its pictures. ``chances`` are held-out probabilities."""
    _draw_calibration(folder / "calibration.svg", chances, labels)
    losses = card["compared"]["network_losses"]
    if losses:
        _draw_losses(folder / "training.svg", losses)
    (folder / "MODEL_CARD.md").write_text(card_text(card), encoding="utf-8")


def card_text(card: dict[str, Any]) -> str:
    """Return ``MODEL_CARD.md`` of a run's figures."""
    parts = [_intent(card), _traits(card), _lengths(card), _compared(card), _impressions(card)]
    parts += [_structure(), _LIMITS, _COMMANDS]
    return "\n".join(parts)


def _intent(card: dict[str, Any]) -> str:
    """Return use, data and design."""
    from interview.analysis.text.heads import CLIP_WORDS

    return _INTENT.format(
        n_essays=card["traits"]["n"],
        n_clips=card["impressions"]["n"],
        clip_words=CLIP_WORDS,
        **card["settings"],
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _share(value: float) -> str:
    """Return a share in per cent."""
    return f"{100 * value:.1f} %"


def _interval(bounds: Sequence[float]) -> str:
    """Return an interval of shares in per cent."""
    return f"{100 * bounds[0]:.1f}–{100 * bounds[1]:.1f}"


def _traits(card: dict[str, Any]) -> str:
    """Return the held-out figures of the traits."""
    traits = card["traits"]
    rows = [
        (
            name,
            _share(block["accuracy"]),
            _interval(block["accuracy_95"]),
            f"{block['macro_f1']:.3f}",
            f"{block['ece']:.3f}",
        )
        for name, block in traits["traits"].items()
    ]
    repeated = ", ".join(
        f"{one['seed']}: {_share(one['mean_accuracy'])}" for one in traits["repeated"]
    )
    return f"""\
## Self-described traits

Protocol: {traits["protocol"]}; everything else fitted inside the fold. Mean accuracy of the five
traits **{_share(traits["mean_accuracy"])}** (95 % interval over essays
{_interval(traits["mean_accuracy_95"])}). Ten folds, by fold seed: {repeated}; mean
**{_share(traits["repeated_mean"])}**.

{_table(("trait", "accuracy", "95 %", "macro F1", "ECE"), rows)}
![Calibration of held-out essays](calibration.svg)
"""


def _lengths(card: dict[str, Any]) -> str:
    """Return accuracy and calibration of cut essays."""
    rows = [
        (
            f"whole (median {row['words']})" if row["whole"] else str(row["words"]),
            _share(row["mean_accuracy"]),
            *(_share(value) for value in row["accuracy"]),
            f"{max(row['ece']):.3f}",
        )
        for row in card["traits"]["by_length"]
    ]
    head = ("words", "mean", *TRAITS, "largest ECE of a trait")
    return f"## By length\n\nHeld-out essays cut to their first words.\n\n{_table(head, rows)}"


def _compared(card: dict[str, Any]) -> str:
    """Return the table of all models."""
    traits, models = card["traits"], card["compared"]["models"]
    rows = [("**shipped ensemble**", str(traits["n"]), _share(traits["mean_accuracy"]), "")]
    rows += [
        (NAMES[name], str(traits["n"]), _share(value), "")
        for name, value in traits["machines"].items()
        if name in NAMES
    ]
    rows += [
        (
            NAMES.get(name, name),
            str(block["n"]),
            _share(block["mean_accuracy"]),
            _interval(block["mean_accuracy_95"]),
        )
        for name, block in models.items()
    ]
    curves = _NETWORK if "network" in models else ""
    return f"""\
## All models, on the same folds

{_table(("model", "held-out essays", "mean accuracy", "95 %"), rows)}{curves}{_departures(card)}"""


def _departures(card: dict[str, Any]) -> str:
    """Return what differs from the literature's preprocessing, with its measurement."""
    models, machines = card["compared"]["models"], card["traits"]["machines"]
    if "ridge_lemmas" not in models:
        return ""
    reduced, whole = models["ridge_lemmas"]["mean_accuracy"], machines["words"]
    return f"""
Departure from the literature's preprocessing: stop words and marks are kept and words are not
reduced to lemmas. The same ridge regression has {_share(reduced)} on lemmas without stop words and
{_share(whole)} on all words and marks.
"""


def _impressions(card: dict[str, Any]) -> str:
    """Return the held-out figures of the impressions."""
    block = card["impressions"]
    rows = [
        (
            name,
            f"{one['pearson_r']:.3f}",
            f"{one['pearson_r_95'][0]:.3f}–{one['pearson_r_95'][1]:.3f}",
            f"{one['mae']:.3f}",
        )
        for name, one in block["traits"].items()
    ]
    return f"""\
## How a speaker may come across

Protocol: {block["protocol"]}. Mean Pearson r **{block["pearson_r"]:.3f}**, mean absolute error
{block["mae"]:.3f} (ratings 0 to 1). The intervals take clips as independent, which those of one
video are not.

{_table(("rating", "Pearson r", "95 %", "mean absolute error"), rows)}"""


def _structure() -> str:
    """Return how often the rules beside the models are right; they learn nothing from the data."""
    measured = measure(FOLDER / "measure.jsonl")
    return f"""\
## Situation, task, action, result

Which parts of a story a text tells is found by rules, not by these models. They were measured on
answers that were written and labelled for this purpose, unseen by whoever made the rules. How that
was done, and where the rules are weakest, is said in `docs/text-analysis.md`;
`python -m interview.training.star` measures anew.

{as_markdown(measured)}
"""


_COMMANDS = """\
## To reproduce

`flask train text --data DIR` cross-validates, fits and writes this folder; every setting, version
and figure is in `run.json`. `flask evaluate text --data DIR --set essays` (or `first_impressions`)
scores the shipped weights; on the training texts that says nothing of new texts, and the output
says `trained_on`.
"""


def _draw_calibration(path: Path, chances: NDArray, labels: NDArray) -> None:
    """Draw observed shares over predicted probabilities."""
    figure, axes = plt.subplots(figsize=(5, 5), layout="constrained")
    axes.plot((0, 1), (0, 1), color="0.7", linewidth=1)
    for k, name in enumerate(TRAITS):
        known = ~np.isnan(labels[:, k])
        index = np.minimum((chances[known, k] * ECE_BINS).astype(int), ECE_BINS - 1)
        points = [
            (chances[known, k][index == i].mean(), labels[known, k][index == i].mean())
            for i in range(ECE_BINS)
            if (index == i).sum() >= 20
        ]
        if points:
            axes.plot(*np.array(points).T, marker="o", label=name)
    axes.set(xlabel="predicted probability", ylabel="share of essays", xlim=(0, 1), ylim=(0, 1))
    axes.legend()
    _save(figure, path)


def _draw_losses(path: Path, losses: Sequence[Sequence[float]]) -> None:
    """Draw each fold's cross-entropy with its output layers fitted, and with everything fitted."""
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    for index, fold in enumerate(losses):
        axes.plot((0, 1), fold, marker="o", markersize=3, linewidth=0.8, label=str(index + 1))
    axes.set(ylabel="cross-entropy of training windows", xlim=(-0.2, 1.2))
    axes.set_xticks((0, 1), ("output layers fitted", "everything fitted"))
    axes.legend(title="fold", fontsize="small", ncols=2)
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    """Write a picture that is the same for the same figures."""
    with mpl.rc_context({"svg.hashsalt": "text"}):
        figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
