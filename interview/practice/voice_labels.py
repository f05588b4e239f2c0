"""The words for what is heard in a spoken answer; see `labels` for those of written ones.

A range is only named as comfortable where a published source gives one; where none does, the page
says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask_babel import LazyString, format_decimal, format_percent, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from interview.practice.labels import MeasureWords, NoticeWords, always
from interview.practice.timeline import clock

ACTORS = 97
"""How many actors the model of emotions learned from: 20 of RAVDESS and 77 of CREMA-D."""

EMOTIONS: Mapping[str, LazyString] = {
    "angry": _l("Angry"),
    "disgust": _l("Disgusted"),
    "fear": _l("Afraid"),
    "happy": _l("Happy"),
    "neutral": _l("Neutral or calm"),
    "sad": _l("Sad"),
    "surprise": _l("Surprised"),
}
"""How a voice may sound, in the order in which it is shown."""

SHORT_EMOTIONS: Mapping[str, LazyString] = EMOTIONS | {"neutral": _l("Neutral, calm")}
"""The same, for narrow places."""


def percent(share: float) -> str:
    """Write a share in whole per cent."""
    return _percent(round(share, 2), str(get_locale()))


@lru_cache(maxsize=1024)
def _percent(share: float, _language: str) -> str:
    """Write a share, once per language: a page of a long recording has thousands of them."""
    return format_percent(share, "0%")


def _per_second(value: float) -> str:
    return _("%(rate)s syllables/s", rate=format_decimal(value, "0.0"))


def _per_minute(value: float) -> str:
    return _("%(count)s per minute", count=format_decimal(value, "0.0"))


def seconds(value: float) -> str:
    """Write a length in seconds."""
    return _("%(seconds)s s", seconds=format_decimal(value, "0.0"))


def _semitones(value: float) -> str:
    return _("%(number)s semitones", number=format_decimal(value, "0.0"))


def _decibel(value: float) -> str:
    return _("%(number)s dB", number=format_decimal(value, "0.0"))


@dataclass(frozen=True, slots=True)
class Comfort:
    """The range in which a measure is usual, and who found that out.

    `low` and `high` are in the measure's unit, None where the range is open or there is none;
    `text` says it in words, `source` names the publication, None where nobody agrees.
    """

    text: LazyString
    source: str | None = None
    low: float | None = None
    high: float | None = None

    def verdict(self, value: float) -> str | None:
        """Return below, within or above; None where there is no range."""
        if self.low is None and self.high is None:
            return None
        if self.low is not None and value < self.low:
            return "below"
        return "above" if self.high is not None and value > self.high else "within"


NO_RANGE = Comfort(_l("There is no agreed range for this."))

DELIVERY: Mapping[str, MeasureWords] = {
    "delivery.speech_rate": MeasureWords(
        _l("Pace with pauses"),
        _l("Syllables per second from the first word to the last, pauses included."),
        _per_second,
    ),
    "delivery.articulation_rate": MeasureWords(
        _l("Pace of the words"),
        _l("Syllables per second while you are speaking, pauses left out."),
        _per_second,
    ),
    "delivery.speaking_share": MeasureWords(
        _l("Speaking time"),
        _l("How much of the time from the first word to the last is speech."),
        percent,
    ),
    "delivery.pauses_per_minute": MeasureWords(
        _l("Pauses"),
        _l("How often you paused for a quarter of a second or more. Pauses let a listener follow."),
        _per_minute,
    ),
    "delivery.longest_pause": MeasureWords(
        _l("Longest pause"),
        _l("The longest silence between two words."),
        seconds,
    ),
    "delivery.pitch_range": MeasureWords(
        _l("Movement of the voice"),
        _l(
            "How far the voice moves between low and high, without its extremes. Twelve semitones "
            "are an octave. More is heard as livelier (Traunmüller & Eriksson 1995, Hincks 2005)."
        ),
        _semitones,
    ),
    "delivery.loudness_variation": MeasureWords(
        _l("Loud and soft"),
        _l("How much louder and softer your syllables are than their average."),
        _decibel,
    ),
}
"""The measures of delivery, in the order in which they are shown."""

COMFORT: Mapping[str, Comfort] = {
    "delivery.speech_rate": Comfort(
        _l(
            "Usual in interviews: 160 to 210 words per minute, which at 1.3 syllables a word is "
            "about 3.5 to 4.5 syllables per second."
        ),
        "Tauroza & Allison 1990",
        3.5,
        4.5,
    ),
    "delivery.articulation_rate": Comfort(
        _l("Usual in interviews: 4.4 to 5.9 syllables per second."),
        "Goldman-Eisler 1968",
        4.4,
        5.9,
    ),
    "delivery.longest_pause": Comfort(
        _l(
            "Most pauses last up to one second; longer ones are common when people speak freely "
            "and think."
        ),
        "Campione & Véronis 2002",
    ),
}
"""What is usual, where a source says so."""


def estimates(source: str) -> dict[str, MeasureWords]:
    """Return the measures of an estimate; `source` is how their keys begin."""
    about = _l("How much of the estimate falls on this.")
    return {f"{source}.{key}": MeasureWords(name, about, percent) for key, name in EMOTIONS.items()}


SOUNDING: Mapping[str, MeasureWords] = estimates("emotion")
"""The measures of how a voice may sound."""

HEARD = frozenset((*DELIVERY, *SOUNDING))
"""Every measure that comes from the sound, not from the words."""

VERDICTS: Mapping[str, LazyString] = {
    "below": _l("Below the usual range"),
    "within": _l("In the usual range"),
    "above": _l("Above the usual range"),
}


def lengths(values: Mapping[str, Any]) -> dict[str, str]:
    """Return how many seconds there are and how many are needed, for a notice that says so."""
    return {
        "seconds": format_decimal(values.get("seconds", 0), "0.0"),
        "needed": format_decimal(values.get("needed", 0), "0.#"),
    }


def _too_little(values: Mapping[str, Any]) -> str:
    return _(
        "There are %(seconds)s seconds of speech in it. Under %(needed)s seconds say too little "
        "for an estimate, so there is none.",
        **lengths(values),
    )


def _cut(values: Mapping[str, Any]) -> str:
    limit = values.get("limit") or values.get("seconds")
    if not limit:
        return _("It was longer than what is analysed; what comes after that was left out.")
    return _(
        "It was longer than %(limit)s; what comes after that was left out.", limit=clock(limit)
    )


NOTICES: Mapping[str, NoticeWords] = {
    "silence": NoticeWords(
        _l("There is nothing to hear in this recording"),
        always(_l("It is silent, so there is nothing to analyse.")),
        _l(
            "Check on the recording page that the right microphone is chosen and that the level "
            "moves when you speak, then take the question again."
        ),
    ),
    "too_little_speech": NoticeWords(
        _l("There is too little speech in this recording"),
        _too_little,
        _l("Take the question again and tell more of what you did and how it ended."),
    ),
    "music_or_noise": NoticeWords(
        _l("This does not sound like somebody speaking"),
        always(
            _l("It sounds like music or noise, so there is no estimate of what a voice conveys.")
        ),
        _l("Take the question again in a quiet place, with nothing playing."),
    ),
    "too_noisy": NoticeWords(
        _l("There is much noise around your voice"),
        always(_l("The voice does not stand out enough for an estimate of what it conveys.")),
        _l("Close the window or move closer to the microphone, then take the question again."),
    ),
    "too_quiet": NoticeWords(
        _l("Your voice is very quiet in this recording"),
        always(_l("The figures below are less certain than usual.")),
        _l("Move closer to the microphone, or turn it up."),
        kind="info",
    ),
    "clipped": NoticeWords(
        _l("The recording is too loud in places"),
        always(
            _l("The loudest moments are cut off, which also changes how the voice sounds to us.")
        ),
        _l("Move a little away from the microphone, or turn it down."),
        kind="info",
    ),
    "cut_to_limit": NoticeWords(
        _l("Only the first part was analysed"),
        _cut,
        _l("Take the question again and tell it more briefly, if you like."),
        kind="info",
    ),
}
"""What notices on a recording say."""

_UNKNOWN = NoticeWords(
    _l("A word about this report"),
    always(_l("Something about this recording limits what can be said of it.")),
    _l("Take the question again if you like."),
)


def notice(code: str) -> NoticeWords:
    """Return the words for a notice on a recording; one that is not known is said in general."""
    return NOTICES.get(code, _UNKNOWN)


@dataclass(frozen=True, slots=True)
class SuggestionWords:
    """What was noticed, what to try, and what the moments are."""

    title: LazyString
    seen: Callable[[Mapping[str, float]], str]
    advice: LazyString
    moments: LazyString


def _pauses_seen(values: Mapping[str, float]) -> str:
    return ngettext(
        "You paused once for at least two seconds; it lasted %(longest)s seconds.",
        "You paused %(num)s times for at least two seconds; the longest lasted %(longest)s "
        "seconds.",
        int(values["count"]),
        longest=format_decimal(values["longest"], "0.0"),
    )


def _fadings_seen(values: Mapping[str, float]) -> str:
    return _(
        "%(count)s of your sentences or phrases become much softer towards their end.",
        count=int(values["count"]),
    )


SUGGESTIONS: Mapping[str, SuggestionWords] = {
    "no_result": SuggestionWords(
        _l("End with the result"),
        always(_l("The transcript tells what you did, but no result was found in it.")),
        _l("Say in one sentence what came of it: a number, a reaction, something you learned."),
        _l("Listen to your last sentences:"),
    ),
    "long_pauses": SuggestionWords(
        _l("Prepare your next sentence sooner"),
        _pauses_seen,
        _l(
            "A pause to think is fine, and one before an important point is good. If these were "
            "searches for words, note three key words before you start."
        ),
        _l("Your longest pauses:"),
    ),
    "fast": SuggestionWords(
        _l("Take a little more time for your words"),
        lambda values: _(
            "You speak %(rate)s syllables per second, more than the 4.4 to 5.9 that are usual in "
            "interviews.",
            rate=format_decimal(values["rate"], "0.0"),
        ),
        _l("Try the same passage once more, and finish each word before you begin the next one."),
        _l("Try it with this passage:"),
    ),
    "long_runs": SuggestionWords(
        _l("Let your listener breathe"),
        lambda values: _(
            "You once speak for %(longest)s seconds without a pause.",
            longest=format_decimal(values["longest"], "0"),
        ),
        _l("Make a short pause where a full stop would stand in writing."),
        _l("Without a pause from here on:"),
    ),
    "fading": SuggestionWords(
        _l("Carry your voice to the last word"),
        _fadings_seen,
        _l("The end of a sentence often holds its point. Keep breath for it."),
        _l("Listen to these:"),
    ),
    "flat": SuggestionWords(
        _l("Let your voice move more"),
        lambda values: _(
            "Your voice moves within %(number)s semitones, so it stays close to one note.",
            number=format_decimal(values["semitones"], "0.0"),
        ),
        _l("Choose the one word in each sentence that matters most, and lift it."),
        _l("Try it with this passage:"),
    ),
    "mostly_silent": SuggestionWords(
        _l("Say more, or say it in one go"),
        lambda values: _("Only %(share)s of the time is speech.", share=percent(values["share"])),
        _l("Take the think time to order your points, then tell them one after the other."),
        _l("Your longest pauses:"),
    ),
    "late_start": SuggestionWords(
        _l("Begin sooner"),
        lambda values: _(
            "Your first word comes after %(seconds)s seconds.",
            seconds=format_decimal(values["seconds"], "0.0"),
        ),
        _l("Have your first sentence ready before you press record."),
        _l("Listen to the beginning:"),
    ),
}
"""The words for what to try next, by the rule's code (see `advice`)."""
