"""Filling, choosing from and changing the question bank."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from interview.accounts.models import Candidate
from interview.columns import now
from interview.extensions import db
from interview.practice.models import Interview, Question
from interview.questions import services
from interview.questions.exchange import Row
from interview.questions.models import COMPETENCIES, Prompt, PromptRevision, PromptState


def row(number=1, **changes):
    values = {
        "key": "planning-90",
        "competency": "planning",
        "language": "en",
        "text": "Tell about a plan that held.",
        "modes": ["text"],
        "think_seconds": 30,
        "answer_seconds": 180,
        **{f"guidance.{part}": part for part in ("situation", "task", "action", "result")},
    }
    return Row(number, values | changes)


def bank():
    return {prompt.key: prompt for prompt in db.session.scalars(sa.select(Prompt))}


def test_an_empty_bank_is_filled_once(app):
    with app.app_context():
        added = services.fill_if_empty()
        assert added >= 60
        assert len(bank()) == added
        assert services.fill_if_empty() == 0
        assert services.competencies("text", "en") == list(COMPETENCIES)


def test_a_bank_that_holds_anything_is_left_alone(app, make_prompt):
    make_prompt()
    with app.app_context():
        assert services.fill_if_empty() == 0
        assert len(bank()) == 1


def test_an_import_adds_rewords_and_leaves_alone(app):
    with app.app_context():
        first = services.import_prompts([row(), row(2, key="b", text="B?")])
        assert (first.added, first.changed, first.unchanged, first.errors) == (2, 0, 0, [])
        second = services.import_prompts([row(text="Reworded?"), row(2, key="b", text="B?")])
        assert (second.added, second.changed, second.unchanged) == (0, 1, 1)
        prompt = bank()["planning-90"]
        assert [revision.text for revision in prompt.revisions] == [
            "Tell about a plan that held.",
            "Reworded?",
        ]
        assert [revision.number for revision in prompt.revisions] == [1, 2]


def test_an_answer_keeps_the_wording_that_its_candidate_saw(app, make_user, make_candidate):
    with app.app_context():
        services.import_prompts([row()])
        (seen,) = services.choose("text", None, 1, None, "en")
        services.import_prompts([row(text="Reworded?", competency="integrity")])
        assert db.session.get(PromptRevision, seen.id).text == "Tell about a plan that held."
        assert services.choose("text", None, 1, None, "en")[0].text == "Reworded?"
        assert services.competencies("text", "en") == ["integrity"]


def test_changing_only_the_state_adds_no_revision(app):
    with app.app_context():
        services.import_prompts([row()])
        assert services.import_prompts([row(state="retired")]).changed == 1
        prompt = bank()["planning-90"]
        assert prompt.state == PromptState.RETIRED
        assert len(prompt.revisions) == 1


def test_one_mistake_stops_the_whole_import(app):
    with app.app_context():
        result = services.import_prompts([row(), row(2, key="b", text="B?", think_seconds=601)])
        assert [(error.row, error.field) for error in result.errors] == [(2, "think_seconds")]
        assert (result.added, result.changed, result.unchanged) == (0, 0, 0)
        assert bank() == {}


def test_a_dry_run_counts_and_changes_nothing(app):
    with app.app_context():
        services.import_prompts([row()])
        result = services.import_prompts(
            [row(text="Reworded?"), row(2, key="b", text="B?")], dry_run=True
        )
        assert (result.added, result.changed) == (1, 1)
    with app.app_context():
        (prompt,) = bank().values()
        assert [revision.text for revision in prompt.revisions] == ["Tell about a plan that held."]


def test_the_author_of_a_wording_is_noted(app, make_user):
    user = make_user()
    with app.app_context():
        services.import_prompts([row()], author=user)
        assert bank()["planning-90"].current.author_id == user.id


def test_retired_drafted_and_foreign_prompts_are_not_asked(app, make_prompt):
    make_prompt(key="retired", state=PromptState.RETIRED)
    make_prompt(key="draft", state=PromptState.DRAFT)
    make_prompt(key="foreign", language="es")
    make_prompt(key="spoken", modes=("audio", "video"))
    wanted = make_prompt(key="wanted", language="en", modes=("text", "audio"))
    with app.app_context():
        chosen = services.choose("text", None, 5, None, "en")
        assert [revision.prompt_id for revision in chosen] == [wanted.id]
        assert services.choose("text", None, 5, None, "fr") == []
        services.set_state(wanted.id, PromptState.RETIRED)
        assert services.choose("text", None, 5, None, "en") == []


@pytest.mark.parametrize("language", ["en", "en_GB", "en-GB"])
def test_a_language_serves_its_regions(app, make_prompt, language):
    make_prompt()
    with app.app_context():
        assert len(services.choose("text", None, 1, None, language)) == 1
        assert services.competencies("text", language) == ["adaptability"]


def test_a_set_without_a_wish_is_about_different_competencies(app):
    with app.app_context():
        services.fill_if_empty()
        for _ in range(5):
            chosen = services.choose("text", None, 12, None, "en")
            assert len({revision.competency for revision in chosen}) == 12


def test_a_wish_is_kept_to_and_no_prompt_comes_twice(app):
    with app.app_context():
        services.fill_if_empty()
        chosen = services.choose("text", "conflict", 3, None, "en")
        assert {revision.competency for revision in chosen} == {"conflict"}
        assert len({revision.prompt_id for revision in chosen}) == 3


def test_a_small_bank_gives_what_it_has(app, make_prompt):
    for number in range(3):
        make_prompt(text=f"Question {number}?", competency="conflict" if number else "planning")
    with app.app_context():
        assert len(services.choose("text", None, 3, None, "en")) == 3
        assert len(services.choose("text", "conflict", 3, None, "en")) == 2


def test_choosing_varies(app):
    with app.app_context():
        services.fill_if_empty()
        seen = {services.choose("text", None, 1, None, "en")[0].id for _ in range(30)}
        assert len(seen) > 1


def test_what_was_never_asked_comes_first_then_what_was_asked_longest_ago(
    app, make_prompt, make_candidate
):
    candidate, other = make_candidate(), make_candidate()
    prompts = [make_prompt(text=f"Question {number}?") for number in range(4)]
    with app.app_context():
        for hours, prompt in ((3, prompts[0]), (1, prompts[1]), (2, prompts[2]), (0.5, prompts[0])):
            ask(candidate, prompt, hours)
        ask(other, prompts[3], 1)
        db.session.commit()
        person = db.session.get(Candidate, candidate.id)
        order = services.choose("text", None, 4, person, "en")
        assert [revision.prompt_id for revision in order] == [
            prompts[index].id for index in (3, 2, 1, 0)
        ]


def ask(candidate, prompt, hours_ago):
    interview = Interview(
        candidate_id=candidate.id, mode="text", created_at=now() - timedelta(hours=hours_ago)
    )
    revision = db.session.get(Prompt, prompt.id).current
    interview.questions = [Question(position=1, revision=revision)]
    db.session.add(interview)


def test_a_set_prefers_a_fresh_prompt_of_a_competency_to_one_asked_before(
    app, make_prompt, make_candidate
):
    candidate = make_candidate()
    asked = make_prompt(text="Asked?", competency="planning")
    fresh = make_prompt(text="Fresh?", competency="planning")
    with app.app_context():
        ask(candidate, asked, 1)
        db.session.commit()
        person = db.session.get(Candidate, candidate.id)
        assert services.choose("text", None, 1, person, "en")[0].prompt_id == fresh.id


@pytest.mark.parametrize("name", ["bank.csv", "bank.json"])
def test_an_export_imports_without_a_change(app, runner, tmp_path, name):
    with app.app_context():
        services.fill_if_empty()
        services.import_prompts([row(text="One, two;\n“three” | four", state="draft")])
    path = str(tmp_path / name)
    exported = runner.invoke(args=["questions", "export", path])
    assert exported.exit_code == 0, exported.output
    checked = runner.invoke(args=["questions", "import", path, "--dry-run"])
    assert checked.exit_code == 0, checked.output
    assert checked.output == "Would be 0 added, 0 changed, 79 unchanged.\n"


def test_a_fresh_bank_is_exported_as_the_file_that_it_came_from(app, runner):
    with app.app_context():
        services.fill_if_empty()
    exported = runner.invoke(args=["questions", "export"])
    assert exported.output == services.BANK.read_text(encoding="utf-8")
    table = runner.invoke(args=["questions", "export", "--format", "csv"])
    assert table.output.startswith("key,competency,language,text,")


def test_the_import_command_reports_each_mistake_and_imports_nothing(app, runner, tmp_path):
    path = tmp_path / "bank.json"
    path.write_text(json.dumps([{"key": "a b"}]))
    result = runner.invoke(args=["questions", "import", str(path)])
    assert result.exit_code == 1
    assert "row 1, key: “a b” is not of the form" in result.output
    assert "row 1, competency: is missing" in result.output
    assert "Nothing was imported" in result.output
    with app.app_context():
        assert bank() == {}


def test_the_import_command_imports(app, runner, tmp_path):
    path = tmp_path / "bank.json"
    path.write_text(services.BANK.read_text(encoding="utf-8"), encoding="utf-8")
    result = runner.invoke(args=["questions", "import", str(path)])
    assert result.output == "78 added, 0 changed, 0 unchanged.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["import", "missing.json"], "does not exist"),
        (["export", "bank.xlsx"], "--format"),
    ],
)
def test_files_that_cannot_be_used_are_refused(app, runner, arguments, message):
    result = runner.invoke(args=["questions", *arguments])
    assert result.exit_code != 0
    assert message in result.output


def test_an_unreadable_file_is_refused_with_the_reason(runner, tmp_path):
    path = tmp_path / "bank.csv"
    path.write_bytes("key\ntäglich\n".encode("cp1252"))
    result = runner.invoke(args=["questions", "import", str(path)])
    assert result.exit_code == 1
    assert "CSV UTF-8" in result.output
