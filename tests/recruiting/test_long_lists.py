"""Lists of many candidates: a page at a time, each candidate on one page, no other order."""

import re

import pytest
import sqlalchemy as sa

from interview import paging
from interview.extensions import db
from interview.recruiting import reviewing_views
from interview.recruiting.models import ApplicationInterview, Consent, Invitation
from tests.recruiting.review_scene import build
from tests.support.recruiting import make_invitation
from tests.support.reports import complete_report
from tests.support.reviewing import make_scorecard


@pytest.fixture
def scene(app, make_user, make_candidate, make_prompt, login, monkeypatch):
    """Five candidates who handed in, two on a page."""
    monkeypatch.setattr(paging, "ROWS", 2)
    made = build(app, make_user, make_candidate, make_prompt, login)
    report = complete_report()
    made.candidates = {
        name: made.add([report, report], email=f"{name}@example.org") for name in "cabed"
    }
    return made


@pytest.fixture
def browser(scene):
    return scene.login(scene.owner)


def listed(page: str) -> list[str]:
    return re.findall(r"<h2><a[^>]*>(\w)@", page)


def address(scene, what="candidates"):
    return f"/recruiting/applications/{scene.application_id}/{what}"


@pytest.mark.parametrize(("order", "expected"), [("name", "abcde"), ("time", "cabed")])
def test_candidates_are_on_one_page_each_in_the_chosen_order(scene, browser, order, expected):
    found = [
        listed(browser.get(f"{address(scene)}?order={order}&page={number}").text)
        for number in (1, 2, 3)
    ]
    assert found == [list(expected[:2]), list(expected[2:4]), list(expected[4:])]


def test_the_pager_leads_on_and_back_and_says_where_one_is(scene, browser):
    page = browser.get(f"{address(scene)}?order=time&page=2").text
    pager = page.partition('<nav class="pages" aria-label="Pages">')[2].partition("</nav>")[0]
    assert "Page 2 of 3" in pager
    links = re.findall(r'href="([^"]+)" rel="(\w+)"', pager)
    assert [rel for _href, rel in links] == ["prev", "next"]
    assert listed(browser.get(links[1][0].replace("&amp;", "&")).text) == ["d"]
    assert "5 candidates" in page


@pytest.mark.parametrize("number", ["0", "-1", "x", "99", "9" * 30])
def test_a_page_that_is_none_is_the_first_or_the_last_one(scene, browser, number):
    found = listed(browser.get(f"{address(scene)}?page={number}").text)
    assert found == (["e"] if number == "99" else ["a", "b"])


def test_who_withdrew_their_consent_is_on_no_page_and_is_not_counted(app, scene, browser):
    with app.app_context():
        db.session.execute(
            sa.update(Consent)
            .where(Consent.invitation_id == scene.candidates["a"].id)
            .values(withdrawn_at=sa.func.now())
        )
        db.session.commit()
    page = browser.get(address(scene)).text
    assert listed(page) == ["b", "c"]
    assert "4 candidates" in page


def test_those_of_several_pages_stand_side_by_side(scene, browser):
    first, last = scene.candidates["a"].id, scene.candidates["e"].id
    beside = browser.get(f"{address(scene, 'compare')}?who={first}&who={last}&who=nobody").text
    assert re.findall(r'class="side__name"[^>]*><a[^>]*>(\w)@', beside) == ["a", "e"]
    assert "Add others from the list" in beside
    page = browser.get(f"{address(scene)}?who={first}&who={last}").text
    boxes = dict(re.findall(r'name="who" value="([^"]+)"( checked)?', page))
    assert {key for key, checked in boxes.items() if checked} == {str(first), str(last)}
    assert page.count("Chosen on another page") == 1


def test_all_that_were_ticked_stay_so_on_the_next_page_even_more_than_fit(
    scene, browser, monkeypatch
):
    monkeypatch.setattr(paging, "ROWS", 3)
    monkeypatch.setattr(reviewing_views, "SIDE_BY_SIDE", 2)
    query = "&".join(f"who={each.id}" for each in list(scene.candidates.values())[:3])
    page = browser.get(f"{address(scene)}?page=2&{query}").text
    assert len(re.findall(r'name="who" value="[^"]+" checked', page)) == 3


def test_agreement_is_of_all_pages(app, scene, browser):
    with app.app_context():
        for invitation in db.session.query(Invitation):
            for user in (scene.owner, scene.rater):
                make_scorecard(invitation, user, [3, 4])
    assert "10 answers that two or more people rated." in browser.get(address(scene)).text


def test_a_page_asks_the_database_no_more_for_many_than_for_few(app, scene, browser, monkeypatch):
    with app.app_context():
        engine = db.engine
    asked: list[str] = []

    def note(_connection, _cursor, statement, _values, _context, _many):
        asked.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    counts = []
    for rows in (2, 50):
        monkeypatch.setattr(paging, "ROWS", rows)
        asked.clear()
        assert len(listed(browser.get(address(scene)).text)) == min(rows, 5)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_invited_are_listed_a_page_at_a_time_too(app, scene, browser):
    with app.app_context():
        make_invitation(
            db.session.get_one(ApplicationInterview, scene.application_id), email="f@example.org"
        )
    pages = [
        browser.get(f"/recruiting/applications/{scene.application_id}?page={number}").text
        for number in (1, 2, 3)
    ]
    found = [re.findall(r'<th scope="row">(\w)@', page) for page in pages]
    assert found == [["c", "a"], ["b", "e"], ["d", "f"]]
    assert "#candidates" in pages[0].partition('<nav class="pages"')[2].partition("</nav>")[0]
