"""A file of questions: a plan row by row, then all of it or nothing, and quickly."""

import io
import time

import pytest
import sqlalchemy as sa

from interview.errors import RefusedError
from interview.extensions import db
from interview.questions import bank, importing
from interview.questions.checking import parse_rows
from interview.questions.exchange import read, write
from interview.questions.models import Prompt, PromptRevision
from tests.questions.test_exchange import PROMPT, as_json

LARGE, SETS = 5000, 800
SECONDS = 60
"""More than ten times what it takes, on a machine that does other things meanwhile."""


def rows(*prompts):
    return read(as_json(*prompts), "json")


def numbered(number: int, **changes):
    return PROMPT | {"key": f"large-{number}", "text": f"Question {number}?"} | changes


def test_a_plan_tells_row_by_row_what_would_be_done_and_does_nothing(app):
    with app.app_context():
        importing.import_prompts(rows(numbered(1), numbered(2)))
        found = importing.plan(
            rows(numbered(1), numbered(2, tags=["new"]), numbered(3), numbered(4, modes=[]))
        )
        assert [row.effect for row in found.rows] == ["unchanged", "changed", "new", "wrong"]
        assert found.rows[1].differences == [bank.Difference("tags", "graduate", "new")]
        assert [error.field for error in found.rows[3].errors] == ["modes"]
        assert importing.apply(found).errors == found.errors
        assert len(bank.contents()) == 2


def test_translations_may_come_with_their_originals_and_are_exported_with_them(app):
    spanish = numbered(1, key="large-1-es", language="es", text="¿1?", translation_of="large-1")
    with app.app_context():
        assert importing.import_prompts(rows(spanish, numbered(1))).added == 2
        original, translated = (
            db.session.scalars(sa.select(Prompt).where(Prompt.key == key)).one()
            for key in ("large-1", "large-1-es")
        )
        assert translated.original_id == original.id
        for kind in ("csv", "json"):
            stream = io.StringIO(newline="")
            write(bank.contents(), kind, stream)
            again = importing.plan(read(stream.getvalue().encode(), kind))
            assert again.counts == {"new": 0, "changed": 0, "unchanged": 2, "wrong": 0}
        spanish["translation_of"] = None
        assert importing.import_prompts(rows(spanish)).changed == 1
        db.session.refresh(translated)
        assert translated.original_id is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"translation_of": "nothing"}, "there is no question “nothing”"),
        ({"translation_of": "large-1"}, "another language"),
        ({"translation_of": "large-2", "language": "es"}, "is itself a translation"),
        ({"translation_of": "A B", "language": "es"}, "not of the form"),
    ],
)
def test_a_translation_names_an_original_in_another_language(app, changes, reason):
    german = numbered(2, language="de", translation_of="large-1")
    with app.app_context():
        importing.import_prompts(rows(numbered(1), german))
        found = importing.plan(rows(numbered(3, **changes)))
        assert reason in found.errors[0].message


def test_a_question_with_translations_does_not_become_one(app):
    german = numbered(2, language="de", translation_of="large-1")
    with app.app_context():
        importing.import_prompts(rows(numbered(1), german, numbered(3, language="fr")))
        found = importing.plan(rows(numbered(1, translation_of="large-3")))
        assert "has translations of its own" in found.errors[0].message


def test_what_somebody_else_added_meanwhile_is_not_overwritten(app):
    with app.app_context():
        found = importing.plan(rows(numbered(1), numbered(2)))
        importing.import_prompts(rows(numbered(2, text="Quicker?")))
        with pytest.raises(RefusedError, match="meanwhile"):
            importing.apply(found)
        assert [content.key for content in bank.contents()] == ["large-2"]


def test_five_thousand_rows_with_mistakes_name_each_row_s_and_change_nothing(app):
    prompts = [numbered(number) for number in range(LARGE)]
    for number in range(0, LARGE, 50):
        prompts[number] = numbered(number, competency="juggling")
    prompts[7] = numbered(7, think_seconds=-1, tags=["a|b"])
    prompts[9] = numbered(9, text="Question 8?")
    with app.app_context():
        began = time.monotonic()
        result = importing.import_prompts(rows(*prompts))
        took = time.monotonic() - began
        wrong = [1 + number for number in range(0, LARGE, 50)]
        assert {error.row for error in result.errors} == {*wrong, 8, 10}
        assert [str(e) for e in result.errors if e.row == 10] == [
            "row 10, text: is the same as in row 9"
        ]
        assert len([e for e in result.errors if e.row == 8]) == 2
        assert bank.contents() == []
    assert took < SECONDS


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_rows_are_read_and_written_in_sets(app):
    statements = []
    with app.app_context():
        sa.event.listen(
            db.engine, "before_cursor_execute", lambda *args: statements.append(args[2])
        )
        wanted = rows(*(numbered(number) for number in range(SETS)))
        assert importing.import_prompts(wanted).added == SETS
        changed = rows(*(numbered(number, tags=["b"]) for number in range(SETS)))
        assert importing.import_prompts(changed).changed == SETS
        assert db.session.scalar(sa.select(sa.func.count(PromptRevision.id))) == 2 * SETS
        assert parse_rows(changed)[0] == bank.contents()
    assert len(statements) < SETS / 20
