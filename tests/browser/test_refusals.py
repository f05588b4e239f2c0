"""What the recorder does in real Chromium when the server, or the person, says no."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.recorder import FAKE, Recorder, at_the_recorder

WORDS = "There is a reason for this."
HAND_IN = "Hand in and see the summary"


@pytest.fixture
def recorder(launch: Callable[..., BrowserContext]) -> Iterator[Recorder]:
    """Somebody before the recorder, whom the server may refuse something."""
    with at_the_recorder(launch(*FAKE), "audio", "status of 4") as recorder:
        yield recorder


def refuse(status: int, asked: list[Route]) -> Callable[[Route], None]:
    """Return a way on which everything is refused with a reason, and noted in `asked`."""

    def way(route: Route) -> None:
        asked.append(route)
        route.fulfill(status=status, json={"error": WORDS, "status": status})

    return way


@pytest.mark.parametrize("status", [409, 413])
def test_the_servers_reason_is_shown_and_handing_in_is_possible_once_it_is_gone(recorder, status):
    page = recorder.page
    recorder.open()
    page.route("**/chunks", refuse(status, []))
    recorder.press("Start recording")
    alert = page.get_by_role("alert")
    expect(alert).to_have_text(WORDS)
    expect(page.get_by_role("heading", name="Listen to your answer")).to_be_visible()
    recorder.press(HAND_IN)
    expect(page.get_by_role("button", name=HAND_IN)).to_be_enabled()
    expect(alert).to_have_text(WORDS)
    page.unroute("**/chunks")
    recorder.hand_in()


def test_a_daily_limit_is_told_at_once_in_the_servers_words(recorder):
    page, asked = recorder.page, []
    recorder.open()
    recorder.record(2)
    recorder.see_it_sent()
    page.route("**/recording", refuse(429, asked))
    recorder.press(HAND_IN)
    expect(page.get_by_role("alert")).to_have_text(WORDS)
    expect(page.get_by_role("button", name=HAND_IN)).to_be_enabled()
    assert len(asked) == 1
    page.unroute("**/recording")
    recorder.hand_in()


def test_a_recording_is_cut_at_the_largest_size_and_can_be_handed_in(recorder):
    page, most = recorder.page, 25_000
    recorder.open()
    page.locator("[data-recorder]").evaluate("(each, most) => (each.dataset.maxBytes = most)", most)
    recorder.press("Start recording")
    expect(page.get_by_role("alert")).to_contain_text("reached the largest size")
    expect(page.get_by_role("heading", name="Listen to your answer")).to_be_visible()
    recorder.see_it_sent()
    assert 0 < recorder.arrived() <= most
    assert recorder.hand_in()["sound"]["duration"] > 0.5


def test_a_take_is_thrown_away_only_after_a_second_yes(recorder):
    page = recorder.page
    recorder.open()
    recorder.record(2)
    recorder.see_it_sent()
    yes = page.get_by_role("button", name="Yes, throw it away and record again")
    expect(yes).to_be_hidden()
    page.get_by_text("Record again", exact=True).click()
    expect(page.get_by_text("This recording is thrown away for good.")).to_be_visible()
    expect(page.get_by_text("You can record the answer as often as you like.")).to_be_visible()
    assert recorder.arrived() > 0
    page.route("**/discard", refuse(409, []))
    yes.click()
    expect(page.get_by_role("alert")).to_have_text(WORDS)
    page.unroute("**/discard")
    yes.click()
    expect(page.get_by_text("Take 2", exact=True)).to_be_visible()
    assert recorder.arrived() == 0
