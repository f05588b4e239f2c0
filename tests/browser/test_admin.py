"""An admin's day in Chromium, and their pages without a broken rule of accessibility."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from interview import create_app
from interview.accounts import people, services
from tests.browser.journeys import Person
from tests.browser.test_pages import AXE, DESK, NEXT_FRAME, PHONE, violations
from tests.support.databases import make_settings

PAGES = (
    *("", "/questions", "/questions/1", "/questions/1/edit", "/questions/import", "/people"),
    *("/people/1", "/people/invitations", "/organisations", "/policy", "/queue", "/announcements"),
    *("/audit", "/glass", "/help"),
)
WITH_A_MISTAKE = """\
key,competency,language,text,modes,think_seconds,answer_seconds,situation,task,action,result
harbour-1,juggling,en,Tell about a harbour.,text,30,120,S,T,A,R
harbour-2,planning,en,Tell about a crane.,text,30,120,S,T,A,R
"""


@pytest.fixture
def admin(person: Person, instance: Path) -> Person:
    """Somebody who has been made an admin while they were logged in."""
    person.register()
    person.log_in()
    expect(person.page.get_by_role("link", name="Admin", exact=True)).to_have_count(0)
    app = create_app(make_settings(instance))
    with app.app_context():
        user = services.find_user(person.email)
        assert user is not None
        people.grant(user.id, "admin")
    person.page.reload()
    return person


def test_an_admin_writes_a_question_imports_a_file_and_announces(admin: Person, tmp_path: Path):
    page = admin.page
    admin.press("Admin")
    page.get_by_role("navigation", name="Admin").get_by_role("link", name="Question bank").click()
    write_a_question(admin)
    import_a_file(admin, tmp_path / "questions.csv")
    announce(admin)


def write_a_question(admin: Person) -> None:
    page = admin.page
    admin.press("New question")
    page.get_by_label("Key").fill("harbour-0")
    page.get_by_label("Question", exact=True).fill("Tell about a day at the harbour.")
    for part in ("Situation", "Task", "Action", "Result"):
        page.get_by_label(part, exact=True).fill(f"What was the {part.lower()}?")
    admin.press("Preview")
    expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()
    admin.press("Save")
    expect(page.get_by_text("The question is saved.")).to_be_visible()
    admin.press("Retire")
    expect(page.get_by_role("button", name="Restore")).to_be_visible()


def import_a_file(admin: Person, path: Path) -> None:
    page = admin.page
    for content in (WITH_A_MISTAKE, WITH_A_MISTAKE.replace("juggling", "planning")):
        path.write_text(content)
        page.goto("/admin/questions/import")
        page.locator("input[type=file]").set_input_files(path)
        admin.press("See what it would change")
        if content == WITH_A_MISTAKE:
            expect(page.get_by_text("“juggling” is none of")).to_be_visible()
            expect(page.get_by_role("button", name="Import now")).to_have_count(0)
    admin.press("Import now")
    expect(page.get_by_text("2 added, 0 changed, 0 unchanged.")).to_be_visible()


def announce(admin: Person) -> None:
    page = admin.page
    page.goto("/admin/announcements")
    page.get_by_label("Text", exact=True).fill("The harbour is *closed* on Sunday.")
    admin.press("Announce")
    page.goto("/text")
    expect(page.get_by_text("The harbour is closed on Sunday.")).to_be_visible()
    admin.press("Put away")
    expect(page).to_have_url(re.compile("/text$"))
    expect(page.get_by_text("The harbour is closed on Sunday.")).to_have_count(0)
    page.goto("/admin/announcements")
    admin.press("Remove")


def test_the_admins_pages_break_no_rule_of_accessibility_and_fit_a_phone(admin: Person):
    page = admin.page
    found = {}
    for path in PAGES:
        page.goto(f"/admin{path}", wait_until="networkidle")
        page.evaluate(AXE.read_text())
        found[path] = [problem for size in (DESK, PHONE) for problem in problems(page, size)]
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def problems(page: Page, size: dict[str, int]) -> list[str]:
    """Return what is wrong with a page at this size."""
    page.set_viewport_size(size)
    page.evaluate(NEXT_FRAME)
    width = page.evaluate("document.documentElement.scrollWidth")
    return [*violations(page), *([f"{width} pixels wide"] if width > size["width"] else [])]
