"""From a text to what the Big Five models count.

The essays that the models are fitted on are anonymised: every digit is 0 and names are placeholders
(PROPNAME, LOCNAME, ORGNAME). Digits of a scored text are therefore replaced as well. Names are left
as they are: a name is no entry of a vocabulary of an anonymised corpus, so it does not count.

Function words and punctuation are kept and words are not reduced to lemmas. Pennebaker & King
(1999) found personality mostly in function words, and the model card holds our measurement.
"""

import re

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "…": "..."})
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|0+")
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)*|0+|\.\.+|[!?]+|[.,;:()\"&/*-]")
_BLANKS = re.compile(r"\s\s+")


def anonymise(text: str) -> str:
    """Return the text with straight quotes and every digit as 0."""
    return _DIGIT.sub("0", text.translate(_APOSTROPHES))


def words(text: str) -> list[str]:
    """Return the lower-case words of an anonymised text; numbers are runs of 0."""
    return _WORD.findall(text.lower())


def tokens(text: str) -> list[str]:
    """Return the lower-case words and the punctuation marks of an anonymised text."""
    return _TOKEN.findall(text.lower())


def char_ngrams(text: str, low: int, high: int, *, lower: bool, marks: bool) -> list[str]:
    """Return all runs of ``low`` to ``high`` characters.

    ``lower`` drops capitals; ``marks`` puts a line feed before and a carriage return behind the
    text, so that a run can tell where the text begins and ends.
    """
    text = _BLANKS.sub(" ", text)
    if lower:
        text = text.lower()
    if marks:
        text = f"\n{text}\r"
    return [
        text[start : start + size]
        for size in range(low, high + 1)
        for start in range(len(text) - size + 1)
    ]


def word_char_ngrams(text: str, low: int, high: int) -> list[str]:
    """Return the runs of ``low`` to ``high`` characters that stay within a word and its blanks.

    Words are what stands between blanks, in lower case with one blank on either side. A run longer
    than such a word is the word itself.
    """
    found = []
    for word in text.lower().split():
        padded = f" {word} "
        for size in range(low, high + 1):
            if size >= len(padded):
                found.append(padded)
                break
            found.extend(padded[start : start + size] for start in range(len(padded) - size + 1))
    return found
