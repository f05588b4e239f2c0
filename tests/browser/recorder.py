"""What people do with the recorder, with picture or without."""

import contextlib
import re
from collections.abc import Iterator

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import watch

FAKE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
"""Flags with which Chromium has a camera and a microphone, and may use them."""

DENIED = ["--use-fake-device-for-media-stream", "--deny-permission-prompts"]
"""Flags with which Chromium has both, and may use neither."""

QUIET = ("ERR_ABORTED", "ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "ERR_CONNECTION")
"""What goes wrong on a page whose connection is cut on purpose."""


class Recorder:
    """What people do with the recorder."""

    def __init__(self, page: Page, mode: str = "audio") -> None:
        self.page = page
        self.mode = mode

    def open(self) -> str:
        """Go to a question; return the answer's address."""
        self.page.goto(f"/{self.mode}")
        self.press("Show me the question")
        expect(self.page).to_have_url(re.compile(r"/answers/[0-9a-f-]{36}$"))
        self.press("I understand, go on")
        return self.page.url

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def record(self, seconds: float) -> None:
        """Record for a while and stop."""
        self.press("Start recording")
        self.wait(seconds)
        self.press("Stop")
        heading = re.compile("^(Listen to|Watch) your answer$")
        expect(self.page.get_by_role("heading", name=heading)).to_be_visible()

    def record_again(self) -> None:
        """Throw the recording away: open the question whether to, and say yes."""
        self.page.get_by_text("Record again", exact=True).press("Enter")
        self.press("Yes, throw it away and record again")

    def wait(self, seconds: float) -> None:
        """Speak on."""
        expect(self.page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
        self.page.wait_for_timeout(1000 * seconds)

    def lose_the_connection(self, seconds: float) -> int:
        """Record, and go on without a connection for some seconds.

        Returns how much had arrived before it was back, now that everything has.
        """
        self.open()
        self.press("Start recording")
        self.wait(seconds)
        self.page.context.set_offline(True)
        expect(self.page.get_by_text("The connection is lost.")).to_be_visible()
        self.wait(seconds)
        self.press("Stop")
        before = self.arrived()
        self.page.context.set_offline(False)
        self.see_it_sent()
        expect(self.page.get_by_text("The connection is lost.")).to_be_hidden()
        return before

    def see_it_sent(self) -> None:
        """Wait until the server has everything."""
        expect(self.page.get_by_text("Everything is sent and safe.")).to_be_visible()

    def hand_in(self) -> dict:
        """Hand in, wait for the summary and return the report."""
        self.press("Hand in and see the summary")
        expect(self.page.locator("#listen")).to_be_visible()
        return self.report()

    def report(self) -> dict:
        """Return the report at this address."""
        return self.page.request.get(self.page.url + "?format=json").json()["report"]

    def arrived(self) -> int:
        """Return how many bytes the server has."""
        return int(self.page.request.get(self.page.url + "/chunks").json()["bytes"])


@contextlib.contextmanager
def at_the_recorder(
    context: BrowserContext, mode: str = "audio", *known: str
) -> Iterator[Recorder]:
    """Put somebody before the recorder; nothing but what is `known` may go wrong unseen."""
    page = context.new_page()
    problems = watch(page)
    yield Recorder(page, mode)
    expected = (*QUIET, *known)
    assert [line for line in problems if not any(word in line for word in expected)] == []


def break_devices(context: BrowserContext, cause: str, kinds: str | None = None) -> BrowserContext:
    """Let a browser have no microphone and camera, for this cause; `kinds` is what it has."""
    context.add_init_script(
        f"navigator.mediaDevices.getUserMedia = "
        f"() => Promise.reject(new DOMException('', '{cause}'));"
    )
    if kinds is not None:
        context.add_init_script(
            f"navigator.mediaDevices.enumerateDevices = async () => [{{kind: '{kinds}'}}];"
        )
    return context


def is_explained(context: BrowserContext, mode: str, words: str) -> None:
    """Expect that whoever cannot record is told why, and can try again."""
    recorder = Recorder(context.new_page(), mode)
    recorder.open()
    recorder.press("Start recording")
    expect(recorder.page.get_by_role("alert")).to_contain_text(words)
    expect(recorder.page.get_by_role("button", name="Start recording")).to_be_visible()
