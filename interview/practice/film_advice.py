"""What to try next after an answer before a camera: rules over what can be seen and heard.

Pure, like `advice`, whose rules for the sound hold here too; docs/video-analysis.md lists those of
this module. Only what anybody could see leads to advice, such as where the face is and where the
head points; estimates of emotions never do.
"""

from collections.abc import Callable, Sequence

from interview.analysis.report import Stretch, VideoReport
from interview.practice import advice
from interview.practice.advice import MOST_MOMENTS, Suggestion

MOST = 5
"""How many suggestions are made at most."""

FEWEST_GOOD = 0.5
"""Share of the time with a face below which distance and place are spoken of."""

OUT_OF_VIEW = 0.1
"""Share of the time without a face from which on this is spoken of."""

SEVERAL_SECONDS = 2.0
"""Seconds with more than one face from which on this is spoken of."""

LOOKING = 0.6
"""Share of the time with a face that the head points towards the camera, below which a rule holds;
people who listen look at the other about three quarters of the time, people who speak about two
fifths (Argyle & Cook 1976), and the head moves less than the eyes."""

SMILE = 0.02
"""Share of the time with a smile below which a rule holds."""


def suggest(report: VideoReport) -> tuple[Suggestion, ...]:
    """Return at most `MOST` suggestions: light and picture, then the voice, then the rest."""
    picture = _found(BEFORE, report)
    rest = _found(AFTER, report)
    heard = advice.suggest(report.voice)
    room = MOST - min(len(picture), MOST) - min(len(rest), 1)
    return (*picture, *heard[: max(room, 0)], *rest)[:MOST]


Rule = Callable[[VideoReport], Suggestion | None]


def _found(rules: Sequence[Rule], report: VideoReport) -> list[Suggestion]:
    return [item for item in (rule(report) for rule in rules) if item is not None]


def _light(report: VideoReport) -> Suggestion | None:
    verdict = report.light.verdict if report.light else "good"
    return None if verdict == "good" else Suggestion(verdict, _faces(report)[:1])


def _distance(report: VideoReport) -> Suggestion | None:
    framing = report.framing
    if framing is None or framing.distance == "good" or framing.good_share >= FEWEST_GOOD:
        return None
    return Suggestion(framing.distance, _faces(report)[:1], {"size": framing.size})


def _place(report: VideoReport) -> Suggestion | None:
    framing = report.framing
    if framing is None or framing.position == "good" or framing.good_share >= FEWEST_GOOD:
        return None
    return Suggestion("off_centre", _faces(report)[:1])


def _out_of_view(report: VideoReport) -> Suggestion | None:
    presence = report.presence
    if presence is None or not presence.face or 1 - presence.face_share < OUT_OF_VIEW:
        return None
    values = {"share": 1 - presence.face_share}
    return Suggestion("out_of_view", longest(presence.nobody), values)


def _several(report: VideoReport) -> Suggestion | None:
    found = report.presence.several if report.presence else ()
    seconds = sum(item.end - item.start for item in found)
    if seconds < SEVERAL_SECONDS:
        return None
    return Suggestion("several", longest(found), {"seconds": seconds})


def _looking_away(report: VideoReport) -> Suggestion | None:
    gaze = report.gaze
    if gaze is None or gaze.share >= LOOKING:
        return None
    return Suggestion("looking_away", longest(gaze.away), {"share": gaze.share})


def _no_smile(report: VideoReport) -> Suggestion | None:
    smile, faces = report.smile, _faces(report)
    if smile is None or smile.share >= SMILE or not faces or report.picture is None:
        return None
    end = max(faces[0], report.picture.duration - advice.ENDING)
    return Suggestion("no_smile", (faces[0], end), {"share": smile.share})


BEFORE: Sequence[Rule] = (_light, _distance, _place, _out_of_view, _several)
"""Rules about the picture, which is quickly put right: they come first."""

AFTER: Sequence[Rule] = (_looking_away, _no_smile)
"""Rules about the person in it: they come after those about the voice."""


def longest(stretches: Sequence[Stretch]) -> tuple[float, ...]:
    """Return the beginnings of the longest stretches, in the order of the recording."""
    most = sorted(stretches, key=lambda item: item.start - item.end)[:MOST_MOMENTS]
    return tuple(sorted(item.start for item in most))


def _faces(report: VideoReport) -> tuple[float, ...]:
    """Return the moments from which on a face is in view; the beginning when there is none."""
    found = report.presence.face if report.presence else ()
    return tuple(item.start for item in found) or (0.0,)
