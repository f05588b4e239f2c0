"""Following one face through a video.

Where a face was, the cascade looks in the next frame first, which takes a tenth of the time of
looking everywhere; it looks everywhere once a second. Where it sees nothing, the face is followed
by the movement of its points for a moment, and then the second detector is asked.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from interview.analysis.video.finder import COARSE_STEP, STEP, Box, Face, Reduced, cut
from interview.analysis.video.frames import Frame

Source = Literal["cascade", "tracker", "second"]
"""How a face was found: by the cascade, by following it, or by the second detector."""

CROP = 48
"""Side of the picture of a face for the network."""
SCAN_SECONDS = 1.0
"""How often the cascade looks everywhere, for other faces, while one is followed."""
LOST_SECONDS, LOST_STEP = 1.0, 0.2
"""After so long without any face the cascade looks only so often."""
TRUST_SECONDS = 1.0
"""How long points alone are followed before a detector must see a face there."""
PATIENCE, LONGEST_PATIENCE = 1.0, 4.0
"""Seconds between two questions to the second detector; doubled each time that it sees nothing."""
LARGER, PERSISTENT = 1.4, 2
"""Another face is followed instead when it is so many times as wide, so many looks in a row."""
FEWEST_POINTS, MOST_ASTRAY = 8, 1.0
"""Points that must be followed, there and back within so many pixels."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one frame shows of the person.

    ``width`` and ``height`` of the frame in pixels; ``faces`` is how many were seen, and ``box``
    the one that is followed (`finder.Face` says what it spans), None where there is none.
    ``crop`` is its (48, 48) grey picture for the face network. ``brightness`` is the mean of the
    face's grey values, or of the whole frame where there is no face, and ``surroundings`` that of
    the rest of the frame, both in 0..1.
    """

    time: float
    width: int
    height: int
    faces: int
    box: Box | None = None
    source: Source | None = None
    landmarks: NDArray[np.float32] | None = None
    crop: NDArray[np.uint8] | None = None
    brightness: float = 0.0
    surroundings: float = 0.0


class Detectors(Protocol):
    """What following needs of a `finder.Finder`."""

    def reduce(self, image: NDArray[np.uint8]) -> Reduced:
        """Return a frame as the cascade sees it."""

    def find(self, frame: Reduced, step: float = STEP) -> list[Face]:
        """Return the faces that the cascade sees."""

    def find_near(self, frame: Reduced, known: Box) -> Face | None:
        """Return the face that the cascade sees where one was."""

    def search(self, image: NDArray[np.uint8]) -> list[Face]:
        """Return the faces that the second detector sees."""


def follow(frames: Iterable[Frame], finder: Detectors) -> Iterator[Sighting]:
    """Yield what each frame shows of one person: the largest, most central face, then the same."""
    track = _Track(finder)
    for frame in frames:
        yield track.look(frame)


class _Track:
    """The face that is followed, and when each detector looked last."""

    def __init__(self, finder: Detectors) -> None:
        """Begin without a face."""
        self._finder = finder
        self._before: Reduced | None = None
        self._box: Box | None = None
        self._counts: tuple[int, ...] = ()
        self._larger = 0
        self._scanned = self._asked = -math.inf
        self._confirmed = 0.0
        self._patience = PATIENCE

    def look(self, frame: Frame) -> Sighting:
        """Find the face in the next frame."""
        reduced = self._finder.reduce(frame.image)
        face, source = self._find(frame, reduced)
        if face is not None:
            # what leaves the picture is no longer there to be followed
            face = face if _inside(face.box, frame.image) else None
        self._before, self._box = reduced, None if face is None else face.box
        if source in ("cascade", "second"):
            self._confirmed = frame.time
        return self._sighting(frame, reduced, face, source)

    def _find(self, frame: Frame, reduced: Reduced) -> tuple[Face | None, Source | None]:
        """Return the face of a frame and who found it."""
        if (face := self._ask_cascade(frame, reduced)) is not None:
            self._patience = PATIENCE
            return face, "cascade"
        followed = self._by_points(reduced)
        trusted = frame.time - self._confirmed <= TRUST_SECONDS
        if followed is not None and trusted:
            return Face(followed), "tracker"
        if frame.time - self._asked < self._patience:
            return None, None
        found = self._finder.search(frame.image)
        self._asked = frame.time
        self._patience = PATIENCE if found else min(2 * self._patience, LONGEST_PATIENCE)
        self._count(len(found))
        face = _nearest(found, followed) if followed else None
        face = face or _foremost(found, frame.image)
        return (face, "second") if face else (None, None)

    def _ask_cascade(self, frame: Frame, reduced: Reduced) -> Face | None:
        """Return the face that the cascade sees, near the last place or anywhere."""
        since = frame.time - self._scanned
        if self._box is None:
            lost = frame.time - self._confirmed > LOST_SECONDS
            if lost and since < LOST_STEP:
                return None
            return _foremost(self._scan(frame, reduced, STEP), frame.image)
        face = self._finder.find_near(reduced, self._box)
        if since < SCAN_SECONDS:
            return face
        return self._choose(face, self._scan(frame, reduced, COARSE_STEP), frame.image)

    def _scan(self, frame: Frame, reduced: Reduced, step: float) -> list[Face]:
        """Look everywhere with the cascade."""
        found = self._finder.find(reduced, step)
        self._scanned = frame.time
        self._count(len(found))
        return found

    def _choose(
        self, followed: Face | None, found: list[Face], image: NDArray[np.uint8]
    ) -> Face | None:
        """Return the face that was followed so far, or one that has long been much larger."""
        best = _foremost(found, image)
        if self._box is None or best is None:
            return followed
        larger = best.box.width > LARGER * self._box.width
        self._larger = self._larger + 1 if larger else 0
        return best if self._larger >= PERSISTENT else followed or _nearest(found, self._box)

    def _by_points(self, reduced: Reduced) -> Box | None:
        if self._before is None or self._box is None:
            return None
        return moved(self._before, reduced, self._box)

    def _count(self, faces: int) -> None:
        self._counts = (*self._counts[-1:], faces)

    def _sighting(
        self, frame: Frame, reduced: Reduced, face: Face | None, source: Source | None
    ) -> Sighting:
        height, width = frame.image.shape[:2]
        light, around = _light(reduced, face.box if face else None)
        return Sighting(
            time=frame.time,
            width=width,
            height=height,
            # one look may take a pattern for a face; two seldom do
            faces=max(1, min(self._counts, default=1)) if face else 0,
            box=face.box if face else None,
            source=source if face else None,
            landmarks=face.landmarks if face else None,
            crop=cut(frame.image, face.box, CROP) if face else None,
            brightness=light,
            surroundings=around,
        )


def moved(before: Reduced, now: Reduced, box: Box) -> Box | None:
    """Return where a box of the frame before is now, by the movement of points inside.

    Points are followed with the method of Lucas and Kanade (1981) forth and back; the box moves
    and grows like the median of those that come back to where they were (Kalal et al. 2010).
    """
    if before.clear.shape != now.clear.shape:
        return None
    x, y, width, height = (round(value / before.scale) for value in box)
    mask = np.zeros_like(before.clear)
    mask[max(0, y) : y + height, max(0, x) : x + width] = 255
    start = cv2.goodFeaturesToTrack(before.clear, 40, 0.01, 3, mask=mask)
    if start is None:
        return None
    there, _, _ = cv2.calcOpticalFlowPyrLK(before.clear, now.clear, start, None)
    back, _, _ = cv2.calcOpticalFlowPyrLK(now.clear, before.clear, there, None)
    good = np.linalg.norm(back - start, axis=2).ravel() < MOST_ASTRAY
    if good.sum() < max(FEWEST_POINTS, len(start) / 3):
        return None
    old, new = start[good, 0], there[good, 0]
    growth = _spread(new) / max(_spread(old), 1e-6)
    middle = np.array(box.middle) + before.scale * np.median(new - old, axis=0)
    side = box.width * min(max(growth, 0.9), 1.1)
    return Box(float(middle[0] - side / 2), float(middle[1] - side / 2), side, side)


def _spread(points: NDArray[np.float32]) -> float:
    return float(np.median(np.linalg.norm(points - np.median(points, axis=0), axis=1)))


def _foremost(faces: list[Face], image: NDArray[np.uint8]) -> Face | None:
    """Return the face that is largest, and most central where they are alike."""
    middle = image.shape[1] / 2

    def weight(face: Face) -> float:
        return face.box.width * (1 - 0.5 * min(1.0, abs(face.box.middle[0] - middle) / middle))

    return max(faces, key=weight, default=None)


def _nearest(faces: list[Face], box: Box) -> Face | None:
    """Return the face that may be the one which was last seen in the box."""

    def distance(face: Face) -> float:
        return math.dist(face.box.middle, box.middle) / box.width

    near = [
        face for face in faces if distance(face) < 0.7 and 0.6 < face.box.width / box.width < 1.7
    ]
    return min(near, key=distance, default=None)


def _inside(box: Box, image: NDArray[np.uint8]) -> bool:
    """Tell whether the middle of a box is in the picture."""
    x, y = box.middle
    return 0 <= x < image.shape[1] and 0 <= y < image.shape[0]


def _light(reduced: Reduced, box: Box | None) -> tuple[float, float]:
    """Return the mean brightness of the face and of all the rest, 0 to 1."""
    whole = float(reduced.grey.mean()) / 255
    if box is None:
        return whole, whole
    x, y, width, height = (round(value / reduced.scale) for value in box)
    part = reduced.grey[max(0, y) : y + height, max(0, x) : x + width]
    face = float(part.mean()) / 255
    rest = reduced.grey.size - part.size
    return face, (whole * reduced.grey.size - face * part.size) / rest if rest else face
