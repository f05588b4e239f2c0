"""The words for codes: what analysis and services call things, said to people.

Analyses return stable codes and numbers; only here do they become sentences. Everything is lazy,
so that each request reads it in its own language.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, format_decimal, format_percent, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

COMPETENCIES: Mapping[str, LazyString] = {
    "leadership": _l("Leadership"),
    "teamwork": _l("Teamwork"),
    "conflict": _l("Conflict"),
    "problem_solving": _l("Problem solving"),
    "motivation": _l("Motivation"),
    "failure_and_learning": _l("Failure and learning"),
    "customer_focus": _l("Customer focus"),
    "communication": _l("Communication"),
    "planning": _l("Planning"),
    "adaptability": _l("Adaptability"),
    "integrity": _l("Integrity"),
    "role_fit": _l("Role fit"),
}

PARTS: Mapping[str, LazyString] = {
    "situation": _l("Situation"),
    "task": _l("Task"),
    "action": _l("Action"),
    "result": _l("Result"),
}

PART_QUESTIONS: Mapping[str, LazyString] = {
    "situation": _l("Where and when was it, and who was there?"),
    "task": _l("What had to be done, and what was yours to do?"),
    "action": _l("What did you do, step by step?"),
    "result": _l("How did it end, and what changed because of you?"),
}

PART_ADVICE: Mapping[str, LazyString] = {
    "situation": _l("Begin with one or two sentences on where and when this was."),
    "task": _l(
        "It may still be there: this part is the hardest to find. Say plainly what had to be "
        "achieved and what was expected of you in particular."
    ),
    "action": _l("Tell what you yourself did, in the order in which you did it."),
    "result": _l("End with what came of it: a number, a reaction, something you learned."),
}


@dataclass(frozen=True, slots=True)
class TraitWords:
    """A trait's name, what it is about, and how people at its two ends describe themselves."""

    name: LazyString
    about: LazyString
    high: LazyString
    low: LazyString


TRAITS: Mapping[str, TraitWords] = {
    "openness": TraitWords(
        _l("Openness"),
        _l("Interest in new ideas, art and variety."),
        _l("More like people who describe themselves as curious and full of ideas."),
        _l("More like people who describe themselves as practical and down to earth."),
    ),
    "conscientiousness": TraitWords(
        _l("Conscientiousness"),
        _l("Order, planning and keeping at things."),
        _l("More like people who describe themselves as organised and thorough."),
        _l("More like people who describe themselves as spontaneous and relaxed about plans."),
    ),
    "extraversion": TraitWords(
        _l("Extraversion"),
        _l("Energy from company and talk."),
        _l("More like people who describe themselves as outgoing and talkative."),
        _l("More like people who describe themselves as quiet and reserved."),
    ),
    "agreeableness": TraitWords(
        _l("Agreeableness"),
        _l("Warmth, trust and giving way."),
        _l("More like people who describe themselves as warm and trusting."),
        _l("More like people who describe themselves as frank and hard to persuade."),
    ),
    "neuroticism": TraitWords(
        _l("Neuroticism"),
        _l("How strongly and how often worry and stress are felt."),
        _l("More like people who describe themselves as often worried."),
        _l("More like people who describe themselves as calm."),
    ),
}

NO_LEANING = _l("Your text leans neither way.")

IMPRESSIONS: Mapping[str, LazyString] = {
    "extraversion": _l("Outgoing"),
    "emotional_stability": _l("At ease"),
    "agreeableness": _l("Friendly"),
    "conscientiousness": _l("Organised"),
    "openness": _l("Open to new things"),
    "interview": _l("Worth an interview"),
}

EVEN = _l("about as likely as not")
BANDS: tuple[tuple[float, LazyString], ...] = (
    (0.25, _l("unlikely")),
    (0.42, _l("somewhat less likely than not")),
    (0.58, EVEN),
    (0.75, _l("somewhat more likely than not")),
    (1.01, _l("likely")),
)
"""Words for probabilities: each up to, and not including, its bound."""


def band(probability: float) -> LazyString:
    """Return the words for a probability, 0 to 1."""
    return next(words for bound, words in BANDS if probability < bound)


@dataclass(frozen=True, slots=True)
class MeasureWords:
    """A measure's name, its plain explanation, and how a value of it is written."""

    name: LazyString
    about: LazyString
    write: Callable[[float], str]


def _words(value: float) -> str:
    count = round(value)
    return ngettext("%(count)s word", "%(count)s words", count, count=format_decimal(count))


def _plain(pattern: str) -> Callable[[float], str]:
    return lambda value: format_decimal(value, pattern)


def _per_hundred(value: float) -> str:
    return _("%(rate)s per 100 words", rate=format_decimal(value, "0.0"))


def _percent(value: float) -> str:
    return format_percent(value, "0.0%")


def _parts(value: float) -> str:
    return _("%(found)s of %(all)s", found=round(value * len(PARTS)), all=len(PARTS))


MEASURES: Mapping[str, MeasureWords] = {
    "words.count": MeasureWords(
        _l("Length"),
        _l("Number of words. In speech, 130 to 150 words take about a minute."),
        _words,
    ),
    "structure.coverage": MeasureWords(
        _l("Parts of the answer"),
        _l("How many of situation, task, action and result were found."),
        _parts,
    ),
    "style.sentence_length": MeasureWords(
        _l("Length of sentences"),
        _l("Words per sentence on average. Sentences over 25 words are hard to follow by ear."),
        lambda value: _("%(number)s words", number=format_decimal(value, "0.0")),
    ),
    "style.reading_ease": MeasureWords(
        _l("Reading ease"),
        _l(
            "Flesch’s formula, from long words and long sentences: 60 to 70 reads like plain "
            "English, under 30 like a scientific paper."
        ),
        _plain("0"),
    ),
    "style.vocabulary_mtld": MeasureWords(
        _l("Variety of words"),
        _l(
            "How many words in a row you write before you begin to repeat yourself (MTLD). More "
            "means a more varied vocabulary."
        ),
        _plain("0"),
    ),
    "style.first_person_share": MeasureWords(
        _l("“I” and “we”"),
        _l(
            "Share of words such as “I”, “my”, “we” and “our”. Interviewers listen for what you "
            "yourself did."
        ),
        _percent,
    ),
    "style.filler_rate": MeasureWords(
        _l("Filler expressions"),
        _l("Expressions such as “basically” or “you know” that carry no meaning."),
        _per_hundred,
    ),
}
"""The measures of length, structure and style, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """What a notice says, what to do next, and how grave it is (info or warning)."""

    title: LazyString
    text: Callable[[Mapping[str, Any]], str]
    advice: LazyString
    kind: str = "warning"


def always(text: LazyString) -> Callable[[Mapping[str, Any]], str]:
    """Return what says the same, whatever the values are."""
    return lambda values: str(text)


def _too_short(values: Mapping[str, Any]) -> str:
    return ngettext(
        "It has %(num)s word. Under %(minimum)s words a text says too little for any estimate, so "
        "there is none.",
        "It has %(num)s words. Under %(minimum)s words a text says too little for any estimate, so "
        "there is none.",
        values.get("words", 0),
        minimum=values.get("minimum", ""),
    )


def _short(values: Mapping[str, Any]) -> str:
    return _(
        "It has %(words)s words. From %(advised)s words on the estimates below say more; take "
        "them very lightly here.",
        words=values.get("words", ""),
        advised=values.get("advised", ""),
    )


NONSENSE: Mapping[str, LazyString] = {
    "numbers": _l("It consists mostly of numbers"),
    "placeholder": _l("It is placeholder text"),
    "repeated": _l("It says the same over and over"),
    "code": _l("It looks like program code"),
    "mash": _l("It looks like random keys"),
}


def _nonsense(values: Mapping[str, Any]) -> str:
    reason = NONSENSE.get(values.get("reason", ""), NONSENSE["mash"])
    return _("%(reason)s, so there is no estimate.", reason=reason)


NOTICES: Mapping[str, NoticeWords] = {
    "empty": NoticeWords(
        _l("There are no words in this answer"),
        always(_l("So there is nothing to analyse.")),
        _l("Take the question again and write a few sentences."),
    ),
    "too_short": NoticeWords(
        _l("This answer is too short to judge"),
        _too_short,
        _l("Take it again, start from this text, and tell more of what you did and how it ended."),
    ),
    "not_english": NoticeWords(
        _l("This answer does not seem to be in English"),
        always(_l("The model has only learned from English texts, so it makes no estimate here.")),
        _l("Take the question again in English."),
    ),
    "nonsense": NoticeWords(
        _l("This does not read like an answer"),
        _nonsense,
        _l("Take the question again in whole sentences. If it was one, rephrase it a little."),
    ),
    "short_for_traits": NoticeWords(
        _l("This answer is rather short"),
        _short,
        _l("A fuller answer also gives you more room for what you did and what came of it."),
        kind="info",
    ),
}
_UNKNOWN_NOTICE = NoticeWords(
    _l("A word about this report"),
    always(_l("Something about this answer limits what can be said of it.")),
    _l("Take the question again if you like."),
)


def notice(code: str) -> NoticeWords:
    """Return the words for a notice; one that is not known yet is said in general."""
    return NOTICES.get(code, _UNKNOWN_NOTICE)


STEPS: Mapping[str, LazyString] = {
    "loading": _l("Getting ready"),
    "extract": _l("Reading your document"),
    "language": _l("Checking the language"),
    "words": _l("Counting words"),
    "style": _l("Looking at style"),
    "structure": _l("Finding situation, task, action and result"),
    "traits": _l("Asking the model"),
}
"""The steps of an analysis, in order; `extract` is the only one of reading a document."""

SPOKEN_STEPS: Mapping[str, LazyString] = {
    "loading": STEPS["loading"],
    "cleaning": _l("Keeping the sound, and nothing else of the file"),
    "decoding": _l("Opening the recording"),
    "speech": _l("Finding where you speak"),
    "delivery": _l("Measuring pauses, pace, pitch and loudness"),
    "emotions": _l("Listening to the voice"),
    "transcript": _l("Reading the transcript"),
}
"""The steps of analysing a recording, in order."""

FILMED_STEPS: Mapping[str, LazyString] = {
    "loading": STEPS["loading"],
    "cleaning": _l("Keeping sound and picture, and nothing else of the file"),
    "frames": _l("Looking at the pictures"),
    "decoding": _l("Opening the sound"),
    "speech": SPOKEN_STEPS["speech"],
    "delivery": SPOKEN_STEPS["delivery"],
    "emotions": SPOKEN_STEPS["emotions"],
    "transcript": SPOKEN_STEPS["transcript"],
    "fusion": _l("Bringing face and voice together"),
}
"""The steps of analysing a recording with picture, in order."""

MODE_STEPS: Mapping[str, Mapping[str, LazyString]] = {
    "text": STEPS,
    "audio": SPOKEN_STEPS,
    "video": FILMED_STEPS,
}

WAITING = _l("Waiting for its turn")
WORKING = _l("Working on it")


POPULATIONS: Mapping[str, LazyString] = {
    "candidates": _l("other candidates here"),
    "essays": _l("students who wrote down their thoughts for a study"),
    "actors": _l("recordings of actors that the model was tested on"),
}
REFERENCE = _l("reference texts that the model was tested on")


def population(code: str) -> LazyString:
    """Return who the others are."""
    return POPULATIONS.get(code, REFERENCE)


MODES: Mapping[str, LazyString] = {
    "text": _l("Written"),
    "audio": _l("Spoken"),
    "video": _l("Filmed"),
}
"""How an answer is given."""

STATES: Mapping[str, LazyString] = {
    "draft": _l("Draft"),
    "queued": _l("Waiting"),
    "analysing": _l("Being analysed"),
    "analysed": _l("Done"),
    "failed": _l("Failed"),
    "kept": _l("Kept, not analysed"),
}
