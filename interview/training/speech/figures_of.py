"""Figures of held-out chances: by corpus and machine, by group of speakers, and their spread."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interview.analysis.audio.emotion import CLASSES, shown
from interview.analysis.report import EMOTIONS, HISTOGRAM_BINS, MEASURES
from interview.training.speech.corpus import Clip
from interview.training.speech.measures import figures

MACHINES: Mapping[str, tuple[str, ...]] = {
    "ensemble": ("crnn", "svm"),
    "crnn": ("crnn",),
    "svm": ("svm",),
}
"""What is scored, and which machines take part in it."""

LEAST_GROUP = 100
"""Clips below which a group's figures are not given."""


def names_in(clips: Sequence[Clip]) -> list[str]:
    """Return the classes that occur among the clips, in the models' order."""
    there = {clip.emotion for clip in clips}
    return [name for name in CLASSES if name in there]


def by_corpus(clips: Sequence[Clip], chances: Mapping[str, NDArray]) -> dict[str, Any]:
    """Return the figures of each corpus and machine."""
    found: dict[str, Any] = {}
    for dataset in sorted({clip.dataset for clip in clips}):
        rows = [k for k, clip in enumerate(clips) if clip.dataset == dataset]
        part = [clips[k] for k in rows]
        names = names_in(part)
        labels = [clip.emotion for clip in part]
        found[dataset] = {
            name: figures(values[rows], labels, CLASSES, names) for name, values in chances.items()
        }
    return found


def fairness(clips: Sequence[Clip], chances: NDArray) -> dict[str, Any]:
    """Return accuracy and mean chance of each emotion by sex, age band and race, per corpus."""
    found: dict[str, Any] = {}
    for dataset in sorted({clip.dataset for clip in clips}):
        own = [k for k, clip in enumerate(clips) if clip.dataset == dataset]
        names = names_in([clips[k] for k in own])
        groups: dict[str, list[int]] = {}
        for k in own:
            for kind, value in _groups_of(clips[k]):
                groups.setdefault(f"{kind}: {value}", []).append(k)
        found[dataset] = {
            group: _group(clips, chances, rows, names)
            for group, rows in sorted(groups.items())
            if len(rows) >= LEAST_GROUP
        }
    return found


def _groups_of(clip: Clip) -> list[tuple[str, str]]:
    """Return the groups that a clip's speaker belongs to."""
    found = [("sex", clip.sex), ("race", clip.race)]
    if clip.age.isdigit():
        band = (
            "under 30" if int(clip.age) < 30 else "30-49" if int(clip.age) < 50 else "50 and over"
        )
        found.append(("age", band))
    return [(kind, value) for kind, value in found if value]


def _group(
    clips: Sequence[Clip], chances: NDArray, rows: list[int], names: list[str]
) -> dict[str, Any]:
    block = figures(chances[rows], [clips[k].emotion for k in rows], CLASSES, names)
    part = chances[rows][:, [CLASSES.index(name) for name in names]]
    part = part / part.sum(axis=1, keepdims=True)
    return {
        "n": len(rows),
        "speakers": len({clips[k].speaker for k in rows}),
        "accuracy": block["accuracy"],
        "accuracy_95": block["accuracy_95"],
        "macro_f1": block["macro_f1"],
        "mean": {name: float(part[:, k].mean()) for k, name in enumerate(names)},
    }


def norms(clips: Sequence[Clip], chances: NDArray) -> dict[str, Any]:
    """Return the content of ``norms.json``: how the emotions spread over held-out clips."""
    rows = [shown(row) for row in chances]
    measures = {measure.key: measure for measure in MEASURES["audio"]}
    found = {}
    for name in EMOTIONS:
        measure = measures[f"emotion.{name}"]
        values = [row[name] for row in rows]
        bins = np.bincount([measure.bin_of(value) for value in values], minlength=HISTOGRAM_BINS)
        found[measure.key] = {
            "n": len(values),
            "mean": round(float(np.mean(values)), 6),
            "sd": round(float(np.std(values, ddof=1)), 6),
            "bins": bins.tolist(),
        }
    return {"population": "actors", "measures": found}
