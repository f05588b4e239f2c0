"""What the summary of a spoken answer shows, made from its report and comparisons.

Pure, like `presenter`, which does the same for written answers and gives the part on the words of
a transcript.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from interview.analysis.report import EMOTIONS, AudioReport, Delivery, Moment
from interview.charts import Chart, Scale, Table
from interview.peers.services import Comparison, Standing, TermComparison
from interview.practice import advice, presenter, timeline
from interview.practice.drawing import (
    BOUNDS,
    PERCENT,
    comparison_chart,
    distribution,
    standing_text,
)
from interview.practice.presenter import NoticeView, SummaryPage
from interview.practice.timeline import Mark, Row, Tick, clock
from interview.practice.voice_labels import (
    ACTORS,
    COMFORT,
    DELIVERY,
    NO_RANGE,
    SHORT_EMOTIONS,
    SUGGESTIONS,
    VERDICTS,
    Comfort,
    notice,
    percent,
    seconds,
)
from interview.practice.voice_labels import (
    EMOTIONS as NAMES,
)

SILENCE = 0.25
"""Seconds from which on a gap between two stretches of speech is drawn."""


CLEAR = 0.4
"""Share from which on one emotion is said to stand out in a second."""


@dataclass(frozen=True, slots=True)
class TimeView:
    """A moment of the recording that can be listened to, and what is there."""

    seconds: str
    clock: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SilenceView:
    """A silence on the drawing; `name` is the length of a long one."""

    mark: Mark
    name: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One emotion over time, with its name."""

    name: str
    row: Row


@dataclass(frozen=True, slots=True)
class PlayerView:
    """The recording as a picture that can be played.

    `said` holds (start, end, words) per second for whoever hears the page; `rows` is empty when
    there is no estimate of emotions.
    """

    duration: float
    length: str
    summary: str
    waveform: str
    peaks: int
    silences: tuple[SilenceView, ...]
    fadings: tuple[str, ...]
    ticks: tuple[Tick, ...]
    rows: tuple[RowView, ...]
    width: int
    said: tuple[tuple[float, float, str], ...]
    table: Table | None


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


@dataclass(frozen=True, slots=True)
class EmotionView:
    """One emotion's share of the estimate, with where one stands."""

    key: str
    name: str
    percent: str
    standing: str | None
    distribution: Chart | None


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """Something to try next, and the moments that show why."""

    code: str
    title: str
    seen: str
    advice: str
    moments_name: str
    moments: tuple[TimeView, ...]


@dataclass(frozen=True, slots=True)
class VoicePage:
    """Everything of a spoken answer's summary.

    `emotions` is empty and its chart None when the voice was not scored. `delivery` is empty when
    there was too little speech. `text` is the summary of the transcript, None without one.
    """

    scored: bool
    notices: tuple[NoticeView, ...]
    who: str | None
    player: PlayerView
    suggestions: tuple[SuggestionView, ...]
    can_advise: bool
    delivery: tuple[DeliveryView, ...]
    emotions: tuple[EmotionView, ...]
    emotions_chart: Chart | None
    actors: int
    transcript: str
    is_recognised: bool
    text: SummaryPage | None
    models: tuple[str, ...]


def summary(body: Mapping[str, Any], *, comparison: Comparison, terms: TermComparison) -> VoicePage:
    """Return the summary of a report on a recording.

    Raises `ReportError` when the body is not a report.
    """
    report = AudioReport.from_dict(body)
    standings = comparison.measures
    return VoicePage(
        scored=report.scored,
        notices=tuple(_notice(item.code, item.values) for item in report.notices),
        who=presenter.who(comparison) if report.measures else None,
        player=_player(report),
        suggestions=tuple(_suggestion(item) for item in advice.suggest(report)),
        can_advise=report.delivery is not None,
        delivery=_delivery(report, standings),
        emotions=_emotions(report, standings),
        emotions_chart=_emotions_chart(report, standings),
        actors=ACTORS,
        transcript=report.transcript or "",
        is_recognised=report.transcript_source == "recognised",
        text=_text(report, comparison, terms),
        models=tuple(f"{name} {version}" for name, version in report.provenance.models.items()),
    )


def _notice(code: str, values: Mapping[str, Any]) -> NoticeView:
    words = notice(code)
    return NoticeView(code, words.kind, str(words.title), words.text(values), str(words.advice))


def _text(report: AudioReport, comparison: Comparison, terms: TermComparison) -> SummaryPage | None:
    if report.text is None or report.transcript is None:
        return None
    return presenter.text_page(
        report.text, text=report.transcript, comparison=comparison, terms=terms, mode="audio"
    )


def time_view(moment: float, note: str = "") -> TimeView:
    """Return a moment as something to press."""
    return TimeView(f"{moment:.2f}", clock(moment), note)


# --- The player -----------------------------------------------------------------------------


def _player(report: AudioReport) -> PlayerView:
    duration = report.sound.duration
    heard = [moment for moment in report.timeline if moment.emotions]
    fadings = report.delivery.fadings if report.delivery else ()
    return PlayerView(
        duration=round(duration, 2),
        length=clock(duration),
        summary=_player_summary(report, heard),
        waveform=timeline.waveform(report.waveform),
        peaks=max(1, len(report.waveform) - 1),
        silences=tuple(
            SilenceView(
                timeline.mark(start, end, duration),
                seconds(end - start) if end - start >= advice.LONG_PAUSE else "",
            )
            for start, end in silences(report)
        ),
        fadings=tuple(timeline.percent(item.end, duration) for item in fadings),
        ticks=timeline.ticks(duration),
        rows=tuple(RowView(str(SHORT_EMOTIONS[row.emotion]), row) for row in timeline.rows(heard))
        if heard
        else (),
        width=timeline.width(duration),
        said=tuple((m.start, m.end, _said(m)) for m in report.timeline) if heard else (),
        table=_seconds_table(report.timeline) if heard else None,
    )


def silences(report: AudioReport) -> tuple[tuple[float, float], ...]:
    """Return where nobody speaks: before, between and after the stretches of speech."""
    edges = [0.0]
    for stretch in report.speech:
        edges += [stretch.start, stretch.end]
    edges.append(report.sound.duration)
    gaps = list(pairwise(edges))[::2]
    return tuple((start, end) for start, end in gaps if end - start >= SILENCE)


def _said(moment: Moment) -> str:
    if not moment.emotions:
        return _("no speech")
    name = timeline.leading(moment.emotions)
    share = moment.emotions.get(name, 0.0)
    words = {"emotion": str(NAMES[name]).lower(), "share": percent(share)}
    if share < CLEAR:
        return _("nothing clear (highest: %(emotion)s, %(share)s)", **words)
    return _("mostly %(emotion)s (%(share)s)", **words)


def _player_summary(report: AudioReport, heard: Sequence[Moment]) -> str:
    long_ones = len(advice.long_pauses(report.delivery)) if report.delivery else 0
    said = [_("The waveform of a recording of %(length)s.", length=clock(report.sound.duration))]
    if report.delivery:
        said.append(
            ngettext(
                "%(num)s pause of at least two seconds.",
                "%(num)s pauses of at least two seconds.",
                long_ones,
            )
        )
    if heard:
        counts = Counter(timeline.leading(moment.emotions or {}) for moment in heard)
        shares = "; ".join(
            f"{NAMES[name]} {percent(count / len(heard))}" for name, count in counts.most_common(3)
        )
        said.append(_("What leads in the seconds with speech: %(shares)s.", shares=shares))
    return " ".join(said)


def _seconds_table(moments: Sequence[Moment]) -> Table:
    columns = (_("Time"), *(str(SHORT_EMOTIONS[name]) for name in EMOTIONS))
    rows = []
    for moment in moments:
        shares = moment.emotions
        cells = (percent(shares.get(name, 0.0)) if shares else "–" for name in EMOTIONS)
        rows.append((clock(moment.start), *cells))
    return Table(columns, tuple(rows))


# --- What to try next -----------------------------------------------------------------------


def _suggestion(item: advice.Suggestion) -> SuggestionView:
    words = SUGGESTIONS[item.code]
    return SuggestionView(
        code=item.code,
        title=str(words.title),
        seen=words.seen(item.values),
        advice=str(words.advice),
        moments_name=str(words.moments),
        moments=tuple(time_view(moment) for moment in item.moments),
    )


# --- Delivery -------------------------------------------------------------------------------


def _delivery(report: AudioReport, standings: Mapping[str, Standing]) -> tuple[DeliveryView, ...]:
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


# --- Emotions -------------------------------------------------------------------------------


def _emotions(report: AudioReport, standings: Mapping[str, Standing]) -> tuple[EmotionView, ...]:
    views = []
    for key in EMOTIONS if report.emotions else ():
        measure, name = f"emotion.{key}", str(NAMES[key])
        standing = standings.get(measure)
        views.append(
            EmotionView(
                key=key,
                name=name,
                percent=percent((report.emotions or {}).get(key, 0.0)),
                standing=standing_text(standing, spoken=True) if standing else None,
                distribution=distribution(name, measure, standing),
            )
        )
    return tuple(views)


def _emotions_chart(report: AudioReport, standings: Mapping[str, Standing]) -> Chart | None:
    if not report.emotions:
        return None
    return comparison_chart(
        _("How your voice may sound, beside the others’"),
        [(str(NAMES[key]), report.emotions.get(key, 0.0), f"emotion.{key}") for key in EMOTIONS],
        standings,
        Scale(0, 1, _("Share of the estimate"), PERCENT),
        write=percent,
        bars=True,
    )
