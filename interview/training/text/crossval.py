"""Cross-validation: every figure of the card comes from texts that no part was fitted on.

Each fold's result is kept in the checkpoint folder, so that a run that was stopped resumes.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from interview.analysis.text.heads import Counted, mean_of
from interview.analysis.text.vectors import Calibration
from interview.training.text.data import Texts, folds
from interview.training.text.fitting import fit_calibration
from interview.training.text.heads import Settings, fit_impressions, fit_traits

Arrays = dict[str, NDArray]
Log = Callable[[str], None]


class Checkpoint:
    """Results of finished steps, in files named after the step and what it depends on."""

    def __init__(self, folder: Path, data: Texts, settings: Settings) -> None:
        """Keep results under ``folder``; other data or settings never read them."""
        content = json.dumps([asdict(settings), data.ids, data.labels.tolist()], default=str)
        words = hashlib.sha256("\0".join(data.texts).encode()).hexdigest()
        self._key = hashlib.sha256((content + words).encode()).hexdigest()[:16]
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def run(self, step: str, work: Callable[[], Arrays], log: Log, *, uses: object = "") -> Arrays:
        """Return the result of a step, from its file if there is one.

        ``uses`` is what the step depends on beyond data and settings, by its representation.
        """
        key = self._key
        if uses:
            key = hashlib.sha256(f"{key}{uses!r}".encode()).hexdigest()[:16]
        path = self._folder / f"{step}-{key}.npz"
        if path.exists():
            with np.load(path, allow_pickle=False) as stored:
                return dict(stored)
        start = time.monotonic()
        result = work()
        result["seconds"] = np.array(time.monotonic() - start)
        partial = path.with_suffix(".partial.npz")
        np.savez_compressed(partial, **result)
        partial.replace(path)
        log(f"{step}: {float(result['seconds']):.0f} s")
        return result


def cross_validate_traits(
    data: Texts,
    counted: Mapping[int, Counted],
    settings: Settings,
    checkpoint: Checkpoint,
    log: Log,
    seed: int,
) -> tuple[dict[str, Arrays], NDArray[np.int64]]:
    """Score every essay by a head that has not seen it, whole and cut to each length.

    ``counted`` maps a length in words, 0 for whole texts, to the counts. Returns, per length (as
    text), the scores of each machine and of their mean under ``shipped``, and the folds.
    """
    fold = folds(data.groups, seed, settings.fold_count)

    def one(index: int) -> Arrays:
        train, test = np.flatnonzero(fold != index), np.flatnonzero(fold == index)
        head = fit_traits(counted[0].rows(train), data.labels[train], settings)
        found = {}
        for length, texts in counted.items():
            machines = head.machines(texts.rows(test))
            found |= {f"{length}/{name}": score for name, score in machines.items()}
        return found

    results: dict[str, Arrays] = {}
    for index in range(settings.fold_count):
        found = checkpoint.run(f"traits-manner-{seed}-{index}", lambda i=index: one(i), log)
        for key, scores in found.items():
            if "/" in key:
                length, name = key.split("/")
                whole = results.setdefault(length, {}).setdefault(
                    name, np.zeros(data.labels.shape, np.float32)
                )
                whole[fold == index] = scores
    for machines in results.values():
        machines["shipped"] = mean_of(machines)
    return results, fold


def cross_calibrate(
    scores: Mapping[int, NDArray],
    lengths: Mapping[int, NDArray[np.int64]],
    labels: NDArray[np.float64],
    fold: NDArray[np.int64],
) -> dict[int, NDArray]:
    """Return probabilities; each fold is calibrated on held-out scores of the other folds only."""
    found = {length: np.zeros_like(labels) for length in scores}
    for index in np.unique(fold):
        others, held = fold != index, fold == index
        calibration = whole_calibration(
            {length: score[others] for length, score in scores.items()},
            labels[others],
            lengths[0][others],
        )
        for length, score in scores.items():
            found[length][held] = calibration.probabilities(score[held], lengths[length][held])
    return found


def whole_calibration(
    scores: Mapping[int, NDArray], labels: NDArray[np.float64], words: NDArray[np.int64]
) -> Calibration:
    """Fit a calibration; that of whole texts is taken to hold at their median length."""
    return fit_calibration(dict(scores), labels, float(np.median(words)))


def cross_validate_impressions(
    data: Texts,
    letters: csr_array,
    style: NDArray[np.float64],
    settings: Settings,
    checkpoint: Checkpoint,
    log: Log,
    seed: int,
) -> tuple[Arrays, NDArray[np.int64]]:
    """Score every transcript by a head that has not seen its video; as for the traits."""
    fold = folds(data.groups, seed, settings.fold_count)

    def one(index: int) -> Arrays:
        train, test = np.flatnonzero(fold != index), np.flatnonzero(fold == index)
        head = fit_impressions(letters[train], style[train], data.labels[train], settings)
        machines = head.machines(letters[test], style[test])
        return machines | {"shipped": np.mean(list(machines.values()), axis=0)}

    results: Arrays = {}
    for index in range(settings.fold_count):
        found = checkpoint.run(f"impressions-{seed}-{index}", lambda i=index: one(i), log)
        for name, scores in found.items():
            if name != "seconds":
                whole = results.setdefault(name, np.zeros(data.labels.shape, np.float32))
                whole[fold == index] = scores
    return results, fold
