"""Documents as PDF, in a font that knows Latin, Greek and Cyrillic letters.

ReportLab is loaded only when somebody asks for a PDF; it needs about a third of a second for that
and no library of the analysis.
"""

import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from interview.recruiting.exports import Document, Row, Section

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

FONTS = Path(__file__).parent / "fonts"
MARGIN = 50
"""Points on each side of the page."""

_FIRST, _LAST = 0.24, 0.32
"""Shares of the width of a table's first column and of its last."""


def render(document: Document, language: str) -> bytes:
    """Return a document as a PDF file on A4."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    styles = _styles()
    target = io.BytesIO()
    width = A4[0] - 2 * MARGIN
    story: list[Any] = [
        Paragraph(escape(document.title), styles["title"]),
        Paragraph(escape(document.lead), styles["text"]),
    ]
    for section in document.sections:
        story += _section(section, styles, width)
    SimpleDocTemplate(
        target,
        pagesize=A4,
        title=document.title,
        author="Interview Simulator",
        lang=language,
        **dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), MARGIN),
    ).build(story, onFirstPage=_number, onLaterPages=_number)
    return target.getvalue()


def _section(section: Section, styles: "dict[str, ParagraphStyle]", width: float) -> list[Any]:
    from reportlab.platypus import Paragraph, Spacer

    parts: list[Any] = [Paragraph(escape(section.title), styles["heading"])]
    for text in section.paragraphs:
        parts.append(Paragraph(escape(text).replace("\n", "<br/>"), styles["text"]))
    if section.table:
        parts += [Spacer(1, 4), _table(section.table, styles, width)]
    return parts


def _table(rows: tuple[Row, ...], styles: "dict[str, ParagraphStyle]", width: float) -> Any:
    from reportlab.lib import colors
    from reportlab.platypus import Paragraph, Table

    middle = (1 - _FIRST - _LAST) / max(1, len(rows[0]) - 2)
    widths = [_FIRST, *[middle] * (len(rows[0]) - 2), _LAST]
    cells = [
        [
            Paragraph(escape(cell).replace("\n", "<br/>"), styles["cell" if index else "head"])
            for cell in row
        ]
        for index, row in enumerate(rows)
    ]
    return Table(
        cells,
        colWidths=[share * width for share in widths],
        repeatRows=1,
        splitInRow=1,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.HexColor("#cccccc")),
            ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#eeeeee")),
        ],
    )


@cache
def _styles() -> "dict[str, ParagraphStyle]":
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name in ("DejaVuSans", "DejaVuSans-Bold"):
        pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))

    def style(name: str, size: float, bold: bool = False, **more: Any) -> "ParagraphStyle":
        font = "DejaVuSans-Bold" if bold else "DejaVuSans"
        return ParagraphStyle(
            name, fontName=font, fontSize=size, leading=1.35 * size, splitLongWords=True, **more
        )

    return {
        "title": style("title", 18, bold=True, spaceAfter=8),
        "heading": style("heading", 12, bold=True, spaceBefore=16, spaceAfter=4, keepWithNext=1),
        "text": style("text", 9.5, spaceAfter=4),
        "head": style("head", 8, bold=True),
        "cell": style("cell", 8),
    }


def _number(canvas: Any, document: Any) -> None:
    canvas.setFont("DejaVuSans", 8)
    canvas.drawRightString(document.pagesize[0] - MARGIN, MARGIN / 2, str(canvas.getPageNumber()))
