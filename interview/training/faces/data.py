"""The sets of faces: their sheets and tables, and what each face teaches."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from interview.analysis.report import EMOTIONS
from interview.analysis.video.shape import OUTPUTS, POSE, SIZE, VOTED, head

ACROSS = 100
"""Faces in a row of a sheet."""
FEWEST_VOTES = 5
"""Votes for an emotion that a face needs for its votes to count."""


class DataError(ValueError):
    """The folder does not hold the sets as described."""


@dataclass(frozen=True, slots=True)
class FaceSet:
    """Grey faces, shape ``(n, h, h)``, and the row of the table for each."""

    name: str
    faces: NDArray[np.uint8]
    rows: Sequence[dict[str, str]]

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> NDArray[np.float32]:
        """Return a column of numbers; what is blank is NaN."""
        return np.array([float(row[name]) if row[name] else np.nan for row in self.rows], float)

    def emotions(self) -> list[str]:
        """Return the name of each face's emotion."""
        return [row["emotion"] for row in self.rows]

    def votes(self) -> NDArray[np.float32]:
        """Return the votes for each of ``VOTED``, shape ``(n, 8)``; blank ones are 0."""
        return np.nan_to_num(np.stack([self.column(f"votes_{name}") for name in VOTED], 1)).astype(
            np.float32
        )

    def small(self) -> NDArray[np.uint8]:
        """Return the faces at the size that the network reads."""
        if self.faces.shape[1] == SIZE:
            return self.faces
        return np.stack(
            [cv2.resize(face, (SIZE, SIZE), interpolation=cv2.INTER_AREA) for face in self.faces]
        )

    def take(self, rows: NDArray) -> "FaceSet":
        """Return some of the faces."""
        return FaceSet(self.name, self.faces[rows], [self.rows[row] for row in rows])


def read_set(data: Path, name: str) -> FaceSet:
    """Read ``faces/<name>.webp`` and ``.csv`` of a data folder. Raises ``DataError``."""
    table, picture = data / "faces" / f"{name}.csv", data / "faces" / f"{name}.webp"
    for path in (table, picture):
        if not path.is_file():
            raise DataError(f"{path} is missing")
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sheet = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
    if sheet is None or sheet.shape[1] % ACROSS:
        raise DataError(f"{picture} is no sheet of {ACROSS} faces to a row")
    side = sheet.shape[1] // ACROSS
    faces = sheet.reshape(-1, side, ACROSS, side).transpose(0, 2, 1, 3).reshape(-1, side, side)
    if len(faces) < len(rows):
        raise DataError(f"{picture} holds fewer faces than {table} has rows")
    return FaceSet(name, np.ascontiguousarray(faces[: len(rows)]), rows)


@dataclass(frozen=True, slots=True)
class Lessons:
    """Faces and what each one teaches: ``targets`` and ``weights`` have shape ``(n, OUTPUTS)``.

    A weight of 0 says that the face's set does not tell that output.
    """

    faces: NDArray[np.uint8]
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.faces)


def join(parts: Sequence[Lessons]) -> Lessons:
    """Put lessons together."""
    return Lessons(
        np.concatenate([part.faces for part in parts]),
        np.concatenate([part.targets for part in parts]),
        np.concatenate([part.weights for part in parts]),
    )


def _blank(faces: NDArray[np.uint8]) -> Lessons:
    empty = np.zeros((len(faces), OUTPUTS), np.float32)
    return Lessons(faces, empty, empty.copy())


def emotion_lessons(faces: FaceSet, smoothing: float, listeners: float) -> Lessons:
    """Return what FER2013 teaches: its label, smoothed and mixed with the annotators' votes.

    ``listeners`` is the part of the target that the FERPlus votes for the seven emotions make up
    where there are enough. The votes themselves are a target of their own.
    """
    lessons = _blank(faces.small())
    votes = faces.votes()
    voted = votes.sum(axis=1) >= FEWEST_VOTES
    shares = votes / np.maximum(votes.sum(axis=1, keepdims=True), 1)
    hard = np.array([[name == true for name in EMOTIONS] for true in faces.emotions()], np.float32)
    seven = shares[:, [VOTED.index(name) for name in EMOTIONS]]
    seven = seven / np.maximum(seven.sum(axis=1, keepdims=True), 1e-6)
    part = np.where(voted & (seven.sum(axis=1) > 0), listeners, 0.0)[:, None]
    soft = (1 - part) * hard + part * seven
    lessons.targets[:, head("emotion")] = (1 - smoothing) * soft + smoothing / len(EMOTIONS)
    lessons.weights[:, head("emotion")] = 1.0
    lessons.targets[:, head("votes")] = shares
    lessons.weights[voted, head("votes")] = 1.0
    return lessons


def smile_lessons(faces: FaceSet) -> Lessons:
    """Return what a set with smiles teaches, and the head's pose where the set tells it."""
    lessons = _blank(faces.small())
    lessons.targets[:, head("smile")] = faces.column("smile")[:, None]
    lessons.weights[:, head("smile")] = 1.0
    if "yaw_rad" in faces.rows[0]:
        pose = np.stack([faces.column(f"{name}_rad") for name in POSE], 1)
        told = np.isfinite(pose)
        lessons.targets[:, head("pose")] = np.where(told, pose, 0)
        lessons.weights[:, head("pose")] = told
    return lessons


def without_copies(training: FaceSet, held_out: FaceSet) -> NDArray[np.int64]:
    """Return the rows of a training set that show a face and are in no held-out set."""
    known = {face.tobytes() for face in held_out.faces}
    return np.array(
        [
            row
            for row, face in enumerate(training.faces)
            if training.rows[row].get("is_face", "1") == "1" and face.tobytes() not in known
        ]
    )


def tenth(count: int, seed: int) -> NDArray[np.bool_]:
    """Return which of a set's rows make up its held-out tenth."""
    held = np.zeros(count, bool)
    held[np.random.default_rng(seed).permutation(count)[: count // 10]] = True
    return held
