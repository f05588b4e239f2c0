"""What a question must be like: the checks of each row of a file, and of the admins' form."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from interview.questions.exchange import (
    COLUMNS,
    OPTIONAL,
    SEPARATOR,
    PromptContent,
    Row,
    RowError,
)
from interview.questions.models import COMPETENCIES, GUIDANCE_PARTS, MODES, PromptState

THINK_SECONDS = (0, 600)
ANSWER_SECONDS = (10, 3600)
MAX_TAKES = (1, 20)
TEXT_CHARACTERS = 1000
GUIDANCE_CHARACTERS = 1000
TAG_CHARACTERS = 40

_KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


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
                check.fail(name, _("is the same as in row %(row)s", row=first))
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
            key=self._pattern(
                "key", _KEY, 80, _("small letters, digits, - and _, as in teamwork-01")
            ),
            competency=self._one_of("competency", COMPETENCIES),
            language=self._pattern(
                "language", _LANGUAGE, 12, _("a language tag, as in en or pt-BR")
            ),
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
            translation_of=self._original(),
        )

    def _unknown_fields(self) -> None:
        known = {*COLUMNS, *(f"guidance.{part}" for part in GUIDANCE_PARTS)} - {*GUIDANCE_PARTS}
        for name in self.row.values:
            if name not in known:
                self.fail(str(name)[:40], _("is not a field of a prompt"))

    def _value(self, name: str) -> Any:
        return self.row.values.get(name, OPTIONAL.get(name))

    def _text(self, name: str, limit: int) -> str:
        value = self._value(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            self.fail(name, _("is missing"))
            return ""
        if not isinstance(value, str):
            self.fail(name, _("must be text"))
            return ""
        value = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        if len(value) > limit:
            self.fail(
                name,
                _(
                    "has %(count)s characters; at most %(limit)s are allowed",
                    count=len(value),
                    limit=limit,
                ),
            )
        if _CONTROL.search(value):
            self.fail(name, _("holds a control character"))
        return value

    def _pattern(self, name: str, pattern: re.Pattern[str], limit: int, expected: str) -> str:
        value = self._text(name, limit)
        if value and not pattern.fullmatch(value):
            self.fail(
                name,
                _(
                    "“%(value)s” is not of the form that is expected: %(expected)s",
                    value=value[:40],
                    expected=expected,
                ),
            )
        return value

    def _one_of(self, name: str, allowed: Sequence[str]) -> str:
        value = self._text(name, 80)
        if value and value not in allowed:
            self.fail(
                name,
                _(
                    "“%(value)s” is none of %(allowed)s",
                    value=value[:40],
                    allowed=", ".join(allowed),
                ),
            )
            return ""
        return value

    def _seconds(self, name: str, low: int, high: int) -> int:
        value = self._value(name)
        if value is None or value == "":
            self.fail(name, _("is missing"))
        elif isinstance(value, bool) or not isinstance(value, int):
            self.fail(name, _("must be a whole number of seconds"))
        elif not low <= value <= high:
            self.fail(
                name,
                _(
                    "%(value)s is outside %(low)s to %(high)s seconds",
                    value=value,
                    low=low,
                    high=high,
                ),
            )
        else:
            return value
        return low

    def _takes(self) -> int | None:
        value = self._value("max_takes")
        if value is None:
            return None
        low, high = MAX_TAKES
        if isinstance(value, bool) or not isinstance(value, int):
            self.fail("max_takes", _("must be a whole number, or missing for no limit"))
            return None
        if not low <= value <= high:
            self.fail(
                "max_takes",
                _("%(value)s is outside %(low)s to %(high)s", value=value, low=low, high=high),
            )
        return value

    def _original(self) -> str | None:
        if self._value("translation_of") is None:
            return None
        return self._pattern("translation_of", _KEY, 80, _("the key of another question")) or None

    def _items(self, name: str) -> list[str]:
        value = self._value(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fail(name, _("must be a list of words"))
            return []
        if len(set(value)) < len(value):
            self.fail(name, _("names something twice"))
        return value

    def _modes(self) -> list[str]:
        modes = self._items("modes")
        unknown = [mode for mode in modes if mode not in MODES]
        if unknown:
            self.fail(
                "modes",
                _(
                    "“%(value)s” is none of %(allowed)s",
                    value=unknown[0][:40],
                    allowed=", ".join(MODES),
                ),
            )
        elif not modes and not any(error.field == "modes" for error in self.errors):
            self.fail("modes", _("at least one of %(allowed)s is needed", allowed=", ".join(MODES)))
        return [mode for mode in MODES if mode in modes]

    def _tags(self) -> list[str]:
        tags = self._items("tags")
        for tag in tags:
            if problem := problem_of_tag(tag):
                self.fail("tags", problem)
        return tags


def problem_of_tag(tag: str) -> str | None:
    """Return what is wrong with a tag, if anything."""
    bad = tag != tag.strip() or SEPARATOR in tag or _CONTROL.search(tag) or "\n" in tag
    if tag and not bad and len(tag) <= TAG_CHARACTERS:
        return None
    return _(
        "“%(tag)s” is not a plain word of at most %(limit)s characters without |",
        tag=tag[:TAG_CHARACTERS],
        limit=TAG_CHARACTERS,
    )
