"""How an answer was spoken, figure by figure: observed behaviour, what is usual, and when.

Pure, like `voice`, whose pages show it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from interview.analysis.report import AudioReport, Delivery
from interview.charts import Chart
from interview.peers.services import Standing
from interview.practice import advice, timeline
from interview.practice.drawing import BOUNDS, distribution, standing_text
from interview.practice.timeline import Mark, clock
from interview.practice.voice_labels import (
    COMFORT,
    DELIVERY,
    NO_RANGE,
    VERDICTS,
    Comfort,
    seconds,
)


@dataclass(frozen=True, slots=True)
class TimeView:
    """A moment of the recording that can be listened to, and what is there."""

    seconds: str
    clock: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Gauge:
    """A value on the scale of its measure, in per cent of the width, over the usual range."""

    range: Mark
    own: str


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One figure of delivery: observed behaviour, what is usual, where one stands, and when."""

    key: str
    name: str
    value: str
    about: str
    detail: str
    comfort: str
    source: str | None
    verdict: str | None
    is_usual: bool
    gauge: Gauge | None
    average: str | None
    standing: str | None
    distribution: Chart | None
    moments_name: str
    moments: tuple[TimeView, ...]


def time_view(moment: float, note: str = "") -> TimeView:
    """Return a moment as something to press."""
    return TimeView(f"{moment:.2f}", clock(moment), note)


def delivery(report: AudioReport, standings: Mapping[str, Standing]) -> tuple[DeliveryView, ...]:
    """Return the figures of how an answer was spoken; none when there was too little speech."""
    if report.delivery is None:
        return ()
    views = [
        _figure(key, report.measures[key], report.delivery, standings.get(key))
        for key in DELIVERY
        if key in report.measures
    ]
    return (*views, _trailing_off(report.delivery))


def _figure(key: str, value: float, delivery: Delivery, standing: Standing | None) -> DeliveryView:
    words, comfort = DELIVERY[key], COMFORT.get(key, NO_RANGE)
    verdict = comfort.verdict(value)
    moments_name, moments = _moments(key, delivery)
    return DeliveryView(
        key=key,
        name=str(words.name),
        value=words.write(value),
        about=str(words.about),
        detail=_detail(key, delivery),
        comfort=str(comfort.text),
        source=comfort.source,
        verdict=str(VERDICTS[verdict]) if verdict else None,
        is_usual=verdict == "within",
        gauge=_gauge(key, value, comfort),
        average=words.write(standing.mean) if standing else None,
        standing=standing_text(standing, spoken=True) if standing else None,
        distribution=distribution(str(words.name), key, standing),
        moments_name=moments_name,
        moments=moments,
    )


def _detail(key: str, delivery: Delivery) -> str:
    if key == "delivery.speaking_share":
        return _(
            "%(speaking)s of speech, %(silent)s of silence.",
            speaking=clock(delivery.speaking_seconds),
            silent=clock(delivery.silent_seconds),
        )
    if key == "delivery.pauses_per_minute":
        return ngettext("%(num)s pause in all.", "%(num)s pauses in all.", len(delivery.pauses))
    if key == "delivery.pitch_range" and delivery.pitch_median_hz is not None:
        return _(
            "Its middle is at %(hertz)s Hz.", hertz=format_decimal(delivery.pitch_median_hz, "0")
        )
    return ""


def _moments(key: str, delivery: Delivery) -> tuple[str, tuple[TimeView, ...]]:
    """Return the pauses to listen to, with what they are."""
    if key != "delivery.longest_pause":
        return "", ()
    found = advice.long_pauses(delivery)
    if not found:
        return _("No pause of two seconds or more."), ()
    name = ngettext(
        "%(num)s pause of two seconds or more:",
        "%(num)s pauses of two seconds or more:",
        len(found),
    )
    return name, tuple(time_view(start, seconds(end - start)) for start, end in found)


def _gauge(key: str, value: float, comfort: Comfort) -> Gauge | None:
    if comfort.low is None or comfort.high is None:
        return None
    span = BOUNDS[key].high - BOUNDS[key].low
    low = BOUNDS[key].low
    return Gauge(
        timeline.mark(comfort.low - low, comfort.high - low, span),
        timeline.percent(value - low, span),
    )


def _trailing_off(delivery: Delivery) -> DeliveryView:
    found = delivery.fadings
    said = ngettext("%(num)s time", "%(num)s times", len(found)) if found else _("Never")
    return DeliveryView(
        key="fadings",
        name=_("Trailing off"),
        value=said,
        about=_("Sentences or phrases whose last syllables are far softer than the first."),
        detail="",
        comfort=str(NO_RANGE.text),
        source=None,
        verdict=None,
        is_usual=False,
        gauge=None,
        average=None,
        standing=None,
        distribution=None,
        moments_name=_("Listen to these:") if found else "",
        moments=tuple(
            time_view(
                advice.ending(item),
                _("softer by %(drop)s dB", drop=format_decimal(item.drop_db, "0")),
            )
            for item in sorted(found, key=lambda one: one.start)
        ),
    )
