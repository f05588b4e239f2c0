"""Which faces train, and which are kept apart to calibrate and to measure."""

import numpy as np
from numpy.typing import NDArray

from interview.training.faces.data import FaceSet, tenth, without_copies

CALIBRATION = 20
"""One in so many of FER2013's training faces is kept apart to calibrate the emotions."""


def training_rows(
    fer: FaceSet, public: FaceSet, smiles: FaceSet, genki: FaceSet, seed: int
) -> dict[str, NDArray[np.int64]]:
    """Return the rows of each set that train.

    Left out are faces of FER2013 that show none or are copies of held-out ones, a part for
    calibration together with its copies, smiles with contradicting labels, and a tenth of each set
    of smiles.
    """
    rows = without_copies(fer, public)
    apart = {fer.faces[row].tobytes() for row in calibration_rows(fer, public, seed)}
    labelled = [row["label_conflict"] in ("", "0") for row in smiles.rows]
    return {
        "fer": np.array([row for row in rows if fer.faces[row].tobytes() not in apart]),
        "smiles": np.flatnonzero(np.array(labelled) & ~tenth(len(smiles), seed)),
        "genki": np.flatnonzero(~tenth(len(genki), seed)),
    }


def calibration_rows(fer: FaceSet, public: FaceSet, seed: int) -> NDArray[np.int64]:
    """Return the rows of FER2013's training part that calibrate the emotions."""
    rows = without_copies(fer, public)
    return np.random.default_rng(seed).permutation(rows)[: len(rows) // CALIBRATION]
