"""What the frames of a video show, collected while they pass: a row of numbers for each.

No picture is kept but the most telling face of each emotion, so memory does not grow with the
length of a video but for a few dozen numbers a frame.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from interview.analysis.report import EMOTIONS
from interview.analysis.video.tracker import Sighting

Floats = NDArray[np.float64]

AT_ONCE = 64
"""Faces that the network reads together."""
LEAST_TELLING = 0.4
"""Probability from which a face may stand for an emotion."""


class Shown(Protocol):
    """What a model sees in n faces."""

    @property
    def emotions(self) -> NDArray[np.float32]:
        """Probabilities of ``EMOTIONS``, shape ``(n, 7)``."""

    @property
    def smile(self) -> NDArray[np.float32]:
        """Probability of a smile, shape ``(n,)``."""

    @property
    def pose(self) -> NDArray[np.float32]:
        """Yaw, pitch and roll of the head in radians, shape ``(n, 3)``."""


class FaceModel(Protocol):
    """What the pipeline needs of a model of faces."""

    @property
    def version(self) -> str:
        """Version of the weights, for the report's provenance."""

    def look(self, crops: NDArray[np.uint8]) -> Shown:
        """Tell what grey faces, shape ``(n, 48, 48)``, show."""

    def activation(self, crop: NDArray[np.uint8], emotion: int) -> NDArray[np.float32]:
        """Return what in a face speaks for an emotion, shape ``(48, 48)``, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Telling:
    """The face that shows an emotion (its place in ``EMOTIONS``) most clearly."""

    emotion: int
    time: float
    probability: float
    crop: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Watched:
    """What was seen, one row a frame, NaN where no face was.

    ``times`` and ``spans`` (how long each frame stood) in seconds; ``faces`` counts them; ``boxes``
    has left, upper edge, width and height in pixels of the frame, shape ``(n, 4)``; ``brightness``
    and ``surroundings`` are 0 to 1, as in ``tracker.Sighting``. ``emotions`` (n, 7), ``smile`` (n,)
    and ``pose`` (n, 3; yaw, pitch, roll in degrees) are NaN throughout when no model looked.
    """

    width: int
    height: int
    times: Floats
    spans: Floats
    faces: NDArray[np.int64]
    boxes: Floats
    brightness: Floats
    surroundings: Floats
    emotions: Floats
    smile: Floats
    pose: Floats
    telling: tuple[Telling, ...]

    @property
    def duration(self) -> float:
        """Seconds from the beginning to the end of the last frame."""
        return float(self.times[-1] + self.spans[-1])

    @property
    def seen(self) -> NDArray[np.bool_]:
        """In which frames there is a face."""
        return ~np.isnan(self.boxes[:, 0])


class _Looking:
    """Faces on their way through the network, a batch at a time."""

    def __init__(self, model: FaceModel | None) -> None:
        """Begin with nothing seen."""
        self.model = model
        self.rows: list[NDArray[np.float64]] = []
        self.best: dict[int, Telling] = {}
        self._waiting: list[tuple[int, float, NDArray[np.uint8]]] = []

    def add(self, sighting: Sighting) -> None:
        """Take the next frame's face, if it has one."""
        self.rows.append(np.full(len(EMOTIONS) + 4, np.nan))
        if self.model is None or sighting.crop is None:
            return
        self._waiting.append((len(self.rows) - 1, sighting.time, sighting.crop))
        if len(self._waiting) == AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Send what waits through the network."""
        if self.model is None or not self._waiting:
            return
        shown = self.model.look(np.stack([crop for _, _, crop in self._waiting]))
        columns = (shown.emotions, shown.smile[:, None], np.degrees(shown.pose))
        for values, (row, time, crop) in zip(
            np.concatenate(columns, axis=1), self._waiting, strict=True
        ):
            self.rows[row] = values.astype(np.float64)
            self._keep_telling(values[: len(EMOTIONS)], time, crop)
        self._waiting.clear()

    def _keep_telling(
        self, emotions: NDArray[np.float32], time: float, crop: NDArray[np.uint8]
    ) -> None:
        leading = int(emotions.argmax())
        chance = float(emotions[leading])
        best = self.best.get(leading)
        if chance >= LEAST_TELLING and (best is None or chance > best.probability):
            self.best[leading] = Telling(leading, time, chance, crop.copy())


def watch(sightings: Iterable[Sighting], model: FaceModel | None) -> Watched | None:
    """Collect what the frames show; ``None`` when there is no frame at all."""
    looking, rows, width, height = _Looking(model), [], 0, 0
    for sighting in sightings:
        looking.add(sighting)
        width, height = sighting.width, sighting.height
        box = sighting.box or (math.nan,) * 4
        light = (sighting.brightness, sighting.surroundings)
        rows.append((sighting.time, sighting.faces, *light, *box))
    looking.flush()
    if not rows:
        return None
    table, shown = np.array(rows, np.float64), np.array(looking.rows)
    kinds = len(EMOTIONS)
    return Watched(
        width=width,
        height=height,
        times=table[:, 0],
        spans=_spans(table[:, 0]),
        faces=table[:, 1].astype(np.int64),
        boxes=table[:, 4:8],
        brightness=table[:, 2],
        surroundings=table[:, 3],
        emotions=shown[:, :kinds],
        smile=shown[:, kinds],
        pose=shown[:, kinds + 1 :],
        telling=tuple(sorted(looking.best.values(), key=lambda telling: telling.time)),
    )


def _spans(times: Floats) -> Floats:
    """Return how long each frame stands: until the next one, the last as long as most."""
    if len(times) < 2:
        return np.full(len(times), 0.125)
    steps = np.diff(times)
    return np.append(steps, np.median(steps))
