"""The question bank in the admins' room: listed, written, translated, retired, tagged."""

import io
import re

import pytest

from interview.extensions import db
from interview.questions import bank, services
from interview.questions.models import Prompt

FIELDS = {
    "key": "planning-90",
    "competency": "planning",
    "language": "en",
    "text": "Tell about a plan that held.",
    "modes": ["text", "audio"],
    "think_seconds": "30",
    "answer_seconds": "180",
    "max_takes": "",
    "situation": "What was to be planned?",
    "task": "What was yours?",
    "action": "How did you plan?",
    "result": "What came of it?",
    "tags": "graduate, remote",
    "state": "active",
    "translation_of": "",
    "number": "0",
}


@pytest.fixture
def prompt(room, app) -> int:
    """The number of a question that was written in the room."""
    answer = room.post("/admin/questions/new", data=FIELDS)
    assert answer.status_code == 302, answer.text
    return int(answer.location.rpartition("/")[2])


def edit(room, number: int, revision: int = 1, **changes):
    return room.post(
        f"/admin/questions/{number}/edit", data=FIELDS | {"number": revision} | changes
    )


def test_a_new_question_is_asked_at_once_and_shown_as_candidates_see_it(app, room, prompt, audited):
    page = room.get(f"/admin/questions/{prompt}").text
    assert "Tell about a plan that held." in page
    assert "What was to be planned?" in page
    assert "admin@example.org" in page
    with app.app_context():
        assert services.choose("audio", "planning", 1, None, "en")[0].prompt_id == prompt
    assert audited() == ["question.added"]


def test_a_preview_saves_nothing_and_keeps_what_was_typed(app, room):
    page = room.post("/admin/questions/new", data=FIELDS | {"preview": "1"})
    assert page.status_code == 200
    assert page.text.count("Tell about a plan that held.") == 2
    with app.app_context():
        assert bank.contents() == []


def test_each_mistake_stands_at_its_field_and_nothing_is_saved(app, room):
    wrong = FIELDS | {"key": "A B", "text": " ", "modes": [], "answer_seconds": "soon"}
    page = room.post("/admin/questions/new", data=wrong)
    assert page.status_code == 400
    for name in ("key", "text", "answer_seconds"):
        assert f'id="{name}-error"' in page.text
    assert "at least one of text, audio, video is needed" in page.text
    with app.app_context():
        assert bank.contents() == []


@pytest.mark.parametrize("wrong", ["2.5", "many"])
def test_a_number_that_is_none_is_said_and_saves_nothing(app, room, prompt, wrong):
    refused = edit(room, prompt, text="Tell about another plan.", max_takes=wrong)
    assert refused.status_code == 400
    assert 'id="max_takes-error"' in refused.text
    new = room.post("/admin/questions/new", data=FIELDS | {"key": "new-1", "max_takes": wrong})
    assert new.status_code == 400
    assert [content.text for content in app_contents(app)] == ["Tell about a plan that held."]
    assert edit(room, prompt, text="Tell about another plan.", max_takes="2").status_code == 302


def test_a_key_is_given_once(room, prompt):
    page = room.post("/admin/questions/new", data=FIELDS | {"text": "Another?"})
    assert page.status_code == 400
    assert "is taken" in page.text


def test_an_edit_is_a_revision_whose_differences_are_shown(app, room, prompt, audited):
    assert edit(room, prompt, text="Tell about a plan that failed.").status_code == 302
    page = room.get(f"/admin/questions/{prompt}").text
    assert "<del>Tell about a plan that held.</del>" in page
    assert "<ins>Tell about a plan that failed.</ins>" in page
    assert audited() == ["question.added", "question.changed"]
    with app.app_context():
        assert [r.number for r in db.session.get(Prompt, prompt).revisions] == [1, 2]


def test_saving_without_a_change_makes_no_revision(app, room, prompt):
    assert edit(room, prompt).status_code == 302
    with app.app_context():
        assert len(db.session.get(Prompt, prompt).revisions) == 1


def test_two_who_edit_the_same_question_do_not_overwrite_each_other(room, prompt):
    assert edit(room, prompt, text="First to save?").status_code == 302
    second = edit(room, prompt, text="Second to save?")
    assert second.status_code == 409
    assert "meanwhile" in second.text
    assert "First to save?" in room.get(f"/admin/questions/{prompt}").text


def test_a_retired_question_is_not_asked_and_can_be_restored(app, room, prompt, audited):
    def asked() -> int:
        with app.app_context():
            return len(services.choose("text", "planning", 5, None, "en"))

    room.post(f"/admin/questions/{prompt}/state", data={"state": "retired"})
    assert asked() == 0
    room.post(f"/admin/questions/{prompt}/state", data={"state": "active"})
    assert asked() == 1
    assert audited()[1:] == ["question.state_changed"] * 2
    assert room.post(f"/admin/questions/{prompt}/state", data={"state": "x"}).status_code == 400


def test_a_translation_knows_its_original_and_the_other_way_round(app, room, prompt):
    form = room.get(f"/admin/questions/new?translation_of={prompt}").text
    assert 'value="planning-90"' in form
    answer = room.post(
        "/admin/questions/new",
        data=FIELDS
        | {
            "key": "planning-90-es",
            "language": "es",
            "text": "Hable de un plan.",
            "translation_of": "planning-90",
        },
    )
    assert answer.status_code == 302, answer.text
    assert "Hable de un plan." in room.get(f"/admin/questions/{prompt}").text
    assert "Tell about a plan that held." in room.get(answer.location).text


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"language": "en", "translation_of": "planning-90"}, "another language"),
        ({"language": "es", "translation_of": "planning-91"}, "no question"),
    ],
)
def test_a_translation_of_nothing_or_into_the_same_language_is_refused(
    room, prompt, changes, reason
):
    page = room.post("/admin/questions/new", data=FIELDS | {"key": "planning-92"} | changes)
    assert page.status_code == 400
    assert reason in page.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"one", "two", "three"}),
        ("text=plan%25", set()),
        ("text=PLAN", {"one"}),
        ("competency=conflict", {"two"}),
        ("mode=audio", {"one", "three"}),
        ("language=es", {"three"}),
        ("state=retired", {"two"}),
        ("tag=naïve", {"two"}),
        ("tag=na", set()),
        ("mode=audio&language=en", {"one"}),
    ],
)
def test_the_list_shows_what_fits_the_filters(room, make_prompt, query, found):
    make_prompt(text="Plan?", key="one", competency="planning", modes=("text", "audio"))
    make_prompt(
        text="Quarrel?", key="two", competency="conflict", state="retired", tags=("naïve", "b")
    )
    make_prompt(text="¿Qué?", key="three", competency="planning", language="es", modes=("audio",))
    page = room.get(f"/admin/questions?{query}").text
    assert {key for key in ("one", "two", "three") if f"Choose {key}" in page} == found


def test_a_tag_goes_on_chosen_questions_and_off_again(app, room, make_prompt, audited):
    first, second = make_prompt(text="A?", tags=("old",)), make_prompt(text="B?")
    tags = lambda: [content.tags for content in app_contents(app)]  # noqa: E731
    room.post(
        "/admin/questions/tags",
        data={"chosen": [first.id, second.id], "word": "remote", "effect": "add"},
    )
    assert tags() == [["old", "remote"], ["remote"]]
    room.post(
        "/admin/questions/tags", data={"chosen": [first.id], "word": "remote", "effect": "remove"}
    )
    assert tags() == [["old"], ["remote"]]
    assert audited() == ["question.tagged"] * 3
    refused = room.post(
        "/admin/questions/tags", data={"chosen": [first.id], "word": "a|b", "effect": "add"}
    )
    assert refused.status_code == 400


def app_contents(app):
    with app.app_context():
        return bank.contents()


def test_usage_counts_asked_answered_and_takes(app, make_candidate, make_prompt, make_answer):
    from interview.columns import now
    from interview.practice.models import AnswerState

    prompt, unused = make_prompt(), make_prompt(text="Never asked?")
    handed_in = {"state": AnswerState.ANALYSED, "submitted_at": now()}
    first = make_answer(make_candidate(), prompt=prompt, **handed_in)
    make_answer(make_candidate(), prompt=prompt, question_id=first.question_id, **handed_in)
    make_answer(make_candidate(), prompt=prompt)
    with app.app_context():
        found = bank.usage([prompt.id, unused.id])
    assert found == {prompt.id: bank.Usage(2, 1, 2), unused.id: bank.Usage(0, 0, 0)}


def test_an_organisation_s_own_question_is_no_part_of_the_bank(app, room, make_prompt):
    from tests.support.recruiting import make_organisation

    with app.app_context():
        organisation = make_organisation().id
    own = make_prompt(text="Ours alone?", key="ours", organisation_id=organisation)
    assert "Ours alone?" not in room.get("/admin/questions").text
    assert room.get(f"/admin/questions/{own.id}").status_code == 404
    page = room.post("/admin/questions/new", data=FIELDS | {"key": "ours"})
    assert page.status_code == 400


def send(room, content: str, name: str = "bank.csv"):
    return room.post("/admin/questions/import", data={"file": (io.BytesIO(content.encode()), name)})


def import_now(room, plan: str):
    """Press “Import now” on the page of a plan as it is shown now."""
    digest = re.search(r'name="digest"[^>]*value="(\w+)"', room.get(plan).text)
    return room.post(plan, data={"digest": digest[1] if digest else ""})


def test_a_file_is_shown_before_it_is_imported(app, room, prompt, audited):
    exported = room.get("/admin/questions/export.csv").text
    line = exported.splitlines()[1]
    changed = exported.replace("that held", "that failed")
    plan = send(room, changed + line.replace("planning-90", "planning-91")).location
    page = room.get(plan).text
    assert "<del>Tell about a plan that held.</del>" in page
    assert "planning-91" in page
    rows = room.get(f"{plan}/rows.csv").text
    assert "2,planning-90,changed,text," in rows
    assert "3,planning-91,new," in rows
    assert len(app_contents(app)) == 1
    assert import_now(room, plan).status_code == 302
    assert [content.text for content in app_contents(app)] == [
        "Tell about a plan that failed.",
        "Tell about a plan that held.",
    ]
    assert audited()[1:] == ["questions.exported", "questions.imported"]
    assert room.get(plan).status_code == 404


def test_a_file_with_a_mistake_is_not_imported(app, room, prompt):
    exported = room.get("/admin/questions/export.csv").text
    line = exported.splitlines()[1]
    bad = line.replace("planning-90", "planning-91").replace(",planning,", ",juggling,")
    plan = send(room, exported + line.replace("planning-90", "planning-92") + "\n" + bad).location
    page = room.get(plan).text
    assert "“juggling” is none of" in page
    assert "Import now" not in page
    assert import_now(room, plan).status_code == 409
    assert len(app_contents(app)) == 1


@pytest.mark.parametrize("change", ["wording", "state"])
def test_what_another_admin_changed_since_the_preview_is_not_overwritten_unseen(
    app, room, prompt, change
):
    exported = room.get("/admin/questions/export.csv").text
    plan = send(room, exported.replace("that held", "that failed")).location
    shown = re.search(r'name="digest"[^>]*value="(\w+)"', room.get(plan).text)[1]
    if change == "wording":
        assert edit(room, prompt, text="Tell about a plan that changed.").status_code == 302
    else:
        room.post(f"/admin/questions/{prompt}/state", data={"state": "retired"})
    before = app_contents(app)
    refused = room.post(plan, data={"digest": shown})
    assert refused.status_code == 409
    assert "Nothing was imported" in refused.text
    assert "<del>Tell about a plan that" in refused.text
    assert app_contents(app) == before
    assert import_now(room, plan).status_code == 302
    assert app_contents(app)[0].text == "Tell about a plan that failed."


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        ("a;b\n1;2\n", "bank.csv", "missing: key"),
        ("{", "bank.json", "this is not JSON"),
        ("key", "bank.xlsx", "must end in .csv or .json"),
    ],
)
def test_what_is_no_bank_is_refused_with_the_reason(room, content, name, reason):
    page = send(room, content, name)
    assert page.status_code == 400
    assert reason in page.text


def test_a_file_is_its_sender_s_alone(room, prompt, make_user, login):
    plan = send(room, room.get("/admin/questions/export.csv").text).location
    other = login(make_user(roles=("admin",)))
    assert other.get(plan).status_code == 404
    assert other.post(plan).status_code == 404
