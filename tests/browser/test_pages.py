"""Every page: accessible, without sideways scrolling on a phone, in light and dark."""

import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from interview.settings import ROOT
from tests.browser.conftest import new_context, watch
from tests.browser.journeys import Person
from tests.support.server import Server

AXE = ROOT / "tests" / "browser" / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NEXT_FRAME = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
NAMES = (
    "start",
    "choose",
    "draft",
    "failed",
    "summary",
    "short summary",
    "interview",
    "progress",
    "privacy",
    "change password",
    "not found",
    "how it works",
    "model card",
    "log in",
    "register",
    "forgotten password",
    "confirm address",
)
WITHOUT_ACCOUNT = {"log in", "register", "forgotten password", "confirm address"}


@dataclass
class Visit:
    """Two browsers, one of them logged in, and the pages to look at."""

    member: BrowserContext
    stranger: BrowserContext
    addresses: dict[str, str]


@pytest.fixture(scope="module")
def visit(browser: Browser, platform: Server, instance: Path) -> Iterator[Visit]:
    """Somebody who has an answer in each state."""
    member, stranger = new_context(browser, platform), new_context(browser, platform)
    person = Person(member.new_page())
    person.register()
    person.log_in()
    addresses = {
        "start": "/",
        "choose": "/text",
        "progress": "/progress",
        "privacy": "/privacy",
        "change password": "/change",
        "not found": "/nowhere",
        "how it works": "/how/text",
        "model card": "/models/text",
        "log in": "/login",
        "register": "/register",
        "forgotten password": "/reset",
        "confirm address": "/confirm",
    }
    addresses["summary"] = person.answer()
    addresses["short summary"] = person.start()
    person.write("Too short for scores, but long enough to hand in.")
    person.hand_in()
    expect(person.page.locator("[data-notice=too_short]")).to_be_visible()
    addresses["draft"] = person.start(set_of_three=True)
    link = person.page.locator("a[href^='/interviews/']").first
    addresses["interview"] = str(link.get_attribute("href"))
    addresses["failed"] = person.start()
    fail(instance, addresses["failed"])
    yield Visit(member, stranger, addresses)
    member.close()
    stranger.close()


def fail(instance: Path, address: str) -> None:
    """Let an answer have failed, as it does after a mistake of ours."""
    with sqlite3.connect(instance / "interview.db", timeout=30) as database:
        database.execute(
            "UPDATE answers SET state = 'failed', step = 'analyse', failure = 'internal', "
            "failure_values = '{}', text = 'A text.' WHERE id = ?",
            [uuid.UUID(address.rpartition("/")[2]).hex],
        )
    database.close()


@pytest.fixture
def opened(visit: Visit, name: str, scheme: str) -> Iterator[Page]:
    """The page of this name, loaded; the test fails when anything went wrong unseen."""
    context = visit.stranger if name in WITHOUT_ACCOUNT else visit.member
    page = context.new_page()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    problems = watch(page)
    answer = page.goto(visit.addresses[name], wait_until="networkidle")
    assert answer is not None
    assert answer.status == (404 if name == "not found" else 200)
    yield page
    page.close()
    expected = "404 (NOT FOUND)" if name == "not found" else None
    assert [line for line in problems if expected is None or expected not in line] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_breaks_no_rule_of_accessibility_and_fits_a_phone(opened, name):
    look(opened)


def look(page: Page) -> None:
    """Expect that the page breaks no rule of accessibility in either size, and fits a phone."""
    page.evaluate(AXE.read_text())
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        page.evaluate(NEXT_FRAME)
        assert violations(page) == [], size
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], f"{width} pixels wide on a phone"


def violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong: the rule, and the elements."""
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    return [
        f"{item['id']}: {node['target']} {node['failureSummary']}"
        for item in found["violations"]
        for node in item["nodes"]
    ]
