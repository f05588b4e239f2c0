"""What to try next after a spoken answer: published rules over the report's observable behaviour.

Pure: a report in, codes with moments of the recording out; `voice_labels` has the words, and
docs/audio-analysis.md lists the rules. Feelings never lead to advice: an estimate from acted speech
is no reason to change how somebody sounds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from interview.analysis.report import AudioReport, Delivery, Fading

MOST = 3
"""How many suggestions are made at most."""

MOST_MOMENTS = 4
"""How many moments of the recording a suggestion names at most."""

LONG_PAUSE = 2.0
"""Seconds from which on a pause is named as a long one; ordinary ones last up to about one
(Campione & Véronis 2002)."""

VERY_LONG_PAUSE = 4.0
FEWEST_LONG_PAUSES = 3
"""A single pause this long, or this many long ones, lead to a suggestion."""

LATE_START = 3.0
"""Seconds of silence before the first word."""

LONG_RUN = 20.0
"""Seconds of speech without a pause of at least `BREATH`."""

BREATH = 0.4
FAST = 5.9
"""Syllables per second of speech: the upper end in interviews (Goldman-Eisler 1968)."""

FLAT = 4.0
"""Semitones between the low and the high end of the voice, below which it hardly moves."""

FEWEST_FADINGS = 2
MOSTLY_SILENT = 0.5
"""Share of the time from the first word to the last that is speech, below which a rule holds."""

ENDING = 5.0
"""Seconds before its end from which a phrase that trails off is listened to."""

CLOSING = 10.0
"""Seconds before the last word in which a listener waits for the result."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rule that holds, the numbers behind it, and the moments (in seconds) to listen to."""

    code: str
    moments: tuple[float, ...]
    values: Mapping[str, float] = field(default_factory=dict)


def suggest(report: AudioReport) -> tuple[Suggestion, ...]:
    """Return at most `MOST` suggestions, the first rules first."""
    if report.delivery is None or not report.speech:
        return ()
    found = (rule(report, report.delivery) for rule in RULES)
    return tuple(item for item in found if item is not None)[:MOST]


def long_pauses(delivery: Delivery) -> tuple[tuple[float, float], ...]:
    """Return the pauses of at least `LONG_PAUSE` seconds, in the order of the recording."""
    pauses = ((pause.start, pause.end) for pause in delivery.pauses)
    return tuple(sorted(p for p in pauses if p[1] - p[0] >= LONG_PAUSE))


def ending(fading: Fading) -> float:
    """Return the moment from which one hears a phrase trail off."""
    return max(fading.start, fading.end - ENDING)


def runs(report: AudioReport) -> tuple[tuple[float, float], ...]:
    """Return the stretches talked through without a pause of at least `BREATH` seconds."""
    if not report.speech:
        return ()
    joined = [(report.speech[0].start, report.speech[0].end)]
    for stretch in report.speech[1:]:
        start, end = joined[-1]
        if stretch.start - end < BREATH:
            joined[-1] = (start, max(end, stretch.end))
        else:
            joined.append((stretch.start, stretch.end))
    return tuple(joined)


def _no_result(report: AudioReport, delivery: Delivery) -> Suggestion | None:
    structure = report.text.structure if report.text else None
    if structure is None or "result" not in structure.missing:
        return None
    end = report.speech[-1].end
    return Suggestion("no_result", (max(report.speech[0].start, end - CLOSING),))


def _long_pauses(report: AudioReport, delivery: Delivery) -> Suggestion | None:
    pauses = long_pauses(delivery)
    longest = max((end - start for start, end in pauses), default=0.0)
    if len(pauses) < FEWEST_LONG_PAUSES and longest < VERY_LONG_PAUSE:
        return None
    values = {"count": len(pauses), "longest": longest}
    return Suggestion("long_pauses", _longest(pauses), values)


def _fast(report: AudioReport, delivery: Delivery) -> Suggestion | None:
    rate = delivery.articulation_rate
    if rate is None or rate <= FAST:
        return None
    return Suggestion("fast", _longest(runs(report))[:1], {"rate": rate})


def _long_runs(report: AudioReport, delivery: Delivery) -> Suggestion | None:
    found = [run for run in runs(report) if run[1] - run[0] >= LONG_RUN]
    if not found:
        return None
    longest = max(end - start for start, end in found)
    return Suggestion("long_runs", _longest(found), {"longest": longest})


def _fading(report: AudioReport, delivery: Delivery) -> Suggestion | None:
    if len(delivery.fadings) < FEWEST_FADINGS:
        return None
    most = sorted(delivery.fadings, key=lambda item: -item.drop_db)[:MOST_MOMENTS]
    moments = tuple(sorted(ending(item) for item in most))
    return Suggestion("fading", moments, {"count": len(delivery.fadings)})


def _flat(report: AudioReport, delivery: Delivery) -> Suggestion | None:
    spread = delivery.pitch_range_semitones
    if spread is None or spread >= FLAT:
        return None
    return Suggestion("flat", _longest(runs(report))[:1], {"semitones": spread})


def _mostly_silent(report: AudioReport, delivery: Delivery) -> Suggestion | None:
    total = delivery.speaking_seconds + delivery.silent_seconds
    pauses = [(pause.start, pause.end) for pause in delivery.pauses]
    if not pauses or total <= 0 or delivery.speaking_seconds / total >= MOSTLY_SILENT:
        return None
    share = delivery.speaking_seconds / total
    return Suggestion("mostly_silent", _longest(pauses), {"share": share})


def _late_start(report: AudioReport, delivery: Delivery) -> Suggestion | None:
    start = report.speech[0].start
    return Suggestion("late_start", (0.0,), {"seconds": start}) if start >= LATE_START else None


RULES: Sequence[Callable[[AudioReport, Delivery], Suggestion | None]] = (
    _no_result,
    _long_pauses,
    _fast,
    _long_runs,
    _fading,
    _flat,
    _mostly_silent,
    _late_start,
)
"""The rules, the most telling for a listener first."""


def _longest(stretches: Sequence[tuple[float, float]]) -> tuple[float, ...]:
    """Return the beginnings of the longest stretches, in the order of the recording."""
    most = sorted(stretches, key=lambda item: item[0] - item[1])[:MOST_MOMENTS]
    return tuple(sorted(start for start, _end in most))
