"""The model card of the speech model: what the figures of a run say, for people."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from interview.analysis.audio.emotion import CLASSES
from interview.training.speech.corpus import Clip
from interview.training.speech.figures_of import names_in

mpl.use("Agg")

from matplotlib import pyplot as plt

CORPORA = {"ravdess": "RAVDESS, 8 classes, 20 actors", "cremad": "CREMA-D, 6 classes, 77 actors"}
PROTOCOLS = CORPORA | {"random": "RAVDESS, 7 classes, random split by clip"}
MACHINES = {"ensemble": "Both, calibrated (shipped)", "crnn": "CRNN", "svm": "SVM"}

_INTENT = """\
# Emotions in a voice

Which of eight acted emotions a voice resembles: angry, calm, disgust, fear, happy, neutral, sad,
surprise. Pages show calm together with neutral.

## Use and terms

Practice feedback for the speaker alone, and research. **Not for hiring decisions**, which the EU
AI Act forbids for emotions (Art. 5(1)(f)). The model says how a voice sounds beside actors who
played emotions; it does not know what anybody feels. RAVDESS (Livingstone & Russo 2018) is under
CC BY-NC-SA 4.0, CREMA-D (Cao et al. 2014) under ODbL 1.0: the weights are for use that these terms
allow, which excludes commercial use. No recording is in the folder of the weights.

## What is shipped

- **SVM**: 52 short-term descriptors of 25 ms frames every 10 ms (zero crossings, energy, entropy of
  energy, spectral centroid, spread, entropy, flux, roll-off, spectral balance, voicing, 13 MFCCs,
  26 mel bands), their differences, ten statistics of each over the utterance, pitch and rhythm:
  {features} numbers, scaled, {components} principal components, Gaussian kernel.
- **CRNN**: 64 log-mel bands, windows of 2.56 s, four blocks of 3x3 convolutions ({filters}
  filters; {depth} in a block) with batch normalisation, ELU, max pooling and dropout; recurrent
  layers: {memories}; {pooling}. {networks} networks, each trained without a fifth of the speakers,
  are averaged. Training: {cycles} of the learning rate ({epochs} epochs); other speeds, voices,
  rooms, noise, microphones and narrow lines, masked spectrograms, mixup, 20 % of the target from
  what listeners heard, moving average of the weights.
- **Both**: weighted log odds with an offset per class, fitted on held-out scores.
- Everything is relative to the level of the recording: the distance to the microphone is not heard.
- A recording of which more than half is unlike every training voice gets no emotion. Of the
  held-out clips {strange} would be refused.
"""

_LIMITS = """\
## Known limits

- Actors who play emotions in fixed English sentences are not people in an interview. How the
  accuracy carries over to them is not measured, and will be lower.
- The shipped model averages five networks; a held-out figure is of one network each, and the
  calibration was fitted on these.
- The number of components, the penalty and the kernel's width of the SVM were chosen among a dozen
  settings by the same folds. The network's second cycle was added after the first had been scored
  on four folds; averaging both cycles' networks was no better on two folds and left out. The
  figures are therefore a little optimistic.
- The aims were 54, 63 and 67 % for SVM, CRNN and both on RAVDESS by actor, and 67 % for both on
  CREMA-D. Where a figure above is lower, the aim is not met.
- Differences between groups of speakers are in the table above; some groups have few speakers.
"""

_COMMANDS = """\
## Reproduce

    flask train speech --data DATA        # folds, weights, this card
    flask evaluate speech --data DATA --set ravdess --json

With an accelerator the networks can be trained apart; Keras runs them on JAX, PyTorch or
TensorFlow, and the sounds are not needed there:

    python -m interview.training.speech DATA --store --runs RUNS    # here: writes store.npz
    KERAS_BACKEND=jax python -m interview.training.speech DATA --runs RUNS    # there

`--network` chooses another one: `lstm`, `literature` (filters and memories of Zhao et al. 2019) or
`wide` (twice the convolutions). A folder of runs belongs to one network.
"""


def write_card(
    folder: Path,
    card: Mapping[str, Any],
    losses: Mapping[int, Sequence[float]],
    clips: Sequence[Clip],
    chances: NDArray,
) -> None:
    """Write ``MODEL_CARD.md`` and its pictures. ``chances`` are held out, of the ensemble."""
    _draw_calibration(folder / "calibration.svg", clips, chances)
    if losses:
        _draw_losses(folder / "training.svg", losses)
    parts = [_intent(card), _figures(card), _compared(card), _fairness(card)]
    parts += [_LIMITS, _COMMANDS]
    (folder / "MODEL_CARD.md").write_text("\n".join(parts), encoding="utf-8")


def _intent(card: Mapping[str, Any]) -> str:
    from interview.analysis.audio.features import names

    shape = card["shape"]
    return _INTENT.format(
        features=len(names()),
        components=card["settings"]["svm"]["components"],
        filters=", ".join(str(count) for count in shape["filters"]),
        depth=shape["depth"],
        memories=f"{shape['memories']} of {shape['memory']} ({shape['cell'].upper()}"
        + (", both ways)" if shape["both_ways"] else ")"),
        pooling="attention pooling" if shape["attention"] else "their mean",
        cycles=_count(len(card["settings"]["network"]["cycles"]), "cycle"),
        epochs=" and ".join(str(one["epochs"]) for one in card["settings"]["network"]["cycles"]),
        networks=card["networks"],
        strange=_share(card["strange_share"]),
    )


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def _figures(card: Mapping[str, Any]) -> str:
    """Return the held-out figures of each corpus and machine, and of each class."""
    rows, classes = [], []
    for dataset, machines in card["figures"].items():
        for name, block in machines.items():
            low, high = block["accuracy_95"]
            rows.append(
                (
                    CORPORA.get(dataset, dataset),
                    MACHINES[name],
                    _share(block["accuracy"]),
                    f"{100 * low:.1f}–{100 * high:.1f}",
                    f"{block['macro_f1']:.3f}",
                    f"{block['ece']:.3f}",
                )
            )
        classes += [
            (dataset, name, f"{one['precision']:.2f}", f"{one['recall']:.2f}", f"{one['f1']:.2f}")
            for name, one in machines["ensemble"]["per_class"].items()
        ]
    return f"""\
## Held-out speakers

Five folds by speaker; RAVDESS' are those of Luna-Jiménez et al. (2021), CREMA-D's drawn with the
seed. In each fold the machines were trained on both corpora without the fold's speakers of either,
and combined by what the other folds say. The clips are scored as they are, without the silence
around them.

{_table(("corpus", "model", "accuracy", "95 %", "macro F1", "ECE"), rows)}
![Calibration on held-out speakers](calibration.svg)

By class, shipped combination:

{_table(("corpus", "class", "precision", "recall", "F1"), classes)}"""


def _compared(card: Mapping[str, Any]) -> str:
    """Return the table of the literature and the older split."""
    compared = card["compared"]
    parts = ["## Beside the literature\n"]
    if compared.get("rivals"):
        parts.append(_rivals(compared["rivals"], card))
    titles = {
        "kernels_by_actor": "SVM on RAVDESS alone, 8 classes, folds by actor: kernels and "
        "principal components.",
        "kernels_random": "SVM on RAVDESS alone, 7 classes (without calm), random split by clip. "
        "Speakers are in both parts, so the figures say little about new people.",
    }
    for key, title in titles.items():
        counts = list(next(iter(compared[key].values())))
        rows = [
            (kernel, *(_share(found[count]) for count in counts))
            for kernel, found in compared[key].items()
        ]
        parts.append(f"{title}\n\n{_table(('kernel', *counts), rows)}")
    if older := compared["random_split"]:
        parts.append(
            "RAVDESS, 7 classes, the same random split (85 % for training, 15 % for testing, "
            f"{older['n']} clips), for comparison with older work only: SVM "
            f"{_share(older['svm'])}, CRNN {_share(older['crnn'])}, both "
            f"{_share(older['ensemble'])}. The network learnt from "
            "these clips alone; CREMA-D helped the SVM.\n"
        )
    return "\n".join(parts)


def _rivals(rivals: Mapping[str, Mapping[str, float]], card: Mapping[str, Any]) -> str:
    """Return openSMILE's figures beside ours."""
    names = list(rivals)
    ours = {name: block["ensemble"]["accuracy"] for name, block in card["figures"].items()}
    if card["compared"]["random_split"]:
        ours["random"] = card["compared"]["random_split"]["ensemble"]
    rows = [
        (
            PROTOCOLS[protocol],
            *(_share(rivals[name][protocol]) for name in names),
            _share(share),
        )
        for protocol, share in ours.items()
        if all(protocol in rivals[name] for name in names)
    ]
    return (
        "openSMILE's statistics with a support vector machine (Gaussian kernel, scaled, the better "
        "of two settings by these very folds), each corpus alone; measured for comparison with "
        "`python -m interview.training.speech.rivals DATA`, not shipped.\n\n"
        + _table(("protocol", *names, "ours"), rows)
    )


def _fairness(card: Mapping[str, Any]) -> str:
    """Return accuracy and mean chances by group."""
    parts = ["## By group of speakers\n"]
    for dataset, groups in card["fairness"].items():
        names = list(next(iter(groups.values()))["mean"]) if groups else []
        rows = [
            (
                group,
                str(block["speakers"]),
                str(block["n"]),
                _share(block["accuracy"]),
                *(f"{block['mean'][name]:.2f}" for name in names),
            )
            for group, block in groups.items()
        ]
        head = ("group", "speakers", "clips", "accuracy", *names)
        parts.append(
            f"{CORPORA.get(dataset, dataset)}: accuracy, and the mean chance of each emotion.\n\n"
            + _table(head, rows)
        )
    return "\n".join(parts)


def _draw_calibration(path: Path, clips: Sequence[Clip], chances: NDArray) -> None:
    figure, axes = plt.subplots(figsize=(5, 4))
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
    for dataset, mark in zip(sorted({clip.dataset for clip in clips}), "os^v", strict=False):
        rows = [k for k, clip in enumerate(clips) if clip.dataset == dataset]
        part = [clips[k] for k in rows]
        names = names_in(part)
        values = chances[rows][:, [CLASSES.index(name) for name in names]]
        values = values / values.sum(axis=1, keepdims=True)
        hits = values.argmax(axis=1) == [names.index(clip.emotion) for clip in part]
        top = values.max(axis=1)
        index = np.minimum((top * 10).astype(int), 9)
        places = [k for k in range(10) if (index == k).sum() >= 20]
        axes.plot(
            [top[index == k].mean() for k in places],
            [hits[index == k].mean() for k in places],
            marker=mark,
            label=dataset,
        )
    axes.set_xlabel("chance given to the first choice")
    axes.set_ylabel("share that was right")
    axes.legend()
    _save(figure, path)


def _draw_losses(path: Path, losses: Mapping[int, Sequence[float]]) -> None:
    figure, axes = plt.subplots(figsize=(5, 4))
    for fold, found in losses.items():
        axes.plot(range(1, len(found) + 1), found, label=f"fold {fold}")
    axes.set_xlabel("epoch")
    axes.set_ylabel("training loss (mixed and softened targets)")
    axes.legend()
    _save(figure, path)


def _save(figure: plt.Figure, path: Path) -> None:
    figure.tight_layout()
    with mpl.rc_context({"svg.hashsalt": "interview"}):
        figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
