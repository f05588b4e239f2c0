"""The page that explains the measurements says what the code does."""

from pathlib import Path

import pytest

from interview.analysis.text import language, pipeline
from interview.analysis.text.documents import DEFAULT_LIMITS, DOCUMENT_ERRORS
from interview.analysis.text.fillers import FILLERS
from interview.analysis.text.structure import CUES

PAGE = (Path(__file__).parents[2] / "docs" / "text-analysis.md").read_text("utf-8")
HALVES = {0.5: "½", 1.0: "1", 1.5: "1½", 2.0: "2", 3.0: "3", 4.0: "4"}


def rows() -> dict[str, list[str]]:
    lines = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("|")]
    return {line[0].strip(): [cell.strip() for cell in line[1:]] for line in lines}


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: cue.name)
def test_every_cue_is_published_with_its_points(cue):
    parts = ["situation", "task", "action", "result", "other"]
    expected = [HALVES[cue.points[part]] if part in cue.points else "" for part in parts]
    assert rows()[cue.name][1:] == expected


def test_every_filler_is_published_and_no_other():
    start = PAGE.index("| expression | counted |")
    table = PAGE[start : PAGE.index("\n\n", start)].splitlines()[2:]
    listed = [phrase.strip() for line in table for phrase in line.split("|")[1].split(",")]
    assert sorted(listed) == sorted(FILLERS)


@pytest.mark.parametrize("code", DOCUMENT_ERRORS)
def test_every_document_error_is_explained(code):
    assert code.replace("_", " ") in rows()


def test_limits_are_the_published_ones():
    assert f"more than {DEFAULT_LIMITS.max_pages} pages" in PAGE
    assert f"more than {DEFAULT_LIMITS.max_characters:,} characters" in PAGE
    assert f"more than {DEFAULT_LIMITS.max_bytes // 10**6} MB" in PAGE
    assert f"may use {DEFAULT_LIMITS.seconds:.0f} seconds" in PAGE
    assert f"and {DEFAULT_LIMITS.memory // 2**20} MB" in PAGE
    assert f"fewer than {pipeline.MINIMUM_WORDS} words" in rows()["too short"][0]
    assert f"fewer than {pipeline.ADVISED_WORDS} words" in rows()["short for traits"][0]
    assert f"fewer than {language.ENGLISH_SHARE:.0%}".replace("%", " %") in rows()["not English"][0]
