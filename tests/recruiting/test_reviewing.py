"""What a recruiter sees: what the candidate agreed to, in no order but name and time."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from interview.columns import now
from interview.extensions import db
from interview.peers import services as peers
from interview.practice.models import Answer, AnswerState, Report
from interview.privacy.models import AuditEntry
from interview.recruiting.models import Consent, Invitation, InvitationState, Membership
from tests.recruiting.review_scene import build
from tests.support.films import video_report
from tests.support.recruiting import answers_of, make_organisation
from tests.support.reports import complete_report
from tests.support.reviewing import make_share
from tests.support.texts import COMPLETE_ANSWER
from tests.support.voices import transcribed_report

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def scene(app, make_user, make_candidate, make_prompt, login):
    return build(app, make_user, make_candidate, make_prompt, login)


@pytest.fixture
def casey(scene):
    return scene.add([transcribed_report(), transcribed_report()])


@pytest.fixture
def browser(scene):
    return scene.login(scene.owner)


SHOWN = {
    "recording": "<audio",
    "analysis": "Pace with pauses",
    "words": "Variety of words",
    "traits": "Conscientiousness",
}


@pytest.mark.parametrize(
    ("choices", "shown"),
    [
        ({}, {"recording", "analysis", "words", "traits"}),
        ({"recording": False}, {"analysis", "words", "traits"}),
        ({"traits": False}, {"recording", "analysis", "words"}),
        ({"analysis": False}, {"recording"}),
    ],
)
def test_a_recruiter_sees_what_the_candidate_agreed_to(scene, browser, choices, shown):
    casey = scene.add([transcribed_report(), transcribed_report()], choices=choices)
    page = browser.get(scene.page(casey))
    assert page.status_code == 200
    assert {name for name, sign in SHOWN.items() if sign in page.text} == shown
    assert "In words" in page.text


@on_sqlite
def test_an_answer_that_was_not_analysed_is_seen_and_heard_without_figures(app, scene, browser):
    casey = scene.add([transcribed_report(), transcribed_report()], choices={"analysis": False})
    with app.app_context():
        db.session.execute(sa.delete(Report))
        db.session.execute(sa.update(Answer).values(state=AnswerState.KEPT))
        db.session.commit()
    page = browser.get(scene.page(casey))
    assert page.status_code == 200
    assert page.text.count("<audio") == 2
    assert SHOWN["analysis"] not in page.text
    assert len(browser.get(scene.page(casey, "/summary.pdf")).data) > 1000


@on_sqlite
def test_an_answer_before_a_camera_is_seen_without_what_the_camera_measured(scene, browser):
    casey = scene.add([video_report(COMPLETE_ANSWER), video_report(COMPLETE_ANSWER)])
    page = browser.get(scene.page(casey)).text
    assert page.count("<video") == 2
    assert SHOWN["analysis"] in page
    for word in ("smile", "camera", "gaze"):
        assert word not in re.search(r"<main.*</main>", page, re.S)[0].lower()


def test_what_is_withdrawn_is_gone_with_the_next_request(app, scene, browser, casey):
    page = browser.get(scene.page(casey)).text
    media = re.search(r'src="([^"]+/recordings/[^"]+)"', page)[1]
    with browser.get(media) as playing:
        assert playing.data == b"sound"
    with app.app_context():
        db.session.execute(sa.update(Consent).values(recording=False))
        db.session.commit()
    assert browser.get(media).status_code == 404
    assert "<audio" not in browser.get(scene.page(casey)).text
    with app.app_context():
        db.session.execute(sa.update(Consent).values(withdrawn_at=now()))
        db.session.commit()
    assert browser.get(scene.page(casey)).status_code == 404
    assert "casey@" not in browser.get(listed(scene)).text


def listed(scene):
    return f"/recruiting/applications/{scene.application_id}/candidates"


def test_the_address_of_a_recording_opens_for_its_viewer_alone(scene, browser, casey):
    media = re.search(r'src="([^"]+/recordings/[^"]+)"', browser.get(scene.page(casey)).text)[1]
    assert scene.login(scene.rater).get(media).status_code == 404


def test_a_role_taken_away_takes_effect_at_once(app, scene, browser, casey):
    assert browser.get(scene.page(casey)).status_code == 200
    with app.app_context():
        db.session.execute(sa.delete(Membership).where(Membership.user_id == scene.owner.id))
        db.session.commit()
    for address in (scene.page(casey), listed(scene), scene.page(casey, "/summary.csv")):
        assert browser.get(address).status_code == 404


def test_unfinished_answers_are_seen_only_after_the_deadline(app, scene, browser, casey):
    with app.app_context():
        row = db.session.get_one(Invitation, casey.id)
        row.state, row.submitted_at = InvitationState.ACCEPTED, None
        db.session.commit()
    assert browser.get(scene.page(casey)).status_code == 404
    with app.app_context():
        row = db.session.get_one(Invitation, casey.id)
        row.application.deadline = now() - timedelta(days=1)
        db.session.commit()
    assert browser.get(scene.page(casey)).status_code == 200
    assert "Not handed in before the deadline" in browser.get(listed(scene)).text


@on_sqlite
def test_candidates_are_listed_by_name_or_time_and_by_nothing_else(scene, browser):
    low, high = complete_report(), complete_report()
    high["measures"]["big_five.openness"] = 0.99
    for name, body in (("b", high), ("a", low), ("c", low)):
        scene.add([body, body], email=f"{name}@example.org")
    orders = {
        query: re.findall(r"<h2><a[^>]*>(\w)@", browser.get(listed(scene) + query).text)
        for query in ("", "?order=time", "?order=openness", "?sort=level")
    }
    by_name = ["a", "b", "c"]
    assert orders == {
        "": by_name,
        "?order=time": ["b", "a", "c"],
        "?order=openness": by_name,
        "?sort=level": by_name,
    }


@on_sqlite
def test_averages_of_the_others_appear_from_five_of_them_on(app, scene, browser, casey):
    assert "once five others" in browser.get(scene.page(casey)).text
    for number in range(5):
        body = transcribed_report()
        body["measures"]["delivery.speech_rate"] = 2.0
        other = scene.add([body, body], email=f"{number}@example.org")
        with app.app_context():
            reports = (
                sa.select(Report)
                .join(Report.answer)
                .where(Answer.id.in_([answer.id for answer in answers_of(other)]))
            )
            peers.add(*db.session.scalars(reports))
            db.session.commit()
    page = browser.get(scene.page(casey)).text
    assert "5 other candidates" in page
    assert "2.0 syllables/s" in page


def test_candidates_stand_side_by_side_prompt_by_prompt(scene, browser):
    found = [
        scene.add([transcribed_report(), complete_report()], email=f"{name}@example.org")
        for name in "cab"
    ]
    query = "&".join(f"who={each.id}" for each in found[:2])
    page = browser.get(f"/recruiting/applications/{scene.application_id}/compare?prompt=1&{query}")
    assert re.findall(r'class="side__name"[^>]*><a[^>]*>(\w)@', page.text) == ["a", "c"]
    assert page.text.count("<audio") == 2
    second = f"/recruiting/applications/{scene.application_id}/compare?prompt=9&{query}"
    assert browser.get(second).status_code == 404


@on_sqlite
def test_looking_at_a_candidate_is_in_the_audit_log(app, scene, browser, casey):
    browser.get(scene.page(casey))
    browser.get(scene.page(casey, "/summary.csv"))
    with app.app_context():
        noted = db.session.execute(
            sa.select(AuditEntry.action, AuditEntry.object_id).order_by(AuditEntry.id)
        )
        assert [tuple(row) for row in noted] == [
            ("candidate.seen", str(casey.id)),
            ("candidate.exported", str(casey.id)),
        ]


def test_a_practice_answer_shared_with_an_organisation_is_seen_by_its_members(
    app, scene, browser, make_answer, make_candidate, make_user
):
    answer = make_answer(make_candidate(make_user()), report=complete_report())
    with app.app_context():
        ours = db.session.get_one(Membership, 1).organisation
        theirs = make_organisation("Elsewhere")
        seen, unseen = (
            make_share(answer, organisation=ours),
            make_share(answer, organisation=theirs),
        )
        found, hidden = f"/recruiting/shared/{seen.id}", f"/recruiting/shared/{unseen.id}"
    assert found in browser.get("/recruiting/shared").text
    assert "Robin" in browser.get(found).text
    assert browser.get(hidden).status_code == 404
    assert scene.login(make_user()).get(found).status_code == 404
