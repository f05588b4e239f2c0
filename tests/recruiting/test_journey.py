"""A recruiter makes an interview and a candidate answers it, as browsers send it."""

import sqlalchemy as sa

from interview.extensions import db
from interview.practice.models import Answer, AnswerState, Interview
from interview.recruiting.models import (
    ApplicationInterview,
    ApplicationState,
    Invitation,
    InvitationState,
)
from tests.support.texts import COMPLETE_ANSWER

DETAILS = {
    "title": "Crane operator",
    "description": "Works at the harbour.",
    "audio": "y",
    "think_seconds": "30",
    "answer_seconds": "120",
    "max_takes": "2",
    "deadline": "2099-01-01",
    "retention_days": "90",
}
CHOICES = {"analysis": "yes", "traits": "no", "recording": "yes"}


def make(office, deadline):
    page = office.owner.post(
        f"/recruiting/organisations/{office.id}/new", data=DETAILS | {"deadline": deadline}
    )
    assert page.status_code == 302, page.text
    return page.location


def test_from_a_draft_to_a_sent_application(app, office, client, letters, make_prompt, work_off):
    from datetime import timedelta

    from interview.columns import now

    make_prompt(modes=("text", "audio"), text="Tell about a heavy load.")
    day = (now() + timedelta(days=3)).date().isoformat()
    place = make(office, day)
    page = office.owner.get(place)
    assert "Tell about a heavy load." in page.text
    with app.app_context():
        revision = db.session.scalar(sa.text("select max(id) from prompt_revisions"))
    added = office.owner.post(f"{place}/bank-prompts", data={"revision": revision})
    assert added.status_code == 302
    own = {"text": "Why cranes?", "competency": "motivation"}
    assert office.owner.post(f"{place}/own-prompts", data=own).status_code == 302
    assert office.owner.post(f"{place}/open").status_code == 302
    invited = office.owner.post(f"{place}/invitations", data={"emails": "Ann@Example.org"})
    assert invited.status_code == 200
    (link,) = letters()
    assert link in invited.text.replace("http://localhost:8000", "")
    assert link not in office.owner.get(place).text

    landing = client.get(link)
    assert landing.status_code == 200
    assert "Why cranes?" not in landing.text
    assert "emotions your face" not in landing.text
    accepted = client.post(f"{link}/accept", data={"mode": "text", "agree": "y", **CHOICES})
    assert accepted.status_code == 302, accepted.text
    overview = client.get(accepted.location)
    assert "Why cranes?" in overview.text
    with app.app_context():
        answers = [
            answer.id
            for answer in db.session.scalars(sa.select(Answer).order_by(Answer.question_id))
        ]
    for key in answers:
        assert client.get(f"/answers/{key}").status_code == 200
        sent = client.post(f"/answers/{key}/submit", data={"text": COMPLETE_ANSWER})
        assert sent.status_code == 302
        assert "Your answer is sent" in client.get(f"/answers/{key}").text
    work_off()
    report = client.get(f"/answers/{answers[0]}").text
    assert "Five traits" not in report
    assert "This answer is sent and stays as it is." in report
    assert "Your application is sent" in client.get(accepted.location).text
    with app.app_context():
        assert db.session.scalars(sa.select(Answer.state)).all() == [AnswerState.ANALYSED] * 2
        found = db.session.scalars(sa.select(Invitation)).one()
        assert found.state == InvitationState.SUBMITTED
        assert found.candidate.expires_at == found.application.kept_until
        assert db.session.scalars(sa.select(Interview)).one().purpose == "application"
        assert db.session.scalars(sa.select(ApplicationInterview.state)).one() == (
            ApplicationState.OPEN
        )
    assert "2 / 2" in office.owner.get(place).text
