"""What can be observed of a person before a camera: smile, where the head points, movement.

All of it is counted from smoothed numbers of the frames; none of it says what somebody feels or
whether they are honest.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from interview.analysis.report import Framing, Gaze, Light, Movement, Smile
from interview.analysis.video.timeline import share, smooth, steady, stretches
from interview.analysis.video.watching import Watched

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

PICTURE_RULES = "1"
"""Version of the rules of this module, for a report's provenance."""

SMILING = 0.5
"""Probability from which a face smiles."""
LOOKING_DEGREES = 20.0
"""How far the head may turn while somebody still looks ahead: eyes turn further with it, and from
the head alone one can tell what people look at in nine cases of ten (Stiefelhagen & Zhu 2002)."""
BESIDE_DEGREES = 15.0
"""How far beside the screen a camera may stand: the usual direction counts as ahead up to here."""
AWAY_SECONDS = 1.0
"""Looking away is told from here on; shorter glances are part of any conversation."""
LIVELY_TIMES, LIVELY_WIDTHS = 3.0, 0.5
"""Lively movement is so many times the usual speed, and at least so many widths a second."""

CLOSE, FAR = 0.6, 0.15
"""Height of the face, as a share of the picture's, from which it is too close or too far."""
SIDEWAYS = (0.3, 0.7)
UPWARDS = (0.2, 0.65)
"""Where the middle of the face may be, from the left and from above."""
DARK, BRIGHT, BACKLIT = 0.25, 0.85, 0.25
"""Mean grey of a face below which it is dark and above which it is bright, and by how much its
surroundings may be brighter."""


def describe_smile(smile: Floats, watched: Watched) -> Smile:
    """Return when a face smiles; ``smile`` is the smoothed probability, NaN without a face."""
    smiling = steady(np.nan_to_num(smile) >= SMILING, watched.spans) & watched.seen
    return Smile(
        share=share(smiling, watched.seen, watched.spans),
        stretches=stretches(smiling, watched.times, watched.spans),
    )


def looks_ahead(pose: Floats, seen: Mask) -> tuple[Mask, float, float]:
    """Tell in which frames the head points ahead, and its usual yaw and pitch in degrees.

    ``pose`` holds yaw, pitch and roll of each frame, smoothed, in degrees.
    """
    usual = np.median(pose[seen, :2], axis=0)
    ahead = np.clip(usual, -BESIDE_DEGREES, BESIDE_DEGREES)
    turned = np.hypot(*(np.nan_to_num(pose[:, :2]) - ahead).T)
    return (turned <= LOOKING_DEGREES) & seen, float(usual[0]), float(usual[1])


def describe_gaze(pose: Floats, watched: Watched) -> Gaze:
    """Return how far, and when not, the head points towards the camera."""
    looking, yaw, pitch = looks_ahead(pose, watched.seen)
    away = steady(watched.seen & ~looking, watched.spans, AWAY_SECONDS) & watched.seen
    return Gaze(
        share=share(looking, watched.seen, watched.spans),
        away=stretches(away, watched.times, watched.spans),
        yaw=round(yaw, 1),
        pitch=round(pitch, 1),
    )


def describe_movement(pose: Floats | None, watched: Watched) -> Movement | None:
    """Return how fast the head turns and shifts; ``None`` when it is hardly ever seen twice.

    ``pose`` is as in `looks_ahead`; ``None`` when no model looked at the face.
    """
    boxes = watched.boxes
    middle = smooth(boxes[:, :2] + boxes[:, 2:] / 2, watched.times)
    width = np.nanmedian(boxes[:, 2])
    shifting = _speeds(middle, watched.times) / width
    there = ~np.isnan(shifting)
    if not there.any():
        return None
    usual = float(np.median(shifting[there]))
    lively = np.nan_to_num(shifting) > max(LIVELY_TIMES * usual, LIVELY_WIDTHS)
    return Movement(
        turning=_turning(pose, watched.times) if pose is not None else None,
        shifting=round(usual, 3),
        lively=stretches(steady(lively, watched.spans), watched.times, watched.spans),
    )


def describe_framing(watched: Watched) -> Framing:
    """Return where the face is in the picture, and whether that is a good place."""
    boxes = watched.boxes[watched.seen]
    size = boxes[:, 3] / watched.height
    x = (boxes[:, 0] + boxes[:, 2] / 2) / watched.width
    y = (boxes[:, 1] + boxes[:, 3] / 2) / watched.height
    good = (size > FAR) & (size < CLOSE)
    good &= (x > SIDEWAYS[0]) & (x < SIDEWAYS[1]) & (y > UPWARDS[0]) & (y < UPWARDS[1])
    middle = [float(np.median(values)) for values in (size, x, y)]
    spans = watched.spans[watched.seen]
    return Framing(
        size=round(middle[0], 3),
        x=round(middle[1], 3),
        y=round(middle[2], 3),
        distance="close" if middle[0] >= CLOSE else "far" if middle[0] <= FAR else "good",
        position=_position(middle[1], middle[2]),
        good_share=share(good, np.ones(len(good), bool), spans),
    )


def describe_light(watched: Watched) -> Light:
    """Return the light on the face, or on the whole picture when no face is seen."""
    chosen = watched.seen if watched.seen.any() else np.ones(len(watched.times), bool)
    face = float(np.median(watched.brightness[chosen]))
    around = float(np.median(watched.surroundings[chosen]))
    return Light(
        brightness=round(face, 3),
        surroundings=round(around, 3),
        verdict=_light(face, around),
    )


def _light(face: float, around: float) -> Literal["good", "dark", "bright", "backlit"]:
    if around - face > BACKLIT:
        return "backlit"
    if face < DARK:
        return "dark"
    return "bright" if face > BRIGHT else "good"


def _position(x: float, y: float) -> Literal["good", "left", "right", "high", "low"]:
    if not SIDEWAYS[0] < x < SIDEWAYS[1]:
        return "left" if x <= SIDEWAYS[0] else "right"
    if not UPWARDS[0] < y < UPWARDS[1]:
        return "high" if y <= UPWARDS[0] else "low"
    return "good"


def _turning(pose: Floats, times: Floats) -> float | None:
    """Return the usual speed at which a head turns, in degrees per second."""
    speeds = _speeds(pose, times)
    known = speeds[~np.isnan(speeds)]
    return round(float(np.median(known)), 1) if len(known) else None


def _speeds(places: Floats, times: Floats) -> Floats:
    """Return how fast places change from one frame to the next, per second; NaN where unknown."""
    if len(times) < 2:
        return np.full(len(times), np.nan)
    speed = np.sqrt((np.diff(places, axis=0) ** 2).sum(axis=1)) / np.maximum(np.diff(times), 1e-3)
    return np.append(speed, np.nan)
