"""What is left to do with a spoken answer that failed, or whose recording has been erased."""

import re

import pytest

from interview.practice.failures import LASTING
from interview.practice.models import AnswerState
from tests.support.films import video_report
from tests.support.spoken import SQLITE_ONLY, path, row_of
from tests.support.voices import spoken_report, transcribed_report

pytestmark = SQLITE_ONLY

BODIES = {"audio": spoken_report, "words": transcribed_report, "video": video_report}
ERASED = "The recording is erased"


@pytest.fixture
def open_(guest, guest_client, make_answer):
    """`open_(…)` makes an answer of the guest's and returns it with its page."""

    def make(**values):
        answer = make_answer(guest, **values)
        return answer, guest_client.get(path(answer)).text

    return make


@pytest.mark.parametrize("name", BODIES)
def test_the_summary_of_an_erased_recording_offers_nothing_that_needs_it(open_, name):
    _answer, page = open_(report=BODIES[name](), text="")
    assert ERASED in page
    for needed in ("/recording", "data-seek", "data-player-media", "/transcript", "Press a time"):
        assert needed not in page
    assert 'class="player__wave"' in page
    assert "0:36" in page


def test_the_transcript_of_an_erased_recording_can_be_read(open_):
    _answer, page = open_(report=transcribed_report(), text="What I said.")
    assert "cannot be changed any more" in page
    assert "What I said.</p>" in page
    assert "transcript-text" not in page


def test_every_link_of_that_summary_has_its_place(open_):
    for make in BODIES.values():
        _answer, page = open_(report=make(), text="")
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r' id="([^"]+)"', page))


def test_a_transcript_that_comes_too_late_is_refused_and_stays_on_the_page(
    app, open_, guest_client
):
    answer, _page = open_(report=spoken_report(), text="")
    typed = "Every word <of> mine."
    refused = guest_client.post(path(answer, "transcript"), data={"transcript": typed})
    assert refused.status_code == 409
    assert ERASED in refused.text
    assert "Every word &lt;of&gt; mine.</textarea>" in refused.text
    assert "Save it" not in refused.text
    assert row_of(app, answer).state == AnswerState.ANALYSED


@pytest.mark.settings(max_text_characters=1000)
def test_a_transcript_that_is_too_long_stays_on_the_page(open_, guest_client):
    answer, _page = open_(report=spoken_report(), text="", recording_key="a-recording")
    typed = "A word and another. " * 60
    refused = guest_client.post(path(answer, "transcript"), data={"transcript": typed})
    assert refused.status_code == 400
    assert typed in refused.text
    assert "Save it and look at the words" in refused.text


def test_an_answer_without_its_recording_cannot_be_analysed_again(app, open_, guest_client):
    answer, page = open_(mode="audio", state=AnswerState.FAILED, failure="internal", text="")
    assert ERASED in page
    assert "Try again" not in page
    assert "<audio" not in page
    assert re.search(r'class="button button--primary"[^>]*>\s*Answer again', page)
    refused = guest_client.post(path(answer, "retry"))
    assert refused.status_code == 409
    assert ERASED in refused.text
    assert row_of(app, answer).state == AnswerState.FAILED


@pytest.mark.parametrize("code", sorted(LASTING))
def test_where_another_try_cannot_help_answering_again_is_what_is_offered(open_, code):
    failed = {"state": AnswerState.FAILED, "failure": code, "recording_key": "a-recording"}
    _answer, page = open_(mode="video", text="", **failed)
    assert "Try again" not in page
    assert re.search(r'class="button button--primary"[^>]*>\s*Answer again', page)
    assert "This is what has arrived:" in page


@pytest.mark.parametrize("code", ["internal", "crashed", "recording_timeout"])
def test_where_another_try_may_help_it_comes_first(open_, code):
    failed = {"state": AnswerState.FAILED, "failure": code, "recording_key": "a-recording"}
    _answer, page = open_(mode="audio", text="", **failed)
    assert re.search(r'class="button button--primary"[^>]*>\s*Try again', page)
    assert re.search(r'class="button button--secondary"[^>]*>\s*Answer again', page)
