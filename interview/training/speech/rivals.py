"""openSMILE's statistics with a support vector machine on our protocols, for comparison only.

openSMILE (Eyben et al. 2010) may not be used commercially, so it is neither shipped nor required.
Run this in an environment of its own with ``opensmile``, ``scikit-learn`` and ``av``:

    python -m interview.training.speech.rivals DATA --runs runs/rivals

The figures go to ``rivals.json`` in the folder of the runs; ``flask train speech`` takes them into
the card when that file lies in its own folder of runs.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from interview.analysis.audio.frames import RATE, trim
from interview.training.speech.corpus import FOLDS, Clip, folds, random_rows, read_manifest, sound

FILE = "rivals.json"
SETS = {"eGeMAPSv02": "eGeMAPS", "ComParE_2016": "ComParE"}
SETTINGS = ((4.0, 0.4), (10.0, 1.0))
"""Penalty, and the kernel's width over the number of statistics; the better one counts."""
KEPT_EVERY = 100
"""Clips after which the statistics are written down."""

Split = tuple[NDArray[np.int64], NDArray[np.int64]]


def protocols(clips: Sequence[Clip], seed: int = 20) -> dict[str, tuple[str, list[Split]]]:
    """Return corpus, and rows to train on and to test on once or for each fold, by protocol."""
    fold_of = folds(list(clips), seed)
    found: dict[str, tuple[str, list[Split]]] = {}
    for dataset in ("ravdess", "cremad"):
        rows = np.array([k for k, clip in enumerate(clips) if clip.dataset == dataset])
        held = [(rows[fold_of[rows] != fold], rows[fold_of[rows] == fold]) for fold in range(FOLDS)]
        found[dataset] = (dataset, held)
        if dataset == "ravdess":
            found["random"] = (dataset, [random_rows(clips, seed)])
    return found


def measure(
    data: Path, runs: Path, log: Callable[[str], None] = print
) -> dict[str, dict[str, float]]:
    """Return each set's accuracy by protocol, and write them to ``FILE`` in ``runs``.

    Statistics that an earlier run wrote down are not computed again.
    """
    runs.mkdir(parents=True, exist_ok=True)
    clips = read_manifest(data)
    labels = np.array([clip.emotion for clip in clips])
    found: dict[str, dict[str, float]] = {shown: {} for shown in SETS.values()}
    for protocol, (dataset, splits) in protocols(clips).items():
        rows = np.array([k for k, clip in enumerate(clips) if clip.dataset == dataset])
        for name, shown in SETS.items():
            path = runs / f"{name}-{dataset}.npy"
            part = statistics(data, [clips[row] for row in rows], name, path, log)
            table = np.zeros((len(clips), part.shape[1]), np.float32)
            table[rows] = part
            found[shown][protocol] = accuracy(table, labels, splits)
            log(f"{shown} {protocol}: {found[shown][protocol]:.3f}")
            (runs / FILE).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return found


def statistics(
    data: Path, clips: Sequence[Clip], name: str, path: Path, log: Callable[[str], None]
) -> NDArray[np.float32]:
    """Return a set's functionals of each clip, without the silence around it as for ours."""
    done = list(np.load(path)) if path.exists() else []
    if len(done) == len(clips):
        return np.stack(done)
    smile = _smile(name)
    for clip in clips[len(done) :]:
        samples = trim(sound(data, clip))
        done.append(smile.process_signal(samples, RATE).to_numpy(np.float32)[0])
        if len(done) % KEPT_EVERY == 0 or len(done) == len(clips):
            np.save(path, np.stack(done))
            log(f"{name}: {len(done)} of {len(clips)} clips")
    return np.stack(done)


def _smile(name: str) -> Any:
    import opensmile

    return opensmile.Smile(
        feature_set=opensmile.FeatureSet[name],
        feature_level=opensmile.FeatureLevel.Functionals,
    )


def accuracy(table: NDArray, labels: NDArray[np.str_], splits: Sequence[Split]) -> float:
    """Return the share of test clips that are right over all splits, of the better setting."""
    right = np.zeros(len(SETTINGS))
    for train, test in splits:
        scaler = StandardScaler().fit(table[train])
        known, asked = (np.nan_to_num(scaler.transform(table[rows])) for rows in (train, test))
        for index, (penalty, width) in enumerate(SETTINGS):
            machine = SVC(C=penalty, gamma=width / table.shape[1], cache_size=500)
            machine.fit(known, labels[train])
            right[index] += (machine.predict(asked) == labels[test]).sum()
    return float(right.max() / sum(len(test) for _, test in splits))


def main() -> None:
    """Measure and print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m interview.training.speech.rivals")
    parser.add_argument("data", type=Path, help="folder that holds speech/manifest.csv")
    parser.add_argument("--runs", type=Path, default=Path("runs/rivals"))
    arguments = parser.parse_args()
    found = measure(arguments.data, arguments.runs, lambda line: sys.stderr.write(line + "\n"))
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
