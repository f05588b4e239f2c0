"""Specifications of charts: plain data, without colours, with the numbers that the tables show."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from interview import charts
from interview.charts import Point, Row, Scale

PERCENT = Scale(0, 1, "Probability", ".0%")
ROWS = (Row("Openness", 0.62, 0.5, 0.1), Row("Extraversion", 0.3, 0.95, 0.2))
BEGIN = datetime(2026, 5, 1, 12, tzinfo=UTC)
STYLES = {"own", "ownbar", "ownrule", "others", "spread", "spreadrule", "bars", "track", "line"}
MARKS = {"rule", "bar", "tick", "point", "line"}


def points(*values, group="Length", step=timedelta(days=2)):
    return [Point(BEGIN + index * step, group, value) for index, value in enumerate(values)]


def every_spec():
    yield charts.comparison_spec(ROWS, PERCENT)
    yield charts.comparison_spec((Row("Openness", 0.62),), PERCENT)
    yield charts.bars_spec(ROWS, PERCENT)
    yield charts.bars_spec((Row("Happy", 0.62),), PERCENT)
    yield charts.histogram_spec((0, 3, 2, 0), 0.4, PERCENT)
    yield charts.progress_spec(points(100, 120), Scale(0, 200))
    yield charts.progress_spec(
        points(0.2, 0.3) + points(0.5, 0.4, group="Openness"), PERCENT, is_grouped=True
    )
    yield charts.terms_spec((("team", 3), ("guest", 2)), "ownbar", "Times", "d")


def values_of(spec):
    return spec["data"]["values"]


@pytest.mark.parametrize("spec", list(every_spec()))
class TestEverySpec:
    """What holds for each kind of chart."""

    def test_it_is_json_that_keeps_its_numbers(self, spec):
        assert json.loads(json.dumps(spec, allow_nan=False)) == spec

    def test_every_layer_is_a_known_mark_in_a_known_style(self, spec):
        for layer in spec["layer"]:
            assert layer["mark"]["type"] in MARKS
            assert layer["mark"].get("style", "line") in STYLES

    def test_every_encoded_field_is_in_the_data(self, spec):
        for layer in spec["layer"]:
            known = {
                key for value in values_of(layer if "data" in layer else spec) for key in value
            }
            encodings = {**spec.get("encoding", {}), **layer.get("encoding", {})}
            for channel, encoding in encodings.items():
                if "field" in encoding and "data" not in layer:
                    assert encoding["field"] in known, channel

    def test_it_fills_its_place_and_names_no_colour(self, spec):
        assert spec["width"] == "container"
        assert spec["height"] > 0
        assert "#" not in json.dumps({key: spec[key] for key in spec if key != "data"})


class TestComparison:
    """Own values beside the others'."""

    def test_the_table_has_the_numbers_of_the_drawing(self):
        table = charts.comparison_table(ROWS, ("", "You", "Others", "Spread"), "{:.2f}".format)
        for row, value in zip(
            table.rows, values_of(charts.comparison_spec(ROWS, PERCENT)), strict=True
        ):
            assert row[:3] == (value["label"], f"{value['own']:.2f}", f"{value['mean']:.2f}")

    def test_the_spread_stays_within_the_scale(self):
        value = values_of(charts.comparison_spec(ROWS, PERCENT))[1]
        assert (value["from"], value["to"]) == (0.75, 1)

    def test_without_others_neither_drawing_nor_table_speaks_of_them(self):
        rows = (Row("Openness", 0.62),)
        spec = charts.comparison_spec(rows, PERCENT)
        styles = {layer["mark"]["style"] for layer in spec["layer"]}
        assert styles == {"track", "own"}
        table = charts.comparison_table(rows, ("", "You", "Others", "Spread"), str)
        assert table.columns == ("", "You")

    def test_one_row_without_others_has_a_dash(self):
        rows = (ROWS[0], Row("Agreeableness", 0.4))
        table = charts.comparison_table(rows, ("", "You", "Others", "Spread"), str)
        assert table.rows[1] == ("Agreeableness", "0.4", "–", "–")


class TestBars:
    """Own values as bars, the others' below them."""

    def test_every_bar_starts_at_the_beginning_of_the_scale(self):
        for layer in charts.bars_spec(ROWS, PERCENT)["layer"]:
            if layer["mark"]["type"] == "bar":
                assert layer["encoding"]["x2"] == {"datum": PERCENT.low}

    def test_own_and_others_bars_do_not_cover_each_other(self):
        own, others = (
            layer["mark"]
            for layer in charts.bars_spec(ROWS, PERCENT)["layer"]
            if layer["mark"]["type"] == "bar"
        )
        assert own["yOffset"] + own["height"] / 2 <= others["yOffset"] - others["height"] / 2

    def test_without_others_only_ones_own_bar_is_drawn(self):
        spec = charts.bars_spec((Row("Happy", 0.6),), PERCENT)
        assert [layer["mark"]["style"] for layer in spec["layer"]] == ["ownbar"]


class TestHistogram:
    """Where one stands in the others' distribution."""

    BINS = (1, 0, 4, 2)

    def test_the_bins_cover_the_scale_without_gaps(self):
        bars = values_of(charts.histogram_spec(self.BINS, 12, Scale(0, 40)))
        assert [(bar["from"], bar["to"]) for bar in bars] == [
            *((0, 10), (10, 20), (20, 30), (30, 40)),
        ]

    def test_the_table_has_the_counts_of_the_drawing(self):
        scale = Scale(0, 40)
        bars = values_of(charts.histogram_spec(self.BINS, 12, scale))
        table = charts.histogram_table(self.BINS, scale, ("From", "to", "Others"), "{:g}".format)
        assert table.rows == tuple(
            (f"{bar['from']:g}", f"{bar['to']:g}", str(bar["count"])) for bar in bars
        )

    @pytest.mark.parametrize(("own", "marked"), [(12, 12), (-1, 0), (99, 40)])
    def test_ones_own_place_is_marked_within_the_scale(self, own, marked):
        spec = charts.histogram_spec(self.BINS, own, Scale(0, 40))
        for layer in spec["layer"][1:]:
            assert layer["data"]["values"] == [{"own": marked}]


class TestProgress:
    """Values over time."""

    def test_moments_keep_their_time_zone(self):
        first = values_of(charts.progress_spec(points(1, 2), Scale(0, 5)))[0]
        assert datetime.fromisoformat(first["when"]) == BEGIN

    def test_takes_of_one_day_are_told_apart_by_the_hour(self):
        by_hour = charts.progress_spec(points(1, 2, step=timedelta(hours=1)), Scale(0, 5))
        by_day = charts.progress_spec(points(1, 2), Scale(0, 5))
        formats = [spec["encoding"]["x"]["axis"]["format"] for spec in (by_hour, by_day)]
        assert formats == ["%H:%M", "%-d %b"]

    def test_groups_differ_in_shape_as_well_as_in_colour(self):
        series = points(0.2, 0.3) + points(0.5, 0.4, group="Openness")
        spec = charts.progress_spec(series, PERCENT, is_grouped=True)
        encoding = spec["layer"][1]["encoding"]
        assert encoding["shape"]["field"] == encoding["color"]["field"] == "group"


def test_ticks_can_have_names_of_their_own():
    scale = Scale(0, 1, ticks=((0, "none"), (0.5, "half"), (1, "all")))
    axis = charts.comparison_spec(ROWS, scale)["layer"][-1]["encoding"]["x"]["axis"]
    assert axis["values"] == [0, 0.5, 1]
    assert axis["labelExpr"] == '["none", "half", "all"][indexof([0, 0.5, 1], datum.value)]'
