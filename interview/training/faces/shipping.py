"""The training run of the model of faces: fit, calibrate, measure, and write the folder."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interview.analysis.report import PIPELINES
from interview.analysis.video.emotion import Scales, read_weights
from interview.analysis.video.shape import HEADS, Shape, head
from interview.settings import ROOT
from interview.training.faces import splits
from interview.training.faces.data import (
    FaceSet,
    Lessons,
    emotion_lessons,
    join,
    read_set,
    smile_lessons,
    tenth,
)
from interview.training.faces.measures import all_figures, best_scale, best_scaling
from interview.training.faces.settings import Plan

if TYPE_CHECKING:
    from interview.training.faces.fitting import Teacher

RUNS = ROOT / "runs" / "faces"
SEEN_FILE = "training_faces.npy"
"""Hashes of the faces that trained, so that scoring can tell them from others."""
OTHERS = ("kdef",)
"""Sets that are only measured, where they are there."""


class Run:
    """The sets, and which of their faces train."""

    def __init__(self, data: Path, plan: Plan) -> None:
        self.data, self.plan = data, plan
        self.fer, self.public, self.smiles, self.genki = (
            read_set(data, name)
            for name in ("fer2013_train", "fer2013_public_test", "smiles", "genki4k")
        )
        self.rows = splits.training_rows(self.fer, self.public, self.smiles, self.genki, plan.seed)

    def lessons(self) -> tuple[Lessons, int]:
        """Return what trains, and how many of the first are in every epoch."""
        plan = self.plan
        emotions = emotion_lessons(self.fer.take(self.rows["fer"]), plan.smoothing, plan.listeners)
        genki = smile_lessons(self.genki.take(self.rows["genki"]))
        smiles = smile_lessons(self.smiles.take(self.rows["smiles"]))
        return join([emotions, genki, smiles]), len(emotions) + len(genki)

    def trained_on(self) -> NDArray[np.uint64]:
        """Return the hashes of the faces that train, sorted."""
        parts = [self.fer.take(self.rows["fer"]), self.genki.take(self.rows["genki"])]
        parts.append(self.smiles.take(self.rows["smiles"]))
        return np.unique(np.concatenate([hashes(part.small()) for part in parts]))

    def held_out(self) -> dict[str, FaceSet]:
        """Return the sets that are measured."""
        seed = self.plan.seed
        copies = np.array([row["in_train"] == "1" for row in self.public.rows])
        found = {
            "fer2013_public_test": self.public,
            "fer2013_public_test, without copies": self.public.take(np.flatnonzero(~copies)),
            "genki4k, held-out tenth": self.genki.take(
                np.flatnonzero(tenth(len(self.genki), seed))
            ),
            "smiles, held-out tenth": self._smiles_apart(),
        }
        for name in OTHERS:
            if (self.data / "faces" / f"{name}.csv").is_file():
                found[name] = read_set(self.data, name)
        return found

    def scales(self, predict: Callable[[NDArray], NDArray]) -> Scales:
        """Fit the scales on faces that did not train."""
        apart = self.fer.take(splits.calibration_rows(self.fer, self.public, self.plan.seed))
        outputs, truth = predict(apart.small()), emotion_lessons(apart, 0.0, 0.0)
        voted = truth.weights[:, head("votes").start] > 0
        votes = head("votes")
        smiles = self._smiles_apart()
        odds = predict(smiles.small())[:, head("smile")]
        smile = smiles.column("smile")[:, None]
        emotion, offsets = best_scaling(
            outputs[:, head("emotion")].astype(float), truth.targets[:, head("emotion")]
        )
        return Scales(
            emotion=emotion,
            emotion_offsets=offsets,
            votes=best_scale(outputs[voted][:, votes], truth.targets[voted][:, votes]),
            smile=best_scale(np.hstack([0 * odds, odds]), np.hstack([1 - smile, smile])),
        )

    def _smiles_apart(self) -> FaceSet:
        clear = np.array([row["label_conflict"] in ("", "0") for row in self.smiles.rows])
        return self.smiles.take(np.flatnonzero(clear & tenth(len(self.smiles), self.plan.seed)))


def train(
    data: Path,
    out: Path,
    *,
    plan: Plan | None = None,
    runs: Path = RUNS,
    log: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Train, calibrate and measure the model of faces, and write weights and card.

    Goes on from the last epoch of an interrupted run in ``runs``. Raises ``DataError`` when the
    sets are not there.
    """
    import keras

    from interview.analysis.video.network import build
    from interview.training.faces import fitting

    plan = plan or Plan()
    runs.mkdir(parents=True, exist_ok=True)
    run = Run(data, plan)
    teacher, losses, before = None, {}, None
    if plan.start:
        before = json.loads((plan.start / "card.json").read_text(encoding="utf-8"))
    if plan.teacher:
        larger, losses["teacher"] = _fitted(run, "teacher", plan.teacher, None, runs, log)
        teacher = fitting.Teacher(larger, plan.taught)
    fitted, losses["network"] = _fitted(run, "network", plan.shape, teacher, runs, log)
    if before:
        losses["network"] = before["losses"]["network"] + losses["network"]
    arrays = [array.astype(np.float16) for array in fitted.get_weights()]
    network = build(plan.shape)  # in single precision, as it is at work
    network.set_weights([array.astype(np.float32) for array in arrays])

    def predict(faces: NDArray) -> NDArray:
        return fitting.predict(network, faces)

    scales = run.scales(predict)
    figures = {
        name: all_figures(part, predict(part.small()), scales)
        for name, part in run.held_out().items()
    }
    card = {
        "name": "faces",
        "version": PIPELINES["video"].replace("video", "faces"),
        "format": 1,
        "shape": asdict(plan.shape),
        "heads": HEADS,
        "scales": asdict(scales),
        "settings": asdict(replace(plan, start=None)),
        "began_with": before["version"] if before else None,
        "backend": f"{keras.backend.backend()}, Keras {keras.__version__}",
        "parameters": int(network.count_params()),
        "milliseconds": fitting.milliseconds(network),
        "trained_on": {name: len(rows) for name, rows in run.rows.items()},
        "losses": losses,
        "figures": figures,
    }
    _write(out, card, arrays, run)
    return card


def _fitted(
    run: Run,
    name: str,
    shape: Shape,
    teacher: "Teacher | None",
    runs: Path,
    log: Callable[[str], None],
) -> tuple[Any, list[float]]:
    """Train a network, or go on; return it and the loss of each epoch."""
    import keras

    from interview.analysis.video.network import build
    from interview.training.faces import fitting
    from interview.training.normalising import FusedBatchNormalization, precision

    plan = run.plan
    lessons, always = run.lessons()
    keras.utils.set_random_seed(plan.seed)
    with precision(plan.precision):
        network = build(shape, FusedBatchNormalization)
    losses: list[float] = []
    parts, kept = list(enumerate(plan.fits)), name
    if plan.start and name == "network":
        network.set_weights(read_weights(plan.start / "weights.npz"))
        # Not the checkpoint of a run from the beginning, which may have had this part.
        parts, kept = parts[-1:], f"{name}-further"
    for part, settings in parts:
        seed = plan.seed + part + (len(plan.fits) if name == "network" else 0)
        rows = fitting.Rows(always, len(lessons), plan.smiles, settings.batch, seed)
        losses += fitting.fit(
            network,
            lessons,
            rows,
            settings,
            seed,
            teacher=teacher,
            checkpoint=runs / f"{kept}-{part}.npz",
            log=lambda line: log(f"{name}: {line}"),
        )
    return network, losses


def _write(out: Path, card: dict[str, Any], arrays: list[NDArray[np.float16]], run: Run) -> None:
    from interview.training.faces.card import write_card

    out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out / "weights.npz", **{str(k): array for k, array in enumerate(arrays)})
    np.save(out / SEEN_FILE, run.trained_on())
    (out / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    write_card(out, card)


def hashes(faces: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return a short hash of each face."""
    return np.array(
        [
            int.from_bytes(hashlib.blake2b(face.tobytes(), digest_size=8).digest(), "big")
            for face in faces
        ],
        np.uint64,
    )
