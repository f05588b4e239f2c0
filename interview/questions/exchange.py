"""The question bank as files: JSON and CSV in and out, checked row by row.

JSON is what `bank.json` looks like. CSV has one column per field, the guidance's four parts as
columns of their own, and `|` between the items of a list. Both hold the whole content of a
prompt, so that what was exported is imported without a change.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self, TextIO

from flask_babel import gettext as _

from interview.questions.models import (
    GUIDANCE_PARTS,
    PromptRevision,
    PromptState,
)

JSON_VERSION = 1
LICENCE = "Apache-2.0"
FORMATS = ("csv", "json")
SEPARATOR = "|"
COLUMNS = (
    "key",
    "competency",
    "language",
    "text",
    "modes",
    "think_seconds",
    "answer_seconds",
    *GUIDANCE_PARTS,
    "tags",
    "state",
    "max_takes",
    "translation_of",
)
LISTS = ("modes", "tags")
OPTIONAL = {
    "tags": [],
    "state": PromptState.ACTIVE.value,
    "max_takes": None,
    "translation_of": None,
}
NOT_WORDING = ("key", "state", "translation_of")
"""What belongs to a prompt and not to one of its revisions."""


@dataclass(frozen=True)
class Row:
    """One prompt of a file as it was read; `number` is where a person finds it there.

    In CSV that is the spreadsheet's row, in JSON the position in the list, from 1.
    """

    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class RowError:
    """What is wrong in a file, in words for the person who wrote it; field "" is the row."""

    row: int
    field: str
    message: str

    def __str__(self) -> str:
        where = f"row {self.row}" + (f", {self.field}" if self.field else "")
        return f"{where}: {self.message}"


class FileError(ValueError):
    """A file that cannot be read as a question bank at all."""


@dataclass(frozen=True)
class PromptContent:
    """Everything about a prompt that people write."""

    key: str
    competency: str
    language: str
    text: str
    modes: list[str]
    think_seconds: int
    answer_seconds: int
    guidance: dict[str, str]
    tags: list[str]
    state: PromptState
    max_takes: int | None = None
    """How often it may be answered in an audio interview; None is as often as one likes."""
    translation_of: str | None = None
    """The key of the prompt that this one says in another language."""

    @classmethod
    def of(cls, revision: PromptRevision) -> Self:
        """Return the content of a revision, under its prompt's key and state."""
        return cls(
            key=revision.prompt.key,
            competency=revision.competency,
            language=revision.language,
            text=revision.text,
            modes=list(revision.modes),
            think_seconds=revision.think_seconds,
            answer_seconds=revision.answer_seconds,
            guidance={part: revision.guidance[part] for part in GUIDANCE_PARTS},
            tags=list(revision.tags),
            state=PromptState(revision.prompt.state),
            max_takes=revision.max_takes,
            translation_of=revision.prompt.original.key if revision.prompt.original else None,
        )

    def wording(self) -> dict[str, Any]:
        """Return what a revision holds: everything but what belongs to the prompt itself."""
        return {name: value for name, value in vars(self).items() if name not in NOT_WORDING}


# --- Out ------------------------------------------------------------------------------------


def write(prompts: Iterable[PromptContent], kind: str, stream: TextIO) -> None:
    """Write prompts as "csv" or "json". A file opened for CSV needs `newline=""`."""
    if kind == "json":
        document = {
            "version": JSON_VERSION,
            "licence": LICENCE,
            "prompts": [_as_json(prompt) for prompt in prompts],
        }
        json.dump(document, stream, ensure_ascii=False, indent=2)
        stream.write("\n")
        return
    writer = csv.DictWriter(stream, COLUMNS)
    writer.writeheader()
    for prompt in prompts:
        values = asdict(prompt)
        values |= values.pop("guidance")
        values |= {name: SEPARATOR.join(values[name]) for name in LISTS}
        writer.writerow({name: values[name] for name in COLUMNS})


def _as_json(prompt: PromptContent) -> dict[str, Any]:
    values = asdict(prompt)
    for name in ("max_takes", "translation_of"):  # most prompts have neither: short entries
        if values[name] is None:
            del values[name]
    return values


# --- In -------------------------------------------------------------------------------------


def read_file(path: Path) -> list[Row]:
    """Read a `.csv` or `.json` file. Raises FileError when it is neither, or damaged."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise FileError(_("the file's name must end in .csv or .json"))
    return read(path.read_bytes(), kind)


def read(content: bytes, kind: str) -> list[Row]:
    """Read the bytes of a "csv" or "json" file, with or without a byte order mark.

    CSV may be separated by commas, semicolons or tabs, as spreadsheets write it in different
    countries. Raises FileError when it cannot be read.
    """
    text = _decode(content)
    return _read_json(text) if kind == "json" else _read_csv(text)


def _decode(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise FileError(
            _("the file is not in UTF-8; in a spreadsheet, save it as “CSV UTF-8”")
        ) from None


def _read_json(text: str) -> list[Row]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise FileError(_("this is not JSON: %(error)s", error=str(error))) from None
    except RecursionError:
        raise FileError(_("this is not a question bank: it is nested too deeply")) from None
    prompts = document.get("prompts") if isinstance(document, dict) else document
    if not isinstance(prompts, list):
        raise FileError(_("a list of prompts is expected, or an object with the list “prompts”"))
    return [Row(number, _from_json(values)) for number, values in enumerate(prompts, start=1)]


def _from_json(values: object) -> Mapping[str, Any]:
    if not isinstance(values, dict):
        return {"": values}
    flat = {name: value for name, value in values.items() if name != "guidance"}
    guidance = values.get("guidance")
    if isinstance(guidance, dict):
        flat |= {f"guidance.{name}": part for name, part in guidance.items()}
    elif guidance is not None:
        flat["guidance"] = guidance
    return flat


def _read_csv(text: str) -> list[Row]:
    header = text.splitlines()[0] if text else ""
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        records = list(reader)
    except csv.Error as error:
        raise FileError(
            _("this is not CSV: line %(line)s: %(error)s", line=reader.line_num, error=str(error))
        ) from None
    names = [name.strip() for name in records[0]] if records else []
    missing = [name for name in COLUMNS if name not in names and name not in OPTIONAL]
    if missing:
        raise FileError(
            _("the first row must name the columns; missing: %(names)s", names=", ".join(missing))
        )
    return [
        Row(number, _from_csv(names, cells))
        for number, cells in enumerate(records[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]


def _from_csv(names: list[str], cells: list[str]) -> Mapping[str, Any]:
    values: dict[str, Any] = {}
    for position, cell in enumerate(cells):
        name = names[position] if position < len(names) else ""
        if name or cell.strip():
            values[f"guidance.{name}" if name in GUIDANCE_PARTS else name] = cell
    for name in LISTS:
        if name in values:
            items = values[name].split(SEPARATOR)
            values[name] = [item.strip() for item in items] if values[name].strip() else []
    for name in ("think_seconds", "answer_seconds", "max_takes"):
        if re.fullmatch(r"\s*[0-9]{1,9}\s*", values.get(name, "")):
            values[name] = int(values[name])
    for name in ("state", "max_takes", "translation_of"):
        if isinstance(value := values.get(name, ""), str) and not value.strip():
            values.pop(name, None)
    return values
