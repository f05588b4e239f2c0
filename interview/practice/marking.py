"""An answer's own text with its parts and filler expressions marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from interview.analysis.report import STRUCTURE_PARTS, Span, Structure, TextReport
from interview.practice import labels


@dataclass(frozen=True, slots=True)
class PartView:
    """One of situation, task, action and result: whether and where it was found.

    `sentences` are numbers from 1; `letter` stands for the part in the marked text.
    """

    key: str
    letter: str
    name: str
    question: str
    advice: str
    sentences: tuple[int, ...]

    @property
    def is_present(self) -> bool:
        """Whether any sentence tells this part."""
        return bool(self.sentences)


@dataclass(frozen=True, slots=True)
class StructureView:
    """The four parts in the order in which they are told."""

    parts: tuple[PartView, ...]

    @property
    def found(self) -> int:
        """How many of the parts were found."""
        return sum(part.is_present for part in self.parts)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and whether it is a filler expression."""

    text: str
    is_filler: bool = False


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A sentence with the parts that it tells; `number` is None for what stands between two."""

    number: int | None
    parts: tuple[PartView, ...]
    pieces: tuple[Piece, ...]


MarkedText = tuple[MarkedSentence, ...]


def part_view(key: str, sentences: Sequence[int] = ()) -> PartView:
    """Return one part, told in the sentences with the given indexes (from 0)."""
    return PartView(
        key=key,
        letter=str(labels.PARTS[key])[0],
        name=str(labels.PARTS[key]),
        question=str(labels.PART_QUESTIONS[key]),
        advice=str(labels.PART_ADVICE[key]),
        sentences=tuple(index + 1 for index in sentences),
    )


def structure_view(structure: Structure) -> StructureView:
    """Return where each part of the answer is told."""
    return StructureView(tuple(part_view(key, getattr(structure, key)) for key in STRUCTURE_PARTS))


def mark(text: str, report: TextReport) -> MarkedText | None:
    """Return the text cut into sentences with their parts and fillers; joined it is the text.

    None when the report is not about this text or tells no parts.
    """
    spans = report.sentences
    if report.structure is None or not spans or spans[-1][1] > len(text):
        return None
    parts = structure_view(report.structure).parts
    fillers = sorted(
        span for filler in (report.style.fillers if report.style else ()) for span in filler.spans
    )
    marked: list[MarkedSentence] = []
    end = 0
    for number, (start, stop) in enumerate(spans, start=1):
        if start > end:
            marked.append(MarkedSentence(None, (), (Piece(text[end:start]),)))
        told = tuple(part for part in parts if number in part.sentences)
        marked.append(MarkedSentence(number, told, _pieces(text, (start, stop), fillers)))
        end = stop
    if end < len(text):
        marked.append(MarkedSentence(None, (), (Piece(text[end:]),)))
    return tuple(marked)


def _pieces(text: str, sentence: Span, fillers: Sequence[Span]) -> tuple[Piece, ...]:
    """Cut a sentence at the filler expressions inside it."""
    place, stop = sentence
    pieces = []
    for start, end in fillers:
        if start < place or end > stop:
            continue
        if start > place:
            pieces.append(Piece(text[place:start]))
        pieces.append(Piece(text[start:end], is_filler=True))
        place = end
    if place < stop:
        pieces.append(Piece(text[place:stop]))
    return tuple(pieces)
