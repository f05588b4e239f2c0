"""Scorecards and decisions: each on their own first, nothing lost, people decide."""

import pytest
import sqlalchemy as sa

from interview.accounts.models import User
from interview.errors import RefusedError
from interview.extensions import db
from interview.practice.labels import COMPETENCIES
from interview.practice.models import Answer, AnswerState, Report
from interview.recruiting import scorecards
from interview.recruiting.models import Invitation
from interview.recruiting.scorecard_labels import ANCHORS, anchors
from interview.recruiting.scorecard_models import Decision, Rating, Scorecard
from interview.recruiting.scorecards import Judgement, Outcome
from tests.recruiting.review_scene import build
from tests.support.at_once import at_once
from tests.support.recruiting import answers_of
from tests.support.reports import complete_report
from tests.support.reviewing import make_decision, make_scorecard
from tests.support.voices import transcribed_report

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DECISION = {"outcome": "next", "reasons": "Planned well and said how.", "seen": "0"}


@pytest.fixture
def scene(app, make_user, make_candidate, make_prompt, login):
    return build(app, make_user, make_candidate, make_prompt, login)


@pytest.fixture
def casey(scene):
    return scene.add([complete_report(), complete_report()])


def stored(app):
    """Return (rater, prompt, level, evidence) of every rating."""
    with app.app_context():
        query = sa.select(Scorecard.rater_id, Rating.prompt_id, Rating.level, Rating.evidence).join(
            Rating.scorecard
        )
        return {tuple(row) for row in db.session.execute(query)}


def test_a_scorecard_is_kept_gone_on_with_and_handed_in(app, scene, casey):
    browser, address = scene.login(scene.rater), scene.page(casey, "/scorecard")
    assert browser.post(address, data=scene.form(level="", evidence="Begun")).status_code == 302
    page = browser.get(scene.page(casey)).text
    assert page.count(">Begun</textarea>") == 2
    assert 'name="version" value="1"' in page
    last = browser.post(address, data=scene.form(1, "4", "At 0:20.", hand_in="1"))
    assert last.status_code == 302
    expected = {(scene.rater.id, key, 4, "At 0:20.") for key in scene.prompt_ids}
    assert stored(app) == expected
    again = browser.post(address, data=scene.form(2, "5"))
    assert again.status_code == 409
    assert stored(app) == expected


@on_sqlite
def test_a_scorecard_is_not_handed_in_with_an_answer_unrated(app, scene, casey):
    browser = scene.login(scene.rater)
    address, form = scene.page(casey, "/scorecard"), scene.form(hand_in="1")
    refused = browser.post(address, data=form | {f"level-{scene.prompt_ids[1]}": ""})
    assert refused.status_code == 400
    assert "Rate every answer" in refused.text
    assert "At 0:20." in refused.text
    assert stored(app) == set()


def leave_unanswered(app, casey, **values):
    """Let the candidate have given no answer, or answers of these values."""
    with app.app_context():
        for answer in answers_of(casey_row(casey)):
            for name, value in ({"state": AnswerState.DRAFT} | values).items():
                setattr(answer, name, value)
        db.session.execute(sa.delete(Report))
        db.session.commit()


@on_sqlite
def test_there_is_no_scorecard_on_a_candidate_who_gave_no_answer(app, scene, casey):
    leave_unanswered(app, casey)
    browser = scene.login(scene.rater)
    assert "Hand my scorecard in" not in browser.get(scene.page(casey)).text
    refused = browser.post(scene.page(casey, "/scorecard"), data=scene.form(hand_in="1"))
    assert refused.status_code == 400
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Scorecard)) == 0


NO_SOUND = {"state": AnswerState.FAILED, "text": "", "recording_clean": False}
NOT_TO_BE_HEARD = {"state": AnswerState.KEPT, "text": "", "recording_clean": True}


@pytest.mark.parametrize("values", [{}, NO_SOUND], ids=["none", "unusable"])
def test_a_candidate_who_gave_no_answer_is_decided_on_without_a_scorecard(
    app, scene, casey, values
):
    leave_unanswered(app, casey, **values)
    browser = scene.login(scene.owner)
    page = browser.get(scene.page(casey)).text
    assert "Note the decision" in page
    assert "Hand in your own scorecard" not in page
    decided = browser.post(scene.page(casey, "/decisions"), data=DECISION)
    assert decided.status_code == 302
    for reader in (scene.owner, scene.rater):  # the rater has nothing to rate either
        assert DECISION["reasons"] in scene.login(reader).get(scene.page(casey)).text


@pytest.mark.parametrize(
    ("values", "choices"), [(NO_SOUND, {}), (NOT_TO_BE_HEARD, {"recording": False})]
)
def test_an_answer_of_which_nothing_can_be_shown_is_named_and_not_rated(
    app, scene, values, choices
):
    casey = scene.add([transcribed_report(), transcribed_report()], choices=choices)
    with app.app_context():
        second = answers_of(casey_row(casey))[1]
        db.session.execute(sa.delete(Report).where(Report.answer_id == second.id))
        for name, value in values.items():
            setattr(second, name, value)
        db.session.commit()
    browser = scene.login(scene.rater)
    page = browser.get(scene.page(casey)).text
    assert page.count("nothing of the answer can be shown") == 1
    assert page.count("My rating:") == 1
    form = {"version": "0", f"level-{scene.prompt_ids[0]}": "4", "hand_in": "1"}
    assert browser.post(scene.page(casey, "/scorecard"), data=form).status_code == 302
    summary = scene.login(scene.owner).get(scene.page(casey, "/summary.csv")).text
    assert summary.count("of which nothing can be shown") == 1


@on_sqlite
def test_an_earlier_take_is_seen_where_the_last_one_could_not_be_used(app, scene, casey):
    with app.app_context():
        first = answers_of(casey_row(casey))[0]
        again = Answer(question_id=first.question_id, candidate_id=first.candidate_id, take=2)
        again.state = AnswerState.FAILED
        db.session.add(again)
        db.session.commit()
    assert scene.login(scene.rater).get(scene.page(casey)).text.count("My rating:") == 2


@on_sqlite
@pytest.mark.parametrize("level", ["0", "6", "x", "3.5", "-1"])
def test_a_level_that_is_not_on_the_scale_is_refused(app, scene, casey, level):
    address = scene.page(casey, "/scorecard")
    assert scene.login(scene.rater).post(address, data=scene.form(level=level)).status_code == 400
    assert stored(app) == set()


def test_two_windows_do_not_overwrite_each_other_and_nothing_typed_is_lost(app, scene, casey):
    browser, address = scene.login(scene.rater), scene.page(casey, "/scorecard")
    browser.post(address, data=scene.form(0, "2", "First window"))
    late = browser.post(address, data=scene.form(0, "5", "Second window"))
    assert late.status_code == 409
    assert "Second window" in late.text  # what was typed
    assert "First window" in late.text  # what is stored, beside it
    assert {row[3] for row in stored(app)} == {"First window"}
    again = browser.post(address, data=scene.form(1, "5", "Second window"))
    assert again.status_code == 302
    assert {row[3] for row in stored(app)} == {"Second window"}


def saving(scene, casey, rater, level, version=0):
    def work():
        user = db.session.get_one(User, rater.id)
        invitation = db.session.get_one(Invitation, casey.id)
        judged = {key: Judgement(level, str(level)) for key in scene.prompt_ids}
        scorecards.save(user, invitation, judged, version)

    return work


def test_two_raters_who_save_at_once_both_keep_their_ratings(app, scene, casey):
    raised = at_once(
        app, saving(scene, casey, scene.owner, 2), saving(scene, casey, scene.rater, 5)
    )
    assert raised == [None, None]
    assert {(row[0], row[2]) for row in stored(app)} == {(scene.owner.id, 2), (scene.rater.id, 5)}
    assert len(stored(app)) == 4


def test_of_two_windows_that_save_at_once_one_is_told(app, scene, casey):
    raised = at_once(
        app, saving(scene, casey, scene.rater, 2), saving(scene, casey, scene.rater, 5)
    )
    assert sorted(type(error).__name__ for error in raised) == ["NoneType", "RefusedError"]
    levels = {row[2] for row in stored(app)}
    assert levels == ({2} if raised[0] is None else {5})


def test_others_ratings_show_only_once_ones_own_are_in(app, scene, casey):
    with app.app_context():
        make_scorecard(casey_row(casey), scene.rater, [5, 1], "The rater saw this at 0:07.")
    browser = scene.login(scene.owner)
    before = browser.get(scene.page(casey)).text
    assert "The rater saw this" not in before
    assert "rater@example.org" not in before
    assert "1 scorecard of somebody else is in" in before
    browser.post(scene.page(casey, "/scorecard"), data=scene.form(0, "4", "Mine", hand_in="1"))
    after = browser.get(scene.page(casey)).text
    assert "The rater saw this" in after
    assert "rater@example.org" in after
    assert "One level apart at most" in after


def casey_row(casey):
    return db.session.get_one(Invitation, casey.id)


def decide_on(app, scene, casey):
    with app.app_context():
        make_scorecard(casey_row(casey), scene.owner, [4, 4])
        make_decision(casey_row(casey), scene.owner, "offer")


SIGNS_OF_A_DECISION = ("Make an offer", "Clear answers.", "owner@example.org")


@pytest.mark.parametrize("who", ["rater", "colleague"])
def test_a_decision_shows_only_once_ones_own_scorecard_is_in(app, scene, casey, who):
    decide_on(app, scene, casey)
    browser = scene.login(getattr(scene, who))
    listed = f"/recruiting/applications/{scene.application_id}/candidates"
    page = browser.get(scene.page(casey)).text
    assert "Somebody has decided" in page
    for text in (page, browser.get(listed).text):
        assert [sign for sign in SIGNS_OF_A_DECISION if sign in text] == []
    assert "<dd>Decided</dd>" in browser.get(listed).text
    browser.post(scene.page(casey, "/scorecard"), data=scene.form(hand_in="1"))
    page = browser.get(scene.page(casey)).text
    assert [sign for sign in SIGNS_OF_A_DECISION if sign in page] == list(SIGNS_OF_A_DECISION)
    assert SIGNS_OF_A_DECISION[0] in browser.get(listed).text


@on_sqlite
def test_whoever_decided_sees_their_decision_and_no_other_before_their_scorecard(app, scene, casey):
    with app.app_context():
        invitation = casey_row(casey)
        make_decision(invitation, scene.rater, "offer")
        make_decision(invitation, scene.owner, "hold")
        found = scorecards.decisions(db.session.get_one(User, scene.rater.id), [casey.id])[casey.id]
        assert [each.outcome for each in found.shown] == ["offer"]
        assert found.hidden == 1


def test_deciding_takes_reasons_and_ones_own_scorecard(app, scene, casey):
    browser, address = scene.login(scene.owner), scene.page(casey, "/decisions")
    form = DECISION
    early = browser.post(address, data=form)
    assert early.status_code == 409
    assert "Hand in your own scorecard" in early.text
    with app.app_context():
        make_scorecard(casey_row(casey), scene.owner, [4, 4])
    assert browser.post(address, data=form | {"reasons": " "}).status_code == 400
    assert browser.post(address, data=form | {"outcome": "rank"}).status_code == 400
    assert browser.post(address, data=form).status_code == 302
    with app.app_context():
        made = db.session.scalars(sa.select(Decision)).one()
        assert (made.author_id, made.outcome) == (scene.owner.id, "next")
    assert "Planned well and said how." in browser.get(scene.page(casey)).text


def test_a_rater_does_not_decide(app, scene, casey):
    with app.app_context():
        make_scorecard(casey_row(casey), scene.rater, [4, 4])
    form = {"outcome": "next", "reasons": "I like it.", "seen": "0"}
    answer = scene.login(scene.rater).post(scene.page(casey, "/decisions"), data=form)
    assert answer.status_code == 404


def test_nobody_decides_past_somebody_else_and_every_decision_is_kept(app, scene, casey):
    with app.app_context():
        invitation = casey_row(casey)
        make_scorecard(invitation, scene.owner, [4, 4])
        first = make_decision(invitation, scene.rater, "hold").id
        author = db.session.get_one(User, scene.owner.id)
        with pytest.raises(RefusedError):
            scorecards.decide(author, casey_row(casey), Outcome.OFFER, "Good.", seen=0)
        scorecards.decide(author, casey_row(casey), Outcome.OFFER, "Good.", seen=first)
        history = scorecards.decisions(author, [casey.id])[casey.id]
        assert [each.outcome for each in history.shown] == ["offer", "hold"]


def test_the_ratings_of_an_account_that_is_gone_stay_without_its_name(app, scene, casey):
    with app.app_context():
        make_scorecard(casey_row(casey), scene.owner, [4, 4])
        make_scorecard(casey_row(casey), scene.rater, [2, 2])
        db.session.execute(sa.delete(User).where(User.id == scene.rater.id))
        db.session.commit()
    page = scene.login(scene.owner).get(scene.page(casey)).text
    assert "rater@example.org" not in page
    assert "A former member" in page


def test_what_was_judged_of_somebody_who_withdrew_can_be_erased(app, scene, casey):
    with app.app_context():
        make_scorecard(casey_row(casey), scene.owner, [4, 4])
        make_decision(casey_row(casey), scene.owner)
        scorecards.forget([casey.id])
        db.session.commit()
        for model in (Scorecard, Rating, Decision):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


def test_every_competency_has_anchors_for_all_five_levels():
    assert set(ANCHORS) == set(COMPETENCIES)
    for competency in (*COMPETENCIES, "something new"):
        found = anchors(competency)
        assert [anchor.level for anchor in found] == [1, 2, 3, 4, 5]
        assert len({str(anchor.text._args) for anchor in found}) == 5
