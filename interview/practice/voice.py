"""What the summary of a spoken answer shows, made from its report and comparisons.

Pure, like `presenter`, which does the same for written answers and gives the part on the words of
a transcript.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from interview.analysis.report import EMOTIONS, AudioReport, Moment
from interview.charts import Chart, Table
from interview.peers.services import Comparison, TermComparison
from interview.practice import advice, presenter, timeline
from interview.practice.delivery import DeliveryView, TimeView, delivery, time_view
from interview.practice.emotions import EmotionView, emotion_views, emotions_chart
from interview.practice.presenter import NoticeView, SummaryPage, notice_view
from interview.practice.timeline import Block, Mark, Row, Tick, clock
from interview.practice.voice_labels import (
    ACTORS,
    SHORT_EMOTIONS,
    SUGGESTIONS,
    SuggestionWords,
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
class SilenceView:
    """A silence on the drawing; `name` is the length of a long one."""

    mark: Mark
    name: str


@dataclass(frozen=True, slots=True)
class LaneView:
    """Something over time, with its name: a row of bars, or blocks with a pattern each."""

    name: str
    row: Row | None
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyView:
    """What the pattern of a kind of block means."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class ChannelView:
    """All emotions over time of one channel (face, voice or both), drawn and as a table."""

    key: str
    title: str
    summary: str
    lanes: tuple[LaneView, ...]
    table: Table
    table_title: str


@dataclass(frozen=True, slots=True)
class PlayerView:
    """The recording as a picture that can be played.

    `said` holds (start, end, words) per second for whoever hears the page; `lanes` is empty when
    there is nothing to tell second by second. `keys` and `channels` belong to recordings with
    picture.
    """

    duration: float
    length: str
    summary: str
    waveform: str
    peaks: int
    wave_width: str
    silences: tuple[SilenceView, ...]
    fadings: tuple[str, ...]
    ticks: tuple[Tick, ...]
    lanes: tuple[LaneView, ...]
    width: int
    said: tuple[tuple[float, float, str], ...]
    table: Table | None
    keys: tuple[KeyView, ...] = ()
    channels: tuple[ChannelView, ...] = ()


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
    return page(AudioReport.from_dict(body), comparison=comparison, terms=terms)


def page(report: AudioReport, *, comparison: Comparison, terms: TermComparison) -> VoicePage:
    """Return the summary of what is heard and said, also in a recording with picture."""
    standings = comparison.measures
    return VoicePage(
        scored=report.scored,
        notices=tuple(
            notice_view(item.code, item.values, notice(item.code)) for item in report.notices
        ),
        who=presenter.who(comparison) if report.measures else None,
        player=player(report),
        suggestions=tuple(
            suggestion_view(item, SUGGESTIONS[item.code]) for item in advice.suggest(report)
        ),
        can_advise=report.delivery is not None,
        delivery=delivery(report, standings),
        emotions=emotion_views("emotion", report.emotions, standings),
        emotions_chart=emotions_chart(
            _("How your voice may sound, beside the others’"),
            "emotion",
            report.emotions,
            standings,
        ),
        actors=ACTORS,
        transcript=report.transcript or "",
        is_recognised=report.transcript_source == "recognised",
        text=_text(report, comparison, terms),
        models=tuple(f"{name} {version}" for name, version in report.provenance.models.items()),
    )


def _text(report: AudioReport, comparison: Comparison, terms: TermComparison) -> SummaryPage | None:
    if report.text is None or report.transcript is None:
        return None
    return presenter.text_page(
        report.text, text=report.transcript, comparison=comparison, terms=terms, mode="audio"
    )


# --- The player -----------------------------------------------------------------------------


def player(report: AudioReport, length: float | None = None) -> PlayerView:
    """Return a spoken answer as a picture that can be played.

    `length` is that of the whole recording in seconds where it may be more than its sound's.
    """
    duration = length or report.sound.duration
    heard = [moment for moment in report.timeline if moment.emotions]
    fadings = report.delivery.fadings if report.delivery else ()
    return PlayerView(
        duration=round(duration, 2),
        length=clock(duration),
        summary=_player_summary(report, heard),
        waveform=timeline.waveform(report.waveform),
        peaks=max(1, len(report.waveform) - 1),
        wave_width=timeline.percent(report.sound.duration, duration),
        silences=tuple(
            SilenceView(
                timeline.mark(start, end, duration),
                seconds(end - start) if end - start >= advice.LONG_PAUSE else "",
            )
            for start, end in silences(report)
        ),
        fadings=tuple(timeline.percent(item.end, duration) for item in fadings),
        ticks=timeline.ticks(duration),
        lanes=lanes(heard),
        width=timeline.width(duration),
        said=tuple((m.start, m.end, _said(m)) for m in report.timeline) if heard else (),
        table=seconds_table(report.timeline) if heard else None,
    )


def lanes(moments: Sequence[Moment]) -> tuple[LaneView, ...]:
    """Return each emotion over time, of moments that have them; none where there are none."""
    if not moments:
        return ()
    return tuple(LaneView(str(SHORT_EMOTIONS[row.emotion]), row) for row in timeline.rows(moments))


def silences(report: AudioReport) -> tuple[tuple[float, float], ...]:
    """Return where nobody speaks: before, between and after the stretches of speech."""
    edges = [0.0]
    for stretch in report.speech:
        edges += [stretch.start, stretch.end]
    edges.append(report.sound.duration)
    gaps = list(pairwise(edges))[::2]
    return tuple((start, end) for start, end in gaps if end - start >= SILENCE)


def _said(moment: Moment) -> str:
    return said(moment.emotions) if moment.emotions else _("no speech")


def said(emotions: Mapping[str, float]) -> str:
    """Say what leads in a distribution, or that nothing does clearly."""
    name = timeline.leading(emotions)
    share = emotions.get(name, 0.0)
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


def seconds_table(moments: Sequence[Moment]) -> Table:
    """Return the shares of all emotions in every second."""
    columns = (_("Time"), *(str(SHORT_EMOTIONS[name]) for name in EMOTIONS))
    rows = []
    for moment in moments:
        shares = moment.emotions
        cells = (percent(shares.get(name, 0.0)) if shares else "–" for name in EMOTIONS)
        rows.append((clock(moment.start), *cells))
    return Table(columns, tuple(rows))


# --- What to try next -----------------------------------------------------------------------


def suggestion_view(item: advice.Suggestion, words: SuggestionWords) -> SuggestionView:
    """Return a suggestion in words, with its moments to press."""
    return SuggestionView(
        code=item.code,
        title=str(words.title),
        seen=words.seen(item.values),
        advice=str(words.advice),
        moments_name=str(words.moments),
        moments=tuple(time_view(moment) for moment in item.moments),
    )
