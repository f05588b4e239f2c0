"""Text out of a PDF, Word (.docx) or plain text file that a stranger sent.

What a file is, is found by its content, never by its name. Parsing happens in a child process
(`document_parser`) that is bounded in memory, processor and wall-clock time, knows no secrets of
the application and is killed with everything it started when it overruns.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from interview.analysis import confined
from interview.analysis.text.cleaning import clean

DOCUMENT_ERRORS = (
    "unsupported",
    "empty",
    "scanned",
    "encrypted",
    "broken",
    "too_many_pages",
    "too_large",
    "too_long",
    "timeout",
)
"""Every code that a ``DocumentError`` can have."""

_PARSER = Path(__file__).with_name("document_parser.py")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of what is parsed.

    ``max_bytes`` of the file, ``max_pages`` of a PDF, ``max_characters`` of text, wall-clock and
    processor ``seconds``, and address space, ``memory``, in bytes.
    """

    max_bytes: int = 10_000_000
    max_pages: int = 30
    max_characters: int = 60_000
    seconds: float = 20.0
    memory: int = 512 * 2**20


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """The cleaned text of a document, its pages (PDF only) and its kind: pdf, docx or txt."""

    text: str
    pages: int | None
    kind: str


class DocumentError(Exception):
    """A document that cannot be used.

    ``code`` is one of ``DOCUMENT_ERRORS``; ``values`` has ``limit`` for too_many_pages, too_large
    (bytes of the file), too_long (characters) and timeout (seconds), ``pages`` for scanned and
    sometimes ``cause`` for broken (the name of an exception, for the log). A small file that
    unpacks to too much is too_large as well and has ``unpacked``, the bound in bytes.
    """

    def __init__(self, code: str, values: Mapping[str, int | float | str] | None = None) -> None:
        """Keep the code and the numbers behind it."""
        super().__init__(code)
        self.code = code
        self.values = dict(values or {})


def extract(path: str | os.PathLike[str], limits: Limits = DEFAULT_LIMITS) -> ExtractedText:
    """Return the text of a document.

    Raises ``DocumentError`` when the document cannot be used and ``OSError`` when the file
    cannot be opened.
    """
    source = Path(path).resolve()
    size = source.stat().st_size
    if size == 0:
        raise DocumentError("empty")
    if size > limits.max_bytes:
        raise DocumentError("too_large", {"limit": limits.max_bytes})
    parsed = _parse_in_child(source, limits)
    if "error" in parsed:
        raise DocumentError(parsed["error"], parsed["values"])
    text = clean(parsed["text"])
    if not any(char.isalnum() for char in text):
        raise DocumentError("empty")
    if len(text) > limits.max_characters:
        raise DocumentError("too_long", {"limit": limits.max_characters})
    return ExtractedText(text, parsed["pages"], parsed["kind"])


def _parse_in_child(path: Path, limits: Limits) -> dict[str, Any]:
    """Run the parser on its own and return its answer."""
    try:
        return confined.run(_PARSER, [str(path), json.dumps(asdict(limits))], limits.seconds)
    except confined.ConfinedError as error:
        values = {"limit": limits.seconds} if error.code == "timeout" else {"cause": error.cause}
        raise DocumentError(error.code, values) from error
