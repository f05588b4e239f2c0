"""The report's types: what is stored can be read back, and damage is noticed."""

import json
import math
import subprocess
import sys
from itertools import pairwise

import pytest

from interview.analysis.report import (
    EMOTIONS,
    HISTOGRAM_BINS,
    IMPRESSIONS,
    MEASURES,
    PIPELINES,
    REPORTS,
    STRUCTURE_PARTS,
    TRAITS,
    AudioReport,
    Filler,
    Measure,
    Notice,
    PairCount,
    Provenance,
    ReportError,
    Structure,
    Style,
    TextReport,
    Trait,
    Usage,
    VideoReport,
    WordCount,
    Words,
    report_from_dict,
)
from tests.support.films import video_report
from tests.support.reports import audio_report


@pytest.fixture
def report() -> TextReport:
    return TextReport(
        pipeline="text-1",
        language="en",
        notices=(Notice("short_for_traits", {"words": 60, "advised": 150}),),
        scored=True,
        traits={trait: Trait(0.5) for trait in TRAITS},
        impression=dict.fromkeys(IMPRESSIONS, 0.25),
        words=Words(
            60, 40, 2, (WordCount("team", 3, "teams"),), (PairCount("sale team", 2, "sales team"),)
        ),
        style=Style(
            vocabulary_mtld=71.5,
            first_person_singular=Usage(5, 5 / 60),
            first_person_plural=Usage(0, 0.0),
            fillers=(Filler("you know", 2, ((0, 8), (20, 28))),),
            filler_rate=3.3,
            reading_ease=60.0,
            grade=8.1,
            sentence_length=30.0,
        ),
        structure=Structure((0,), (), (0, 1), (1,), ("task",)),
        sentences=((0, 100), (101, 200)),
        measures={"words.count": 60.0, "big_five.openness": 0.5},
        provenance=Provenance({"text": "2026.1"}, {"structure": "1"}),
    )


def test_a_report_survives_json(report):
    stored = json.dumps(report.to_dict())
    assert report_from_dict(json.loads(stored)) == report


def test_to_dict_holds_only_what_json_can_hold(report):
    plain = report.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["mode"] == "text"
    assert plain["sentences"] == [[0, 100], [101, 200]]
    assert plain["traits"]["openness"] == {"probability": 0.5}
    assert plain["style"]["fillers"][0]["spans"] == [[0, 8], [20, 28]]


def test_what_could_not_be_said_stays_none(report):
    plain = report.to_dict() | {
        "language": None,
        "scored": False,
        "traits": None,
        "impression": None,
        "style": None,
        "structure": None,
        "measures": {},
    }
    read = report_from_dict(plain)
    assert read.traits is read.impression is read.style is read.structure is read.language is None
    assert read.to_dict() == plain


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["mode"], "audio"),
        (["mode"], None),
        (["mode"], ["text"]),
        (["scored"], 1),
        (["language"], 5),
        (["words"], None),
        (["words", "count"], "60"),
        (["words", "count"], True),
        (["words", "count"], 60.5),
        (["words", "top"], {"team": 3}),
        (["traits", "openness"], 0.5),
        (["traits", "openness", "probability"], math.nan),
        (["sentences"], [[0, 100, 3]]),
        (["sentences"], "ab"),
        (["measures"], []),
        (["measures", "words.count"], None),
        (["notices"], [{"code": "empty"}]),
        (["surplus"], 1),
    ],
)
def test_data_that_is_not_a_report_is_refused(report, path, value):
    plain = report.to_dict()
    target = plain
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    with pytest.raises(ReportError):
        report_from_dict(plain)


@pytest.mark.parametrize("data", [None, [], "text", {}, {"mode": "text"}])
def test_something_else_than_a_report_is_refused(data):
    with pytest.raises(ReportError):
        report_from_dict(data)


def test_coverage_is_the_share_of_parts_found():
    assert Structure((0,), (1,), (2,), (3,), ()).coverage == 1.0
    assert Structure((0,), (), (2,), (), ("task", "result")).coverage == 0.5
    assert Structure((), (), (), (), STRUCTURE_PARTS).coverage == 0.0


def test_every_mode_has_a_report_a_version_and_measures_with_unique_keys():
    assert set(MEASURES) == set(PIPELINES) == set(REPORTS)
    for measures in MEASURES.values():
        keys = [measure.key for measure in measures]
        assert len(keys) == len(set(keys))


def test_measures_of_text_name_every_trait_and_impression():
    keys = {measure.key for measure in MEASURES["text"]}
    assert {f"big_five.{trait}" for trait in TRAITS} <= keys
    assert {f"impression.{name}" for name in IMPRESSIONS} <= keys


def test_measures_of_audio_name_every_emotion_and_leave_out_what_only_writing_has():
    keys = [measure.key for measure in MEASURES["audio"]]
    assert keys[: len(EMOTIONS)] == [f"emotion.{name}" for name in EMOTIONS]
    assert "structure.coverage" in keys
    assert "style.sentence_length" not in keys


@pytest.mark.parametrize("transcript", [None, "We had lost the cards."])
def test_a_report_on_speech_survives_json(transcript):
    plain = audio_report(transcript)
    report = report_from_dict(json.loads(json.dumps(plain)))
    assert isinstance(report, AudioReport)
    assert (report.text is None) == (transcript is None)
    assert report.timeline[3].emotions is None
    assert report.to_dict() == plain


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["transcript_source"], "guessed"),
        (["timeline", 0, "emotions"], [0.5]),
        (["delivery", "pauses", 0, "start"], "1"),
        (["text"], {}),
        (["sound"], None),
    ],
)
def test_data_that_is_not_a_report_on_speech_is_refused(path, value):
    plain = audio_report()
    target = plain
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    with pytest.raises(ReportError):
        report_from_dict(plain)


def test_measures_of_video_name_what_face_and_voice_show_and_all_of_the_voice():
    keys = {measure.key for measure in MEASURES["video"]}
    assert {f"{channel}.{name}" for channel in ("together", "face") for name in EMOTIONS} <= keys
    assert {measure.key for measure in MEASURES["audio"]} <= keys


@pytest.mark.parametrize("transcript", [None, "We had lost the cards."])
def test_a_report_on_a_video_survives_json(transcript):
    plain = video_report(transcript)
    report = report_from_dict(json.loads(json.dumps(plain)))
    assert isinstance(report, VideoReport)
    assert isinstance(report.voice, AudioReport)
    assert (report.voice.text is None) == (transcript is None)
    assert set(report.measures) <= {measure.key for measure in MEASURES["video"]}
    assert report.to_dict() == plain


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["framing", "distance"], "near"),
        (["faces", 0, "emotions"], [0.5]),
        (["gaze", "away", 0, "start"], "1"),
        (["voice"], None),
        (["voice", "mode"], "text"),
        (["key_moments", 0, "face"], None),
    ],
)
def test_data_that_is_not_a_report_on_a_video_is_refused(path, value):
    plain = video_report()
    target = plain
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    with pytest.raises(ReportError):
        report_from_dict(plain)


@pytest.mark.parametrize(
    "measure", [*MEASURES["text"], *MEASURES["video"]], ids=lambda measure: measure.key
)
def test_bins_cover_the_bounds_and_clip_what_lies_outside(measure):
    edges = measure.edges
    assert len(edges) == HISTOGRAM_BINS + 1
    assert (edges[0], edges[-1]) == (measure.low, measure.high)
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    assert [measure.bin_of(middle) for middle in middles] == list(range(HISTOGRAM_BINS))
    assert measure.bin_of(measure.low) == measure.bin_of(measure.low - 1) == 0
    assert measure.bin_of(measure.high) == measure.bin_of(measure.high + 1) == HISTOGRAM_BINS - 1


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_not_finite_has_no_bin(value):
    with pytest.raises(ValueError, match="finite"):
        Measure("words.count", 0.0, 1000.0, 0).bin_of(value)


def test_reading_reports_needs_the_standard_library_only():
    code = (
        "import sys; before = set(sys.modules); import interview.analysis.report;"
        "new = {name.split('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(new - set(sys.stdlib_module_names) - {'interview'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
