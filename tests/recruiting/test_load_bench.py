"""The benchmark of many candidates at once, on a small scale."""

import re
from collections import Counter

from click.testing import CliRunner

from interview.bench import bench
from interview.bench.load import Found, _missed
from tests.support import sounds


def found(milliseconds: float, *troubles: str) -> Found:
    """What candidates saw whose requests all took the same time."""
    seen = Found(troubles=list(troubles))
    seen.times["page"] = [milliseconds] * 20
    return seen


def test_every_recording_of_candidates_at_the_same_time_is_analysed(tmp_path):
    recording = sounds.write(tmp_path / "answer.webm", sounds.speech(4, [(0.5, 3.5)]))
    arguments = ["load", "--mode", "audio", "--candidates", "2", "--recording", str(recording)]
    result = CliRunner().invoke(bench, [*arguments, "--minutes", "3"])
    assert "answers: 2 analysed" in result.output
    assert re.search(r"^piece +10 ", result.output, re.MULTILINE)
    assert "reports of" not in result.output
    assert "requests failed" not in result.output


def test_a_slow_page_a_lost_answer_and_a_failed_request_are_named():
    done = Counter({"analysed": 3})
    assert _missed(found(20), done, 3, 3) == []
    assert _missed(found(400), done, 3, 3) == ["p95 400 ms, at most 300 ms"]
    assert _missed(found(20), done, 3, 4) == ["3 of 4 answers analysed", "3 reports of 4"]
    assert _missed(found(20), done, 4, 3) == ["4 reports of 3"]
    assert _missed(found(20, "page: 500"), done, 3, 3) == ["1 requests failed"]
