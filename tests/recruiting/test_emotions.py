"""Estimates of emotions reach nobody but the candidate, unless policy and candidate both say so.

The reports of these tests are full of them, as if the models had run by mistake. Every page, file
and record of every route that a recruiter or a link can open is then searched, field by field.
"""

import io
import logging
import re

import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from pypdf import PdfReader

from interview.admin import policy
from interview.analysis.report import EMOTIONS
from interview.extensions import db
from interview.media import addresses
from interview.practice.models import AnswerState
from interview.practice.voice_labels import EMOTIONS as NAMES
from interview.privacy.models import AuditEntry
from interview.recruiting.disclosure import Part
from interview.recruiting.models import Invitation
from tests.recruiting.review_scene import build
from tests.support.films import video_report
from tests.support.recruiting import answers_of, make_invitation
from tests.support.reviewing import keep_recording, make_decision, make_scorecard, make_share
from tests.support.texts import COMPLETE_ANSWER
from tests.support.voices import transcribed_report

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ROOMS = ("recruiting", "reviewing", "exporting", "sharing")
NOT_A_RECRUITERS = ("sharing.of_answer", "sharing.overview", "sharing.revoke")

# What gives an estimate of emotions away: the names and codes of the emotions, the keys of their
# measures, and the values that only they have.
SENTINELS = {name: 0.0625 + 0.0111 * index for index, name in enumerate(EMOTIONS)}
SIGNS = re.compile(
    "|".join(
        (
            *(rf"\b{re.escape(str(text))}\b" for text in ("Angry", "Disgusted", "Afraid", "Sad")),
            *(rf"\b{text}\b" for text in ("Happy", "Surprised", "Neutral", "Smile")),
            *(rf"\b{code}\b" for code in ("angry", "disgust", "fear", "surprise", "smile")),
            *(r"emotion\.", r"together\.", r"face\.", r"camera\.", "key_moments", "iVBORw0KGgo"),
            *(re.escape(f"{value:.4f}".lstrip("0")) for value in SENTINELS.values()),
        )
    )
)


def telling(body: dict) -> dict:
    """Return a report with the sentinels wherever it holds a distribution of emotions."""
    if isinstance(body, dict):
        if set(body) == set(EMOTIONS):
            return dict(SENTINELS)
        return {
            key: SENTINELS[key.partition(".")[2]]
            if re.match(r"(emotion|together|face)\.", key)
            else telling(value)
            for key, value in body.items()
        }
    return [telling(item) for item in body] if isinstance(body, list) else body


BODIES = {
    "audio": telling(transcribed_report()),
    "video": telling(video_report(COMPLETE_ANSWER)),
}


CLAIMS = {"audio": ({"speech"}, False), "video": ({"faces", "speech"}, True)}
"""Whose accuracy stands beside the estimates of a mode, and whether they are of a face, too."""


@pytest.fixture
def scene(app, make_user, make_candidate, make_prompt, login):
    return build(app, make_user, make_candidate, make_prompt, login)


@pytest.fixture
def known(app, scene, make_answer, make_candidate, make_user):
    """`known(mode, emotions)` makes all that routes are about; returns the values that name it."""

    def make(mode: str, emotions: bool) -> dict:
        body = BODIES[mode]
        casey = scene.add([body, body], choices={"emotions": emotions})
        answer = make_answer(make_candidate(make_user()), text="Words.", report=body)
        with app.app_context():
            keep_recording(answer)
            invitation = db.session.get_one(Invitation, casey.id)
            for rater in (scene.owner, scene.colleague, scene.rater):
                make_scorecard(invitation, rater, [4, 2])
            make_decision(invitation, scene.owner)
            organisation = invitation.application.organisation
            parts = tuple(Part) if emotions else tuple(Part)[:-1]
            link = make_share(answer, parts)
            given = make_share(answer, parts, organisation=organisation)
            waiting = make_invitation(invitation.application)
            return {
                "application_id": scene.application_id,
                "organisation_id": organisation.id,
                "invitation_id": casey.id,
                "share_id": given.id,
                "token": link.token,
                "position": 1,
                "answer_id": answers_of(invitation)[0].id,
                "waiting_id": waiting.id,
                "query": {"prompt": 1, "who": [str(casey.id)]},
            }

    return make


def routes(app: Flask) -> list[str]:
    """Return every address that is read in the rooms of recruiting."""
    return sorted(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in ROOMS
        and "GET" in (rule.methods or ())
        and rule.endpoint not in NOT_A_RECRUITERS
    )


def read_all(app, scene, reader, values) -> dict[str, str]:
    """Return the text of everything that a recruiter can read, as pages, JSON and files."""
    found, browser = {}, scene.login(reader)
    with app.app_context():
        signed = addresses.sign(values["answer_id"], f"user:{reader.id}")
    values = values | {"signed": signed}
    for endpoint in routes(app):
        rule = next(app.url_map.iter_rules(endpoint))
        with app.test_request_context():
            named = {name: values[name] for name in rule.arguments}
            address = url_for(endpoint, **named, **values["query"])
        for kind in ("text/html", "application/json"):
            with browser.get(address, headers={"Accept": kind}) as response:
                found[f"{endpoint} {kind} {response.status_code}"] = text_of(response)
    return found


def text_of(response) -> str:
    if response.mimetype == "application/pdf":
        pages = PdfReader(io.BytesIO(response.data)).pages
        return "\n".join(page.extract_text() for page in pages)
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers)
    return f"{headers}\n{response.get_data(as_text=True)}"


def posts(scene, values, name: str) -> list[tuple[str, dict]]:
    """Return what is answered by a page: what is stored or sent, and what is refused."""
    candidate = f"candidates/{values['invitation_id']}"
    application = f"applications/{values['application_id']}"
    organisation = f"organisations/{values['organisation_id']}"
    return [
        (f"{candidate}/scorecard", scene.form(9)),
        (f"{candidate}/decisions", {"outcome": "next", "reasons": ""}),
        (f"{organisation}/members", {"email": f"{name}@example.com", "role": "rater"}),
        (f"{organisation}/members", {"email": "", "role": "rater"}),
        (f"{application}/invitations", {"emails": f"{name}@example.com"}),
        (f"{application}/invitations", {"emails": ""}),
        (f"invitations/{values['waiting_id']}/resend", {}),
        (f"{application}/deadline", {"deadline": ""}),
        (f"{application}/own-prompts", {"text": ""}),
        (f"{organisation}/new", {"title": ""}),
    ]


ANSWERED = {
    "owner": [409, 400, 200, 400, 200, 400, 200, 400, 400, 400],
    "colleague": [409, 400, 404, 400, 200, 400, 200, 400, 400, 400],
    "rater": [409, 404, 404, 400, 404, 404, 404, 404, 404, 404],
}
"""How the posts are answered, by who sends them."""


def post_all(scene, name, values) -> dict[str, str]:
    """Return the pages with which a recruiter's posts are answered."""
    browser = scene.login(getattr(scene, name))
    answers = {
        f"{number} {address}": browser.post(f"/recruiting/{address}", data=data)
        for number, (address, data) in enumerate(posts(scene, values, name))
    }
    assert [answer.status_code for answer in answers.values()] == ANSWERED[name]
    return {address: text_of(answer) for address, answer in answers.items()}


@on_sqlite
@pytest.mark.parametrize("mode", BODIES)
@pytest.mark.parametrize(("allowed", "agreed"), [(False, True), (True, False), (False, False)])
def test_no_estimate_of_emotions_is_in_anything_that_a_recruiter_gets(
    app, scene, known, caplog, mode, allowed, agreed
):
    caplog.set_level(logging.DEBUG)
    values = known(mode, agreed)
    with app.app_context():
        policy.change(recruiter_emotions=allowed)
    found = {}
    for name in ANSWERED:
        texts = read_all(app, scene, getattr(scene, name), values) | post_all(scene, name, values)
        assert "reviewing.candidate text/html 200" in texts
        found |= {f"{name}: {address}": text for address, text in texts.items()}
    found["log"] = caplog.text
    with app.app_context():
        entries = db.session.execute(sa.select(AuditEntry.details, AuditEntry.object_kind)).all()
        found["audit"] = str([row for row in entries if "recruiter_emotions" not in str(row)])
    given_away = {address: sorted(set(SIGNS.findall(text))) for address, text in found.items()}
    assert {address: signs for address, signs in given_away.items() if signs} == {}
    assert sum(" 200" in address for address in found) >= 50


@on_sqlite
@pytest.mark.parametrize("mode", BODIES)
def test_where_policy_and_candidate_both_agree_a_recruiter_sees_them(app, scene, known, mode):
    values = known(mode, True)
    with app.app_context():
        policy.change(recruiter_emotions=True)
    found = read_all(app, scene, scene.owner, values)
    showing = {name.split()[0] for name, text in found.items() if "Disgusted" in text}
    assert showing == {
        *("reviewing.candidate", "reviewing.compare", "reviewing.share", "sharing.shared"),
        *("exporting.candidate_csv", "exporting.candidate_pdf"),
    }
    page = found["reviewing.candidate text/html 200"]
    assert str(NAMES["fear"]) in page
    # What was estimated from is what the heading says, and its accuracy is a press away.
    shown = page.partition('id="a1-emotions"')[2].partition("</table>")[0]
    cards = {name for name in ("faces", "speech") if f"/models/{name}" in shown}
    assert (cards, "face and voice" in shown) == CLAIMS[mode]


@on_sqlite
def test_the_report_itself_is_the_candidates_alone(app, scene, known):
    values = known("audio", True)
    browser = scene.login(scene.owner)
    with app.app_context():
        policy.change(recruiter_emotions=True)
        invitation = db.session.get_one(Invitation, values["invitation_id"])
        answer = answers_of(invitation)[0]
        assert answer.state == AnswerState.ANALYSED
        address = f"/answers/{answer.id}"
    for query in ("", "?format=json", "/recording"):
        assert browser.get(address + query).status_code == 404
