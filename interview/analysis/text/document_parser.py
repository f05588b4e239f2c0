"""Reads a PDF, Word or text file: the part of `documents` that runs in a process of its own.

Run as a script, ``python -P document_parser.py FILE LIMITS``; the answer is one JSON object on
stdout. A hostile file can make a parser eat memory or time without end, so the process binds
itself to limits before it loads a parser. It imports nothing of the application: it starts
quickly and has nothing in memory worth stealing.
"""

import contextlib
import io
import json
import logging
import math
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

DOCX_MAIN_TYPES = ("wordprocessingml.document.main+xml", "ms-word.document.macroEnabled.main+xml")
DOCX_XML_BYTES = 20_000_000
"""Largest unpacked XML part that is read; the text of 30 dense pages needs about 2 MB."""
SCANNED_CHARACTERS_PER_PAGE = 20
"""A PDF with pictures and fewer letters a page than this is a scan, perhaps with page numbers."""
OUTLINE_CURVES_PER_PAGE = 100
"""Without letters, this many curves a page are text that was turned into outlines."""

BULLET = "• "
LIST_STYLES = ("ListBullet", "ListNumber")

_OLE_HEADER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP_HEADERS = (b"{\\rtf", b"%!ps", b"<!doctype", b"<html", b"<?xml", b"<svg")
_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CONTROL_SHARE = 0.01
_LEGACY_NON_ASCII_SHARE = 0.3

Parsed = dict[str, Any]
"""``kind``, ``text`` and ``pages`` (None where the format has none)."""


class RefusedError(Exception):
    """The document cannot be used; the arguments are the code and its values."""

    def __init__(self, code: str, **values: int | float | str) -> None:
        """Keep a code of ``documents.DocumentError`` and the numbers behind it."""
        super().__init__(code)
        self.code = code
        self.values = values


def parse(data: bytes, limits: dict[str, Any]) -> Parsed:
    """Find out by content what a file is and return its text. Raises ``RefusedError``."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if head.startswith(b"%PDF-") or (b"%PDF-" in head and b"%%EOF" in data[-2048:]):
        return parse_pdf(data, limits)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return parse_zip(data, limits)
    if data.startswith(_OLE_HEADER):
        # Word wraps an encrypted .docx in the container format of the old .doc.
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise RefusedError("encrypted" if encrypted else "unsupported")
    if head[:16].lower().startswith(_MARKUP_HEADERS):
        raise RefusedError("unsupported")
    text = decode(data)
    check_length(len(text), limits)
    return {"kind": "txt", "text": text, "pages": None}


def check_length(characters: int, limits: dict[str, Any]) -> None:
    """Refuse a text that is longer than the limit."""
    if characters > limits["max_characters"]:
        raise RefusedError("too_long", limit=limits["max_characters"])


def decode(data: bytes) -> str:
    """Decode plain text: by its byte order mark, else UTF-8, else Windows-1252.

    Raises ``RefusedError`` with ``unsupported`` when the bytes are not text.
    """
    encodings = [name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)][:1]
    if not encodings and b"\0" in data:
        raise RefusedError("unsupported")
    for encoding in encodings or ("utf-8-sig", "cp1252"):
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            break
    else:
        raise RefusedError("unsupported")
    controls = sum(1 for char in text if char < " " and char not in "\t\n\r\f\v\0")
    foreign = sum(1 for char in text if char > "\x7f") if encoding == "cp1252" else 0
    if controls > _CONTROL_SHARE * len(text) or foreign > _LEGACY_NON_ASCII_SHARE * len(text):
        raise RefusedError("unsupported")
    return text


def parse_pdf(data: bytes, limits: dict[str, Any]) -> Parsed:
    """Read the text of a PDF, page by page, in reading order."""
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LAParams
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

    # A damaged file makes pdfminer warn on every object.
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        pages = count_pdf_pages(data, limits["max_pages"])
        if pages > limits["max_pages"]:
            raise RefusedError("too_many_pages", limit=limits["max_pages"])
        texts: list[str] = []
        letters = pictures = curves = 0
        # all_texts: letters drawn inside form objects count as well. line_margin: letters are
        # often set with one and a half lines of spacing, which is still one paragraph.
        layout = LAParams(all_texts=True, line_margin=0.85)
        for page in extract_pages(io.BytesIO(data), laparams=layout):
            page_texts, page_pictures, page_curves = read_layout(page)
            texts.extend(page_texts)
            letters += sum(len(text) - text.count(" ") - text.count("\n") for text in page_texts)
            pictures += page_pictures
            curves += page_curves
            check_length(letters, limits)
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise RefusedError("encrypted") from error
    if pages == 0:
        raise RefusedError("broken", cause="no pages")
    drawn = pictures > 0 or curves >= OUTLINE_CURVES_PER_PAGE * pages
    if letters < SCANNED_CHARACTERS_PER_PAGE * pages and drawn:
        raise RefusedError("scanned", pages=pages)
    return {"kind": "pdf", "text": "\n\n".join(texts), "pages": pages}


def count_pdf_pages(data: bytes, limit: int) -> int:
    """Count the pages, up to one more than the limit, without reading what is on them."""
    from pdfminer.pdfpage import PDFPage

    return sum(1 for _ in PDFPage.get_pages(io.BytesIO(data), maxpages=limit + 1))


def read_layout(container: Any) -> tuple[list[str], int, int]:
    """Return the text boxes of a page (pdfminer layout), its pictures and its curves."""
    import re

    from pdfminer.layout import LTCurve, LTFigure, LTImage, LTTextContainer

    texts: list[str] = []
    pictures = curves = 0
    for item in container:
        if isinstance(item, LTTextContainer):
            # Fonts that do not say which letters they draw leave numbers of glyphs.
            text = re.sub(r"\(cid:\d+\)", "", item.get_text())
            if text.strip():
                texts.append(text)
        elif isinstance(item, LTImage):
            pictures += 1
        elif isinstance(item, LTCurve):
            curves += 1
        elif isinstance(item, LTFigure):
            inner = read_layout(item)
            texts += inner[0]
            pictures += inner[1]
            curves += inner[2]
    return texts, pictures, curves


def parse_zip(data: bytes, limits: dict[str, Any]) -> Parsed:
    """Read a Word document; other archives are unsupported, a cut-off one is broken."""
    from defusedxml import ElementTree

    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OverflowError) as error:
        looks_like_word = b"[Content_Types].xml" in data or b"word/" in data
        raise RefusedError("broken" if looks_like_word else "unsupported") from error
    if "[Content_Types].xml" not in names:
        raise RefusedError("unsupported")
    types = read_member(archive, "[Content_Types].xml", limits["max_bytes"])
    part = main_part(ElementTree.fromstring(types))
    if part is None:
        raise RefusedError("unsupported")
    body = ElementTree.fromstring(read_member(archive, part, limits["max_bytes"]))
    lines: list[str] = []
    letters = 0
    for line in paragraphs(body):
        letters += len(line)
        check_length(letters, limits)
        both_items = bool(lines) and lines[-1].startswith(BULLET) and line.startswith(BULLET)
        lines += [line] if both_items else ["", line]
    return {"kind": "docx", "text": "\n".join(lines), "pages": None}


def read_member(archive: zipfile.ZipFile, name: str, max_bytes: int) -> bytes:
    """Unpack one member, never more than ``DOCX_XML_BYTES``; the file had ``max_bytes`` at most."""
    try:
        info = archive.getinfo(name)
    except KeyError as error:
        raise RefusedError("broken") from error
    if info.flag_bits & 1:
        raise RefusedError("encrypted")
    if info.file_size > DOCX_XML_BYTES:
        raise RefusedError("too_large", limit=max_bytes, unpacked=DOCX_XML_BYTES)
    with archive.open(info) as member:
        # The declared size may lie; what is read is counted.
        content = member.read(DOCX_XML_BYTES + 1)
    if len(content) > DOCX_XML_BYTES:
        raise RefusedError("too_large", limit=max_bytes, unpacked=DOCX_XML_BYTES)
    return content


def main_part(content_types: Element) -> str | None:
    """Return the member that holds the text (ECMA-376, part 2: content types)."""
    for item in content_types:
        if item.get("ContentType", "").endswith(DOCX_MAIN_TYPES):
            return item.get("PartName", "/word/document.xml").lstrip("/")
    return None


def paragraphs(body: Element) -> Iterator[str]:
    """Yield the paragraphs of WordprocessingML; a list item starts with a bullet.

    Deleted text and field codes have elements of their own and are left out, and so is the copy
    of a text box that is kept for old versions of Word.
    """
    for item in body:
        name = local_name(item)
        if name == "p":
            inner: list[Element] = []
            text = run_text(item, inner)
            yield BULLET + text if text.strip() and is_list_item(item) else text
            for box in inner:
                yield from paragraphs(box)
        elif name == "tr":
            yield " ".join(line for cell in item for line in paragraphs(cell) if line.strip())
        elif name not in ("Fallback", "sectPr"):
            yield from paragraphs(item)


def is_list_item(paragraph: Element) -> bool:
    """Tell whether a paragraph is numbered or has a bullet, by itself or by its style."""
    for item in paragraph.iterfind("{*}pPr/*"):
        style = next((value for key, value in item.items() if key.endswith("}val")), "")
        if local_name(item) == "numPr" or style.startswith(LIST_STYLES):
            return True
    return False


def run_text(element: Element, boxes: list[Element]) -> str:
    """Return the text of one paragraph; text boxes anchored in it are put into ``boxes``."""
    pieces = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
    text = ""
    for item in element:
        name = local_name(item)
        if name == "t":
            text += item.text or ""
        elif name in pieces:
            text += pieces[name]
        elif name == "txbxContent":
            boxes.append(item)
        elif name not in ("Fallback", "pPr", "rPr"):
            text += run_text(item, boxes)
    return text


def local_name(element: Element) -> str:
    """Return an element's name without its namespace (transitional and strict files differ)."""
    return str(element.tag).rpartition("}")[2]


def limit_process(limits: dict[str, Any]) -> None:
    """Bind this process to its memory (bytes) and seconds, and forbid core dumps."""
    seconds = math.ceil(limits["seconds"])
    bounds: list[tuple[int, int]] = [
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ]
    for what, bound in bounds:
        _, hard = resource.getrlimit(what)
        # a limit may be lowered, never raised
        allowed = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(what, (allowed, allowed))


def answer(path: Path, limits: dict[str, Any], read: Callable[..., Parsed] = parse) -> Parsed:
    """Parse a file and return what goes to the parent: the text, or ``error`` and ``values``."""
    try:
        with path.open("rb") as file:
            data = file.read(limits["max_bytes"] + 1)
        if len(data) > limits["max_bytes"]:
            raise RefusedError("too_large", limit=limits["max_bytes"])
        return read(data, limits)
    except RefusedError as refused:
        return {"error": refused.code, "values": refused.values}
    except (MemoryError, RecursionError):
        values = {"limit": limits["max_bytes"], "unpacked": limits["memory"]}
        return {"error": "too_large", "values": values}
    except Exception as error:
        # a damaged PDF can raise almost anything
        return {"error": "broken", "values": {"cause": type(error).__name__}}


def main() -> None:
    """Read the arguments, parse within the limits, print the answer as JSON."""
    path, limits = Path(sys.argv[1]), json.loads(sys.argv[2])
    limit_process(limits)
    sys.stdout.write(json.dumps(answer(path, limits)))


if __name__ == "__main__":
    main()
