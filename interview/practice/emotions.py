"""The estimated emotions of one source, voice, face or both, beside the others’, for summaries."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from interview.analysis.report import EMOTIONS
from interview.charts import Chart, Scale
from interview.peers.services import Standing
from interview.practice.drawing import PERCENT, comparison_chart, distribution, standing_text
from interview.practice.voice_labels import EMOTIONS as NAMES
from interview.practice.voice_labels import HEARD, percent

Shares = Mapping[str, float] | None
"""An estimate over `EMOTIONS`; None where there is none."""


@dataclass(frozen=True, slots=True)
class EmotionView:
    """One emotion's share of the estimate, with where one stands."""

    key: str
    name: str
    percent: str
    standing: str | None
    distribution: Chart | None


def emotion_views(
    source: str, shares: Shares, standings: Mapping[str, Standing]
) -> tuple[EmotionView, ...]:
    """Return each emotion of an estimate; `source` is how the keys of its measures begin."""
    if not shares:
        return ()
    return tuple(_view(key, f"{source}.{key}", shares.get(key, 0.0), standings) for key in EMOTIONS)


def _view(key: str, measure: str, share: float, standings: Mapping[str, Standing]) -> EmotionView:
    name, standing = str(NAMES[key]), standings.get(measure)
    return EmotionView(
        key=key,
        name=name,
        percent=percent(share),
        standing=standing_text(standing, spoken=measure in HEARD) if standing else None,
        distribution=distribution(name, measure, standing),
    )


def emotions_chart(
    title: str, source: str, shares: Shares, standings: Mapping[str, Standing]
) -> Chart | None:
    """Draw an estimate beside the others' averages; None without one."""
    if not shares:
        return None
    return comparison_chart(
        title,
        [(str(NAMES[key]), shares.get(key, 0.0), f"{source}.{key}") for key in EMOTIONS],
        standings,
        Scale(0, 1, _("Share of the estimate"), PERCENT),
        write=percent,
        bars=True,
    )
