"""The picture of a recording: its waveform, and what was heard in each second of it.

Pure geometry: times in seconds and shares in, places on the drawing out. Two kinds of places are
used, so that a drawing fits every width without inline styles: per cent of the width for single
marks, and paths in a box of `UNITS` per second by 100 that the page stretches.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interview.analysis.report import EMOTIONS, Moment

UNITS = 10
"""Units of a path per second of the recording."""

HEIGHT = 100
"""Units of a path's height."""

FAINT = 0.05
"""Peaks up to this are drawn small even where nothing is louder: silence shall look like it."""

TICKS = (5, 10, 15, 30, 60, 120, 300, 600)
"""Seconds between two marks of the time axis: the first that gives at most `MOST_TICKS`."""

MOST_TICKS = 6

ROOM, NARROW_ROOM = 0.12, 0.3
"""Share of the width from which on a word fits into a block, on a wide screen and on a narrow one.
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch on the drawing, in per cent of its width."""

    left: str
    width: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment named at the time axis."""

    left: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One emotion over time, as paths: where it led, where it did not, and the base line.

    The base line runs only where somebody speaks.
    """

    emotion: str
    leading: str
    other: str
    base: str


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a lane in which one thing holds: `kind` names its pattern, `text` stands in it.

    `is_short`: the text has no room on a narrow screen.
    """

    mark: Mark
    kind: str
    text: str = ""
    is_short: bool = False


def clock(seconds: float) -> str:
    """Write a moment or a length as minutes and seconds, rounded down: 0:07, 12:30."""
    whole = int(max(seconds, 0.0))
    return f"{whole // 60}:{whole % 60:02d}"


def percent(seconds: float, duration: float) -> str:
    """Return where a moment lies, in per cent of the width."""
    share = min(max(seconds / duration, 0.0), 1.0) if duration > 0 else 0.0
    return f"{100 * share:.2f}%"


def mark(start: float, end: float, duration: float) -> Mark:
    """Return a stretch of the recording as a place on the drawing."""
    return Mark(percent(start, duration), percent(max(end - start, 0.0), duration))


def ticks(duration: float) -> tuple[Tick, ...]:
    """Return the marks of the time axis, from the beginning on."""
    step = next((s for s in TICKS if duration / s <= MOST_TICKS), TICKS[-1])
    return tuple(
        Tick(percent(moment, duration), clock(moment)) for moment in range(0, int(duration), step)
    )


def waveform(peaks: Sequence[float]) -> str:
    """Return the outline of the waveform, mirrored at the middle; x counts the peaks.

    The loudest peak fills the height; heights grow with the square root of the peaks, so that quiet
    speech is seen beside a shout.
    """
    if not peaks:
        return ""
    middle, loudest = HEIGHT / 2, max(*peaks, FAINT)
    tops = [max(1, round(middle * math.sqrt(max(peak, 0.0) / loudest))) for peak in peaks]
    above = "".join(f"L{x} {middle - top:.0f}" for x, top in enumerate(tops))
    below = "".join(f"L{x} {middle + tops[x]:.0f}" for x in range(len(tops) - 1, -1, -1))
    return f"M0 {middle:.0f}{above}{below}Z"


def leading(emotions: Mapping[str, float]) -> str:
    """Return the emotion with the largest share; of equals the first in the order shown."""
    return max(EMOTIONS, key=lambda name: emotions.get(name, 0.0))


def rows(timeline: Sequence[Moment]) -> tuple[Row, ...]:
    """Return each emotion's share in every second in which somebody speaks."""
    heard = [(moment, moment.emotions) for moment in timeline if moment.emotions]
    base = "".join(
        f"M{_unit(moment.start)} {HEIGHT}H{_unit(moment.end)}" for moment, _emotions in heard
    )
    drawn = []
    for name in EMOTIONS:
        paths: dict[bool, list[str]] = {True: [], False: []}
        for moment, emotions in heard:
            share = emotions.get(name, 0.0)
            paths[leading(emotions) == name].append(_bar(moment.start, moment.end, share))
        drawn.append(Row(name, "".join(paths[True]), "".join(paths[False]), base))
    return tuple(drawn)


def block(start: float, end: float, duration: float, kind: str, text: str = "") -> Block:
    """Return a stretch of a lane, with its text where there is room for one."""
    share = (end - start) / duration if duration > 0 else 0.0
    place = mark(start, end, duration)
    return Block(place, kind, text if share >= ROOM else "", share < NARROW_ROOM)


def bars(values: Sequence[tuple[float, float, float | None]], strong: float) -> tuple[str, str]:
    """Return (start, end, share) as paths: those of at least `strong`, and the others."""
    paths: dict[bool, list[str]] = {True: [], False: []}
    for start, end, share in values:
        if share is not None:
            paths[share >= strong].append(_bar(start, end, share))
    return "".join(paths[True]), "".join(paths[False])


def base(values: Sequence[tuple[float, float, float | None]]) -> str:
    """Return the base line of (start, end, share): only where there is a share."""
    return "".join(
        f"M{_unit(start)} {HEIGHT}H{_unit(end)}"
        for start, end, share in values
        if share is not None
    )


def width(duration: float) -> int:
    """Return the width, in units, of the box in which the paths of `rows` lie."""
    return max(1, _unit(duration))


def _bar(start: float, end: float, share: float) -> str:
    height = round(HEIGHT * min(max(share, 0.0), 1.0))
    if height == 0:
        return ""
    # A unit less than the second is wide, so that seconds can be told apart.
    wide = max(1, _unit(end) - _unit(start) - 1)
    return f"M{_unit(start)} {HEIGHT}v-{height}h{wide}v{height}z"


def _unit(seconds: float) -> int:
    return round(seconds * UNITS)
