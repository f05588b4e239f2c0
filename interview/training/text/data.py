"""The text data sets, and folds that keep what belongs together on one side."""

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from interview.analysis.report import IMPRESSIONS, TRAITS

COLUMNS = {
    "opn": "openness",
    "con": "conscientiousness",
    "ext": "extraversion",
    "agr": "agreeableness",
    "neu": "neuroticism",
}
"""Columns of ``essays.csv`` and the traits they label, in the order of ``TRAITS``."""


class DataError(ValueError):
    """A data file that is missing, or lacks what is needed."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts with their labels.

    ``labels`` has shape ``(texts, names)``, NaN where a label is missing. ``groups`` names what
    must not be split between folds: the essay, or the video of a clip.
    """

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    labels: NDArray[np.float64]
    groups: tuple[str, ...]
    names: tuple[str, ...]


def read_essays(data: Path) -> Texts:
    """Read ``text/essays.csv``: 0/1 labels. Raises ``DataError`` when it cannot be used."""
    rows = _rows(data, "essays", "id", "text")
    labels = np.array([[_number(row.get(column)) for column in COLUMNS] for row in rows])
    if not np.isin(labels[~np.isnan(labels)], (0, 1)).all():
        raise DataError("labels of essays.csv must be 0 or 1")
    ids = tuple(row["id"] for row in rows)
    return Texts(ids, tuple(row["text"] for row in rows), labels, ids, TRAITS)


def read_impressions(data: Path) -> Texts:
    """Read ``text/first_impressions.csv``: labels 0 to 1. Raises ``DataError``."""
    rows = _rows(data, "first_impressions", "video", "transcript")
    labels = np.array([[_number(row.get(name)) for name in IMPRESSIONS] for row in rows])
    ids = tuple(row.get("clip") or row["video"] for row in rows)
    texts = tuple(row["transcript"] for row in rows)
    return Texts(ids, texts, labels, tuple(row["video"] for row in rows), IMPRESSIONS)


def folds(groups: Sequence[str], seed: int, count: int = 10) -> NDArray[np.int64]:
    """Return each text's fold, 0 to ``count - 1``; a group lies in exactly one."""
    names, index = np.unique(np.asarray(groups), return_inverse=True)
    if len(names) < count:
        raise DataError(f"{len(names)} groups are too few for {count} folds")
    fold = np.empty(len(names), np.int64)
    fold[np.random.default_rng(seed).permutation(len(names))] = np.arange(len(names)) % count
    return fold[index]


def fingerprint(identifier: str) -> str:
    """Return a short hash by which a training text is recognised without its id or words."""
    return hashlib.sha256(identifier.encode()).hexdigest()[:12]


def _rows(data: Path, name: str, *needed: str) -> list[dict[str, str]]:
    """Read a CSV file that must have the needed columns and at least one row."""
    path = data / "text" / f"{name}.csv"
    csv.field_size_limit(10_000_000)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError:
        raise DataError(f"{path} does not exist") from None
    if not rows:
        raise DataError(f"{path} has no rows")
    missing = [column for column in needed if column not in rows[0]]
    if missing:
        raise DataError(f"{path} lacks the columns {', '.join(missing)}")
    return rows


def _number(value: str | None) -> float:
    """Return a label as a number, NaN when there is none."""
    return float(value) if value not in (None, "") else float("nan")
