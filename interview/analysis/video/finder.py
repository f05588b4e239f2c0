"""Where faces are in a picture.

Two detectors: OpenCV's Haar cascade is quick and knows faces that look ahead; the second, a
cascade of three small networks (MTCNN, Zhang et al. 2016), is slow and knows turned ones too.
`docs/video-analysis.md` has what each of them finds.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 320
"""Pixels of the longer side of the picture that the cascade looks through."""
SMALLEST = 24
"""Side of the smallest face in that picture."""
STEP, COARSE_STEP = 1.1, 1.2
"""Ratio of one size of the cascade's window to the next; the coarse one takes half the time."""
NEIGHBOURS = 4
"""Overlapping finds that make a face."""
CONTRAST, TILES = 2.0, (4, 4)
"""Limit and tiles of the equalisation (CLAHE), which makes dim faces visible."""
AROUND, NARROWER, WIDER = 0.35, 0.75, 1.35
"""Near a known face: how far around it is looked, in its sides, and for which sizes."""
NEAR_SIDE = 60
"""Larger faces are reduced to this many pixels before the cascade looks near them."""

SECOND_SIDE = 192
"""Pixels of the longer side of the picture for the second detector, which finds 20 pixels."""
SURE = 0.9
"""Confidence from which the second detector's faces count."""
MEAN_GREY = 110.0
"""Dim pictures are brightened to this mean for the second detector."""
TO_SQUARE = (0.0, -0.02, 0.95)
"""From the second detector's box to the cascade's square: how far the middle moves right and
down, and the square's side, in heights of the box. The mean over the pictures that both found."""


class Box(NamedTuple):
    """A rectangle in pixels of a frame: left and upper edge, width and height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        """The point in its middle."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Face:
    """A face in a picture.

    ``box`` is a square as the frontal Haar cascade draws it, from the middle of the forehead to
    the chin, whichever detector found the face. ``landmarks`` are left eye, right eye, nose, left
    and right corner of the mouth as seen in the picture, (5, 2) in pixels, where the detector
    knows them.
    """

    box: Box
    landmarks: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Reduced:
    """A frame as the cascade sees it.

    ``grey`` is as it was taken and ``clear`` has its contrast equalised, both with `SIDE` pixels on
    the longer side at most; ``scale`` is how many pixels of the frame one of theirs spans.
    """

    grey: NDArray[np.uint8]
    clear: NDArray[np.uint8]
    scale: float


class Finder:
    """Both detectors; the second one is loaded when it is first needed."""

    def __init__(self) -> None:
        """Load the cascade."""
        path = Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml"
        self._cascade = cv2.CascadeClassifier(str(path))
        self._equaliser = cv2.createCLAHE(CONTRAST, TILES)

    def reduce(self, image: NDArray[np.uint8]) -> Reduced:
        """Return a blue, green and red frame as the cascade sees it."""
        scale = max(1.0, max(image.shape) / SIDE)
        grey = _resized(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), scale)
        return Reduced(grey, self._equaliser.apply(grey), scale)

    def find(self, frame: Reduced, step: float = STEP) -> list[Face]:
        """Return the faces that look about ahead, with the cascade, the largest first."""
        boxes = self._detect(frame.clear, SMALLEST, min(frame.clear.shape), step)
        found = [_face(box, frame.scale) for box in boxes]
        return sorted(found, key=lambda face: -face.box.width)

    def find_near(self, frame: Reduced, known: Box) -> Face | None:
        """Return the face where one was a moment ago, with the cascade."""
        x, y, side = (value / frame.scale for value in known[:3])
        reach, shrink = AROUND * side, max(1.0, side / NEAR_SIDE)
        left, upper = max(0, round(x - reach)), max(0, round(y - reach))
        part = frame.clear[upper : round(y + side + reach), left : round(x + side + reach)]
        least = max(SMALLEST, NARROWER * side / shrink)
        boxes = self._detect(_resized(part, shrink), least, WIDER * side / shrink)
        if not boxes:
            return None
        known_there = [value / shrink for value in (x - left, y - upper, side)]
        best = min(boxes, key=lambda box: math.dist(box[:3], known_there))
        column, row, width, height = (shrink * value for value in best)
        return _face((left + column, upper + row, width, height), frame.scale)

    def search(self, image: NDArray[np.uint8]) -> list[Face]:
        """Return the faces of a frame, also turned ones, with the second detector."""
        scale = max(1.0, max(image.shape) / SECOND_SIDE)
        small = _resized(image, scale)
        gain = max(1.0, MEAN_GREY / max(float(small.mean()), 1.0))
        bright = cv2.cvtColor(cv2.convertScaleAbs(small, alpha=gain), cv2.COLOR_BGR2RGB)
        found = [
            _face_of_second(one, scale)
            for one in self._second.detect_faces(bright)
            if one["confidence"] >= SURE
        ]
        return sorted(found, key=lambda face: -face.box.width)

    @cached_property
    def _second(self) -> Any:
        from mtcnn import MTCNN

        return MTCNN()

    def _detect(
        self, grey: NDArray[np.uint8], least: float, most: float, step: float = STEP
    ) -> list[tuple[float, float, float, float]]:
        if min(grey.shape) < least:
            return []
        least, most = round(least), round(most)
        found = self._cascade.detectMultiScale(
            grey, step, NEIGHBOURS, minSize=(least, least), maxSize=(most, most)
        )
        return [tuple(map(float, box)) for box in found]


def cut(image: NDArray[np.uint8], box: Box, side: int) -> NDArray[np.uint8]:
    """Return a face as a grey square of ``side`` pixels; beyond the frame its edge goes on."""
    left, upper = round(box.x), round(box.y)
    right, lower = left + max(1, round(box.width)), upper + max(1, round(box.height))
    height, width = image.shape[:2]
    inside = image[max(0, upper) : max(1, lower), max(0, left) : max(1, right)]
    grey = cv2.cvtColor(inside, cv2.COLOR_BGR2GRAY)
    beyond = (max(0, -upper), max(0, lower - height), max(0, -left), max(0, right - width))
    if any(beyond):
        grey = cv2.copyMakeBorder(grey, *beyond, cv2.BORDER_REPLICATE)
    way = cv2.INTER_AREA if min(grey.shape) > side else cv2.INTER_LINEAR
    return cv2.resize(grey, (side, side), interpolation=way)


def _resized(image: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    if scale == 1.0:
        return image
    size = (round(image.shape[1] / scale), round(image.shape[0] / scale))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def _face(box: tuple[float, ...], scale: float) -> Face:
    return Face(Box(*(scale * value for value in box)))


def _face_of_second(found: dict[str, Any], scale: float) -> Face:
    """Return a face of the second detector with the square that the cascade would draw."""
    x, y, width, height = found["box"]
    right, down, side = (height * share for share in TO_SQUARE)
    square = (x + width / 2 + right - side / 2, y + height / 2 + down - side / 2, side, side)
    points = found["keypoints"]
    names = ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right")
    landmarks = scale * np.array([points[name] for name in names], np.float32)
    return Face(_face(square, scale).box, landmarks)
