"""One answer, two channels: what the face shows and what the voice conveys, together.

Late fusion of calibrated distributions by a logarithmic opinion pool (Genest & Zidek 1986; for
classifiers Kittler et al. 1998): the geometric mean of both, weighted by how far each channel can
be trusted. The weights add up to 1, so that two channels which say the same are not taken for more
certain than either: face and voice of one person at one moment are not independent.

A channel's weight is its reliability times the quality of its signal at that moment. The
reliability of a classifier with accuracy a over K classes is log(a (K - 1) / (1 - a)), the weight
that is optimal for independent votes (Zhu et al. 2009). Without recordings to fit it on, it is
taken from accuracies on people whom the models have not seen; ``flask evaluate fusion`` measures
it on RAVDESS' own video files.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interview.analysis.report import EMOTIONS

Floats = NDArray[np.float64]

FUSION_RULES = "1"
"""Version of the rules of this module, for a report's provenance."""

FACE_ACCURACY, VOICE_ACCURACY = 0.7, 0.63
"""Shares of seven emotions that the models tell rightly of people they have not seen."""

DARK, LIT = 0.08, 0.25
"""Mean grey of a face at which nothing is told by it, and from which light is no hindrance."""
SMALL, LARGE = 20.0, 48.0
"""Width of a face in pixels, likewise; the network reads 48."""
NOISY_DB, CLEAR_DB = 3.0, 20.0
"""Speech above the noise, likewise."""
ENOUGH_SPEECH = 0.8
"""Seconds of speech in one second from which there is no more to be had."""

_SURE = 1e-4
"""No channel may rule an emotion out altogether."""


@dataclass(frozen=True, slots=True)
class Channel:
    """What one channel says: a distribution over ``EMOTIONS``, and its signal's quality, 0 to 1."""

    emotions: Mapping[str, float]
    quality: float


@dataclass(frozen=True, slots=True)
class Blend:
    """Both channels together, and the part (0 to 1) of the face in it."""

    emotions: dict[str, float]
    face_weight: float


def reliability(accuracy: float, classes: int = len(EMOTIONS)) -> float:
    """Return a channel's weight from its accuracy (0 to 1); 0 for one that only guesses."""
    return max(0.0, math.log(accuracy * (classes - 1) / (1 - accuracy)))


FACE, VOICE = reliability(FACE_ACCURACY), reliability(VOICE_ACCURACY)
"""How far each channel is trusted at its best."""


def blend(face: Channel | None, voice: Channel | None) -> Blend | None:
    """Put what two channels say together; one that says nothing leaves it to the other."""
    if face is None and voice is None:
        return None
    weight = _face_weight(face, voice)
    if face is None or voice is None:
        only = face or voice
        return Blend(_named(_row(only.emotions)), weight) if only else None
    mixed = pool(_row(face.emotions)[None], _row(voice.emotions)[None], np.array([weight]))
    return Blend(_named(mixed[0]), weight)


def pool(face: Floats, voice: Floats, weight: Floats) -> Floats:
    """Return the weighted geometric means of rows of two distributions.

    ``face`` and ``voice`` have the shape ``(n, classes)``, ``weight``, the face's, ``(n,)``.
    """
    share = weight[:, None]
    odds = share * np.log(np.maximum(face, _SURE)) + (1 - share) * np.log(np.maximum(voice, _SURE))
    powers = np.exp(odds - odds.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def face_quality(seen: float, brightness: float, width: float) -> float:
    """Return how good the signal of a face is, 0 to 1.

    ``seen`` is the share of the time in which it was seen, ``brightness`` its mean grey (0 to 1)
    and ``width`` in pixels of the analysed picture.
    """
    return seen * _ramp(brightness, DARK, LIT) * _ramp(width, SMALL, LARGE)


def voice_quality(speech: float, above_noise: float | None) -> float:
    """Return how good the signal of a voice is, 0 to 1.

    ``speech`` is the share of the time in which somebody speaks, ``above_noise`` its level above
    the noise in dB; without any noise to compare with it is clear.
    """
    clear = 1.0 if above_noise is None else _ramp(above_noise, NOISY_DB, CLEAR_DB)
    return min(1.0, speech / ENOUGH_SPEECH) * clear


def _face_weight(face: Channel | None, voice: Channel | None) -> float:
    """Return the part of the face; a half where neither channel's signal is worth anything."""
    if face is None or voice is None:
        return 1.0 if voice is None else 0.0
    seen, heard = FACE * face.quality, VOICE * voice.quality
    return round(seen / (seen + heard), 4) if seen + heard > 0 else 0.5


def _ramp(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))


def _row(emotions: Mapping[str, float]) -> Floats:
    return np.array([emotions[name] for name in EMOTIONS])


def _named(row: Floats) -> dict[str, float]:
    return {name: round(float(share), 4) for name, share in zip(EMOTIONS, row, strict=True)}
