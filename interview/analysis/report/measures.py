"""What is compared between candidates, mode by mode."""

import math
import types
from collections.abc import Mapping
from dataclasses import dataclass

from interview.analysis.report.shared import EMOTIONS, IMPRESSIONS, TRAITS

HISTOGRAM_BINS = 20
"""Number of equal bins over a measure's bounds, in stored averages and in a model's norms."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a report that is compared between candidates.

    ``low`` and ``high`` bound the histogram, both inclusive; values outside are clipped for the
    histogram only. ``decimals`` is the precision that is worth showing.
    """

    key: str
    low: float
    high: float
    decimals: int

    @property
    def edges(self) -> tuple[float, ...]:
        """The ``HISTOGRAM_BINS + 1`` edges of the bins, from ``low`` to ``high``."""
        step = (self.high - self.low) / HISTOGRAM_BINS
        return (*(self.low + step * index for index in range(HISTOGRAM_BINS)), self.high)

    def bin_of(self, value: float) -> int:
        """Return the index, 0 to ``HISTOGRAM_BINS - 1``, of the bin that ``value`` falls in.

        A bin includes its lower edge, the last one also its upper edge. Raises ``ValueError``
        when the value is not finite.
        """
        if not math.isfinite(value):
            raise ValueError(f"{self.key} is not a finite number: {value}")
        clipped = min(max(value, self.low), self.high)
        index = int((clipped - self.low) / (self.high - self.low) * HISTOGRAM_BINS)
        return min(index, HISTOGRAM_BINS - 1)


_TEXT_MEASURES = (
    *(Measure(f"big_five.{trait}", 0.0, 1.0, 2) for trait in TRAITS),
    *(Measure(f"impression.{name}", 0.0, 1.0, 2) for name in IMPRESSIONS),
    Measure("words.count", 0.0, 1000.0, 0),
    Measure("style.vocabulary_mtld", 0.0, 200.0, 0),
    Measure("style.first_person_share", 0.0, 0.3, 3),
    Measure("style.filler_rate", 0.0, 20.0, 1),
    Measure("style.reading_ease", 0.0, 120.0, 0),
    Measure("style.sentence_length", 0.0, 60.0, 1),
    Measure("structure.coverage", 0.0, 1.0, 2),
)
# Nobody speaks full stops: what counts sentences would measure whoever wrote the words down.
_WRITTEN_ONLY = ("style.reading_ease", "style.sentence_length")

_AUDIO_MEASURES = (
    *(Measure(f"emotion.{name}", 0.0, 1.0, 2) for name in EMOTIONS),
    Measure("delivery.speaking_share", 0.0, 1.0, 2),
    Measure("delivery.articulation_rate", 0.0, 10.0, 1),
    Measure("delivery.speech_rate", 0.0, 10.0, 1),
    Measure("delivery.pauses_per_minute", 0.0, 40.0, 0),
    Measure("delivery.longest_pause", 0.0, 10.0, 1),
    Measure("delivery.pitch_range", 0.0, 24.0, 1),
    Measure("delivery.loudness_variation", 0.0, 20.0, 1),
    *(measure for measure in _TEXT_MEASURES if measure.key not in _WRITTEN_ONLY),
)

MEASURES: Mapping[str, tuple[Measure, ...]] = types.MappingProxyType(
    {
        "text": _TEXT_MEASURES,
        "audio": _AUDIO_MEASURES,
        # Of an answer before a camera: face and voice together, the face, then as in "audio",
        # where "emotion." is the voice's.
        "video": (
            *(Measure(f"together.{name}", 0.0, 1.0, 2) for name in EMOTIONS),
            *(Measure(f"face.{name}", 0.0, 1.0, 2) for name in EMOTIONS),
            Measure("camera.smile_share", 0.0, 1.0, 2),
            Measure("camera.looking_share", 0.0, 1.0, 2),
            Measure("camera.face_share", 0.0, 1.0, 2),
            *_AUDIO_MEASURES,
        ),
    }
)
"""Per mode, what is stored for comparison with other candidates, in the order of the pages."""
