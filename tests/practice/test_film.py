"""What the summary of an answer before a camera is made of."""

import base64
import re

import numpy as np
import pytest
from flask import Flask
from flask_babel import Babel

from interview.analysis.report import EMOTIONS, VideoReport
from interview.analysis.video.keymoments import overlay, png
from interview.peers.services import Comparison, TermComparison
from interview.practice import advice, film, film_advice, film_labels, film_player, timeline
from interview.settings import ROOT
from tests.support.films import grey_png, video_report
from tests.support.voices import SECONDS

NOBODY = Comparison("reference", 0, None, {})
NO_TERMS = TermComparison(
    "reference", 0, None, {"words": (), "pairs": ()}, {"words": (), "pairs": ()}
)


@pytest.fixture(autouse=True)
def english():
    """Words need a language, and nothing else of the application."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


def report_of(**changes) -> VideoReport:
    return VideoReport.from_dict(video_report(**changes))


def page_of(**changes) -> film.FilmPage:
    return film.summary(video_report(**changes), comparison=NOBODY, terms=NO_TERMS)


class TestTracks:
    """The lanes of the drawing."""

    @pytest.fixture
    def lanes(self):
        return {lane.name: lane for lane in film_player.player(report_of()).lanes}

    def test_seconds_with_the_same_clear_lead_are_one_block(self, lanes):
        kinds = [block.kind for block in lanes["Face"].blocks]
        assert kinds == ["neutral", "neutral", "unclear", "happy", "happy"]

    def test_a_lead_that_is_not_clear_is_called_so(self):
        even = dict.fromkeys(EMOTIONS, 1 / len(EMOTIONS))
        body = video_report()
        for moment in body["timeline"]:
            moment["together"] = even
        lane = film_player.player(VideoReport.from_dict(body)).lanes[0]
        assert [(block.kind, block.text) for block in lane.blocks] == [("unclear", "")]

    def test_the_picture_without_a_face_and_with_several_is_marked(self, lanes):
        found = {block.kind: block.mark for block in lanes["In view"].blocks}
        assert found["several"] == timeline.mark(30.0, 31.5, SECONDS)
        assert found["nobody"] == timeline.mark(41.5, 42.5, SECONDS)

    def test_smiles_stand_out_from_half_on(self, lanes):
        row = lanes["Smile"].row
        assert row.leading.startswith("M250 100v-51h4v51z")
        assert row.other.endswith("M245 100v-50h4v50z")

    def test_what_is_told_of_a_second_is_what_can_be_seen_and_heard_in_it(self):
        said = film_player.player(report_of()).said
        assert "turned away" in said[13][2]
        assert said[21][2].endswith("no face in view")
        assert "smiling" in said[45][2]
        assert said[38][2].endswith("no speech")

    def test_without_a_picture_the_voice_alone_is_drawn(self):
        changes = dict.fromkeys(("picture", "presence", "smile", "gaze", "movement", "framing"))
        body = video_report(faces=[], **changes)
        for moment in body["timeline"]:
            moment["face"] = None
        names = [lane.name for lane in film_player.player(VideoReport.from_dict(body)).lanes]
        assert names == ["Together", "Voice"]

    def test_a_picture_that_is_longer_than_its_sound_has_the_length_of_the_picture(self):
        body = video_report()
        body["picture"]["duration"] = 2 * SECONDS
        player = film_player.player(VideoReport.from_dict(body))
        assert (player.length, player.wave_width) == ("1:36", "50.00%")


class TestKeyMoments:
    """Where the activation map lies, for those who do not see it."""

    @pytest.mark.parametrize(
        ("rows", "found"),
        [(slice(0, 16), "upper"), (slice(16, 32), "middle"), (slice(34, 48), "lower")],
    )
    def test_the_third_of_the_face_is_named(self, rows, found):
        activation = np.zeros((48, 48), np.float32)
        activation[rows] = 0.9
        assert film.focus(base64.b64encode(png(overlay(activation))).decode()) == found

    @pytest.mark.parametrize("level", [0.0, 0.5])
    def test_a_map_without_a_centre_is_spread(self, level):
        activation = np.full((48, 48), level, np.float32)
        assert film.focus(base64.b64encode(png(overlay(activation))).decode()) == "all"

    @pytest.mark.parametrize("other", [grey_png(7), "no base64!", "aGVsbG8gaGVsbG8gaGVsbG8="])
    def test_of_another_kind_of_picture_nothing_is_said(self, other):
        assert film.focus(other) is None
        assert page_of().key_moments[0].focus == ""


class TestAdvice:
    """What to try next: only what anybody could see and hear."""

    def codes(self, **changes):
        return [item.code for item in film_advice.suggest(report_of(**changes))]

    def test_of_a_good_picture_only_the_voice_is_spoken_of(self):
        assert self.codes() == ["long_pauses", "fading"]

    @pytest.mark.parametrize("verdict", ["dark", "bright", "backlit"])
    def test_the_light_comes_first(self, verdict):
        light = {"brightness": 0.2, "surroundings": 0.6, "verdict": verdict}
        assert self.codes(light=light)[0] == verdict

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"distance": "far", "good_share": 0.1}, "far"),
            ({"distance": "close", "good_share": 0.1}, "close"),
            ({"position": "left", "good_share": 0.1}, "off_centre"),
            ({"position": "high", "good_share": 0.6}, "long_pauses"),
        ],
    )
    def test_distance_and_place_are_spoken_of_when_they_are_mostly_not_good(self, changes, code):
        framing = video_report()["framing"] | changes
        assert self.codes(framing=framing)[0] == code

    def test_looking_away_and_a_smile_come_last_with_their_moments(self):
        gaze = video_report()["gaze"] | {"share": 0.4}
        smile = {"share": 0.01, "stretches": []}
        found = film_advice.suggest(report_of(gaze=gaze, smile=smile))
        assert [item.code for item in found][-2:] == ["looking_away", "no_smile"]
        assert found[-2].moments == (12.0,)
        assert found[-1].moments == (0.0, SECONDS - advice.ENDING)

    def test_there_are_never_more_than_five(self):
        gaze = video_report()["gaze"] | {"share": 0.4}
        light = {"brightness": 0.2, "surroundings": 0.6, "verdict": "dark"}
        framing = video_report()["framing"] | {
            "distance": "far",
            "position": "left",
            "good_share": 0.0,
        }
        presence = video_report()["presence"] | {
            "face_share": 0.5,
            "several": [{"start": 1.0, "end": 9.0}],
        }
        changes = {"gaze": gaze, "light": light, "framing": framing, "presence": presence}
        assert len(self.codes(**changes)) == film_advice.MOST

    def test_feelings_never_lead_to_advice(self):
        afraid = dict.fromkeys(EMOTIONS, 0.0) | {"fear": 1.0}
        assert self.codes(emotions=afraid, face_emotions=afraid) == self.codes()

    def test_every_rule_has_its_words(self):
        codes = {"dark", "bright", "backlit", "far", "close", "off_centre", "out_of_view"}
        assert codes | {"several", "looking_away", "no_smile"} == set(film_labels.SUGGESTIONS)

    def test_the_page_of_the_rules_has_them_in_their_order_with_their_numbers(self):
        text = (ROOT / "docs" / "video-analysis.md").read_text(encoding="utf-8")
        section = text.split("\n## What to try next\n")[1].split("\n## ")[0]
        rows = re.findall(r"^\| ([a-z ]+) \| (.+) \|$", section, re.MULTILINE)[1:]
        rules = [*film_advice.BEFORE, *film_advice.AFTER]
        assert [name for name, _when in rows] == [
            rule.__name__.strip("_").replace("_", " ") for rule in rules
        ]
        when = dict(rows)
        assert f"{film_advice.OUT_OF_VIEW:.0%}".replace("%", " %") in when["out of view"]
        assert f"{film_advice.SEVERAL_SECONDS:.0f} seconds" in when["several"]
        assert f"{film_advice.LOOKING:.0%}".replace("%", " %") in when["looking away"]
        assert f"{film_advice.SMILE:.0%}".replace("%", " %") in when["no smile"]


class TestFigures:
    """What the camera saw, in words and times."""

    def test_each_figure_names_the_moments_behind_it(self):
        figures = {each.key: each for each in page_of().camera}
        assert [time.clock for time in figures["camera.looking_share"].moments] == ["0:12"]
        assert [time.clock for time in figures["camera.smile_share"].moments] == ["0:26", "0:43"]
        assert [time.note for time in figures["camera.face_share"].moments] == ["3.0 s", "1.0 s"]

    def test_where_no_model_ran_nothing_of_emotions_is_shown(self):
        unknown = dict.fromkeys(("emotions", "face_emotions", "face_weight", "smile", "gaze"))
        page = page_of(key_moments=[], scored=False, **unknown)
        assert (page.emotions, page.emotions_chart, page.weights) == ((), None, "")

    def test_face_and_voice_stand_beside_both_together(self):
        rows = {row[0]: row[1:] for row in page_of().emotions_table.rows}
        assert rows["Happy"] == ("30%", "35%", "21%")
        silent = video_report()["voice"] | {"emotions": None}
        assert page_of(voice=silent).emotions_table.rows[3][1:] == ("30%", "35%", "–")

    @pytest.mark.parametrize(
        ("weight", "words"), [(1.0, "the face alone"), (0.0, "the voice alone"), (0.58, "58%")]
    )
    def test_it_says_what_the_estimate_rests_on(self, weight, words):
        assert words in page_of(face_weight=weight).weights
