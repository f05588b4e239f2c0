"""Scoring of face, voice and both on RAVDESS' videos, actors left out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from interview.analysis import fusion
from interview.analysis.audio.activity import find_speech, measure_energy
from interview.analysis.audio.pipeline import EmotionModel
from interview.analysis.audio.pitch import track_pitch
from interview.analysis.decode import read_sound
from interview.analysis.report import EMOTIONS
from interview.analysis.video import pipeline as video
from interview.analysis.video.joining import face_quality
from interview.analysis.video.watching import FaceModel, watch
from interview.training.fusion.ravdess import Clip, read_folder
from interview.training.speech.measures import figures

Floats = NDArray[np.float64]

STRONGEST = 3.0
"""Largest power of a channel that is tried when both are fitted."""
_SURE = 1e-4


@dataclass(frozen=True, slots=True)
class Observed:
    """What the models say of n clips: distributions (n, 7), NaN where a channel says nothing.

    ``weight`` is the face's by the rules of ``fusion``.
    """

    face: Floats
    voice: Floats
    weight: Floats


def evaluate(data: Path, models: Path) -> dict[str, Any]:
    """Score the shipped models, and their fusion, on a folder of RAVDESS' videos.

    ``together`` uses the documented weights, ``fitted`` powers of both channels that were fitted
    on the actors of the other folds. ``trained_on_actors`` lists the actors whose voices the speech
    model was trained on: of these its figures are too good, so ``unseen`` has the others' alone.
    Raises ``DataError``.
    """
    clips, skipped = read_folder(data)
    from interview.analysis.audio.emotion import SpeechEmotionModel
    from interview.analysis.video.emotion import FaceModel as Faces

    speech = SpeechEmotionModel.load(models / "speech")
    observed = observe(clips, Faces.load(models / "faces"), speech)
    known = set(json.loads((models / "speech" / "training_speakers.json").read_text("utf-8")))
    return score(clips, observed, known) | {"skipped": skipped}


def observe(clips: Sequence[Clip], faces: FaceModel, speech: EmotionModel) -> Observed:
    """Let both models see and hear each clip."""
    rows = [(*_see(clip.path, faces), _hear(clip.path, speech)) for clip in clips]
    face, quality, voice = (np.array(column) for column in zip(*rows, strict=True))
    voice_quality = fusion.voice_quality(1.0, None)
    seen, heard = fusion.FACE * quality, fusion.VOICE * voice_quality
    weight = np.where(np.isnan(face[:, 0]), 0.0, seen / (seen + heard))
    return Observed(face, voice, np.where(np.isnan(voice[:, 0]), 1.0, weight))


def _see(path: Path, model: FaceModel) -> tuple[Floats, float]:
    """Return the face's distribution over a clip and the quality of its picture."""
    watched = watch(video.sightings(path), model)
    if watched is None or not watched.seen.any():
        return np.full(len(EMOTIONS), np.nan), 0.0
    every = slice(0, len(watched.times))
    return video.mean_of(watched, watched.emotions), face_quality(watched, every)


def _hear(path: Path, model: EmotionModel) -> Floats:
    """Return the voice's distribution over a clip, however short it is."""
    samples = read_sound(path)
    energy = measure_energy(samples)
    found = find_speech(energy, track_pitch(samples, len(energy)).voiced)
    speech = [(stretch.start, stretch.end) for stretch in found]
    heard = model.listen(samples, speech).overall if speech else None
    if heard is None:
        return np.full(len(EMOTIONS), np.nan)
    return np.array([heard[name] for name in EMOTIONS])


def score(clips: Sequence[Clip], observed: Observed, known: set[str]) -> dict[str, Any]:
    """Return the figures of each channel, of the documented fusion and of the fitted one.

    ``known`` names the speakers that the voice's model was trained on. A channel that says nothing
    of a clip is taken to say that everything is equally likely.
    """
    face, voice = (_filled(rows) for rows in (observed.face, observed.voice))
    folds = np.array([clip.fold for clip in clips])
    fitted, powers = _fitted(face, voice, clips, folds)
    channels = {
        "face": face,
        "voice": voice,
        "together": fusion.pool(face, voice, observed.weight),
        "fitted": fitted,
    }
    trained = {clip.actor for clip in clips if f"ravdess/{clip.actor}" in known}
    unseen = np.array([clip.actor not in trained for clip in clips])
    return {
        "set": "ravdess",
        "task": "emotion",
        **_figures(channels["together"], clips),
        "models": {name: _figures(rows, clips) for name, rows in channels.items()},
        "trained_on": bool(trained),
        "trained_on_actors": sorted(trained),
        "unseen": {name: _figures(rows, clips, unseen) for name, rows in channels.items()}
        if trained and unseen.any()
        else None,
        "powers": powers,
        "without_face": int(np.isnan(observed.face[:, 0]).sum()),
        "without_voice": int(np.isnan(observed.voice[:, 0]).sum()),
    }


def _filled(rows: Floats) -> Floats:
    return np.where(np.isnan(rows), 1 / len(EMOTIONS), rows)


def _figures(
    chances: Floats, clips: Sequence[Clip], chosen: NDArray[np.bool_] | None = None
) -> dict[str, Any]:
    """Return the figures over all clips or some; classes that do not occur take no part."""
    kept = [index for index in range(len(clips)) if chosen is None or chosen[index]]
    labels = [clips[index].emotion for index in kept]
    names = [name for name in EMOTIONS if name in labels]
    return figures(chances[kept], labels, EMOTIONS, names)


def _fitted(
    face: Floats, voice: Floats, clips: Sequence[Clip], folds: NDArray[np.int64]
) -> tuple[Floats, list[dict[str, float]]]:
    """Return both together, each fold with the powers that suit the other folds best."""
    true = np.array([EMOTIONS.index(clip.emotion) for clip in clips])
    odds = [np.log(np.maximum(rows, _SURE)) for rows in (face, voice)]
    mixed, powers = fusion.pool(face, voice, np.full(len(clips), 0.5)), []
    for fold in np.unique(folds):
        rest = folds != fold
        if not rest.any():
            continue
        found = _fit([rows[rest] for rows in odds], true[rest])
        mixed[~rest] = _mix([rows[~rest] for rows in odds], found)
        powers.append({"fold": int(fold), "face": float(found[0]), "voice": float(found[1])})
    return mixed, powers


def _fit(odds: Sequence[Floats], true: NDArray[np.int64]) -> Floats:
    """Return the powers of both channels under which the truth is most likely."""

    def loss(powers: Floats) -> float:
        right = _mix(odds, powers)[np.arange(len(true)), true]
        return float(-np.log(np.maximum(right, 1e-12)).mean())

    bounds = [(0.0, STRONGEST)] * len(odds)
    fit: Floats = minimize(loss, np.full(len(odds), 0.5), bounds=bounds, method="L-BFGS-B").x
    return fit


def _mix(odds: Sequence[Floats], powers: Floats) -> Floats:
    """Return the normalised product of distributions, each raised to its power."""
    total = sum(power * rows for power, rows in zip(powers, odds, strict=True))
    shares = np.exp(total - np.max(total, axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)
