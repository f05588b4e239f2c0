"""What people do on the pages, in steps that several journeys share."""

import re
import uuid

from playwright.sync_api import Page, expect

from tests.support.texts import COMPLETE_ANSWER

PASSWORD = "seven-green-bottles-hanging"
SUMMARY = "How your answer is built"


class Person:
    """Somebody at a browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.email = f"{uuid.uuid4().hex[:12]}@example.org"

    def press(self, name: str) -> None:
        """Press the button or follow the link of this name."""
        button = self.page.get_by_role("button", name=name, exact=True)
        link = self.page.get_by_role("link", name=name, exact=True)
        button.or_(link).first.click()

    def register(self) -> None:
        """Make an account."""
        self.page.goto("/register")
        self.page.get_by_label("E-mail address").fill(self.email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_label("Password once more").fill(PASSWORD)
        self.press("Create account")
        expect(self.page).to_have_url(re.compile("/login"))

    def log_in(self) -> None:
        """Log in to the account."""
        self.page.goto("/login")
        self.page.get_by_label("E-mail address").fill(self.email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.locator("main").get_by_role("button", name="Log in", exact=True).click()
        expect(self.page.get_by_text("Account", exact=True)).to_be_visible()

    def start(self, *, about: str = "", set_of_three: bool = False) -> str:
        """Ask for a question or three; return the address of the answer to be written."""
        self.page.goto("/text")
        if about:
            self.page.get_by_label(about).check()
        if set_of_three:
            self.page.get_by_label("A set of three").check()
        self.press("Show me the question")
        expect(self.page).to_have_url(re.compile(r"/answers/[0-9a-f-]{36}$"))
        return self.page.url

    def write(self, text: str = COMPLETE_ANSWER) -> None:
        """Type an answer."""
        self.page.get_by_label("Your answer", exact=True).fill(text)

    def see_it_saved(self) -> None:
        """Wait until the page says that the draft is saved."""
        expect(self.page.locator("[data-save-state]")).to_contain_text("Saved")

    def hand_in(self) -> None:
        """Hand the answer in."""
        self.press("Hand in and see the summary")

    def see_summary(self) -> None:
        """Wait until the page has become the summary."""
        expect(self.page.get_by_role("heading", name=SUMMARY)).to_be_visible()

    def answer(self) -> str:
        """Go all the way from the question to the summary; return its address."""
        address = self.start()
        self.write()
        self.hand_in()
        self.see_summary()
        return address
