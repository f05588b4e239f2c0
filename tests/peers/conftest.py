"""People with reports, made directly in the tables: the analysis is not the matter here."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from interview.accounts.models import Candidate, User
from interview.extensions import db
from interview.peers import services as peers
from interview.practice.models import Answer, Interview, Question, Report
from interview.questions.models import Prompt, PromptRevision


@dataclass
class House:
    """Makes people, prompts and reports; ids are whatever the database gives."""

    def person(self, *, guest: bool = False) -> int:
        """Return the id of a new candidate."""
        name = uuid.uuid4().hex
        if guest:
            candidate = Candidate(guest_token_hash=name)
        else:
            user = User(email=f"{name}@example.org", password="", fs_uniquifier=name)
            db.session.add(user)
            db.session.flush()
            candidate = Candidate(user_id=user.id)
        db.session.add(candidate)
        db.session.commit()
        return candidate.id

    def prompt(self) -> int:
        """Return the id of a new prompt."""
        prompt = Prompt(key=uuid.uuid4().hex, competency="teamwork", language="en")
        prompt.revisions.append(
            PromptRevision(
                number=1,
                competency="teamwork",
                language="en",
                text="Tell.",
                modes=["text"],
                think_seconds=30,
                answer_seconds=120,
                guidance={},
                tags=[],
            )
        )
        db.session.add(prompt)
        db.session.commit()
        return prompt.id

    def report(
        self,
        candidate_id: int,
        prompt_id: int,
        measures: dict[str, float],
        words: tuple[str, ...] = (),
        pairs: tuple[str, ...] = (),
        **changes: Any,
    ) -> Report:
        """Return a new report that is not counted yet, in a transaction still open.

        `answer_id` makes it another pipeline's report on an answer that exists.
        """
        values = {
            "candidate_id": candidate_id,
            "mode": "text",
            "prompt_id": prompt_id,
            "pipeline": "text-1",
            "body": {},
            "steps": peers.to_steps(measures, "text"),
            "terms": {"words": list(words), "pairs": list(pairs)},
            **changes,
        }
        if "answer_id" not in values:
            values["answer_id"] = self._answer(candidate_id, prompt_id)
        report = Report(**values)
        db.session.add(report)
        db.session.flush()
        return report

    def counted(self, *arguments: Any, **changes: Any) -> Report:
        """Return a new report that is counted and committed."""
        report = self.report(*arguments, **changes)
        peers.add(report)
        db.session.commit()
        return report

    def others(
        self, count: int, prompt_id: int, measures: dict[str, float], words: tuple[str, ...] = ()
    ) -> list[int]:
        """Make so many people with one counted report each; return their ids."""
        people = [self.person() for _ in range(count)]
        for person in people:
            self.counted(person, prompt_id, measures, words)
        return people

    def _answer(self, candidate_id: int, prompt_id: int) -> uuid.UUID:
        revision = db.session.scalar(
            sa.select(PromptRevision).where(PromptRevision.prompt_id == prompt_id)
        )
        interview = Interview(candidate_id=candidate_id, mode="text")
        interview.questions.append(Question(position=1, revision=revision))
        db.session.add(interview)
        db.session.flush()
        answer = Answer(question_id=interview.questions[0].id, candidate_id=candidate_id, take=1)
        db.session.add(answer)
        db.session.flush()
        return answer.id


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    """A maker of people and reports, within the application."""
    with app.app_context():
        yield House()
        db.session.rollback()


@pytest.fixture
def count_queries(house: House) -> Iterator[Callable[[Callable[[], object]], int]]:
    """`count_queries(action)` returns how many statements an action sends."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)

    def count(action: Callable[[], object]) -> int:
        statements.clear()
        action()
        return len(statements)

    yield count
    sa.event.remove(db.engine, "before_cursor_execute", note)
