"""An application before a camera in real Chromium: from the questions to a scorecard."""

import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.journeys import Person
from tests.browser.recorder import FAKE, Recorder, at_the_recorder
from tests.browser.test_recruiting import QUESTION, describe, invite, look, recruiter_at, take_part
from tests.browser.test_reviewing import rate
from tests.support import camera
from tests.support.server import Server

PRACTISED, SPOKEN = 3, 6
"""Seconds of the answer for practice and of the one for the application."""

EMOTIONS = re.compile(
    r"emotion|\b(?:angry|disgust(?:ed)?|afraid|fear|happy|neutral|sad|surprised?|smil(?:e|ing))\b",
    re.IGNORECASE,
)


@pytest.fixture
def recruiter(browser: Browser, studio: Server) -> Iterator[Person]:
    """Somebody with the role recruiter, where answers are filmed."""
    with recruiter_at(browser, studio) as person:
        yield person


@pytest.fixture
def candidate(launch: Callable[..., BrowserContext], tmp_path: Path) -> Iterator[Recorder]:
    """Somebody with camera and microphone."""
    with at_the_recorder(launch(*FAKE, *camera.studio(tmp_path)), "video") as recorder:
        yield recorder


def make_interview(recruiter: Person) -> None:
    """Make an organisation and an interview before a camera with one question, and open it."""
    page = recruiter.page
    page.goto("/recruiting")
    page.get_by_label("Name of the organisation").fill("Harbour Works")
    recruiter.press("Make the organisation")
    page.get_by_role("link", name=re.compile("New interview")).click()
    describe(recruiter, "Speaking before a camera")
    page.get_by_label("Your own question").fill(QUESTION)
    recruiter.press("Add your question")
    recruiter.press("Open the interview")


def practise(candidate: Recorder) -> str:
    """Practise on another question, return to the application; give what the summary showed."""
    page = candidate.page
    candidate.press("Practise first")
    candidate.press("I understand, go on")
    expect(page.get_by_text(QUESTION)).to_have_count(0)
    candidate.record(PRACTISED)
    candidate.hand_in()
    estimated = page.get_by_role("region", name="How face and voice may come across", exact=True)
    expect(estimated).to_be_visible()
    shown = page.locator("main").inner_text()
    page.get_by_role("link", name="My applications").click()
    page.get_by_role("link", name="Crane operator").click()
    return shown


def answer(candidate: Recorder) -> None:
    """Record the only answer and send it; the application is sent with it."""
    page = candidate.page
    page.get_by_role("link", name=re.compile(rf"^Answer.*{re.escape(QUESTION)}")).click()
    expect(page.get_by_text("No emotions are estimated from your face or voice.")).to_be_visible()
    # What was understood before practising does not count here: this answer is for others to see.
    candidate.press("I understand, go on")
    candidate.record(SPOKEN)
    candidate.see_it_sent()
    recorded = page.get_by_role("region", name="Record your answer")
    recorded.get_by_role("button", name="Send this answer").click()
    expect(page.get_by_text("This answer is sent and stays as it is.")).to_be_visible()


def see_it_analysed(page: Page, sign: Locator) -> None:
    """Look again and again until the worker is done: this page does not change by itself."""
    for _ in range(PATIENCE // 1000):
        if sign.is_visible():
            return
        page.wait_for_timeout(1000)
        page.reload()
    pytest.fail("The answer is not analysed.")


def watch_recording(page: Page) -> None:
    """Play the recording from where its drawing is pressed, and stop it again."""
    video = page.get_by_label("The recording: Question 1")
    page.wait_for_function("document.querySelector('video').readyState >= 1")
    assert video.evaluate("each => each.duration") == pytest.approx(SPOKEN, abs=2.5)
    assert video.evaluate("each => [each.videoWidth, each.videoHeight]") == [640, 480]
    served = page.request.get(video.evaluate("each => each.src"), headers={"Range": "bytes=0-99"})
    assert (served.status, len(served.body())) == (206, 100)
    assert served.headers["content-type"].startswith("video/")
    drawing = page.locator("[data-listen-stage]")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 20)
    middle = video.evaluate("each => each.currentTime")
    assert middle == pytest.approx(SPOKEN / 2, abs=1.5)
    assert video.evaluate("async each => { await each.play(); return !each.paused; }")
    page.wait_for_function("from => document.querySelector('video').currentTime > from", arg=middle)
    video.evaluate("each => each.pause()")


def hand_in_scorecard(page: Page) -> None:
    """Rate the answer with the moment that was playing as evidence, which can be played again."""
    page.get_by_role("button", name="Note the time that is playing").click()
    evidence = page.get_by_label("Evidence", exact=True)
    expect(evidence).to_have_value(re.compile(r"^0:0\d $"))
    evidence.press_sequentially("looks at the path first")
    rate(page, "4")
    page.get_by_role("button", name="Hand my scorecard in").click()
    expect(page.get_by_text("Your scorecard is handed in.")).to_be_visible()
    note = page.get_by_role("paragraph").filter(has_text="looks at the path first")
    note.get_by_role("link", name="Play from").click()
    page.wait_for_function("document.querySelector('video').currentTime >= 1")


def test_an_answer_before_a_camera_is_watched_and_rated_without_any_emotions(recruiter, candidate):
    email = f"{uuid.uuid4().hex[:8]}@example.org"
    make_interview(recruiter)
    link = invite(recruiter, email)
    take_part(Person(candidate.page), link, "By speaking before a camera", questions=1)
    assert EMOTIONS.search(practise(candidate))  # estimated, for the candidate alone
    answer(candidate)

    page = recruiter.page
    recruiter.press("Look at their answers")
    page.get_by_role("link", name=email).click()
    see_it_analysed(page, page.get_by_role("heading", name="How it was spoken"))
    watch_recording(page)
    assert EMOTIONS.findall(page.content()) == []
    look(page, "filmed candidate")
    hand_in_scorecard(page)
    assert EMOTIONS.findall(page.content()) == []
