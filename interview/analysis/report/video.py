"""The report on an answer before a camera: the picture, the sound and both together.

What was heard and said is the whole report of the sound track, ``VideoReport.voice``, exactly as
for an answer that is only spoken. Times are seconds from the beginning of the recording; sound and
picture share one clock. Shares are 0 to 1. Distributions are over ``EMOTIONS`` and add up to 1.
"""

import typing
from collections.abc import Mapping
from dataclasses import dataclass

from interview.analysis.report.audio import AudioReport
from interview.analysis.report.shared import Notice, Provenance, Stretch
from interview.analysis.report.stored import Stored


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a recording.

    ``duration`` in seconds up to its last frame; ``width`` and ``height`` in pixels, upright, as
    they were analysed (at most 640 on the longer side); ``frames`` is how many frames were looked
    at, ``frames_with_face`` in how many of them a face was found.
    """

    duration: float
    width: int
    height: int
    frames: int
    frames_with_face: int


@dataclass(frozen=True, slots=True)
class Presence:
    """When a face was to be seen: exactly one or more (``face``), ``several``, or ``nobody``.

    ``several`` lies within ``face``; ``face`` and ``nobody`` together cover the picture. Moments
    shorter than half a second are not told apart. ``face_share`` is the share of frames with a
    face.
    """

    face_share: float
    face: tuple[Stretch, ...]
    several: tuple[Stretch, ...]
    nobody: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class FaceMoment:
    """Half a second of the picture.

    ``seen`` is the share of its frames with a face; all else is ``None`` where there was no face,
    and when no face model ran. ``emotions`` is the smoothed distribution, ``smile`` the smoothed
    probability of a smile. ``yaw``, ``pitch`` and ``roll`` of the head are in degrees: yaw above 0
    turns towards the image's right. ``looking`` is the share of the frames with a face in which
    the head points towards the camera.
    """

    start: float
    end: float
    seen: float
    emotions: Mapping[str, float] | None
    smile: float | None
    yaw: float | None
    pitch: float | None
    roll: float | None
    looking: float | None


@dataclass(frozen=True, slots=True)
class JointMoment:
    """One second of the recording: what the face shows, and face and voice together.

    What is heard in the same second is ``voice.timeline`` at the same index, where there is one.
    ``together`` uses whatever channel there is; ``face_weight`` (0 to 1) is the part of the face
    in it, 1 where nothing was heard, 0 where no face was seen. All three are ``None`` where there
    was neither: a gap, never a guess. ``face`` is ``None`` where no face was seen.
    """

    start: float
    end: float
    face: Mapping[str, float] | None
    together: Mapping[str, float] | None
    face_weight: float | None


@dataclass(frozen=True, slots=True)
class Smile:
    """Share of the time with a face in which it smiles, and when it does."""

    share: float
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Gaze:
    """Looking towards the camera, told by where the head points, not by the eyes.

    ``share`` of the time with a face in which the head points towards the camera; ``away`` are
    the stretches of a second or more in which it does not. ``yaw`` and ``pitch`` are the medians
    of the whole answer, in degrees: the direction from which turning away is counted.
    """

    share: float
    away: tuple[Stretch, ...]
    yaw: float
    pitch: float


@dataclass(frozen=True, slots=True)
class Movement:
    """How much the head moves.

    ``turning`` is the median speed of yaw, pitch and roll together, in degrees per second;
    ``None`` when no face model ran. ``shifting`` is the median speed of the middle of the face, in
    widths of the face per second. ``lively`` are stretches in which it shifts much faster.
    """

    turning: float | None
    shifting: float
    lively: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Framing:
    """Where the face is in the picture: medians over the frames with a face.

    ``size`` is the height of the face as a share of the picture's, ``x`` and ``y`` its middle as
    shares of width and height from the upper left. ``distance`` and ``position`` judge them;
    ``good_share`` is the share of frames for which both would be good. ``position`` is as the
    picture shows it: "left" is the image's left.
    """

    size: float
    x: float
    y: float
    distance: typing.Literal["close", "good", "far"]
    position: typing.Literal["good", "left", "right", "high", "low"]
    good_share: float


@dataclass(frozen=True, slots=True)
class Light:
    """The light on the face, medians over the frames with a face (over all when there is none).

    ``brightness`` is the mean grey level of the face (of the whole picture when there is none) and
    ``surroundings`` that of the rest of the picture, both 0 to 1. ``verdict`` judges them: before
    surroundings that are much brighter, a face is "backlit".
    """

    brightness: float
    surroundings: float
    verdict: typing.Literal["good", "dark", "bright", "backlit"]


@dataclass(frozen=True, slots=True)
class KeyMoment:
    """The frame that shows an emotion most clearly, and what in it speaks for that emotion.

    ``probability`` is that frame's own, before smoothing. ``face`` and ``activation`` are PNG
    files of 48x48 pixels in base64, fit for a ``data:image/png;base64,`` address: the face in
    grey, exactly as the network saw it, and its class activation map (Grad-CAM) in one colour
    whose opacity is the activation, to be laid over the face.
    """

    emotion: str
    time: float
    probability: float
    face: str
    activation: str


@dataclass(frozen=True, slots=True)
class VideoReport(Stored):
    """The report on an answer before a camera.

    ``scored`` is true when ``emotions``, the distribution of face and voice together over the
    whole answer, is there; ``face_weight`` is the part of the face in it, as in ``JointMoment``.
    ``face_emotions`` is the face's alone; the voice's is ``voice.emotions``. ``notices`` are about
    the picture and the recording as a whole: "no_picture" (nothing but sound), "very_short",
    "no_face", "too_little_face", "several_faces", "too_dark"; those about the sound, "no_sound"
    among them, are ``voice.notices``.

    ``picture`` and ``presence`` are ``None`` when there is no picture. ``faces`` covers the picture
    in half seconds and is empty without one; ``timeline`` covers the recording second by second.
    ``smile``, ``gaze``, ``movement``, ``framing`` and ``light`` are ``None`` when too little of a
    face was seen (``light``: when there is no picture). ``key_moments`` has at most one per
    emotion, in the order of time.

    ``voice`` is the report of the sound track with its transcript; without sound it is one on
    silence of the same length with the notice "no_sound", so that a typed transcript still counts.

    Without models of emotions (an application interview) ``emotions``, ``face_emotions``,
    ``smile``, ``gaze`` and those of every moment are ``None``, there are no key moments, and no
    notice speaks of it.

    ``measures`` maps keys of ``MEASURES["video"]`` to values; what could not be measured is left
    out.
    """

    pipeline: str
    notices: tuple[Notice, ...]
    scored: bool
    picture: Picture | None
    presence: Presence | None
    emotions: Mapping[str, float] | None
    face_emotions: Mapping[str, float] | None
    face_weight: float | None
    faces: tuple[FaceMoment, ...]
    timeline: tuple[JointMoment, ...]
    smile: Smile | None
    gaze: Gaze | None
    movement: Movement | None
    framing: Framing | None
    light: Light | None
    key_moments: tuple[KeyMoment, ...]
    voice: AudioReport
    measures: Mapping[str, float]
    provenance: Provenance
    mode: typing.Literal["video"] = "video"

    @property
    def duration(self) -> float:
        """Length of the recording in seconds: of its picture or its sound, whichever is longer."""
        return max(self.picture.duration if self.picture else 0.0, self.voice.sound.duration)
