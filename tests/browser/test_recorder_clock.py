"""The clock beside a recording in real Chromium, and a device that goes while it runs."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.recorder import FAKE, Recorder, at_the_recorder

CHOICE = "[data-answer-time]"
KEEP_STREAM = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => (window.opened = await open(wanted));
"""


@pytest.fixture
def recorder(launch: Callable[..., BrowserContext]) -> Iterator[Recorder]:
    """Somebody before the recorder, whose streams the test can reach."""
    context = launch(*FAKE)
    context.add_init_script(KEEP_STREAM)
    with at_the_recorder(context) as recorder:
        yield recorder


def open_with(recorder: Recorder, mode: str, **values: int) -> None:
    """Go to a question whose page has these values, such as `think`, in the recorder's data."""
    page = recorder.page
    page.goto(f"/{mode}")
    recorder.press("Show me the question")
    page.locator("[data-recorder]").evaluate(
        "(each, values) => Object.assign(each.dataset, values)", values
    )
    recorder.press("I understand, go on")


def test_the_time_to_think_and_to_answer_can_be_made_longer_hidden_and_switched_off(recorder):
    page = recorder.page
    open_with(recorder, "video", think=1)
    phase, time = page.locator("[data-phase]"), page.locator("[data-time]")
    expect(phase).to_have_text("Time to answer")
    expect(time).to_have_text("0:45")
    page.get_by_label("Time for the answer").select_option("2:00")
    expect(time).to_have_text("2:00")
    recorder.press("+1 minute")
    expect(time).to_have_text("3:00")
    recorder.press("Start the time to think")
    expect(phase).to_have_text("Time to think")
    expect(page.locator("[data-said]")).to_contain_text("The time to think is over.")
    recorder.press("+1 minute")
    expect(time).to_have_text(re.compile(r"^(1:00|0:5\d)$"))
    recorder.press("Hide the time")
    expect(time).to_be_hidden()
    recorder.press("Hide the time")
    expect(time).to_be_visible()
    recorder.press("No time limit")
    expect(page.get_by_role("button", name="+1 minute")).to_be_hidden()
    expect(page.get_by_label("Time for the answer")).to_be_hidden()

    page.reload()
    off = page.get_by_role("button", name="No time limit")
    expect(off).to_have_attribute("aria-pressed", "true")
    off.click()
    expect(time).to_have_text("2:00")


def test_in_an_application_the_organisations_time_stands_whatever_was_chosen_before(recorder):
    page = recorder.page
    open_with(recorder, "video")
    page.locator(CHOICE).select_option("3:00")
    page.goto("/video")
    recorder.press("Show me the question")
    expect(page.locator(CHOICE)).to_have_value("180")
    page.add_init_script(
        "document.addEventListener('readystatechange', () => "
        f"document.querySelector('{CHOICE}')?.setAttribute('data-answer-time-set', ''));"
    )
    page.reload()
    expect(page.locator("[data-time]")).to_have_text("0:45")
    expect(page.locator(CHOICE)).to_have_value("45")


def test_the_time_that_is_over_ends_nothing_but_the_longest_length_does(recorder):
    page = recorder.page
    open_with(recorder, "audio", answerSeconds=1, maxSeconds=4)
    recorder.press("Start recording")
    expect(page.locator("[data-phase]")).to_have_text(
        "The time is over. Carry on as long as you like."
    )
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("This is the longest a recording can be.")
    expect(page.get_by_role("heading", name="Listen to your answer")).to_be_visible()
    recorder.see_it_sent()
    assert recorder.arrived() > 0


def test_what_was_recorded_until_a_device_was_unplugged_is_kept(recorder):
    page = recorder.page
    recorder.open()
    recorder.press("Start recording")
    recorder.wait(2)
    page.evaluate("opened.getTracks()[0].dispatchEvent(new Event('ended'))")
    expect(page.get_by_role("alert")).to_contain_text("The microphone was lost.")
    expect(page.get_by_role("heading", name="Listen to your answer")).to_be_visible()
    recorder.see_it_sent()
    assert recorder.arrived() > 0
    expect(page.get_by_role("button", name="Hand in and see the summary")).to_be_enabled()
