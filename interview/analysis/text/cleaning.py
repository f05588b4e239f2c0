"""Text out of documents, made fit for reading: characters, hyphenation, lines, paragraphs.

Only the standard library is used, and every pattern runs in linear time, because the text comes
from strangers' files.
"""

import re
import unicodedata
from itertools import pairwise

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st"}
_LIGATURES[0xFB06] = "st"
# Line and paragraph separators other than \n; \x0b is what Word calls a manual line break.
_LINE_ENDS = {0x0B: "\n", 0x0C: "\n\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n\n"}
# Symbol fonts map their bullets to the private use area.
_SYMBOL_BULLETS = dict.fromkeys((0xF0A7, 0xF0B7, 0xF0D8, 0xF0FC), "•")
# Marks without a glyph: zero-width space, direction marks, word joiner, byte order mark. The
# zero-width (non-)joiners stay, Hindi and Persian are spelt with them.
_INVISIBLE = (0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
_CHARACTERS: dict[int, str | None] = {
    **_LIGATURES,
    **_LINE_ENDS,
    **_SYMBOL_BULLETS,
    **dict.fromkeys(_INVISIBLE),
}

_SOFT_HYPHEN = re.compile("\u00ad[ \t]*\n?")
_BLANKS = re.compile(r"[^\S\n]+")
_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*")
_HYPHEN_AT_END = re.compile(r"(?:^|[^\w-])([^\W\d_]+)[-\u2010]$")
_BULLET = re.compile(r"[-–—*•·▪●○◦‣∙➢►✓✔]\s|\(?\d{1,2}[.)]\s|\(?[a-z]\)\s")

# First parts of compounds that keep their hyphen when a line ends after it.
_COMPOUND_STARTS = """
    all anti co cost cross data decision detail e ex far fast first five four full goal half
    hands hard high in inter long low mid multi non on one open part people post pre problem re
    real result results second self semi short six so solution state sub team ten third three
    time two user well work world year
"""
_KEEPS_HYPHEN = frozenset(_COMPOUND_STARTS.split())

_FULL_LINE_CHARACTERS = 45
_FULL_LINE_SHARE = 0.7


def clean(text: str) -> str:
    """Return text with paragraphs parted by one blank line and no unprintable characters.

    Removes NUL, control, private-use and unassigned characters and lone surrogates, spells out
    typographic ligatures, composes accents (Unicode NFC), turns every kind of blank into a
    space, rejoins words hyphenated at line ends and lines wrapped within a paragraph. Lists and
    short lines keep their line ends. Cleaning twice changes nothing more.
    """
    previous = None
    # Joining lines can bring together what a second look joins too (a word hyphenated twice);
    # each round removes at least one line end or character, and two rounds are the rule.
    while text != previous:
        previous, text = text, _clean_once(text)
    return text


def _clean_once(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CHARACTERS)
    text = _SOFT_HYPHEN.sub("", text)
    text = unicodedata.normalize("NFC", _printable(text))
    text = _BLANKS.sub(" ", text)
    paragraphs = (_join_lines(part.split("\n")) for part in _PARAGRAPH_END.split(text))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _printable(text: str) -> str:
    """Drop control (Cc), private-use (Co), unassigned (Cn) and surrogate (Cs) code points."""
    if text.isascii() and text.isprintable():
        return text
    category = unicodedata.category
    return "".join(
        char for char in text if char in "\n\t" or category(char) not in ("Cc", "Co", "Cn", "Cs")
    )


def _join_lines(lines: list[str]) -> str:
    """Join the wrapped lines of one paragraph."""
    lines = [line for line in (line.strip() for line in lines) if line]
    if not lines:
        return ""
    longest = max(map(len, lines))
    joined = lines[0]
    for before, line in pairwise(lines):
        hyphen = _HYPHEN_AT_END.search(before[-40:])
        if hyphen and line[0].islower():
            keep = hyphen.group(1).lower() in _KEEPS_HYPHEN
            joined = (joined if keep else joined[:-1]) + line
        else:
            joined += (" " if is_wrapped(before, line, longest) else "\n") + line
    return joined


def is_bullet(line: str) -> bool:
    """Tell whether a line opens a list item (``• item``, ``- item``, ``1. item``, ``a) item``)."""
    return _BULLET.match(line) is not None


def is_wrapped(line: str, following: str, longest: int) -> bool:
    """Tell whether a line end is only a wrap within a sentence or paragraph.

    It is when the following line goes on in lower case, or when the line is about as long as the
    longest line (in characters) of its paragraph and long enough to be prose; never before a
    list item.
    """
    if is_bullet(following):
        return False
    if following[:1].islower() and line[-1:] not in ".!?:":
        return True
    return len(line) >= max(_FULL_LINE_CHARACTERS, _FULL_LINE_SHARE * longest)
