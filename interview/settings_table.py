"""The documentation of the settings, made from their definitions."""

import types
import typing
from pathlib import Path

from pydantic.fields import FieldInfo

from interview.settings import ROOT, Settings

INTRODUCTION = """\
# Settings

Every setting is an environment variable. All are checked when a process starts; one that cannot
be used stops it with a message that says which and why. An empty variable counts as not set. A
local run (`make run`, `make admin`, `python app.py`) also reads `local.env` in the instance folder,
where it keeps its secret; other processes read it only with `ENVIRONMENT=local`.

This page is made by `flask settings > docs/settings.md`.

| variable | kind | default | meaning |
|---|---|---|---|
"""

KINDS = {str: "text", int: "whole number", float: "number", bool: "`true` or `false`", Path: "path"}
LIMITS = {"ge": "at least {}", "gt": "more than {}", "le": "at most {}"}


def table() -> str:
    """Return the text of `docs/settings.md`."""
    rows = (
        f"| `{name.upper()}` | {_kind(field)} | {_default(field)} | {field.description} |\n"
        for name, field in Settings.model_fields.items()
    )
    return INTRODUCTION + "".join(rows)


def _kind(field: FieldInfo) -> str:
    limits = [
        text.format(getattr(item, key))
        for item in field.metadata
        for key, text in LIMITS.items()
        if hasattr(item, key)
    ]
    return ", ".join([_name(field.annotation), *limits])


def _name(annotation: typing.Any) -> str:
    if typing.get_origin(annotation) is typing.Literal:
        return ", ".join(f"`{value}`" for value in typing.get_args(annotation))
    if typing.get_origin(annotation) is tuple:
        return "list, comma separated"
    if isinstance(annotation, types.UnionType):
        return " or ".join(_name(part) for part in typing.get_args(annotation))
    return KINDS[annotation]


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "see the meaning"
    value = field.default
    if value == "":
        return "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, Path):
        return f"`{value.relative_to(ROOT)}` beside `app.py`"
    if isinstance(value, tuple):
        return f"`{','.join(value)}`"
    return f"`{value}`"
