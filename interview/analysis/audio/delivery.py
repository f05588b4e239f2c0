"""How an answer is spoken: pauses, pace, pitch, loudness, endings.

Everything is behaviour that can be heard in the recording at the times given; nothing here says
what it means. docs/audio-analysis.md has each measure's method, source and error. Filled pauses
(um, er) are not looked for: no labelled recordings exist here to say how often that is right.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from interview.analysis.audio.activity import STEPS_PER_SECOND, speaking
from interview.analysis.audio.pitch import Pitch
from interview.analysis.audio.syllables import Nuclei, find_nuclei
from interview.analysis.report import Delivery, Fading, Pause, Stretch

DELIVERY_RULES = "1"
"""Version of the rules; it changes whenever the same recording could get other numbers."""

PITCH_SECONDS = 1.0
"""Seconds of voice below which nothing is said about pitch."""
LOUDNESS_SYLLABLES = 10
FADING_SYLLABLES = 6
"""Syllables below which an utterance is too short to trail off."""
FADING_DB = 12.0
"""How much softer an ending must be to be called trailing off. Every sentence falls a little: half
of the read ones that were measured by more than 4 dB, one in twenty by more than this."""


def describe_delivery(
    samples: NDArray[np.float32], speech: Sequence[Stretch], pitch: Pitch
) -> Delivery:
    """Describe how 16 kHz sound is spoken; there is at least one stretch of speech.

    Silence before the first word and after the last one counts nowhere.
    """
    voiced = pitch.voiced
    mask = speaking(speech, len(voiced))
    nuclei = find_nuclei(samples, voiced, mask)
    pauses = tuple(Pause(one.end, two.start) for one, two in pairwise(speech))
    spoken = sum(stretch.end - stretch.start for stretch in speech)
    silent = sum(pause.end - pause.start for pause in pauses)
    count = len(nuclei.frames)
    return Delivery(
        speaking_seconds=round(spoken, 2),
        silent_seconds=round(silent, 2),
        pauses=pauses,
        longest_pause=max((round(one.end - one.start, 2) for one in pauses), default=None),
        syllables=count,
        speech_rate=round(count / (spoken + silent), 2) if count else None,
        articulation_rate=round(count / spoken, 2) if count else None,
        **_describe_pitch(pitch.hertz[mask & ~np.isnan(pitch.hertz)]),
        loudness_variation_db=(
            round(float(nuclei.level.std()), 2) if count >= LOUDNESS_SYLLABLES else None
        ),
        fadings=tuple(find_fadings(speech, nuclei)),
    )


def _describe_pitch(hertz: NDArray[np.float32]) -> dict[str, float | None]:
    """Return median and range; the range in semitones, which are the same for high voices."""
    if len(hertz) < PITCH_SECONDS * STEPS_PER_SECOND:
        return {"pitch_median_hz": None, "pitch_range_semitones": None}
    low, middle, high = (float(value) for value in np.percentile(hertz, [5, 50, 95]))
    return {
        "pitch_median_hz": round(middle, 1),
        "pitch_range_semitones": round(12 * float(np.log2(high / low)), 2),
    }


def find_fadings(speech: Sequence[Stretch], nuclei: Nuclei) -> list[Fading]:
    """Return the utterances whose last quarter of syllables is much softer than the first half."""
    found = []
    times = nuclei.frames / STEPS_PER_SECOND
    for stretch in speech:
        level = nuclei.level[(times >= stretch.start) & (times < stretch.end)]
        if len(level) < FADING_SYLLABLES:
            continue
        beginning, ending = level[: len(level) // 2], level[-max(2, len(level) // 4) :]
        drop = float(np.median(beginning) - np.median(ending))
        if drop >= FADING_DB:
            found.append(Fading(stretch.start, stretch.end, round(drop, 1)))
    return found
