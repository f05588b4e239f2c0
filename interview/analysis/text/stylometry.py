"""How a text is written, as numbers: word classes, sentence and word lengths, punctuation.

Follows the tradition of counting function words (Pennebaker & King 1999; Mairesse et al. 2007).
"""

import re
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from interview.analysis.text.preprocess import words as words_of
from interview.analysis.text.wordclasses import NAMES as CLASSES
from interview.analysis.text.wordclasses import classes_of

_SENTENCE_END = re.compile(r'[.!?]+(?=\s|$|[A-Z"])')
_PLACEHOLDER = re.compile(r"PROPNAME|LOCNAME|ORGNAME")
_LONG_WORD, _VERY_LONG_WORD = 6, 9
_VOCABULARY_WINDOW = 100

_MARKS = ".,!?\"(;:-'"
_PATTERNS = {
    "ellipses": re.compile(r"\.\.\."),
    "repeated_marks": re.compile(r"[!?]{2,}"),
    "small_i": re.compile(r"\bi\b"),
    "shouted_words": re.compile(r"\b[A-Z]{2,}\b"),
    "stretched_words": re.compile(r"([a-z])\1\1"),
    "double_blanks": re.compile(r"  "),
    "missing_blanks": re.compile(r"[.,!?][A-Za-z]"),
    "blanks_before_marks": re.compile(r" [.,!?]"),
    "digits": re.compile(r"0"),
    "brackets": re.compile(r"\["),
}

FEATURES = (
    *(f"class.{name}" for name in CLASSES),
    "log_words",
    "sentence_length_log_mean",
    "sentence_length_log_sd",
    "sentence_length_log_median",
    "word_length_mean",
    "word_length_sd",
    "long_words",
    "very_long_words",
    "distinct_words_in_100",
    "words_used_once",
    *(f"mark.{mark}" for mark in _MARKS),
    "capitals",
    "sentences_begun_small",
    *_PATTERNS,
)
"""Names of the features, in order. Rates are per 100 words or characters."""


def describe(text: str) -> NDArray[np.float64]:
    """Return the features of an anonymised text, shape ``(len(FEATURES),)``; all finite."""
    words = words_of(text)
    text = _PLACEHOLDER.sub(lambda match: match.group().capitalize(), text)
    total = max(1, len(words))
    uses = Counter(words)
    classes = np.zeros(len(CLASSES))
    for word, count in uses.items():
        classes[list(classes_of(word))] += count
    marks = [100 * text.count(mark) / total for mark in _MARKS]
    patterns = [100 * len(pattern.findall(text)) / total for pattern in _PATTERNS.values()]
    return np.array(
        [
            *(100 * classes / total),
            *_lengths(text, words),
            _distinct_in_window(words),
            100 * sum(count == 1 for count in uses.values()) / total,
            *marks,
            *_capitals(text),
            *patterns,
        ]
    )


def _lengths(text: str, words: list[str]) -> list[float]:
    """Return length of the text, of its sentences and of its words."""
    sentences = [len(part.split()) for part in _SENTENCE_END.split(text)]
    in_words = np.array([length for length in sentences if length] or [0])
    in_letters = np.array([len(word) for word in words] or [0])
    return [
        float(np.log(max(1, len(words)))),
        float(np.log1p(in_words.mean())),
        float(np.log1p(in_words.std())),
        float(np.log1p(np.median(in_words))),
        float(in_letters.mean()),
        float(in_letters.std()),
        100 * float((in_letters > _LONG_WORD).mean()),
        100 * float((in_letters > _VERY_LONG_WORD).mean()),
    ]


def _distinct_in_window(words: list[str]) -> float:
    """Return how many distinct words 100 words in a row hold, averaged over half-overlapping."""
    size = _VOCABULARY_WINDOW
    starts = range(0, max(1, len(words) - size + 1), size // 2)
    distinct = [len(set(words[start : start + size])) for start in starts]
    return float(np.mean(distinct)) * size / max(1, min(size, len(words)))


def _capitals(text: str) -> list[float]:
    """Return the shares, in per cent, of capitals and of sentences that begin without one."""
    firsts = [part.lstrip()[:1] for part in _SENTENCE_END.split(text)]
    letters = [first for first in firsts if first.isalpha()]
    return [
        100 * sum(char.isupper() for char in text) / max(1, len(text)),
        100 * sum(first.islower() for first in letters) / max(1, len(letters)),
    ]
