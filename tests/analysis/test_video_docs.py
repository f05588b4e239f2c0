"""The page that explains video answers says what the code does."""

import json
from pathlib import Path

import pytest

from interview.analysis import fusion
from interview.analysis.decode import DEFAULT_LIMITS, PICTURE_ERRORS
from interview.analysis.media_reader import picture
from interview.analysis.report import EMOTIONS, MEASURES
from interview.analysis.video import (
    behaviour,
    finder,
    frames,
    pipeline,
    timeline,
    tracker,
    watching,
)
from tests.support.films import video_report

PAGE = (Path(__file__).parents[2] / "docs" / "video-analysis.md").read_text("utf-8")
NOTICES = (
    "no_picture",
    "very_short",
    "too_dark",
    "no_face",
    "too_little_face",
    "several_faces",
    "no_sound",
)


def rows() -> dict[str, str]:
    lines = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("|")]
    return {line[0].strip(): " ".join(line[1:]) for line in lines}


@pytest.mark.parametrize("code", NOTICES)
def test_every_notice_is_explained(code):
    assert code.replace("_", " ") in rows()


def test_what_is_needed_is_the_published_need():
    assert f"shorter than {pipeline.MINIMUM_SECONDS:.0f} seconds" in rows()["very short"]
    assert f"less than {pipeline.MINIMUM_SECONDS:.0f} seconds" in rows()["too little face"]
    assert f"less than {timeline.SHORTEST} seconds" in rows()["no face"]
    assert f"darker than {pipeline.LEAST_LIGHT} " in rows()["too dark"]
    assert f"for {pipeline.SEVERAL_SECONDS:.0f} second or more" in rows()["several faces"]


def test_what_is_told_of_a_face_is_told_by_the_published_rules():
    assert f"{frames.RATE:.0f} frames a second" in PAGE
    assert f"time constant of {timeline.SMOOTHING_SECONDS} seconds" in PAGE
    assert timeline.FORGOTTEN_SECONDS == 1
    assert "After a second without a face" in PAGE
    assert f"with at least {watching.LEAST_TELLING:.0%}".replace("%", " %") in PAGE


def test_no_report_has_a_figure_for_contempt_and_the_page_says_why():
    assert "**Contempt is left out.**" in PAGE
    named = [*EMOTIONS, *(measure.key for measure in MEASURES["video"])]
    assert not [name for name in named if "contempt" in name]
    assert "contempt" not in json.dumps(video_report())


def test_weights_of_face_and_voice_are_the_published_ones():
    face, voice = rows()["face"], rows()["voice"]
    assert f"a = {fusion.FACE_ACCURACY}" in face
    assert f"a = {fusion.VOICE_ACCURACY}" in voice
    assert f"brightness of {fusion.DARK}, full from {fusion.LIT})" in face
    assert f"width of {fusion.SMALL:.0f} pixels, full from {fusion.LARGE:.0f})" in face
    assert f"full from {fusion.ENOUGH_SPEECH})" in voice
    assert (
        f"0 at {fusion.NOISY_DB:.0f} dB above the noise, full from {fusion.CLEAR_DB:.0f} dB"
        in voice
    )
    assert f"counts for {100 * fusion.FACE / (fusion.FACE + fusion.VOICE):.0f} %" in PAGE


def test_rules_of_behaviour_are_the_published_ones():
    found = rows()
    assert f"for at least {timeline.SHORTEST} seconds" in found["Smile"]
    assert f"within {behaviour.LOOKING_DEGREES:.0f} degrees" in found["Looking towards the camera"]
    assert f"stretches of {behaviour.AWAY_SECONDS:.0f} second or more" in found["Looking away"]
    assert f"more than {behaviour.BESIDE_DEGREES:.0f} degrees off the camera" in PAGE
    assert f"{behaviour.LIVELY_TIMES:.0f} times as fast" in found["Movement"]
    assert f"at least {behaviour.LIVELY_WIDTHS} widths" in found["Movement"]
    assert f"between {behaviour.FAR} and {behaviour.CLOSE} " in found["Distance"]
    assert "between {} and {} from the left".format(*behaviour.SIDEWAYS) in found["Place"]
    assert "between {} and {} from above".format(*behaviour.UPWARDS) in found["Place"]
    assert f"below {behaviour.DARK} dark, above {behaviour.BRIGHT} bright" in found["Light"]
    assert f"by more than {behaviour.BACKLIT} " in found["Light"]


@pytest.mark.parametrize("code", PICTURE_ERRORS)
def test_every_error_of_pictures_is_explained(code):
    assert code.replace("_", " ") in rows()


def test_limits_of_pictures_are_the_published_ones():
    assert f"more than {DEFAULT_LIMITS.max_pixels / 1e6:.1f} million" in rows()["too many pixels"]
    assert f"more than {DEFAULT_LIMITS.max_pictures:,}" in rows()["too many pictures"]
    assert f"more than {DEFAULT_LIMITS.max_tracks} tracks" in rows()["too many tracks"]
    assert f"more than {DEFAULT_LIMITS.picture_seconds:.0f} seconds" in rows()["timeout"]
    assert picture.LONGEST_STEP == 1.0
    assert round(1 / picture.SHORTEST_STEP) == 300


def test_a_face_is_found_by_the_published_rules():
    assert f"reduced to {frames.MAX_SIDE} pixels" in PAGE
    assert f"{finder.SIDE} pixels long" in PAGE
    assert finder.TILES == (4, 4)
    assert f"(CLAHE, limit {finder.CONTRAST:.0f}, 4x4 tiles)" in PAGE
    assert f"windows from {finder.SMALLEST} pixels on, each {finder.STEP} times" in PAGE
    assert f"from {finder.NARROWER}\nto {finder.WIDER} times as large" in PAGE
    assert (tracker.SCAN_SECONDS, tracker.TRUST_SECONDS, tracker.PATIENCE) == (1.0, 1.0, 1.0)
    assert f"is {tracker.LARGER} times as wide in two such looks" in PAGE
    assert tracker.PERSISTENT == 2
    assert f"a frame of {finder.SECOND_SIDE} pixels" in PAGE
    assert f"down to every {tracker.LONGEST_PATIENCE:.0f} seconds" in PAGE
