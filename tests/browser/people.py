"""Other candidates on the instance that the browser tests visit, so that there are averages."""

import uuid
from pathlib import Path

import sqlalchemy as sa

from interview import create_app
from interview.accounts.models import Candidate, User
from interview.analysis.report import MEASURES
from interview.columns import now
from interview.extensions import db
from interview.peers import services as peers
from interview.practice.models import Answer, AnswerState, Interview, Question, Report
from interview.questions.models import Prompt
from tests.support.databases import make_settings
from tests.support.films import video_report
from tests.support.reports import complete_report

OTHERS = 8


def add_others(instance: Path) -> None:
    """Let some candidates have answered the first prompt in writing, and others before a camera."""
    app = create_app(make_settings(instance))
    with app.app_context():
        revision = db.session.scalars(sa.select(Prompt).order_by(Prompt.id).limit(1)).one().current
        for index in range(OTHERS):
            for body in (complete_report(), video_report()):
                _answer(revision, _spread(body, (index + 1) / (OTHERS + 1)))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def _spread(body: dict, level: float) -> dict:
    """Give each candidate other numbers."""
    for measure in MEASURES[body["mode"]]:
        if measure.key not in body["measures"]:
            continue
        middle, half = (measure.low + measure.high) / 2, (measure.high - measure.low) / 4
        body["measures"][measure.key] = middle + (2 * level - 1) * half
    return body


def _answer(revision: object, body: dict) -> None:
    name = uuid.uuid4().hex
    user = User(email=f"{name}@example.org", password="none", fs_uniquifier=name)
    candidate = Candidate(user=user)
    interview = Interview(candidate=candidate, mode=body["mode"])
    question = Question(interview=interview, position=1, revision=revision)
    answer = Answer(question=question, candidate=candidate, take=1, state=AnswerState.ANALYSED)
    answer.finished_at = now()
    db.session.add_all([user, candidate, interview, answer])
    db.session.flush()
    report = Report(
        answer_id=answer.id,
        candidate_id=candidate.id,
        mode=body["mode"],
        prompt_id=revision.prompt_id,
        pipeline=body["pipeline"],
        body=body,
        steps=peers.to_steps(body["measures"], body["mode"]),
        terms=peers.terms_of(body),
    )
    db.session.add(report)
    db.session.flush()
    peers.add(report)
