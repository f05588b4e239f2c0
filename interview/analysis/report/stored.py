"""Reports as plain JSON types, and back, checked against the annotations of their classes."""

import functools
import math
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass


class ReportError(ValueError):
    """Stored data that is not a report of the expected shape."""


class Stored:
    """A report that can be kept as JSON."""

    __slots__ = ()

    def to_dict(self) -> dict[str, typing.Any]:
        """Return the report in plain JSON types (dict, list, str, int, float, bool, None)."""
        plain: dict[str, typing.Any] = _plain(self)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, typing.Any]) -> typing.Self:
        """Read what ``to_dict`` wrote. Raises ``ReportError`` when the data does not fit."""
        report: typing.Self = _build(cls, data, "report")
        return report


def _plain(value: typing.Any) -> typing.Any:
    """Turn dataclasses, mappings and tuples into dicts and lists, deeply."""
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value


def _build(kind: typing.Any, value: typing.Any, where: str) -> typing.Any:
    """Build a value of the annotated type ``kind`` from plain JSON types."""
    if isinstance(kind, type) and is_dataclass(kind):
        return _build_dataclass(kind, value, where)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return _build_union(arguments, value, where)
    if origin is tuple:
        return _build_tuple(arguments, value, where)
    if origin is Mapping:
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise ReportError(f"{where}: expected an object")
        return {key: _build(arguments[1], item, f"{where}.{key}") for key, item in value.items()}
    if origin is typing.Literal:
        if value not in arguments:
            raise ReportError(f"{where}: expected one of {arguments}")
        return value
    return _build_scalar(kind, value, where)


@functools.cache
def _hints(kind: type) -> dict[str, typing.Any]:
    """Resolve a class's annotations, once."""
    return typing.get_type_hints(kind)


def _build_dataclass(kind: type, value: typing.Any, where: str) -> typing.Any:
    """Build a dataclass; unknown and missing keys are errors."""
    if not isinstance(value, Mapping):
        raise ReportError(f"{where}: expected an object")
    hints = _hints(kind)
    names = [item.name for item in fields(kind)]
    if set(value) != set(names):
        raise ReportError(f"{where}: keys differ: {sorted(set(value) ^ set(names), key=str)}")
    return kind(**{name: _build(hints[name], value[name], f"{where}.{name}") for name in names})


def _build_union(kinds: tuple[typing.Any, ...], value: typing.Any, where: str) -> typing.Any:
    """Build the first alternative that fits."""
    if value is None and types.NoneType in kinds:
        return None
    alternatives = [kind for kind in kinds if kind is not types.NoneType]
    for kind in alternatives[:-1]:
        try:
            return _build(kind, value, where)
        except ReportError:
            continue
    return _build(alternatives[-1], value, where)


def _build_tuple(kinds: tuple[typing.Any, ...], value: typing.Any, where: str) -> typing.Any:
    """Build ``tuple[X, ...]`` of any length or a tuple with one type per place."""
    if not isinstance(value, (list, tuple)):
        raise ReportError(f"{where}: expected a list")
    expected = [kinds[0]] * len(value) if kinds[-1] is Ellipsis else list(kinds)
    if len(expected) != len(value):
        raise ReportError(f"{where}: expected {len(expected)} items")
    pairs = enumerate(zip(expected, value, strict=True))
    return tuple(_build(kind, item, f"{where}[{index}]") for index, (kind, item) in pairs)


def _build_scalar(kind: type, value: typing.Any, where: str) -> typing.Any:
    """Check a str, bool, int or float; whole numbers are accepted where a float is expected."""
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ReportError(f"{where}: expected {kind.__name__}, found {type(value).__name__}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ReportError(f"{where}: not a finite number")
    return value
