"""From frames to passages: smoothing over time, half seconds, stretches.

A face's numbers are smoothed exponentially, forwards and backwards, and the mean of both is taken:
it follows a change without lagging behind it. (A recurrent network could learn to smooth, but there
is no freely usable data of faces over time with emotions to train it on.)
"""

import math

import numpy as np
from numpy.typing import NDArray

from interview.analysis.report import Stretch

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

SMOOTHING_SECONDS = 0.4
"""Time in which a change has been followed by 63 %."""
FORGOTTEN_SECONDS = 1.0
"""After a gap as long as this smoothing begins anew."""
SHORTEST = 0.5
"""Seconds from which something is told apart from what surrounds it."""
STEP = 0.5
"""Seconds of a moment of the face."""


def smooth(values: Floats, times: Floats) -> Floats:
    """Smooth rows of numbers, shape ``(n, k)``, over time; rows of NaN stay so.

    Rows that add up to 1 still do afterwards.
    """
    forwards = _follow(values, times)
    backwards = _follow(values[::-1], -times[::-1])[::-1]
    return (forwards + backwards) / 2


def _follow(values: Floats, times: Floats) -> Floats:
    """Let each row draw the one before it along; times rise."""
    smoothed = np.full(values.shape, np.nan)
    state, last = None, -math.inf
    for index in np.flatnonzero(~np.isnan(values[:, 0])):
        gap = times[index] - last
        if state is None or gap > FORGOTTEN_SECONDS:
            state = values[index]
        else:
            state = state + (1 - math.exp(-gap / SMOOTHING_SECONDS)) * (values[index] - state)
        smoothed[index], last = state, times[index]
    return smoothed


def steady(mask: Mask, spans: Floats, shortest: float = SHORTEST) -> Mask:
    """Close gaps that are shorter than ``shortest`` seconds, then drop runs that are."""
    found = mask.copy()
    for value in (False, True):
        for first, last in _runs(found, value):
            inside = value or (first > 0 and last < len(found))
            if inside and spans[first:last].sum() < shortest:
                found[first:last] = not value
    return found


def stretches(mask: Mask, times: Floats, spans: Floats) -> tuple[Stretch, ...]:
    """Return the stretches in which a mask over frames holds."""
    return tuple(
        Stretch(_start(times, first), round(float(times[last - 1] + spans[last - 1]), 3))
        for first, last in _runs(mask, True)
    )


def share(mask: Mask, among: Mask, spans: Floats) -> float:
    """Return the share of the time of ``among`` in which ``mask`` holds."""
    total = spans[among].sum()
    return round(float(spans[mask & among].sum() / total), 4) if total else 0.0


def bins(times: Floats, duration: float, step: float) -> list[tuple[float, float, slice]]:
    """Cut a video into steps: start, end and the frames that stood then.

    A step in which no frame begins shows the one before it.
    """
    found = []
    for index in range(max(1, math.ceil(duration / step - 1e-6))):
        start, end = index * step, min((index + 1) * step, duration)
        first, last = np.searchsorted(times, (start - 1e-6, end - 1e-6))
        first = min(int(first), len(times) - 1)
        if last <= first:
            first, last = max(0, int(last) - 1), max(1, int(last))
        found.append((start, round(end, 3), slice(first, int(last))))
    return found


def mean(values: Floats) -> Floats | None:
    """Return the mean of the rows that are not NaN; ``None`` when all are."""
    there = values[~np.isnan(values.reshape(len(values), -1)[:, 0])]
    return there.mean(axis=0) if len(there) else None


def _start(times: Floats, first: int) -> float:
    """Return when a frame begins; what the first one shows was there from the beginning."""
    return round(float(times[first]), 3) if first else 0.0


def _runs(mask: Mask, value: bool) -> list[tuple[int, int]]:
    """Return first and last (exclusive) index of each run of a value."""
    edges = np.diff(np.concatenate(([False], mask == value, [False])).astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return list(zip(starts.tolist(), ends.tolist(), strict=True))
