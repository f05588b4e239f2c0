"""The page that explains spoken answers says what the code does."""

from pathlib import Path

import pytest

from interview.analysis.audio import activity, delivery, pipeline, syllables
from interview.analysis.decode import DEFAULT_LIMITS, MEDIA_ERRORS, PICTURE_ERRORS

PAGE = (Path(__file__).parents[2] / "docs" / "audio-analysis.md").read_text("utf-8")
NOTICES = (
    "silence",
    "music_or_noise",
    "too_little_speech",
    "too_noisy",
    "too_quiet",
    "clipped",
    "cut_to_limit",
)


def rows() -> dict[str, str]:
    lines = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("|")]
    return {line[0].strip(): " ".join(line[1:]) for line in lines}


@pytest.mark.parametrize("code", [*sorted({*MEDIA_ERRORS} - {*PICTURE_ERRORS}), *NOTICES])
def test_every_error_and_every_notice_is_explained(code):
    assert code.replace("_", " ") in rows()


def test_limits_are_the_published_ones():
    assert f"may use\n{DEFAULT_LIMITS.seconds:.0f} seconds" in PAGE
    assert f"and {DEFAULT_LIMITS.memory // 2**20} MB" in PAGE
    assert f"shorter than {DEFAULT_LIMITS.min_seconds} seconds" in rows()["too short"]
    assert f"−{-pipeline.SILENCE_DB:.0f} dBFS" in rows()["silence"]
    assert f"−{-pipeline.QUIET_DB:.0f} dBFS" in rows()["too quiet"]
    assert f"than {pipeline.MINIMUM_SPEECH:.0f} seconds" in rows()["too little speech"]
    assert f"than {pipeline.LEAST_SNR_DB:.0f} dB" in rows()["too noisy"]
    assert f"1 in {1 / pipeline.CLIPPED_SHARE:,.0f} samples" in rows()["clipped"]
    assert f"{pipeline.MAXIMUM_SECONDS} seconds" in rows()["cut to limit"]


def test_rules_of_delivery_are_the_published_ones():
    assert f"at least {activity.SHORTEST_PAUSE} s between" in rows()["Pauses"]
    assert f"at least {delivery.FADING_DB:.0f} dB softer" in rows()["Trailing off"]
    assert delivery.FADING_SYLLABLES == 6
    assert "six syllables or more" in rows()["Trailing off"]
    low, high = syllables.VOWEL_BAND
    assert f"between {low:.0f} and {high:.0f} Hz" in PAGE
    assert f"at most {syllables.RANGE_DB:.0f} dB below" in PAGE
