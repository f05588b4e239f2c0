"""The drawing of an answer before a camera: what face and voice may convey, smile, gaze, presence.

Pure, like `voice`, whose player this one adds to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask_babel import gettext as _

from interview.analysis.report import FaceMoment, Moment, VideoReport
from interview.charts import Table
from interview.practice import timeline, voice
from interview.practice.film_labels import CAMERA, CHANNEL_TITLES, CHANNELS, KINDS
from interview.practice.timeline import Block, Row, clock, leading
from interview.practice.voice import CLEAR, ChannelView, KeyView, LaneView, PlayerView
from interview.practice.voice_labels import EMOTIONS, SHORT_EMOTIONS, percent

HALF = 0.5
"""Share from which on a smile is one and a head points towards the camera."""

Channels = Mapping[str, Sequence[Moment]]


def player(report: VideoReport) -> PlayerView:
    """Return the recording as a drawing that can be played."""
    duration = report.duration
    heard = voice.player(report.voice, duration)
    found = channels(report)
    runs = {key: _runs(moments, duration) for key, moments in found.items()}
    lanes = [LaneView(str(CHANNELS[key]), None, blocks) for key, blocks in runs.items() if blocks]
    presence = _presence(report, duration)
    return replace(
        heard,
        summary=" ".join((heard.summary, *_summary(report))),
        lanes=(*lanes, *_face_lanes(report), *presence),
        keys=_keys([*runs.values(), *(lane.blocks for lane in presence)]),
        said=_said(report, found),
        table=_table(report, found),
        channels=tuple(_channel(key, moments) for key, moments in found.items() if _any(moments)),
    )


def channels(report: VideoReport) -> dict[str, tuple[Moment, ...]]:
    """Return each channel's emotions, second by second; a channel may have none at all."""
    joint = report.timeline
    return {
        "together": tuple(Moment(item.start, item.end, item.together) for item in joint),
        "face": tuple(Moment(item.start, item.end, item.face) for item in joint),
        "voice": report.voice.timeline,
    }


def _any(moments: Sequence[Moment]) -> bool:
    return any(moment.emotions for moment in moments)


# --- Lanes ----------------------------------------------------------------------------------


def _runs(moments: Sequence[Moment], duration: float) -> tuple[Block, ...]:
    """Return blocks of seconds in which the same emotion leads clearly, or none does."""
    runs: list[tuple[str, float, float]] = []
    for moment in moments:
        if not moment.emotions:
            continue
        kind = _kind(moment.emotions)
        if runs and runs[-1][0] == kind and runs[-1][2] == moment.start:
            runs[-1] = (kind, runs[-1][1], moment.end)
        else:
            runs.append((kind, moment.start, moment.end))
    words = {**SHORT_EMOTIONS, "unclear": ""}
    return tuple(
        timeline.block(start, end, duration, kind, str(words[kind])) for kind, start, end in runs
    )


def _kind(emotions: Mapping[str, float]) -> str:
    name = leading(emotions)
    return name if emotions[name] >= CLEAR else "unclear"


def _face_lanes(report: VideoReport) -> tuple[LaneView, ...]:
    """Return smile and looking towards the camera, half second by half second."""
    drawn = (
        (_("Smile"), [(half.start, half.end, half.smile) for half in report.faces]),
        (_("To camera"), [(half.start, half.end, half.looking) for half in report.faces]),
    )
    return tuple(
        LaneView(name, Row(name, *timeline.bars(values, HALF), timeline.base(values)))
        for name, values in drawn
        if any(share is not None for _start, _end, share in values)
    )


def _presence(report: VideoReport, duration: float) -> tuple[LaneView, ...]:
    """Return when a face is in view, when several are, and when none is."""
    presence = report.presence
    if presence is None:
        return ()
    kinds = (("face", presence.face, ""), ("nobody", presence.nobody, ""))
    blocks = [
        timeline.block(each.start, each.end, duration, kind, text)
        for kind, stretches, text in (*kinds, ("several", presence.several, "2+"))
        for each in stretches
    ]
    return (LaneView(_("In view"), None, tuple(blocks)),)


def _keys(lanes: Sequence[Sequence[Block]]) -> tuple[KeyView, ...]:
    drawn = {block.kind for blocks in lanes for block in blocks}
    return tuple(KeyView(kind, str(name)) for kind, name in KINDS.items() if kind in drawn)


def _channel(key: str, moments: Sequence[Moment]) -> ChannelView:
    told = [moment for moment in moments if moment.emotions]
    title = str(CHANNEL_TITLES[key])
    shares = {
        name: sum((moment.emotions or {}).get(name, 0.0) for moment in told) / len(told)
        for name in EMOTIONS
    }
    most = sorted(shares, key=lambda name: -shares[name])[:3]
    said = "; ".join(f"{EMOTIONS[name]} {percent(shares[name])}" for name in most)
    return ChannelView(
        key=key,
        title=title,
        summary=_("%(title)s. On average: %(shares)s.", title=title, shares=said),
        lanes=voice.lanes(told),
        table=voice.seconds_table(moments),
        table_title=_("%(title)s, as a table", title=title),
    )


# --- Words ----------------------------------------------------------------------------------


def _summary(report: VideoReport) -> list[str]:
    return [
        _("%(name)s: %(share)s.", name=words.name, share=words.write(report.measures[key]))
        for key, words in CAMERA.items()
        if key in report.measures
    ]


def _said(report: VideoReport, found: Channels) -> tuple[tuple[float, float, str], ...]:
    return tuple(
        (moment.start, moment.end, "; ".join(_second(report, found, index)))
        for index, moment in enumerate(found["together"])
    )


def _second(report: VideoReport, found: Channels, index: int) -> list[str]:
    """Return what is to be said of one second, the most telling first."""
    moment = found["together"][index]
    said = [voice.said(moment.emotions)] if moment.emotions else []
    halves = _halves(report, moment)
    smile, looking = _mean(halves, "smile"), _mean(halves, "looking")
    if smile is not None and smile >= HALF:
        said.append(_("smiling"))
    if looking is not None and looking < HALF:
        said.append(_("turned away"))
    if halves and not any(half.seen for half in halves):
        said.append(_("no face in view"))
    if index < len(found["voice"]) and not found["voice"][index].emotions:
        said.append(_("no speech"))
    return said or [_("nothing to tell")]


def _table(report: VideoReport, found: Channels) -> Table:
    columns = (
        *(_("Time"), *(str(name) for name in CHANNELS.values())),
        *(_("Smile"), _("Towards the camera"), _("Face in view")),
    )
    rows = []
    for index, moment in enumerate(found["together"]):
        halves = _halves(report, moment)
        emotions = (
            found[key][index].emotions if index < len(found[key]) else None for key in CHANNELS
        )
        shares = (_mean(halves, name) for name in ("smile", "looking", "seen"))
        rows.append(
            (
                clock(moment.start),
                *(_leading_text(each) for each in emotions),
                *("–" if share is None else percent(share) for share in shares),
            )
        )
    return Table(columns, tuple(rows))


def _leading_text(emotions: Mapping[str, float] | None) -> str:
    if not emotions:
        return "–"
    name = leading(emotions)
    return f"{SHORT_EMOTIONS[name]} {percent(emotions[name])}"


def _halves(report: VideoReport, moment: Moment) -> list[FaceMoment]:
    """Return the half seconds that begin in a second; they lie in order, two to a second."""
    first = 2 * int(moment.start)
    return [half for half in report.faces[first : first + 2] if half.start < moment.end]


def _mean(halves: Sequence[FaceMoment], name: str) -> float | None:
    found = [getattr(half, name) for half in halves]
    known = [value for value in found if value is not None]
    return sum(known) / len(known) if known else None
