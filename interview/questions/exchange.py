"""The question bank as files: JSON and CSV in and out, checked row by row.

JSON is what `bank.json` looks like. CSV has one column per field, the guidance's four parts as
columns of their own, and `|` between the items of a list. Both hold the whole content of a
prompt, so that what was exported is imported without a change.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self, TextIO

from interview.questions.models import (
    COMPETENCIES,
    GUIDANCE_PARTS,
    MODES,
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
)
LISTS = ("modes", "tags")
OPTIONAL = {"tags": [], "state": PromptState.ACTIVE.value, "max_takes": None}

THINK_SECONDS = (0, 600)
ANSWER_SECONDS = (10, 3600)
MAX_TAKES = (1, 20)
TEXT_CHARACTERS = 1000
GUIDANCE_CHARACTERS = 1000
TAG_CHARACTERS = 40

_KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


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
        )

    def wording(self) -> dict[str, Any]:
        """Return what a revision holds: everything but the key and the state."""
        values = asdict(self)
        del values["key"], values["state"]
        return values


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
    if prompt.max_takes is None:
        del values["max_takes"]  # most prompts have no limit: their entries stay as short as before
    return values


# --- In -------------------------------------------------------------------------------------


def read_file(path: Path) -> list[Row]:
    """Read a `.csv` or `.json` file. Raises FileError when it is neither, or damaged."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise FileError("the file's name must end in .csv or .json")
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
            "the file is not in UTF-8; in a spreadsheet, save it as “CSV UTF-8”"
        ) from None


def _read_json(text: str) -> list[Row]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise FileError(f"this is not JSON: {error}") from None
    except RecursionError:
        raise FileError("this is not a question bank: it is nested too deeply") from None
    prompts = document.get("prompts") if isinstance(document, dict) else document
    if not isinstance(prompts, list):
        raise FileError("a list of prompts is expected, or an object with the list “prompts”")
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
        raise FileError(f"this is not CSV: line {reader.line_num}: {error}") from None
    names = [name.strip() for name in records[0]] if records else []
    missing = [name for name in COLUMNS if name not in names and name not in OPTIONAL]
    if missing:
        raise FileError(f"the first row must name the columns; missing: {', '.join(missing)}")
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
    for name in ("state", "max_takes"):
        if isinstance(value := values.get(name, ""), str) and not value.strip():
            values.pop(name, None)
    return values


# --- Checks ---------------------------------------------------------------------------------


def parse_rows(rows: Sequence[Row]) -> tuple[list[PromptContent], list[RowError]]:
    """Check rows; return the prompts, and every error of every row."""
    prompts: list[PromptContent] = []
    errors: list[RowError] = []
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        check = _Check(row)
        prompt = check.prompt()
        for name, value in (("key", prompt.key), ("text", prompt.text.casefold())):
            first = seen.setdefault((name, value), row.number)
            if value and first != row.number:
                check.fail(name, f"is the same as in row {first}")
        prompts.append(prompt)
        errors += check.errors
    return prompts, errors


class _Check:
    """The checks of one row; each returns a usable value and notes what is wrong with it."""

    def __init__(self, row: Row):
        self.row = row
        self.errors: list[RowError] = []

    def fail(self, name: str, message: str) -> None:
        self.errors.append(RowError(self.row.number, name, message))

    def prompt(self) -> PromptContent:
        self._unknown_fields()
        return PromptContent(
            key=self._pattern("key", _KEY, 80, "small letters, digits, - and _, as in teamwork-01"),
            competency=self._one_of("competency", COMPETENCIES),
            language=self._pattern("language", _LANGUAGE, 12, "a language tag, as in en or pt-BR"),
            text=self._text("text", TEXT_CHARACTERS),
            modes=self._modes(),
            think_seconds=self._seconds("think_seconds", *THINK_SECONDS),
            answer_seconds=self._seconds("answer_seconds", *ANSWER_SECONDS),
            guidance={
                part: self._text(f"guidance.{part}", GUIDANCE_CHARACTERS) for part in GUIDANCE_PARTS
            },
            tags=self._tags(),
            state=PromptState(
                self._one_of("state", [state.value for state in PromptState]) or PromptState.ACTIVE
            ),
            max_takes=self._takes(),
        )

    def _unknown_fields(self) -> None:
        known = {*COLUMNS, *(f"guidance.{part}" for part in GUIDANCE_PARTS)} - {*GUIDANCE_PARTS}
        for name in self.row.values:
            if name not in known:
                self.fail(str(name)[:40], "is not a field of a prompt")

    def _value(self, name: str) -> Any:
        return self.row.values.get(name, OPTIONAL.get(name))

    def _text(self, name: str, limit: int) -> str:
        value = self._value(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            self.fail(name, "is missing")
            return ""
        if not isinstance(value, str):
            self.fail(name, "must be text")
            return ""
        value = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        if len(value) > limit:
            self.fail(name, f"has {len(value)} characters; at most {limit} are allowed")
        if _CONTROL.search(value):
            self.fail(name, "holds a control character")
        return value

    def _pattern(self, name: str, pattern: re.Pattern[str], limit: int, expected: str) -> str:
        value = self._text(name, limit)
        if value and not pattern.fullmatch(value):
            self.fail(name, f"“{value[:40]}” is not of the form that is expected: {expected}")
        return value

    def _one_of(self, name: str, allowed: Sequence[str]) -> str:
        value = self._text(name, 80)
        if value and value not in allowed:
            self.fail(name, f"“{value[:40]}” is none of {', '.join(allowed)}")
            return ""
        return value

    def _seconds(self, name: str, low: int, high: int) -> int:
        value = self._value(name)
        if value is None or value == "":
            self.fail(name, "is missing")
        elif isinstance(value, bool) or not isinstance(value, int):
            self.fail(name, "must be a whole number of seconds")
        elif not low <= value <= high:
            self.fail(name, f"{value} is outside {low} to {high} seconds")
        else:
            return value
        return low

    def _takes(self) -> int | None:
        value = self._value("max_takes")
        if value is None:
            return None
        low, high = MAX_TAKES
        if isinstance(value, bool) or not isinstance(value, int):
            self.fail("max_takes", "must be a whole number, or missing for no limit")
            return None
        if not low <= value <= high:
            self.fail("max_takes", f"{value} is outside {low} to {high}")
        return value

    def _items(self, name: str) -> list[str]:
        value = self._value(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fail(name, "must be a list of words")
            return []
        if len(set(value)) < len(value):
            self.fail(name, "names something twice")
        return value

    def _modes(self) -> list[str]:
        modes = self._items("modes")
        unknown = [mode for mode in modes if mode not in MODES]
        if unknown:
            self.fail("modes", f"“{unknown[0][:40]}” is none of {', '.join(MODES)}")
        elif not modes and not any(error.field == "modes" for error in self.errors):
            self.fail("modes", f"at least one of {', '.join(MODES)} is needed")
        return [mode for mode in MODES if mode in modes]

    def _tags(self) -> list[str]:
        tags = self._items("tags")
        for tag in tags:
            bad = tag != tag.strip() or SEPARATOR in tag or _CONTROL.search(tag) or "\n" in tag
            if not tag or bad or len(tag) > TAG_CHARACTERS:
                self.fail(
                    "tags",
                    f"“{tag[:TAG_CHARACTERS]}” is not a plain word of at most "
                    f"{TAG_CHARACTERS} characters without {SEPARATOR}",
                )
        return tags
