"""What people do with the recorder, with picture or without."""

import re

from playwright.sync_api import Page, expect

FAKE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
"""Flags with which Chromium has a camera and a microphone, and may use them."""

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

    def wait(self, seconds: float) -> None:
        """Speak on."""
        expect(self.page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
        self.page.wait_for_timeout(1000 * seconds)

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
