"""Sharing a practice answer: only what was chosen, only while it lasts, and taken back at once."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from interview.admin import policy
from interview.columns import now
from interview.errors import NotFoundError, RefusedError
from interview.extensions import db
from interview.media import addresses
from interview.practice.models import AnswerState
from interview.privacy.models import AuditEntry
from interview.recruiting import sharing
from interview.recruiting.disclosure import Part
from interview.recruiting.models import Organisation
from interview.recruiting.sharing_models import Share
from tests.support.recruiting import make_application, make_invitation, make_organisation
from tests.support.reports import complete_report
from tests.support.reviewing import keep_recording, make_share
from tests.support.texts import COMPLETE_ANSWER
from tests.support.voices import transcribed_report

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def candidate(make_user, make_candidate):
    user = make_user(email="robin@example.org")
    made = make_candidate(user)
    made.account = user
    return made


@pytest.fixture
def browser(candidate, login):
    return login(candidate.account)


@pytest.fixture
def answer(app, candidate, make_answer):
    """A spoken answer with everything in its report, emotions too."""
    found = make_answer(candidate, text=COMPLETE_ANSWER, report=transcribed_report())
    with app.app_context():
        keep_recording(found)
    return found


def allow_emotions(app):
    with app.app_context():
        policy.change(recruiter_emotions=True)


def make_link(browser, answer, *parts, **values):
    """Share through the pages; return the address of the link."""
    page = browser.post(
        f"/answers/{answer.id}/shares",
        data={"parts": list(parts), "whom": "link", "days": "7", "name": "Robin"} | values,
        follow_redirects=True,
    )
    assert page.status_code == 200, page.text
    return re.search(r'value="http://[^/]+(/shared/[\w-]+)"', page.text)[1]


SHOWN = {
    "recording": "<audio",
    "transcript": "In words",
    "delivery": "Pace with pauses",
    "words": "Variety of words",
    "traits": "Conscientiousness",
    "emotions": "How the voice may sound",
}


@pytest.mark.parametrize("part", SHOWN)
def test_a_link_shows_the_chosen_part_and_no_other(app, client, browser, answer, part):
    allow_emotions(app)
    page = client.get(make_link(browser, answer, part))
    assert page.status_code == 200
    assert {name for name, sign in SHOWN.items() if sign in page.text} == {part}
    assert "Robin" in page.text
    assert "robin@example.org" not in page.text


def test_a_shared_page_is_neither_kept_nor_listed_and_names_its_end(client, browser, answer):
    page = client.get(make_link(browser, answer, "transcript"))
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert f"{now() + timedelta(days=7):%Y-%m-%d}" in page.text


def test_emotions_are_offered_only_where_the_policy_allows_them(app, browser, answer):
    address = f"/answers/{answer.id}/shares"
    assert 'value="emotions"' not in browser.get(address).text
    refused = browser.post(
        address, data={"parts": ["emotions"], "whom": "link", "days": "7", "name": "R"}
    )
    assert refused.status_code == 400
    allow_emotions(app)
    page = browser.get(address).text
    assert 'value="emotions"' in page
    assert "checked" not in re.search(r'<input[^>]*value="emotions"[^>]*>', page)[0]


def test_a_share_of_emotions_shows_them_no_more_once_the_policy_forbids_it(app, client, answer):
    allow_emotions(app)
    with app.app_context():
        token = make_share(answer).token
    assert SHOWN["emotions"] in client.get(f"/shared/{token}").text
    with app.app_context():
        policy.change(recruiter_emotions=False)
    page = client.get(f"/shared/{token}").text
    assert SHOWN["emotions"] not in page
    assert SHOWN["delivery"] in page


def test_the_recording_plays_for_who_got_the_page_and_only_if_it_was_shared(app, client, answer):
    with app.app_context():
        heard = make_share(answer, [Part.RECORDING]).token
        read = make_share(answer, [Part.TRANSCRIPT]).token
    page = client.get(f"/shared/{heard}").text
    media = re.search(rf'src="(/shared/{heard}/recording/[^"]+)"', page)[1]
    with client.get(media) as whole, client.get(media, headers={"Range": "bytes=1-2"}) as part:
        assert (whole.data, part.data) == (b"sound", b"ou")
    assert client.get(media.replace(heard, read)).status_code == 404
    told, _, signature = media.rpartition(".")
    assert client.get(f"{told}.{signature[::-1]}").status_code == 404


def test_an_ended_share_shows_nothing_at_once_and_looks_like_none(app, client, browser, answer):
    link = make_link(browser, answer, "recording")
    media = re.search(r'src="(/shared/[^"]+)"', client.get(link).text)[1]
    with app.app_context():
        share_id = db.session.scalars(sa.select(Share.id)).one()
    assert browser.post(f"/shares/{share_id}/revoke").status_code == 302
    gone, never = client.get(link), client.get("/shared/never-was")
    assert (gone.status_code, never.status_code) == (404, 404)
    assert gone.text == never.text
    assert client.get(media).status_code == 404


def test_an_expired_share_shows_nothing_to_anybody(app, client, answer, browser, login, make_user):
    with app.app_context():
        share = make_share(answer, expires_at=now() - timedelta(seconds=1))
        token, signed = share.token, addresses.sign(answer.id, f"share:{share.id}")
    accounts = [make_user(roles=("candidate", role)) for role in ("recruiter", "admin")]
    for each in (client, browser, *map(login, accounts)):
        assert each.get(f"/shared/{token}").status_code == 404
        assert each.get(f"/shared/{token}/recording/{signed}").status_code == 404


def test_the_database_cannot_tell_a_link(app, browser, answer):
    token = make_link(browser, answer, "words").rpartition("/")[2]
    with app.app_context():
        rows = [
            str(row)
            for table in db.metadata.sorted_tables
            for row in db.session.execute(sa.select(table))
        ]
    assert token not in "".join(rows)


def test_the_link_is_shown_once(browser, answer):
    link = make_link(browser, answer, "words")
    assert link not in browser.get(f"/answers/{answer.id}/shares").text


def test_views_are_counted_but_not_ones_own(app, client, browser, answer):
    link = make_link(browser, answer, "words")
    browser.get(link)
    for _ in range(2):
        client.get(link)
    with app.app_context():
        share = db.session.scalars(sa.select(Share)).one()
        assert share.views == 2
        assert share.seen_at is not None
        noted = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert noted == ["share.made", "share.seen", "share.seen"]
    assert "2 times" in browser.get("/shares").text


@on_sqlite
def test_the_audit_log_tells_a_stranger_with_a_link_from_a_guest_and_an_account(
    app, client, browser, answer, guest_client, login, make_user
):
    link = make_link(browser, answer, "words")
    for each in (client, guest_client, login(make_user(roles=("recruiter",)))):
        each.get(link)
    with app.app_context():
        kinds = sa.select(AuditEntry.actor_kind).where(AuditEntry.action == "share.seen")
        assert db.session.scalars(kinds.order_by(AuditEntry.id)).all() == ["link", "guest", "user"]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"parts": []}, "Choose at least one part"),
        ({"name": " "}, "Enter the name"),
        ({"name": "x" * 81}, "at most 80"),
        ({"days": "365"}, "Not a valid choice"),
        ({"whom": "1"}, "Not a valid choice"),
    ],
)
@on_sqlite
def test_what_cannot_be_shared_is_said_and_nothing_is_shared(app, browser, answer, values, problem):
    form = {"parts": ["words"], "whom": "link", "days": "7", "name": "Robin"} | values
    page = browser.post(f"/answers/{answer.id}/shares", data=form)
    assert page.status_code == 400
    assert problem in page.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Share)) == 0


def test_a_candidate_shares_with_those_who_invited_them_and_only_with_those(
    app, candidate, answer, make_prompt
):
    with app.app_context():
        known, stranger = make_organisation("Known"), make_organisation("Stranger")
        make_invitation(make_application(known, [make_prompt()]), candidate)
        assert [each.name for each in sharing.organisations(candidate)] == ["Known"]
        chosen = {"name": "Robin", "parts": [Part.WORDS], "days": 7}
        share, token = sharing.share(candidate, answer.id, **chosen, organisation_id=known.id)
        assert token is None
        assert share.token_hash is None
        with pytest.raises(NotFoundError):
            sharing.share(candidate, answer.id, **chosen, organisation_id=stranger.id)
        assert [each.id for each in sharing.shown_by_candidates(known.id)] == [share.id]
        assert sharing.shown_by_candidates(stranger.id) == []
        assert sharing.shown_to([known.id], share.id).id == share.id
        with pytest.raises(NotFoundError):
            sharing.shown_to([stranger.id], share.id)


@on_sqlite
def test_a_guests_share_ends_with_the_workspace(app, guest, guest_client, make_answer):
    answer = make_answer(guest, report=complete_report())
    make_link(guest_client, answer, "words", days="90")
    with app.app_context():
        assert db.session.scalars(sa.select(Share)).one().expires_at == guest.expires_at


@on_sqlite
def test_an_answer_that_is_not_analysed_or_belongs_to_an_application_is_not_shared(
    app, candidate, make_answer, make_prompt
):
    draft = make_answer(candidate)
    with app.app_context(), pytest.raises(RefusedError):
        sharing.shareable(candidate, draft.id)
    with app.app_context():
        application = make_application(make_organisation(), [make_prompt()])
        invitation = make_invitation(application, candidate)
        asked = invitation.interview.questions[0].answers[0]
        asked.state = AnswerState.ANALYSED
        db.session.commit()
        with pytest.raises(NotFoundError):
            sharing.shareable(candidate, asked.id)


@on_sqlite
def test_not_more_is_shared_at_once_than_anybody_can_keep_in_mind(
    app, candidate, answer, monkeypatch
):
    monkeypatch.setattr(sharing, "OPEN_SHARES", 1)
    chosen = {"name": "Robin", "parts": [Part.WORDS], "days": 7}
    with app.app_context():
        first, _token = sharing.share(candidate, answer.id, **chosen)
        with pytest.raises(RefusedError):
            sharing.share(candidate, answer.id, **chosen)
        sharing.revoke(candidate, first.id)
        sharing.share(candidate, answer.id, **chosen)


def test_erasing_an_answer_or_an_organisation_ends_its_shares(app, browser, answer):
    with app.app_context():
        organisation = make_organisation()
        make_share(answer)
        make_share(answer, organisation=organisation)
        db.session.execute(sa.delete(Organisation))
        db.session.commit()
        assert [share.organisation_id for share in db.session.scalars(sa.select(Share))] == [None]
    browser.post(f"/answers/{answer.id}/erase")
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Share)) == 0
