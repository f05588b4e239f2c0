"""Scoring of the shipped weights on labelled faces."""

from pathlib import Path
from typing import Any

import numpy as np

from interview.analysis.video.emotion import FaceModel
from interview.training.faces.data import DataError, read_set
from interview.training.faces.measures import all_figures
from interview.training.faces.shipping import SEEN_FILE, hashes


def evaluate(data: Path, set_name: str, models: Path) -> dict[str, Any]:
    """Score the shipped model on ``data/faces/<set>.webp`` and ``.csv``.

    ``models`` is the folder of all models or that of the model of faces. Every output that the
    set's columns tell is scored; the first of emotion and smile is the set's task. Faces are read
    as they are and mirrored, and both outputs averaged. ``trained_on_faces`` counts the faces that
    the model learned from: on these a figure says nothing of new people, so ``new_faces`` holds
    the figures of the others. Raises ``DataError``.
    """
    folder = models / "faces" if (models / "faces" / "card.json").exists() else models
    faces = read_set(data, set_name)
    if not {"emotion", "smile"} & set(faces.rows[0]):
        raise DataError(f"the table of {set_name!r} has neither emotions nor smiles")
    model = FaceModel.load(folder)
    outputs = model.outputs(faces.small())
    known = np.isin(hashes(faces.small()), np.load(folder / SEEN_FILE))
    found = {
        "set": set_name,
        "version": model.version,
        **all_figures(faces, outputs, model.scales),
        "trained_on": bool(known.any()),
        "trained_on_faces": int(known.sum()),
    }
    found.setdefault("skipped", {})
    if known.any() and not known.all():
        new = np.flatnonzero(~known)
        found["new_faces"] = all_figures(faces.take(new), outputs[new], model.scales)
    return found
