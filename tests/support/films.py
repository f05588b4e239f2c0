"""Reports on videos for tests that are not about the analysis."""

import base64
import struct
import zlib
from typing import Any

from interview.analysis.report import EMOTIONS, MEASURES, report_from_dict
from tests.support.voices import SECONDS, spoken_report

UNSEEN = ((20.0, 23.0), (41.5, 42.5))
"""When no face is to be seen."""
FACE = {
    "angry": 0.04,
    "disgust": 0.03,
    "fear": 0.06,
    "happy": 0.35,
    "neutral": 0.4,
    "sad": 0.06,
    "surprise": 0.06,
}
TOGETHER = {
    "angry": 0.04,
    "disgust": 0.03,
    "fear": 0.07,
    "happy": 0.3,
    "neutral": 0.43,
    "sad": 0.07,
    "surprise": 0.06,
}


def video_report(transcript: str | None = None, **changes: Any) -> dict[str, Any]:
    """Return a report as the analysis makes it of a video of `SECONDS`, for whole pages.

    The face is missing in `UNSEEN` and smiles in the second half; the voice is `spoken_report`.
    Further values replace those of the same key.
    """
    voice = spoken_report(transcript)
    halves = [_half(index / 2) for index in range(int(2 * SECONDS))]
    body = {
        "mode": "video",
        "pipeline": "video-3",
        "notices": [],
        "scored": True,
        "picture": {
            "duration": SECONDS,
            "width": 640,
            "height": 480,
            "frames": 384,
            "frames_with_face": 352,
        },
        "presence": {
            "face_share": 0.9167,
            "face": [_stretch(0.0, 20.0), _stretch(23.0, 41.5), _stretch(42.5, SECONDS)],
            "several": [_stretch(30.0, 31.5)],
            "nobody": [_stretch(*unseen) for unseen in UNSEEN],
        },
        "emotions": dict(TOGETHER),
        "face_emotions": dict(FACE),
        "face_weight": 0.58,
        "faces": halves,
        "timeline": [
            _joint(second, halves[2 * second]["emotions"], moment["emotions"])
            for second, moment in enumerate(voice["timeline"])
        ],
        "smile": {"share": 0.38, "stretches": [_stretch(26.0, 34.5), _stretch(43.0, 47.0)]},
        "gaze": {"share": 0.82, "away": [_stretch(12.0, 15.0)], "yaw": -2.1, "pitch": 4.3},
        "movement": {"turning": 7.5, "shifting": 0.09, "lively": [_stretch(34.0, 36.0)]},
        "framing": {
            "size": 0.34,
            "x": 0.52,
            "y": 0.41,
            "distance": "good",
            "position": "good",
            "good_share": 0.94,
        },
        "light": {"brightness": 0.47, "surroundings": 0.39, "verdict": "good"},
        "key_moments": [
            {
                "emotion": emotion,
                "time": time,
                "probability": probability,
                "face": grey_png(shade),
                "activation": grey_png(255 - shade),
            }
            for emotion, time, probability, shade in (
                ("neutral", 4.125, 0.81, 90),
                ("surprise", 17.5, 0.52, 120),
                ("happy", 44.25, 0.93, 150),
            )
        ],
        "voice": voice,
        "measures": {
            **{f"together.{name}": share for name, share in TOGETHER.items()},
            **{f"face.{name}": share for name, share in FACE.items()},
            "camera.smile_share": 0.38,
            "camera.looking_share": 0.82,
            "camera.face_share": 0.9167,
            **voice["measures"],
        },
        "provenance": {
            "models": {**voice["provenance"]["models"], "faces": "fake-1"},
            "rules": {**voice["provenance"]["rules"], "fusion": "1", "picture": "1"},
        },
    }
    body |= changes
    known = [measure.key for measure in MEASURES["video"]]
    body["measures"] = {key: body["measures"][key] for key in known if key in body["measures"]}
    return report_from_dict(body).to_dict()


def grey_png(shade: int) -> str:
    """Return a PNG file of 48x48 pixels of one shade, in base64."""
    rows = (b"\0" + bytes([shade]) * 48) * 48
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 48, 48, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + body).decode()


def _half(start: float) -> dict[str, Any]:
    """Return half a second: calm at first, a smile in the second half, turned away at 12 s."""
    if any(first <= start < last for first, last in UNSEEN):
        unknown = dict.fromkeys(("emotions", "smile", "yaw", "pitch", "roll", "looking"))
        return {"start": start, "end": start + 0.5, "seen": 0.0, **unknown}
    happy = round(0.05 + 0.6 * start / SECONDS, 4)
    away = 12.0 <= start < 15.0
    return {
        "start": start,
        "end": start + 0.5,
        "seen": 1.0,
        "emotions": _emotions(happy),
        "smile": round(min(1.0, happy * 1.4), 4),
        "yaw": 31.0 if away else -2.0,
        "pitch": 4.0,
        "roll": 1.0,
        "looking": 0.0 if away else 1.0,
    }


def _joint(second: int, face: Any, voice: Any) -> dict[str, Any]:
    """Return a second of face and voice together."""
    weight = None if face is None and voice is None else float(face is not None)
    if face and voice:
        weight = 0.58
        together = {
            name: round(weight * face[name] + (1 - weight) * voice[name], 4) for name in EMOTIONS
        }
    else:
        together = face or voice
    return {
        "start": float(second),
        "end": second + 1.0,
        "face": face,
        "together": together,
        "face_weight": weight,
    }


def _emotions(happy: float) -> dict[str, float]:
    """Return a distribution in which neutral takes what joy leaves."""
    rest = 0.05
    return {
        **dict.fromkeys(EMOTIONS, rest),
        "happy": happy,
        "neutral": round(1.0 - happy - rest * (len(EMOTIONS) - 2), 4),
    }


def _stretch(start: float, end: float) -> dict[str, float]:
    return {"start": start, "end": end}
