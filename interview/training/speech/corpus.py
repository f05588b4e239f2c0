"""The corpora of acted speech: what is in them, and their folds by speaker."""

import csv
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

VOTED = ("angry", "disgust", "fear", "happy", "neutral", "sad")

RAVDESS_FOLDS = (
    (2, 5, 14, 15, 16),
    (3, 6, 7, 13, 18),
    (10, 11, 12, 19, 20),
    (8, 17, 21, 23, 24),
    (1, 4, 9, 22),
)
"""Actors held out in each fold (Luna-Jiménez et al. 2021)."""

FOLDS = len(RAVDESS_FOLDS)


class DataError(ValueError):
    """The folder does not hold the corpora as described."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording and what its corpus says about it."""

    file: str
    dataset: str
    speaker: int
    sex: str
    age: str
    race: str
    emotion: str
    intensity: str
    statement: str
    votes: tuple[float, ...] | None
    """Share of the listeners who heard each of ``VOTED`` in the voice."""


def read_manifest(data: Path) -> list[Clip]:
    """Read ``speech/manifest.csv`` of a data folder. Raises ``DataError``."""
    path = data / "speech" / "manifest.csv"
    if not path.is_file():
        raise DataError(f"{path} is missing")
    with path.open(encoding="utf-8", newline="") as file:
        return [_clip(row) for row in csv.DictReader(file)]


def _clip(row: dict[str, str]) -> Clip:
    heard = [row.get(f"voice_votes_{name}") or "" for name in VOTED]
    counts = [float(count or 0) for count in heard]
    total = sum(counts)
    return Clip(
        file=row["file"],
        dataset=row["dataset"],
        speaker=int(row["speaker"]),
        sex=row.get("sex", ""),
        age=row.get("age", ""),
        race=row.get("race", ""),
        emotion=row["emotion"],
        intensity=row.get("intensity", ""),
        statement=row.get("statement", ""),
        votes=tuple(count / total for count in counts) if total else None,
    )


def folds(clips: list[Clip], seed: int = 20) -> NDArray[np.int64]:
    """Return each clip's fold, 0 to 4; all clips of a speaker are in the same one.

    RAVDESS takes the folds of the literature, every other corpus a seeded draw of its speakers.
    """
    found = np.zeros(len(clips), np.int64)
    for name in sorted({clip.dataset for clip in clips}):
        speakers = sorted({clip.speaker for clip in clips if clip.dataset == name})
        if name == "ravdess":
            of = {actor: k for k, actors in enumerate(RAVDESS_FOLDS) for actor in actors}
        else:
            order = np.random.default_rng(seed).permutation(speakers)
            of = {int(speaker): k % FOLDS for k, speaker in enumerate(order)}
        for index, clip in enumerate(clips):
            if clip.dataset == name:
                found[index] = of[clip.speaker]
    return found


def random_rows(
    clips: Sequence[Clip], seed: int = 20
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return training (85 %) and test (15 %) rows of RAVDESS without calm, drawn by clip.

    Older work kept 5 % of the former for choosing; nothing is chosen here.
    """
    rows = [
        row
        for row, clip in enumerate(clips)
        if clip.dataset == "ravdess" and clip.emotion != "calm"
    ]
    drawn = np.random.default_rng(seed).permutation(rows)
    cut = round(0.85 * len(drawn))
    return np.sort(drawn[:cut]), np.sort(drawn[cut:])


def read_sounds(data: Path, clips: list[Clip], processes: int = 2) -> list[NDArray[np.float32]]:
    """Decode the clips: mono, 16 kHz, in -1..1."""
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(sound, repeat(data), clips, chunksize=50))


def sound(data: Path, clip: Clip) -> NDArray[np.float32]:
    """Decode one clip."""
    import av

    with av.open(str(data / "speech" / clip.file)) as container:
        resampler = av.AudioResampler("flt", "mono", 16_000)
        parts = [
            out.to_ndarray()[0]
            for frame in [*container.decode(audio=0), None]
            for out in resampler.resample(frame)
        ]
    return np.concatenate(parts) if parts else np.zeros(1, np.float32)


def classes_of(clips: Sequence[Clip], classes: Sequence[str]) -> NDArray[np.float32]:
    """Return, for each clip, which classes its corpus contains (1) or not (0)."""
    there = {
        dataset: {clip.emotion for clip in clips if clip.dataset == dataset}
        for dataset in {clip.dataset for clip in clips}
    }
    rows = [[float(name in there[clip.dataset]) for name in classes] for clip in clips]
    return np.array(rows, np.float32)
