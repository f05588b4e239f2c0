"""Charts as Vega-Lite specifications, each with the table of the numbers that it shows.

Pure functions: numbers and finished labels in, plain dicts out. A specification says nothing of
colours: marks carry the style names `own`, `others`, `spread`, `bars`, `line` and `reference`, and
whoever draws it (the page's script, a document) gives those styles their colours, so one
specification serves light pages, dark pages and paper. What belongs to oneself is always a filled
circle, what belongs to the others a bar or an upright tick: the shapes tell them apart without
colour.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
"""Names the grammar; it is not fetched."""

ROW_HEIGHT = 46
"""Pixels of one row of a comparison."""

TERM_HEIGHT = 26
"""Pixels of one word's bar."""

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a chart: headings, and rows whose first cell names the row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, ready for a page.

    `title` heads it, `summary` says in a sentence what there is to see (and is what a screen
    reader hears), `key` explains the marks as (style name, meaning).
    """

    title: str
    summary: str
    spec: Spec
    table: Table
    key: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of a comparison: own value, and the others' mean and standard deviation."""

    label: str
    own: float
    mean: float | None = None
    sd: float | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """How values are drawn: bounds of the axis, its heading and d3 number format.

    `ticks`, pairs of a place and its name, replace the numbers at the axis.
    """

    low: float
    high: float
    title: str = ""
    format: str = "~f"
    ticks: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a moment; points of one `group` are joined by a line."""

    when: datetime
    group: str
    value: float


def comparison_spec(rows: Sequence[Row], scale: Scale) -> Spec:
    """Draw each row's own value on a scale, over the others' mean and spread where known.

    The spread reaches one standard deviation to each side of the mean, within the scale.
    """
    values = [_row_values(row, scale) for row in rows]
    x = _quantity(scale)
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "style": "track"},
            "encoding": {"x": {"datum": scale.low}, "x2": {"datum": scale.high}},
        }
    ]
    if any(row.mean is not None for row in rows):
        known = [{"filter": "isValid(datum.mean)"}]
        layers += [
            {
                "transform": known,
                "mark": {"type": "bar", "style": "spread", "height": 16, "cornerRadius": 8},
                "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}},
            },
            {
                "transform": known,
                "mark": {"type": "tick", "style": "others", "thickness": 4, "size": 28},
                "encoding": {"x": {**x, "field": "mean"}},
            },
        ]
    layers.append(
        {
            "mark": {"type": "point", "style": "own", "shape": "circle", "size": 150},
            "encoding": {"x": {**x, "field": "own"}},
        }
    )
    return _spec(values, layer=layers, encoding={"y": _rows_axis()}, height=ROW_HEIGHT * len(rows))


def bars_spec(rows: Sequence[Row], scale: Scale) -> Spec:
    """Draw each row's own value as a thick bar, with the others' mean as a thin bar below it.

    A line along the others' bar reaches one standard deviation to each side of their mean, within
    the scale.
    """
    values = [_row_values(row, scale) for row in rows]
    x = _quantity(scale)
    compared = any(row.mean is not None for row in rows)
    own = {"type": "bar", "style": "ownbar", "height": 16, "cornerRadiusEnd": 4}
    layers: list[Spec] = [
        {
            "mark": own | ({"yOffset": -7} if compared else {}),
            "encoding": {"x": {**x, "field": "own"}, "x2": {"datum": scale.low}},
        }
    ]
    if compared:
        known = [{"filter": "isValid(datum.mean)"}]
        others = {"type": "bar", "style": "bars", "height": 8, "yOffset": 8, "cornerRadiusEnd": 3}
        layers += [
            {
                "transform": known,
                "mark": others,
                "encoding": {"x": {**x, "field": "mean"}, "x2": {"datum": scale.low}},
            },
            {
                "transform": known,
                "mark": {"type": "rule", "style": "spreadrule", "yOffset": 8, "y2Offset": 8},
                "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}},
            },
        ]
    return _spec(values, layer=layers, encoding={"y": _rows_axis()}, height=ROW_HEIGHT * len(rows))


def histogram_spec(bins: Sequence[int], own: float, scale: Scale) -> Spec:
    """Draw how many others fall in each of the equal bins of a scale, and mark one's own place.

    A value outside the scale is marked at its end.
    """
    width = (scale.high - scale.low) / len(bins)
    edges = [round(scale.low + index * width, 9) for index in range(len(bins))] + [scale.high]
    values = [
        {"from": start, "to": end, "count": count}
        for (start, end), count in zip(pairwise(edges), bins, strict=True)
    ]
    place = {"values": [{"own": min(max(own, scale.low), scale.high)}]}
    x = _quantity(scale)
    x["axis"]["grid"] = False
    bars = {
        "mark": {"type": "bar", "style": "bars", "binSpacing": 1},
        "encoding": {
            "x": {**x, "field": "from", "bin": {"binned": True, "step": width}},
            "x2": {"field": "to"},
            "y": {"field": "count", "type": "quantitative", "axis": None},
        },
    }
    marks = [
        {"mark": {"type": "rule", "style": "ownrule"}, "encoding": {"x": {**x, "field": "own"}}},
        {
            "mark": {"type": "point", "style": "own", "shape": "circle", "size": 120},
            "encoding": {"x": {**x, "field": "own"}, "y": {"value": 0}},
        },
    ]
    layers = [bars, *({"data": place, **mark} for mark in marks)]
    return _spec(values, layer=layers, height=90)


def progress_spec(points: Sequence[Point], scale: Scale, *, is_grouped: bool = False) -> Spec:
    """Draw values over time, joined by a line, or by one line per group with its own shape."""
    values = [{"when": p.when.isoformat(), "group": p.group, "value": p.value} for p in points]
    moments = [point.when for point in points]
    when = "%-d %b" if max(moments) - min(moments) > timedelta(days=1) else "%H:%M"
    encoding: Spec = {
        "x": {
            "field": "when",
            "type": "temporal",
            "title": None,
            "axis": {"labelOverlap": True, "tickCount": 3, "grid": False, "format": when},
        },
        "y": {
            "field": "value",
            "type": "quantitative",
            "title": None,
            "scale": {"domain": [scale.low, scale.high], "nice": False},
            "axis": _axis(scale),
        },
    }
    if not is_grouped:
        marks: list[Spec] = [
            {"mark": {"type": "line", "style": "line"}},
            {"mark": {"type": "point", "style": "own", "shape": "circle", "size": 80}},
        ]
        return _spec(values, layer=marks, encoding=encoding, height=150)
    legend = {"title": None, "orient": "bottom", "columns": 1}
    group = {"field": "group", "type": "nominal", "sort": None}
    series = {"color": {**group, "legend": legend}, "shape": {**group, "legend": legend}}
    marks = [
        {"mark": {"type": "line", "strokeWidth": 2}, "encoding": {"color": series["color"]}},
        {"mark": {"type": "point", "filled": True, "size": 90}, "encoding": series},
    ]
    return _spec(values, layer=marks, encoding=encoding, height=220)


def terms_spec(terms: Sequence[tuple[str, float]], style: str, title: str, format: str) -> Spec:
    """Draw a number for each word or pair of words as bars in the given style."""
    x = {
        "field": "value",
        "type": "quantitative",
        "title": title,
        "axis": {
            "tickMinStep": 1 if format == "d" else 0,
            "format": format,
            "tickCount": 4,
            "grid": False,
        },
    }
    marks: list[Spec] = [
        {"mark": {"type": "bar", "style": style, "height": 14, "cornerRadiusEnd": 4}},
    ]
    values = [{"label": term, "value": value} for term, value in terms]
    return _spec(
        values, layer=marks, encoding={"x": x, "y": _rows_axis()}, height=TERM_HEIGHT * len(terms)
    )


def comparison_table(
    rows: Sequence[Row], columns: Sequence[str], write: Callable[[float], str], absent: str = "–"
) -> Table:
    """Return the numbers of a comparison; `columns` names label, own, mean and spread."""
    has_others = any(row.mean is not None for row in rows)

    def cells(row: Row) -> tuple[str, ...]:
        others = (absent, absent)
        if row.mean is not None and row.sd is not None:
            others = (write(row.mean), write(row.sd))
        return (row.label, write(row.own), *(others if has_others else ()))

    return Table(tuple(columns[: 4 if has_others else 2]), tuple(cells(row) for row in rows))


def histogram_table(
    bins: Sequence[int], scale: Scale, columns: Sequence[str], write: Callable[[float], str]
) -> Table:
    """Return the counts of a histogram's bins; `columns` names from, to and count."""
    width = (scale.high - scale.low) / len(bins)
    rows = tuple(
        (
            write(scale.low + index * width),
            write(scale.low + (index + 1) * width),
            str(count),
        )
        for index, count in enumerate(bins)
    )
    return Table(tuple(columns), rows)


def _row_values(row: Row, scale: Scale) -> Spec:
    values: Spec = {"label": row.label, "own": row.own}
    if row.mean is not None and row.sd is not None:
        values |= {
            "mean": row.mean,
            "from": max(scale.low, row.mean - row.sd),
            "to": min(scale.high, row.mean + row.sd),
        }
    return values


def _rows_axis() -> Spec:
    """Return the axis of the rows' names, in the order in which they are given."""
    return {
        "field": "label",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 150, "ticks": False, "domain": False, "labelPadding": 8},
    }


def _quantity(scale: Scale) -> Spec:
    return {
        "type": "quantitative",
        "title": scale.title or None,
        "scale": {"domain": [scale.low, scale.high], "nice": False},
        "axis": _axis(scale),
    }


def _axis(scale: Scale) -> Spec:
    axis: Spec = {"format": scale.format, "tickCount": 5, "labelFlush": True}
    if scale.ticks:
        places, names = zip(*scale.ticks, strict=True)
        # Ticks with names of their own, such as "3 of 4" at 0.75.
        axis |= {"values": list(places), "labelExpr": _named(places, names)}
    return axis


def _named(places: Sequence[float], names: Sequence[str]) -> str:
    """Return the expression that gives each tick its name, by its place in the list."""
    return f"{json.dumps(names)}[indexof({json.dumps(places)}, datum.value)]"


def _spec(values: Sequence[Spec], **parts: Any) -> Spec:
    return {
        "$schema": SCHEMA,
        "width": "container",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"values": list(values)},
        **parts,
    }
