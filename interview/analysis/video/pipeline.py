"""From an answer before a camera to its report.

The same file, models, transcript and rules always give the identical report.
"""

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interview.analysis import fusion
from interview.analysis.audio import pipeline as audio
from interview.analysis.audio.pipeline import EmotionModel, Progress, Transcriber, analyse_audio
from interview.analysis.decode import RATE, Limits, MediaError, read_sound
from interview.analysis.report import (
    EMOTIONS,
    MEASURES,
    PIPELINES,
    AudioReport,
    FaceMoment,
    Notice,
    Picture,
    Presence,
    Provenance,
    VideoReport,
)
from interview.analysis.text.pipeline import TraitModel
from interview.analysis.video import behaviour, timeline
from interview.analysis.video.finder import Finder
from interview.analysis.video.frames import stream_frames
from interview.analysis.video.joining import join_answer, join_moments, named
from interview.analysis.video.keymoments import describe_moments
from interview.analysis.video.tracker import Sighting, follow
from interview.analysis.video.watching import FaceModel, Watched, watch

Floats = NDArray[np.float64]

STEPS = ("frames", *audio.STEPS, "fusion")
"""The steps in order, as given to ``Progress``."""
PICTURE_SHARE, FUSION_FROM = 0.6, 0.98
"""Shares of the time after which the picture is seen, and everything is put together."""

MINIMUM_SECONDS = 3.0
"""Seconds of picture, and of a face in it, below which nothing is said about the face."""
LEAST_LIGHT = 0.1
"""Mean grey of a face (0 to 1) below which nothing is said about it."""
SEVERAL_SECONDS = 1.0
"""Seconds with several faces from which a notice is given."""

_LIMITS = Limits(max_bytes=2**34, max_seconds=4 * audio.MAXIMUM_SECONDS, seconds=120.0)
"""Generous: whoever took the file in has looked at it already."""

_loaded = threading.local()


@dataclass(frozen=True, slots=True)
class _Face:
    """What a face shows over time, smoothed: rows as in ``Watched``."""

    emotions: Floats
    smile: Floats
    pose: Floats


def analyse_video(
    path: str | os.PathLike[str],
    *,
    face_model: FaceModel | None,
    speech_model: EmotionModel | None,
    text_model: TraitModel | None = None,
    transcript: str = "",
    recogniser: Transcriber | None = None,
    progress: Progress | None = None,
) -> VideoReport:
    """Analyse one answer before a camera.

    Without a face model only presence, framing, light and movement are told of the picture, and
    without a speech model nothing of emotions in the voice; no notice speaks of it. Raises
    ``decode.MediaError`` when a file cannot be used.
    """
    tell = progress or _nobody
    tell("frames", 0.0)
    watched = _watch(path, face_model)
    voice = _hear(
        path,
        watched,
        tell,
        speech_model=speech_model,
        text_model=text_model,
        transcript=transcript,
        recogniser=recogniser,
    )
    tell("fusion", FUSION_FROM)
    notices = _notices(watched)
    # Several faces are no reason to say nothing: the one that is followed is the person's.
    told = watched if all(notice.code == "several_faces" for notice in notices) else None
    face = _smoothed(told) if told and face_model else None
    overall = named(mean_of(told, face.emotions)) if told and face else None
    both = join_answer(told, overall, voice)
    report = VideoReport(
        pipeline=PIPELINES["video"],
        notices=tuple(notices),
        scored=both is not None,
        picture=_picture(watched) if watched else None,
        presence=_presence(watched) if watched else None,
        emotions=both.emotions if both else None,
        face_emotions=overall,
        face_weight=both.face_weight if both else None,
        faces=_moments(watched, face) if watched else (),
        timeline=join_moments(watched, face.emotions if face else None, voice),
        smile=behaviour.describe_smile(face.smile, told) if told and face else None,
        gaze=behaviour.describe_gaze(face.pose, told) if told and face else None,
        movement=behaviour.describe_movement(face.pose if face else None, told) if told else None,
        framing=behaviour.describe_framing(told) if told else None,
        light=behaviour.describe_light(watched) if watched else None,
        key_moments=describe_moments(told.telling, face_model) if told and face_model else (),
        voice=voice,
        measures={},
        provenance=_provenance(voice, watched, face_model if face else None, both is not None),
    )
    return replace(report, measures=_measures(report))


def sightings(path: str | os.PathLike[str]) -> Iterator[Sighting]:
    """Follow the face through a video. Raises ``MediaError``."""
    frames = stream_frames(path, _LIMITS)
    early = takewhile(lambda frame: frame.time < audio.MAXIMUM_SECONDS, frames)
    return follow(early, _finder())


def _finder() -> Finder:
    """Return this thread's detectors, which are slow to load and not to be shared."""
    if not hasattr(_loaded, "finder"):
        _loaded.finder = Finder()
    finder: Finder = _loaded.finder
    return finder


def mean_of(watched: Watched, emotions: Floats) -> Floats:
    """Return the mean over the time with a face."""
    weights = watched.spans[watched.seen]
    mean: Floats = (emotions[watched.seen] * weights[:, None]).sum(axis=0) / weights.sum()
    return mean


def _nobody(step: str, share: float) -> None:
    """Stand in where nobody asks how far the work is."""


def _watch(path: str | os.PathLike[str], model: FaceModel | None) -> Watched | None:
    """Return what the picture shows; ``None`` for a recording of nothing but sound."""
    try:
        return watch(sightings(path), model)
    except MediaError as error:
        if error.code != "no_picture":
            raise
        return None


def _hear(
    path: str | os.PathLike[str], watched: Watched | None, tell: Progress, **arguments: Any
) -> AudioReport:
    """Return the report on the sound, or on as much silence where there is none."""

    def part(step: str, share: float) -> None:
        tell(step, round(PICTURE_SHARE + (FUSION_FROM - PICTURE_SHARE) * share, 3))

    part(audio.STEPS[0], 0.0)
    try:
        return analyse_audio(read_sound(path, _LIMITS), progress=part, **arguments)
    except MediaError as error:
        # A sound track too short to be any is none; without a picture there is nothing left.
        if watched is None or error.code not in ("no_sound", "too_short"):
            raise
    silence = np.zeros(round(watched.duration * RATE), np.float32)
    report = analyse_audio(silence, progress=part, **arguments)
    sound = replace(report.sound, level_db=None, noise_db=None)
    return replace(report, sound=sound, notices=(Notice("no_sound"),))


def _notices(watched: Watched | None) -> list[Notice]:
    """Say what keeps a face from being told about, the first that holds, and what else to know."""
    if watched is None:
        return [Notice("no_picture")]
    seconds = round(float(watched.spans[watched.seen].sum()), 1)
    needed = {"needed": MINIMUM_SECONDS}
    found = []
    if watched.duration < MINIMUM_SECONDS:
        found.append(Notice("very_short", {"seconds": round(watched.duration, 1), **needed}))
    elif behaviour.describe_light(watched).brightness < LEAST_LIGHT:
        found.append(Notice("too_dark"))
    elif seconds < timeline.SHORTEST:
        found.append(Notice("no_face"))
    elif seconds < MINIMUM_SECONDS:
        found.append(Notice("too_little_face", {"seconds": seconds, **needed}))
    crowd = sum(stretch.end - stretch.start for stretch in _presence(watched).several)
    if crowd >= SEVERAL_SECONDS:
        found.append(Notice("several_faces", {"seconds": round(crowd, 1)}))
    return found


def _smoothed(watched: Watched) -> _Face:
    """Return what the face shows, smoothed over time."""
    times = watched.times
    return _Face(
        emotions=timeline.smooth(watched.emotions, times),
        smile=timeline.smooth(watched.smile[:, None], times)[:, 0],
        pose=timeline.smooth(watched.pose, times),
    )


def _picture(watched: Watched) -> Picture:
    return Picture(
        duration=round(watched.duration, 3),
        width=watched.width,
        height=watched.height,
        frames=len(watched.times),
        frames_with_face=int(watched.seen.sum()),
    )


def _presence(watched: Watched) -> Presence:
    """Return when a face, several faces or nobody was to be seen."""
    times, spans = watched.times, watched.spans
    face = timeline.steady(watched.seen, spans)
    several = timeline.steady(watched.faces > 1, spans) & face
    return Presence(
        face_share=timeline.share(watched.seen, np.ones(len(times), bool), spans),
        face=timeline.stretches(face, times, spans),
        several=timeline.stretches(several, times, spans),
        nobody=timeline.stretches(~face, times, spans),
    )


def _moments(watched: Watched, face: _Face | None) -> tuple[FaceMoment, ...]:
    """Return the picture in half seconds."""
    looking = behaviour.looks_ahead(face.pose, watched.seen)[0] if face else None
    return tuple(
        _moment(watched, face, looking, bounds)
        for bounds in timeline.bins(watched.times, watched.duration, timeline.STEP)
    )


def _moment(
    watched: Watched,
    face: _Face | None,
    looking: NDArray[np.bool_] | None,
    bounds: tuple[float, float, slice],
) -> FaceMoment:
    start, end, frames = bounds
    seen, spans = watched.seen[frames], watched.spans[frames]
    there = timeline.share(seen, np.ones(len(seen), bool), spans)
    if face is None or looking is None or not seen.any():
        return FaceMoment(start, end, there, None, None, None, None, None, None)
    yaw, pitch, roll = (round(float(angle), 1) for angle in face.pose[frames][seen].mean(axis=0))
    return FaceMoment(
        start=start,
        end=end,
        seen=there,
        emotions=named(face.emotions[frames][seen].mean(axis=0)),
        smile=round(float(face.smile[frames][seen].mean()), 4),
        yaw=yaw,
        pitch=pitch,
        roll=roll,
        looking=timeline.share(looking[frames], seen, spans),
    )


def _measures(report: VideoReport) -> dict[str, float]:
    """Collect what is compared between candidates, in the order of ``MEASURES``."""
    found: dict[str, float] = dict(report.voice.measures)
    for channel, emotions in (("together", report.emotions), ("face", report.face_emotions)):
        found |= {f"{channel}.{name}": emotions[name] for name in EMOTIONS if emotions}
    if report.smile:
        found["camera.smile_share"] = report.smile.share
    if report.gaze:
        found["camera.looking_share"] = report.gaze.share
    if report.presence:
        found["camera.face_share"] = report.presence.face_share
    return {
        measure.key: found[measure.key] for measure in MEASURES["video"] if measure.key in found
    }


def _provenance(
    voice: AudioReport, watched: Watched | None, model: FaceModel | None, fused: bool
) -> Provenance:
    """Name the models and rules that had a part in the report."""
    models, rules = dict(voice.provenance.models), dict(voice.provenance.rules)
    if model is not None:
        models["faces"] = model.version
    if watched is not None:
        rules["picture"] = behaviour.PICTURE_RULES
    if fused:
        rules["fusion"] = fusion.FUSION_RULES
    return Provenance(models=models, rules=rules)
