"""A recruiter and a candidate, in real Chromium: from making an interview to withdrawing."""

import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from interview.settings import ROOT
from tests.browser.conftest import new_context, watch
from tests.browser.journeys import PASSWORD, Person
from tests.browser.test_pages import AXE, DESK, NEXT_FRAME, PHONE, violations
from tests.support.server import Server
from tests.support.texts import COMPLETE_ANSWER

QUESTION = "What would you check before lifting a heavy load?"


@contextmanager
def recruiter_at(browser: Browser, server: Server) -> Iterator[Person]:
    """Give somebody with the role recruiter, logged in at a browser of their own."""
    context = new_context(browser, server)
    person = Person(context.new_page())
    problems = watch(person.page)
    command = ["users", "create", person.email, "--role", "recruiter", "--password", PASSWORD]
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *command],
        cwd=ROOT,
        env=server.environment,
        check=True,
        capture_output=True,
    )
    person.log_in()
    yield person
    context.close()
    assert [line for line in problems if "ERR_ABORTED" not in line] == []


@pytest.fixture
def recruiter(browser: Browser, platform: Server) -> Iterator[Person]:
    """Somebody with the role recruiter, logged in."""
    with recruiter_at(browser, platform) as person:
        yield person


def look(page: Page, name: str) -> None:
    """Hold a page to the rules of accessibility and to the width of a phone."""
    page.evaluate(AXE.read_text())
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        page.evaluate(NEXT_FRAME)
        assert violations(page) == [], (name, size)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], f"{name} is {width} pixels wide on a phone"
    page.set_viewport_size(DESK)


def make_interview(recruiter: Person) -> None:
    """Make an organisation and an interview with a question of the bank and an own one."""
    page = recruiter.page
    page.get_by_role("link", name="Recruiting", exact=True).click()
    look(page, "overview")
    page.get_by_label("Name of the organisation").fill("Harbour Works")
    recruiter.press("Make the organisation")
    look(page, "organisation")
    page.get_by_role("link", name=re.compile("New interview")).click()
    look(page, "editor")
    describe(recruiter, "Speaking")
    look(page, "draft")
    recruiter.press("Add this question")
    page.get_by_label("Your own question").fill(QUESTION)
    recruiter.press("Add your question")
    look(page, "draft with questions")
    recruiter.press("Open the interview")


def describe(recruiter: Person, mode: str) -> None:
    """Fill the editor in, for an interview that may be answered in this way beside writing."""
    page = recruiter.page
    page.get_by_label("Title").fill("Crane operator")
    page.get_by_label("What it is about").fill("You work with us at the harbour.")
    page.get_by_label(mode, exact=True).check()
    day = datetime.now(UTC) + timedelta(days=9)
    page.get_by_label("Last day", exact=True).fill(day.date().isoformat())
    recruiter.press("Save and choose questions")


def invite(recruiter: Person, email: str) -> str:
    """Invite somebody; return their link."""
    page = recruiter.page
    page.get_by_label("E-mail addresses, one a line").fill(email)
    recruiter.press("Send the invitations")
    look(page, "invited")
    return page.get_by_label(email, exact=True).input_value()


def take_part(
    candidate: Person, link: str, mode: str = "In writing", *, questions: int = 2
) -> None:
    """Open the link, look, choose, also how to answer, and accept."""
    page = candidate.page
    page.goto(link)
    expect(page.get_by_role("heading", name="What you agree to")).to_be_visible()
    assert QUESTION not in page.content()
    look(page, "landing")
    for group in page.get_by_role("group").filter(has=page.get_by_label("No", exact=True)).all():
        group.get_by_label("Yes", exact=True).check()
    page.get_by_label(mode, exact=True).check()
    page.get_by_label("I have read this, and I want to take part").check()
    candidate.press("Take part")
    expect(page.get_by_text(f"0 of {questions} questions answered")).to_be_visible()
    look(page, "application")


def answer_all(candidate: Person) -> None:
    """Answer both questions; the application is sent with the second."""
    page = candidate.page
    page.locator(".question-list").get_by_role("link", name=re.compile("^Answer")).first.click()
    candidate.write(COMPLETE_ANSWER)
    look(page, "writing")
    candidate.press("Send this answer")
    expect(page.get_by_text("This answer is sent and stays as it is.")).to_be_visible()
    look(page, "sent")
    candidate.press("Next question")
    candidate.write(COMPLETE_ANSWER)
    candidate.press("Send this answer")
    candidate.press("My application")
    expect(page.get_by_text("Your application is sent")).to_be_visible()
    look(page, "all sent")


def test_a_recruiter_asks_and_a_candidate_answers_and_withdraws(recruiter, person):
    email = f"{uuid.uuid4().hex[:8]}@example.org"
    make_interview(recruiter)
    link = invite(recruiter, email)
    take_part(person, link)
    answer_all(person)
    row = recruiter.page.get_by_role("row").filter(has_text=email)
    recruiter.page.goto(re.sub("/invitations$", "", recruiter.page.url))
    expect(row).to_contain_text("2 / 2")
    page = person.page
    page.get_by_text("Withdraw and erase my answers").click()
    page.get_by_label("Remove my address").check()
    page.get_by_label("Yes, withdraw and erase all my answers").check()
    person.press("Withdraw")
    expect(page.get_by_text("You have withdrawn.")).to_be_visible()
    recruiter.page.reload()
    expect(recruiter.page.get_by_text("Address removed")).to_be_visible()
    assert email not in recruiter.page.content()
    assert page.request.get(link).status == 404
