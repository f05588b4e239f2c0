"""Words and sentences of a text, with their places in it.

Places are counted in characters of the text as it was given, so that a page can mark a passage.
"""

import re
from dataclasses import dataclass
from functools import cache

from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

from interview.analysis.report import Span
from interview.analysis.text.cleaning import is_wrapped

WORD = re.compile(r"\d+(?:[.,:]\d+)+|[^\W_]+(?:['’\-][^\W_]+)*")
"""A word: letters and digits, with inner apostrophes and hyphens; or a number with its points."""


def word_set(words: str) -> frozenset[str]:
    """Return the words of a list that is written with blanks."""
    return frozenset(words.split())


# What Punkt would learn from a corpus as abbreviations (lower case, without the last point).
_ABBREVIATIONS = word_set("""
    a.m approx apr assoc aug b.a b.sc bros ca capt cf co col corp d.c dec dept dr e.g ed eng esp
    est etc ext feb fig fri gen govt hon hr hrs i.e inc incl jan jr jul jun lt ltd m.a m.sc maj
    mar max mfg mgr mgmt mr mrs ms mt nov oct p.a p.m p.s ph.d pp prof rep resp rev sat sen sep
    sept sgt sr st sun tel temp thu tue u.k u.n u.s vol vs wed
""")
# These do end a sentence when a capital follows: "at 5 p.m. We left."
_SOMETIMES_ENDS = word_set("a.m. p.m. etc. inc. ltd. co. corp. u.s. u.k. jr. sr. ph.d. hrs.")
_SENTENCE_STARTERS = word_set(
    "after and as at because but during finally he however i in it my next on our she so that the "
    "then there they this we when with"
)
_LINE = re.compile(r"[^\n\r]+")
# "It worked.Then we left." — a forgotten blank; not in "Node.js", "e.g." or "www.a.com".
_MISSING_BLANK = re.compile(r"(?<=[^\W\d_A-Z]{2})[.!?]+(?=[A-Z][^\W\d_A-Z]|I[ '’])")
_CAPITAL_AFTER_POINT = re.compile(r"(?<!\S)(\S{1,20}\.)\s+([A-Z][\w'’]{0,20})")
_LIST_NUMBER = re.compile(r"\s*\(?(?:\d{1,2}|[a-z])[.)]")
_CLOSING_QUOTES = ('"', "”", "’", "»")
_LEADING = re.compile(r"[\s\-–—*•·▪●○◦‣∙➢►✓✔]+")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: as written, in lower case with straight apostrophes, and its place."""

    text: str
    lower: str
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        """Whether the word holds a digit."""
        return any(char.isdigit() for char in self.text)


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the words of a text, or of a part of it."""
    found = WORD.finditer(text, start, len(text) if end is None else end)
    return [
        Token(match.group(), match.group().lower().replace("’", "'"), *match.span())
        for match in found
    ]


def sentences(text: str) -> list[Span]:
    """Return the places of the sentences, in order, without surrounding blanks.

    Every word of the text lies in exactly one sentence. Headings, list items and short lines are
    sentences of their own; a line that only wraps is not. Within a block of lines the sentences
    are split by NLTK's Punkt algorithm (Kiss & Strunk 2006), with the abbreviations that it would
    otherwise learn from a corpus.
    """
    spans: list[Span] = []
    for start, end in _blocks(text):
        block = text[start:end]
        cuts = [start + at for at in _cuts(block)]
        for low, high in zip([start, *cuts], [*cuts, end], strict=True):
            if span := _trim(text, low, high):
                spans.append(span)
    return spans


def _blocks(text: str) -> list[Span]:
    """Return runs of lines that belong together: what follows only wraps."""
    lines = [match.span() for match in _LINE.finditer(text) if match.group().strip()]
    longest = max((end - start for start, end in lines), default=0)
    blocks: list[Span] = []
    for start, end in lines:
        if blocks:
            before_start, before_end = blocks[-1]
            gap = text[before_end:start].replace("\r\n", "\n")
            last_line = text[before_start:before_end].rpartition("\n")[2].rstrip()
            following = text[start:end].lstrip()
            if len(gap) == 1 and is_wrapped(last_line.lstrip(), following, longest):
                blocks[-1] = (before_start, end)
                continue
        blocks.append((start, end))
    return blocks


def _cuts(block: str) -> list[int]:
    """Return where sentences begin within a block, the first one left out."""
    cuts: list[int] = []
    for at in sorted({*_punkt_cuts(block), *_missing_blanks(block)}):
        before = block[cuts[-1] if cuts else 0 : at].rstrip()
        said = block[at].islower() and before.endswith(_CLOSING_QUOTES)
        numbered = block[at].isdigit() and before.endswith(("No.", "no.", "Nos."))
        if not (said or numbered or _LIST_NUMBER.fullmatch(before)):
            cuts.append(at)
    return cuts


def _punkt_cuts(block: str) -> list[int]:
    """Return where sentences begin within a block, by Punkt and what it does not know."""
    cuts = [start for start, _ in list(_punkt().span_tokenize(block))[1:]]
    for match in _CAPITAL_AFTER_POINT.finditer(block):
        ambiguous = match[1].lower().lstrip("(") in _SOMETIMES_ENDS
        if ambiguous and match[2].lower() in _SENTENCE_STARTERS:
            cuts.append(match.start(2))
    return cuts


def _missing_blanks(block: str) -> list[int]:
    return [match.end() for match in _MISSING_BLANK.finditer(block)]


@cache
def _punkt() -> PunktSentenceTokenizer:
    parameters = PunktParameters()
    parameters.abbrev_types.update(_ABBREVIATIONS)
    return PunktSentenceTokenizer(parameters)


def _trim(text: str, start: int, end: int) -> Span | None:
    """Shrink a place to its sentence, without blanks and bullets; None if no word is in it."""
    if not WORD.search(text, start, end):
        return None
    while end > start and text[end - 1].isspace():
        end -= 1
    leading = _LEADING.match(text, start, end)
    return (leading.end() if leading else start), end
