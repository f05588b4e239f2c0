"""How an English text is written: vocabulary, first person, fillers, readability."""

from collections.abc import Collection, Sequence

from interview.analysis.report import Span, Style, Usage
from interview.analysis.text.fillers import find_fillers
from interview.analysis.text.readability import grade, reading_ease
from interview.analysis.text.tokens import Token, word_set
from interview.analysis.text.words import mtld

FIRST_SINGULAR = word_set("i i'm i've i'll i'd im ive me my mine myself")
FIRST_PLURAL = word_set("we we're we've we'll we'd us our ours ourselves let's")


def describe_style(text: str, words: Sequence[Token], spans: Sequence[Span]) -> Style:
    """Measure the style of an English text with its words and its sentences' places."""
    fillers = find_fillers(text, words, spans)
    spoken = [word.lower for word in words if not word.is_number]
    return Style(
        vocabulary_mtld=mtld([word.lower for word in words]),
        first_person_singular=_usage(words, FIRST_SINGULAR),
        first_person_plural=_usage(words, FIRST_PLURAL),
        fillers=fillers,
        filler_rate=100 * sum(filler.count for filler in fillers) / max(1, len(words)),
        reading_ease=reading_ease(spoken, len(spans)),
        grade=grade(spoken, len(spans)),
        sentence_length=len(words) / len(spans) if spans else None,
    )


def _usage(words: Sequence[Token], kinds: Collection[str]) -> Usage:
    """Count the words of a class; ``US``, the country, is no pronoun."""
    count = sum(1 for word in words if word.lower in kinds and word.text != "US")
    return Usage(count, count / max(1, len(words)))
