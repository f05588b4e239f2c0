"""How hard an English text is to read: Flesch reading ease and Flesch-Kincaid grade."""

import re
from collections.abc import Sequence
from functools import lru_cache

MINIMUM_WORDS = 10
"""Averages over fewer words say nothing."""

_VOWELS = re.compile(r"[aeiouy]+")
# Vowels written side by side that are spoken apart (+1), and written ones that are silent (-1).
_ADJUSTMENTS = tuple(
    (re.compile(pattern), change)
    for pattern, change in (
        (r"[aeiouy]ing|[aeo]yer|[a-z]yo", 1),  # pay-ing, play-er, an-y-one
        (r"i[ao](?!n|l\b|lly|us|u)|ia(?:n?ce|nt|te|l\b)", 1),  # soc-i-o, appreci-ate, materi-al
        (r"[^aeiouctgx]ious|[dr]ian|[tcs]ience|rience|dience", 1),  # ser-i-ous
        (r"(?<![qg])u(?:a|ou|el|et)(?!y)", 1),  # act-u-al
        (r"eo(?!us|ple|n\b)|creat(?!ure)|react|[^aeiou]iu", 1),  # vid-e-o, cre-ate
        (r"[^aeiou]ie(?:r|st|t)", 1),  # earl-i-er
        (r"ire(?:s|d)?$|ism|reali[sz]|[ds]n't$", 1),  # ti-red, real-is-m, did-n't
        (r"some(?=[a-z])|every(?=[a-np-z])|[ct]ials?$|ically|business|[tp]ience", -1),
        (r"(?<=[a-z])[^aeiouy]e(?:ly|ment|ful|less|ness)", -1),  # complete-ly
        (r"^(?:home|life|fire|time|else|face|like|more|there|where|base)(?=[a-z]{3})", -1),
    )
)
# A final e is silent, and so are -es and -ed unless they follow a sound that needs them.
_SILENT_END = re.compile(
    r"(?:[^aeiouyl]|[aeiouy]l|ll|qu|[^r]gu)e$|(?:[^aeiouylsxzcg]|[aeiouy]l)es$"
)
_SILENT_ED = re.compile(r"[^aeiouytd]ed$")
_SPOKEN_ES = re.compile(r"(?:sh|ch)es$")
# Frequent words that no rule covers.
_EXCEPTIONS = {
    "area": 3, "areas": 3, "being": 2, "client": 2, "clients": 2, "cooperate": 4, "created": 3,
    "etc": 4, "hundred": 2, "idea": 3, "ideas": 3, "maybe": 2, "naive": 2, "people": 2,
    "people's": 2, "quiet": 2, "real": 1, "really": 2, "reality": 4, "recipe": 3, "science": 2,
    "there's": 1, "used": 1, "video": 3, "videos": 3, "wednesday": 2,
}  # fmt: skip


@lru_cache(maxsize=50_000)
def syllables(word: str) -> int:
    """Return the number of syllables, at least 1, of a lower-case English word.

    Groups of vowels are counted and corrected by spelling rules. ``docs/text-analysis.md`` says
    how often this agrees with the CMU pronouncing dictionary.
    """
    if word in _EXCEPTIONS:
        return _EXCEPTIONS[word]
    if "-" in word:
        return sum(syllables(part) for part in word.split("-") if part) or 1
    word = word.removesuffix("'s")
    count = len(_VOWELS.findall(word))
    count += sum(change * len(pattern.findall(word)) for pattern, change in _ADJUSTMENTS)
    silent = _SILENT_END.search(word) and not _SPOKEN_ES.search(word)
    if count > 1 and (silent or _SILENT_ED.search(word)):
        count -= 1
    return max(1, count)


def reading_ease(words: Sequence[str], sentences: int) -> float | None:
    """Return the Flesch reading ease: about 0 (very hard) to 100 (very easy).

    206.835 - 1.015 words per sentence - 84.6 syllables per word (Flesch 1948,
    doi:10.1037/h0057532). ``words`` are in lower case, without numbers. None below
    ``MINIMUM_WORDS``.
    """
    if len(words) < MINIMUM_WORDS or sentences < 1:
        return None
    per_sentence, per_word = _averages(words, sentences)
    return 206.835 - 1.015 * per_sentence - 84.6 * per_word


def grade(words: Sequence[str], sentences: int) -> float | None:
    """Return the Flesch-Kincaid grade: the years of US schooling that reading it takes.

    0.39 words per sentence + 11.8 syllables per word - 15.59 (Kincaid et al. 1975). Arguments
    as for ``reading_ease``; never below 0.
    """
    if len(words) < MINIMUM_WORDS or sentences < 1:
        return None
    per_sentence, per_word = _averages(words, sentences)
    return max(0.0, 0.39 * per_sentence + 11.8 * per_word - 15.59)


def _averages(words: Sequence[str], sentences: int) -> tuple[float, float]:
    """Return words per sentence and syllables per word."""
    return len(words) / sentences, sum(map(syllables, words)) / len(words)
