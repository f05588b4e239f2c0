"""The page that explains video answers says what the code does."""

from pathlib import Path

import pytest

from interview.analysis import fusion
from interview.analysis.video import behaviour, frames, pipeline, timeline, watching

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
