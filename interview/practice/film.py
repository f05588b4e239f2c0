"""What the summary of an answer before a camera shows, made from its report and comparisons.

Pure, like `voice`, which gives the part on what is heard and said.
"""

import base64
import binascii
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _

from interview.analysis.report import EMOTIONS, KeyMoment, Stretch, VideoReport
from interview.charts import Chart, Table
from interview.peers.services import Comparison, Standing, TermComparison
from interview.practice import film_advice, film_player, presenter, voice
from interview.practice.delivery import DeliveryView, TimeView, time_view
from interview.practice.drawing import distribution, standing_text
from interview.practice.emotions import EmotionView, emotion_views, emotions_chart
from interview.practice.film_labels import (
    ALONE,
    CAMERA,
    CHANNELS,
    DISTANCES,
    FOCUS,
    LIGHTS,
    POSITIONS,
    notice,
    suggestion,
)
from interview.practice.presenter import NoticeView, notice_view
from interview.practice.voice import PlayerView, SuggestionView, VoicePage
from interview.practice.voice_labels import EMOTIONS as NAMES
from interview.practice.voice_labels import percent, seconds

MOST_MOMENTS = 8
"""How many moments a figure names at most, the longest ones."""

CROP = 48
"""Pixels of each side of a key moment's pictures."""

MUCH = 0.45
"""Part of an activation map in a third of the face from which on that third is named."""


@dataclass(frozen=True, slots=True)
class KeyMomentView:
    """The clearest frame of one emotion; `face` and `activation` are addresses of pictures.

    `focus` says where the activation map is strongest, for those who do not see it; "" if unknown.
    """

    name: str
    percent: str
    time: TimeView
    face: str
    activation: str
    focus: str


@dataclass(frozen=True, slots=True)
class AloneView:
    """The estimate from the face alone, or the voice alone, beside the others'."""

    key: str
    title: str
    emotions: tuple[EmotionView, ...]
    emotions_chart: Chart | None


@dataclass(frozen=True, slots=True)
class FilmPage:
    """Everything of the summary of an answer before a camera.

    `voice` is that of its sound and words. `emotions` is empty and its chart None when neither face
    nor voice was scored; `alone` has those of both that there is anybody to compare with. `camera`
    is empty without a picture.
    """

    scored: bool
    notices: tuple[NoticeView, ...]
    who: str | None
    player: PlayerView
    suggestions: tuple[SuggestionView, ...]
    can_advise: bool
    camera: tuple[DeliveryView, ...]
    key_moments: tuple[KeyMomentView, ...]
    emotions: tuple[EmotionView, ...]
    emotions_chart: Chart | None
    emotions_table: Table | None
    alone: tuple[AloneView, ...]
    weights: str
    voice: VoicePage
    models: tuple[str, ...]


def summary(body: Mapping[str, Any], *, comparison: Comparison, terms: TermComparison) -> FilmPage:
    """Return the summary of a report on a video.

    Raises `ReportError` when the body is not a report.
    """
    report = VideoReport.from_dict(body)
    standings = comparison.measures
    heard = voice.page(report.voice, comparison=comparison, terms=terms)
    return FilmPage(
        scored=report.scored,
        notices=tuple(
            notice_view(each.code, each.values, notice(each.code))
            for each in (*report.notices, *report.voice.notices)
        ),
        who=presenter.who(comparison) if report.measures else None,
        player=film_player.player(report),
        suggestions=tuple(
            voice.suggestion_view(item, suggestion(item.code))
            for item in film_advice.suggest(report)
        ),
        can_advise=heard.can_advise or report.framing is not None,
        camera=_camera(report, standings),
        key_moments=tuple(_key_moment(item) for item in report.key_moments),
        emotions=emotion_views("together", report.emotions, standings),
        emotions_chart=emotions_chart(
            _("How face and voice may come across, beside the others’"),
            "together",
            report.emotions,
            standings,
        ),
        emotions_table=_emotions_table(report),
        alone=_alone(report, standings),
        weights=_weights(report),
        voice=heard,
        models=tuple(f"{name} {version}" for name, version in report.provenance.models.items()),
    )


# --- What the camera saw --------------------------------------------------------------------


def _camera(report: VideoReport, standings: Mapping[str, Standing]) -> tuple[DeliveryView, ...]:
    if report.picture is None:
        return ()
    views = [_measured(key, report, standings.get(key)) for key in CAMERA if key in report.measures]
    return (*views, *_framing(report), *_light(report), *_movement(report))


def _measured(key: str, report: VideoReport, standing: Standing | None) -> DeliveryView:
    words, name = CAMERA[key], str(CAMERA[key].name)
    stretches = {
        "camera.face_share": (_("Out of view:"), report.presence.nobody if report.presence else ()),
        "camera.looking_share": (_("Turned away:"), report.gaze.away if report.gaze else ()),
        "camera.smile_share": (_("Smiling:"), report.smile.stretches if report.smile else ()),
    }
    moments_name, found = stretches[key]
    return _figure(
        key,
        name,
        words.write(report.measures[key]),
        str(words.about),
        moments=(moments_name, found),
        average=words.write(standing.mean) if standing else None,
        standing=standing_text(standing) if standing else None,
        distribution=distribution(name, key, standing),
    )


def _framing(report: VideoReport) -> tuple[DeliveryView, ...]:
    framing = report.framing
    if framing is None:
        return ()
    several = report.presence.several if report.presence else ()
    return (
        _figure(
            "framing",
            _("Place in the picture"),
            str(DISTANCES[framing.distance]),
            _("Measured over the time with a face; it judges the picture, not the person."),
            detail=_(
                "Your face takes up %(size)s of the picture’s height and is %(position)s.",
                size=percent(framing.size),
                position=POSITIONS[framing.position],
            ),
            comfort=_(
                "Good is a face between a seventh and three fifths of it, away from the edges."
            ),
            moments=(_("More than one face:"), several),
        ),
    )


def _light(report: VideoReport) -> tuple[DeliveryView, ...]:
    light = report.light
    if light is None:
        return ()
    return (
        _figure(
            "light",
            _("Light on the face"),
            str(LIGHTS[light.verdict]),
            _("Grey levels depend on the camera and on the skin as well as on the light."),
            detail=_(
                "From 0 (black) to 100 (white): the face %(face)s, what is around it %(around)s.",
                face=format_decimal(100 * light.brightness, "0"),
                around=format_decimal(100 * light.surroundings, "0"),
            ),
            comfort=_("Good is a face from 25 to 85, not much darker than what is around it."),
        ),
    )


def _movement(report: VideoReport) -> tuple[DeliveryView, ...]:
    movement = report.movement
    if movement is None or movement.turning is None:
        return ()
    return (
        _figure(
            "movement",
            _("Movement of the head"),
            _("%(degrees)s° per second", degrees=format_decimal(movement.turning, "0.0")),
            _("How fast the head turns at a usual moment. Moving it is part of talking."),
            moments=(_("Livelier than usual:"), movement.lively),
        ),
    )


def _figure(
    key: str,
    name: str,
    value: str,
    about: str,
    *,
    detail: str = "",
    comfort: str = "",
    moments: tuple[str, Sequence[Stretch]] = ("", ()),
    average: str | None = None,
    standing: str | None = None,
    distribution: Chart | None = None,
) -> DeliveryView:
    moments_name, stretches = moments
    most = sorted(stretches, key=lambda item: item.start - item.end)[:MOST_MOMENTS]
    return DeliveryView(
        key=key,
        name=name,
        value=value,
        about=about,
        detail=detail,
        comfort=comfort,
        source=None,
        verdict=None,
        is_usual=False,
        gauge=None,
        average=average,
        standing=standing,
        distribution=distribution,
        moments_name=moments_name if most else "",
        moments=tuple(
            time_view(each.start, seconds(each.end - each.start))
            for each in sorted(most, key=lambda item: item.start)
        ),
    )


# --- Key moments ----------------------------------------------------------------------------


def _key_moment(moment: KeyMoment) -> KeyMomentView:
    where = focus(moment.activation)
    return KeyMomentView(
        name=str(NAMES[moment.emotion]),
        percent=percent(moment.probability),
        time=time_view(moment.time),
        face=f"data:image/png;base64,{moment.face}",
        activation=f"data:image/png;base64,{moment.activation}",
        focus=str(FOCUS[where]) if where else "",
    )


def focus(png: str) -> str | None:
    """Return the third of the face over which an activation map mostly lies, or "all".

    `png` is a report's `KeyMoment.activation`; None when it is not a picture of that kind. Reading
    it here needs no library, as such pictures are written without filters.
    """
    try:
        opacity = _opacity(base64.b64decode(png, validate=True))
    except (ValueError, binascii.Error, struct.error, zlib.error):
        return None
    total = sum(map(sum, opacity))
    if not total:
        return "all"
    third = CROP // 3
    parts = {
        name: sum(map(sum, opacity[index * third : (index + 1) * third])) / total
        for index, name in enumerate(("upper", "middle", "lower"))
    }
    most = max(parts, key=lambda name: parts[name])
    return most if parts[most] >= MUCH else "all"


def _opacity(file: bytes) -> list[bytes]:
    """Return the opacity of each pixel, row by row, of a PNG with four unfiltered channels."""
    data, place = b"", 8
    while place < len(file):
        (size,), name = struct.unpack(">I", file[place : place + 4]), file[place + 4 : place + 8]
        body = file[place + 8 : place + 8 + size]
        if name == b"IHDR" and body[:10] != struct.pack(">IIBB", CROP, CROP, 8, 6):
            raise ValueError("not a picture with opacity")
        if name == b"IDAT":
            data += body
        place += 12 + size
    rows, width = zlib.decompress(data), 1 + 4 * CROP
    return [rows[row * width + 4 : (row + 1) * width : 4] for row in range(CROP)]


# --- Emotions -------------------------------------------------------------------------------


def _emotions_table(report: VideoReport) -> Table | None:
    """Return what both, the face and the voice say of each emotion; None without an estimate."""
    if not report.emotions:
        return None
    channels = (report.emotions, report.face_emotions, report.voice.emotions)
    rows = tuple(
        (str(NAMES[key]), *(percent(each[key]) if each else "–" for each in channels))
        for key in EMOTIONS
    )
    return Table(("", *(str(name) for name in CHANNELS.values())), rows)


def _alone(report: VideoReport, standings: Mapping[str, Standing]) -> tuple[AloneView, ...]:
    """Return face and voice by themselves, where others have been measured in the same way."""
    sources = {"face": ("face", report.face_emotions), "voice": ("emotion", report.voice.emotions)}
    return tuple(
        AloneView(
            key=key,
            title=str(ALONE[key]),
            emotions=emotion_views(source, shares, standings),
            emotions_chart=emotions_chart(str(ALONE[key]), source, shares, standings),
        )
        for key, (source, shares) in sources.items()
        if shares and any(f"{source}.{name}" in standings for name in EMOTIONS)
    )


def _weights(report: VideoReport) -> str:
    weight = report.face_weight
    if weight is None or not report.emotions:
        return ""
    if weight in (0.0, 1.0):
        return _("It rests on the face alone.") if weight else _("It rests on the voice alone.")
    return _(
        "The face counts for %(face)s of it and the voice for %(voice)s, by how well each could be "
        "seen and heard.",
        face=percent(weight),
        voice=percent(1 - weight),
    )
