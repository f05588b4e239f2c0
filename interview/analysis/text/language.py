"""Tells whether a text is English, and whether it is language at all.

The language comes from py3langid (Lui & Baldwin 2012), whose model is
part of the package. Nonsense is found by a few shares that real answers, even bad ones, do not
reach; their bounds and how often they are wrong stand in `docs/text-analysis.md`.
"""

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier
from simplemma import is_known
from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from interview.analysis.report import Span
from interview.analysis.text.tokens import Token, word_set

MINIMUM_LETTERS = 30
"""With fewer letters the language is not guessed."""
ENGLISH_SHARE = 0.6
"""Share of the letters that must stand in English sentences."""
PART_LETTERS = 80
"""Sentences are judged together until they have this many letters."""

# Without the languages that resemble English (Scots, pidgins, creoles) and the rare ones, English
# written by learners is not taken for something exotic. zxx is "no language".
_LANGUAGES = """
    af ar az bg bn ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka
    kk kn ko la lt lv mk ml mr ms ne nl no pa pl pt ro ru sk sl sq sr sv sw ta te th tl tr uk ur uz
    vi zh zxx
"""
_NO_LANGUAGE = ("zxx", "la")

NUMBERS_SHARE = 0.6
PLACEHOLDER_SHARE = 0.25
UNKNOWN_SHARE = 0.6
FOREIGN_KNOWN_SHARE = 0.2
COMPRESSION_RATIO = 0.22
REPEATED_SHARE = 0.6
DISTINCT_SHARE = 0.15
CODE_SHARE = 0.08

_CODE_SIGNS = frozenset("{}[]<>=_\\$&|^~`#")
_PLACEHOLDER = word_set(
    "lorem ipsum dolor sit amet consectetur adipiscing elit sed eiusmod tempor incididunt labore "
    "dolore magna aliqua enim minim veniam quis nostrud exercitation ullamco laboris nisi aliquip "
    "commodo consequat duis aute irure reprehenderit voluptate velit esse cillum fugiat nulla "
    "pariatur excepteur sint occaecat cupidatat proident sunt culpa officia deserunt mollit anim"
)
_LATIN_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Language:
    """What a text is written in.

    ``code`` is ISO 639-1, None when there are too few letters to tell or no language was found;
    ``english`` is the share (0 to 1) of the letters that stand in English parts.
    """

    code: str | None
    english: float

    @property
    def is_english(self) -> bool:
        """Whether English is the language of the text, or it is too short to tell."""
        return self.code in ("en", None)


def detect(text: str, spans: Sequence[Span]) -> Language:
    """Return the language of a text with the given sentences."""
    parts = _parts(text, spans)
    letters = Counter[str]()
    for part in parts:
        letters[_identify(part)] += _count_letters(part)
    total = sum(letters.values())
    if total < MINIMUM_LETTERS:
        return Language(None, 0.0)
    english = letters["en"] / total
    if english >= ENGLISH_SHARE:
        return Language("en", english)
    others = [(code, count) for code, count in letters.most_common() if code not in ("en", "zxx")]
    return Language(others[0][0] if others else None, english)


def _parts(text: str, spans: Sequence[Span]) -> list[str]:
    """Join sentences to parts that are long enough to tell their language."""
    parts: list[str] = []
    part = ""
    for start, end in spans:
        part += text[start:end] + "\n"
        if _count_letters(part) >= PART_LETTERS:
            parts.append(part)
            part = ""
    if part:
        # A short rest is judged together with what stands before it.
        parts[-1:] = [(parts[-1] if parts else "") + part]
    return parts


def _count_letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _identify(text: str) -> str:
    """Return the most likely language of a part."""
    # Capitals mislead the model, and lone surrogates cannot be encoded.
    plain = text.lower().encode("utf-8", "ignore").decode()
    code: str = _identifier().classify(plain)[0]
    return code


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(_LANGUAGES.split())
    return identifier


def find_nonsense(
    text: str, words: Sequence[Token], spans: Sequence[Span], language: Language
) -> str | None:
    """Return why a text is no answer in any language, or None.

    The reasons are ``numbers``, ``placeholder`` (lorem ipsum), ``repeated`` (one word or sentence
    over and over), ``code`` and ``mash`` (no words of any language).
    """
    if not words:
        return None
    lower = [word.lower for word in words]
    if sum(word.is_number for word in words) > NUMBERS_SHARE * len(words):
        return "numbers"
    if sum(word in _PLACEHOLDER for word in lower) > PLACEHOLDER_SHARE * len(words):
        return "placeholder"
    if _is_repeated(text, lower, spans):
        return "repeated"
    signs = sum(char in _CODE_SIGNS for char in text)
    if signs > CODE_SHARE * sum(not char.isspace() for char in text):
        return "code"
    return "mash" if _is_mash(lower, language) else None


def _is_repeated(text: str, words: Sequence[str], spans: Sequence[Span]) -> bool:
    """Whether the same is said over and over."""
    if len(words) < 10:
        return False
    if len(set(words)) < DISTINCT_SHARE * min(len(words), 100):
        return True
    seen: set[str] = set()
    repeated = 0
    for start, end in spans:
        sentence = " ".join(text[start:end].lower().split())
        repeated += len(sentence) if sentence in seen else 0
        seen.add(sentence)
    if repeated > REPEATED_SHARE * len(text):
        return True
    raw = text.lower().encode("utf-8", "ignore")
    # Long texts compress better: only their beginning is comparable.
    raw = raw[:4000]
    return len(raw) >= 200 and len(zlib.compress(raw, 9)) < COMPRESSION_RATIO * len(raw)


def _is_mash(words: Sequence[str], language: Language) -> bool:
    """Whether hardly any word is a word of English or of the language it looks like most."""
    latin = [word for word in words if _LATIN_WORD.fullmatch(word)]
    if len(latin) < max(3, len(words) / 2):
        return False
    if _unknown_share(latin, "en") <= UNKNOWN_SHARE:
        return False
    if language.code in ("en", None, *_NO_LANGUAGE):
        return True
    if language.code not in SUPPORTED_LANGUAGES:
        return False
    return 1 - _unknown_share(latin, language.code) < FOREIGN_KNOWN_SHARE


def _unknown_share(words: Sequence[str], code: str) -> float:
    """Return the share of words that are not in simplemma's tables of a language."""
    known = sum(
        # Nearly every combination of two letters is in the tables, as an abbreviation.
        (len(word) > 2 and is_known(word, lang=code))
        or (code == "en" and word in ENGLISH_STOP_WORDS)
        for word in words
    )
    return 1 - known / len(words)
