"""Whole journeys of candidates, in real Chromium against the real processes."""

import re
from pathlib import Path

import pytest
from fpdf import FPDF
from playwright.sync_api import expect

from tests.browser.journeys import Person
from tests.support.texts import COMPLETE_ANSWER, SHORT_ANSWER


def heading(person: Person, name: str):
    return person.page.get_by_role("heading", name=name, level=2)


def test_a_guest_types_an_answer_and_the_page_becomes_the_summary_by_itself(person):
    page = person.page
    page.goto("/")
    person.press("Start a text interview")
    expect(page).to_have_url(re.compile("/text$"))
    person.press("Show me the question")
    address = page.url
    person.write()
    expect(page.get_by_text("127 words")).to_be_visible()
    person.see_it_saved()
    person.hand_in()
    expect(page.get_by_role("progressbar")).to_be_visible()
    person.see_summary()
    assert page.url == address
    expect(page.get_by_text("All four parts of a complete answer are there.")).to_be_visible()
    expect(heading(person, "Five traits, as far as a text can tell")).to_be_visible()
    expect(heading(person, "Your words")).to_be_visible()
    report = page.request.get(address, headers={"Accept": "application/json"}).json()
    assert report["state"] == "analysed"
    assert set(report["report"]["traits"]) == {
        "openness",
        "conscientiousness",
        "extraversion",
        "agreeableness",
        "neuroticism",
    }


def test_a_new_account_writes_an_answer_and_sees_others_beside_its_own(person):
    person.register()
    person.log_in()
    person.answer()
    expect(person.page.get_by_text("Others:").first).to_be_visible()
    person.page.goto("/progress")
    expect(person.page.locator("main").get_by_role("link").first).to_be_visible()


def test_a_document_is_read_corrected_and_analysed(person, tmp_path: Path):
    document = FPDF()
    document.add_page()
    document.set_font("helvetica", size=11)
    document.multi_cell(0, 6, COMPLETE_ANSWER.replace("hotel", "hotle"))
    path = tmp_path / "letter.pdf"
    document.output(path)

    address = person.start()
    person.page.get_by_label(re.compile("^Document")).set_input_files(path)
    person.press("Read the document")
    box = person.page.get_by_label("Your answer", exact=True)
    expect(box).to_have_value(re.compile("hotle"))
    expect(person.page.get_by_text("This is the text of your document.")).to_be_visible()
    box.fill(box.input_value().replace("hotle", "hotel"))
    person.hand_in()
    person.see_summary()
    report = person.page.request.get(address + "?format=json").json()
    assert "small hotel" in report["text"]


def test_a_document_that_cannot_be_read_leads_back_with_the_reason(person, tmp_path: Path):
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7\nnot really")
    person.start()
    person.write("What was typed stays.")
    person.page.get_by_label(re.compile("^Document")).set_input_files(path)
    person.press("Read the document")
    expect(person.page.get_by_text("Your document could not be read.")).to_be_visible()
    box = person.page.get_by_label("Your answer", exact=True)
    expect(box).to_have_value("What was typed stays.")


def test_a_guest_who_registers_keeps_what_they_did_and_nobody_else_sees_it(person):
    address = person.answer()
    person.register()
    person.log_in()
    person.page.goto(address)
    person.see_summary()
    person.page.get_by_text("Account", exact=True).click()
    person.press("Log out")
    expect(person.page.get_by_role("link", name="Log in")).to_be_visible()
    assert person.page.request.get(address).status == 404


def test_a_short_answer_gets_no_trait_scores_and_is_told_why(person):
    person.start()
    person.write(SHORT_ANSWER)
    person.hand_in()
    expect(person.page.locator("[data-notice=too_short]")).to_be_visible()
    expect(heading(person, "Five traits, as far as a text can tell")).to_have_count(0)


def test_a_draft_survives_closing_the_page(person):
    address = person.start()
    person.write("The first half of a story")
    person.see_it_saved()
    person.page.goto("/")
    person.page.goto(address)
    box = person.page.get_by_label("Your answer", exact=True)
    expect(box).to_have_value("The first half of a story")


def test_handing_in_while_a_save_is_on_its_way_is_not_taken_for_another_window(person):
    person.start()
    page, held = person.page, []

    def hold(route):
        held.append(route)

    page.route("**/draft", hold)
    with page.expect_request("**/draft"):
        person.write()
    page.get_by_label("Your answer", exact=True).press_sequentially(" The end.")
    person.hand_in()
    held[0].continue_()
    person.see_summary()
    assert len(held) == 1


@pytest.mark.parametrize("refusal", ["status of 409"])
def test_what_another_window_saved_is_shown_beside_what_this_one_sends(person):
    address = person.start()
    person.write("At first.")
    person.see_it_saved()
    other = person.page.context.new_page()
    other.goto(address)
    other.get_by_label("Your answer", exact=True).fill("The newer text.")
    expect(other.locator("[data-save-state]")).to_contain_text(re.compile(r"Saved \d"))
    other.close()

    person.write("The older window's text.")
    person.hand_in()
    box = person.page.get_by_label("Your answer", exact=True)
    expect(box).to_have_value("The newer text.")
    expect(person.page.locator("[data-conflict]")).to_be_hidden()
    person.press("Use the text that you sent")
    expect(box).to_have_value("The older window's text.")
    expect(person.page.locator("[data-conflict]")).to_be_hidden()


def test_another_take_is_compared_with_the_first(person):
    first = person.answer()
    page = person.page
    page.locator("#next").get_by_role("button").first.click()
    expect(page).not_to_have_url(first)
    person.write(COMPLETE_ANSWER + " I would do the same again.")
    person.hand_in()
    person.see_summary()
    page.goto("/progress")
    expect(page.get_by_role("main")).to_contain_text("2")


def tab_to(person: Person, name: str) -> None:
    """Press Tab until what has the focus carries this name, and see that the focus shows."""
    for _ in range(60):
        person.page.keyboard.press("Tab")
        label, shown = person.page.evaluate(
            """() => {
                const element = document.activeElement;
                const style = getComputedStyle(element);
                const name = element.getAttribute("aria-label") || element.labels?.[0]?.innerText
                    || element.innerText || element.value || "";
                return [name.trim(), style.outlineStyle !== "none" || style.boxShadow !== "none"];
            }"""
        )
        if label == name:
            assert shown, f"nothing shows that {name!r} has the focus"
            return
    raise AssertionError(f"{name!r} cannot be reached with the Tab key")


def test_the_whole_way_works_with_the_keyboard_alone(person):
    page = person.page
    page.goto("/")
    tab_to(person, "Skip to the content")
    tab_to(person, "Practise")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/video$"))
    tab_to(person, "In writing")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/text$"))
    tab_to(person, "One question")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    tab_to(person, "Show me the question")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/answers/"))
    tab_to(person, "Your answer")
    page.keyboard.insert_text(COMPLETE_ANSWER)
    tab_to(person, "Hand in and see the summary")
    page.keyboard.press("Enter")
    person.see_summary()


@pytest.mark.parametrize("context_options", [{"java_script_enabled": False}])
def test_the_whole_way_works_without_javascript(person):
    person.start()
    person.write()
    person.hand_in()
    person.see_summary()
    expect(person.page.get_by_role("table").first).to_be_visible()
    person.register()
    person.log_in()
    person.page.goto("/progress")
    expect(person.page.locator("main").get_by_role("link").first).to_be_visible()
