"""Exports: what the page shows, in files that spreadsheets do not compute."""

import csv
import io

import pytest
from pypdf import PdfReader

from interview.extensions import db
from interview.recruiting.exports import to_csv
from interview.recruiting.models import Invitation
from tests.recruiting.review_scene import build
from tests.support.reports import complete_report
from tests.support.reviewing import make_decision, make_scorecard
from tests.support.voices import transcribed_report

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FORMULA = '=HYPERLINK("https://evil.example","Click")'


@pytest.fixture
def scene(app, make_user, make_candidate, make_prompt, login):
    return build(app, make_user, make_candidate, make_prompt, login)


@pytest.fixture
def browser(scene):
    return scene.login(scene.owner)


def rows_of(answer):
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def text_of(answer):
    assert answer.status_code == 200
    pages = PdfReader(io.BytesIO(answer.data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def judge(app, scene, invitation):
    with app.app_context():
        row = db.session.get_one(Invitation, invitation.id)
        make_scorecard(row, scene.owner, [4, 3], FORMULA)
        make_scorecard(row, scene.rater, [5, 3], "Дарья said so at 0:20.")
        make_decision(row, scene.owner)


@on_sqlite
def test_scorecards_are_exported_with_ratings_evidence_and_decision(app, scene, browser):
    casey = scene.add([complete_report(), complete_report()])
    judge(app, scene, casey)
    address = f"/recruiting/applications/{scene.application_id}/scorecards"
    rows = rows_of(browser.get(f"{address}.csv"))
    assert len(rows) == 5
    assert {(row[0], row[3], row[4]) for row in rows[1:]} == {
        ("casey@example.org", "owner@example.org", "4"),
        ("casey@example.org", "owner@example.org", "3"),
        ("casey@example.org", "rater@example.org", "5"),
        ("casey@example.org", "rater@example.org", "3"),
    }
    assert {row[7] for row in rows[1:]} == {"Go on to the next step"}
    text = text_of(browser.get(f"{address}.pdf"))
    for piece in ("casey@example.org", "Дарья said so at 0:20.", "Clear answers."):
        assert piece in text


@on_sqlite
def test_an_export_holds_no_rating_or_decision_that_its_reader_may_not_see_yet(app, scene, browser):
    casey = scene.add([complete_report(), complete_report()])
    with app.app_context():
        row = db.session.get_one(Invitation, casey.id)
        make_scorecard(row, scene.rater, [5, 5], "Hidden.")
        make_decision(row, scene.rater)
    address = f"/recruiting/applications/{scene.application_id}/scorecards"
    rows = rows_of(browser.get(f"{address}.csv"))
    assert rows[1:] == [["casey@example.org", *[""] * 6, "Decided", "", ""]]
    text = text_of(browser.get(f"{address}.pdf"))
    assert "Somebody has decided." in text
    for piece in ("Hidden.", "Go on to the next step", "Clear answers.", "rater@example.org"):
        assert piece not in text


@on_sqlite
def test_a_candidates_summary_is_exported_as_far_as_they_agreed(scene, browser):
    casey = scene.add([transcribed_report(), transcribed_report()], choices={"traits": False})
    rows = rows_of(browser.get(scene.page(casey, "/summary.csv")))
    measures = {row[1]: row[2] for row in rows}
    assert measures["Pace with pauses"] == "3.5 syllables/s"
    assert "Openness" not in measures
    text = text_of(browser.get(scene.page(casey, "/summary.pdf")))
    assert "Pace with pauses" in text
    assert "Openness" not in text


@on_sqlite
def test_a_candidates_summary_names_filler_expressions_as_the_page_does(scene, browser):
    report = complete_report()
    report["style"]["fillers"] = [{"phrase": "basically", "count": 1, "spans": [[0, 9]]}]
    casey = scene.add([report, report])
    assert "basically × 1" in browser.get(scene.page(casey)).text
    rows = rows_of(browser.get(scene.page(casey, "/summary.csv")))
    assert ["Filler expressions: basically", "1"] in [row[1:3] for row in rows]
    text = text_of(browser.get(scene.page(casey, "/summary.pdf")))
    assert "Filler expressions: basically × 1" in text


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_begins_like_a_formula(begin):
    written = to_csv([(f"{begin}1+1", "fine")]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(written, newline=""))) == [[f"'{begin}1+1", "fine"]]


@on_sqlite
def test_a_formula_in_a_note_reaches_the_file_as_text(app, scene, browser):
    judge(app, scene, scene.add([complete_report(), complete_report()]))
    rows = rows_of(browser.get(f"/recruiting/applications/{scene.application_id}/scorecards.csv"))
    assert "'" + FORMULA in {row[5] for row in rows}


@on_sqlite
def test_a_rater_takes_nothing_along(scene):
    casey = scene.add([complete_report(), complete_report()])
    browser = scene.login(scene.rater)
    for address in (
        f"/recruiting/applications/{scene.application_id}/scorecards.csv",
        f"/recruiting/applications/{scene.application_id}/scorecards.pdf",
        scene.page(casey, "/summary.csv"),
        scene.page(casey, "/summary.pdf"),
    ):
        assert browser.get(address).status_code == 404


@on_sqlite
def test_a_long_note_goes_over_several_pages_and_nothing_of_it_is_cut(app, scene, browser):
    casey = scene.add([complete_report(), complete_report()])
    with app.app_context():
        note = " ".join(f"word{number}" for number in range(550))
        make_scorecard(db.session.get_one(Invitation, casey.id), scene.owner, [4, 3], note)
    text = text_of(browser.get(f"/recruiting/applications/{scene.application_id}/scorecards.pdf"))
    assert text.count("word549") == 2
