"""Face and voice of one recording, put together second by second and over the whole answer."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from interview.analysis import fusion
from interview.analysis.fusion import Blend, Channel
from interview.analysis.report import EMOTIONS, AudioReport, JointMoment
from interview.analysis.video.timeline import bins, mean, share
from interview.analysis.video.watching import Watched

Floats = NDArray[np.float64]


def join_moments(
    watched: Watched | None, emotions: Floats | None, voice: AudioReport
) -> tuple[JointMoment, ...]:
    """Return each second of a recording, as long as the longer of its picture and its sound.

    ``emotions`` are the face's, smoothed, a row a frame; ``None`` when nothing is told of it.
    """
    duration = max(watched.duration if watched else 0.0, voice.sound.duration)
    faces = _faces(watched, emotions) if watched and emotions is not None else []
    moments = []
    for second in range(math.ceil(duration - 1e-6)):
        end = min(second + 1.0, duration)
        face = faces[second] if second < len(faces) else None
        both = fusion.blend(face, _voice(voice, second, end))
        moments.append(
            JointMoment(
                start=float(second),
                end=round(end, 3),
                face=dict(face.emotions) if face else None,
                together=both.emotions if both else None,
                face_weight=both.face_weight if both else None,
            )
        )
    return tuple(moments)


def join_answer(
    watched: Watched | None, face: Mapping[str, float] | None, voice: AudioReport
) -> Blend | None:
    """Put the face's and the voice's distributions over the whole answer together."""
    seen = heard = None
    if watched and face:
        every = slice(0, len(watched.times))
        seen = Channel(face, face_quality(watched, every))
    if voice.emotions:
        speech = voice.sound.speech_seconds / max(voice.sound.duration, 1e-6)
        heard = Channel(voice.emotions, fusion.voice_quality(speech, _above_noise(voice)))
    return fusion.blend(seen, heard)


def face_quality(watched: Watched, frames: slice) -> float:
    """Return how good the picture of the face is in some frames, 0 to 1."""
    seen = watched.seen[frames]
    return fusion.face_quality(
        share(seen, np.ones(len(seen), bool), watched.spans[frames]),
        float(np.mean(watched.brightness[frames][seen])),
        float(np.mean(watched.boxes[frames][seen, 2])),
    )


def named(row: Floats) -> dict[str, float]:
    """Return a distribution by the names of its emotions."""
    return {name: round(float(value), 4) for name, value in zip(EMOTIONS, row, strict=True)}


def _faces(watched: Watched, emotions: Floats) -> list[Channel | None]:
    """Return what the face says in each second, with the quality of its picture."""
    found: list[Channel | None] = []
    for _, _, frames in bins(watched.times, watched.duration, 1.0):
        row = mean(emotions[frames])
        quality = face_quality(watched, frames) if row is not None else 0.0
        found.append(Channel(named(row), quality) if row is not None else None)
    return found


def _voice(voice: AudioReport, second: int, end: float) -> Channel | None:
    """Return what the voice says in a second, with the quality of its sound."""
    emotions = voice.timeline[second].emotions if second < len(voice.timeline) else None
    if emotions is None:
        return None
    spoken = sum(
        max(0.0, min(stretch.end, end) - max(stretch.start, second)) for stretch in voice.speech
    )
    quality = fusion.voice_quality(spoken / (end - second), _above_noise(voice))
    return Channel(emotions, quality)


def _above_noise(voice: AudioReport) -> float | None:
    """Return by how many dB speech stands above the noise, if both are known."""
    level, noise = voice.sound.level_db, voice.sound.noise_db
    return level - noise if level is not None and noise is not None else None
