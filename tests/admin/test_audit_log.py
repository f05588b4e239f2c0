"""The pages of the audit log: filtered, paged, exported without addresses."""

import ast
import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import interview
from interview.admin import policy
from interview.admin.audit_labels import ACTIONS, RULES
from interview.columns import now
from interview.extensions import db
from interview.privacy import audit, trail
from interview.privacy.models import ActorKind, AuditEntry

ALL = {"share.made", "share.seen", "account.erased"}
INTERVIEW = Path(interview.__file__).parent
_CODE = re.compile(r"[a-z_]+\.[a-z_]+")


@pytest.fixture
def entries(app, make_user):
    """Three entries, by an account, a link and the platform."""
    user = make_user(email="ada@example.org")
    with app.app_context():
        for action, kind, key, values in (
            ("share.made", "share", "a1", {"actor": user, "organisation_id": 4}),
            ("share.seen", "share", "a2", {"actor": ActorKind.LINK}),
            ("account.erased", "user", "9", {}),
        ):
            audit.record(action, kind, key, **values)
        db.session.commit()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ALL),
        ("action=share.seen", {"share.seen"}),
        ("actor=ADA@example.org", {"share.made"}),
        ("actor_kind=link", {"share.seen"}),
        ("actor=nobody@example.org", set()),
        ("object_kind=user&object_id=9", {"account.erased"}),
        ("organisation_id=4", {"share.made"}),
        (f"since={now().date()}", ALL),
        (f"until={now().date() - timedelta(days=1)}", set()),
        ("since=yesterday", ALL),
    ],
)
def test_the_log_is_narrowed_by_filters_on_the_page_and_in_the_table(room, entries, query, found):
    page = room.get(f"/admin/audit?{query}").text.partition("<tbody>")[2]
    assert {action for action in ALL if f"<td>{ACTIONS[action]}</td>" in page} == found
    table = csv.DictReader(io.StringIO(room.get(f"/admin/audit.csv?{query}").text))
    assert {row["action"] for row in table} - {"audit_log.exported"} == found


def test_the_page_names_accounts_and_the_table_only_numbers_them(room, entries, audited):
    assert "ada@example.org" in room.get("/admin/audit").text
    assert "ada@example.org" not in room.get("/admin/audit.csv").text
    assert audited()[-1] == "audit_log.exported"


def test_older_entries_are_on_the_next_page(app, room, monkeypatch):
    monkeypatch.setattr(trail, "PAGE", 2)
    with app.app_context():
        for number in range(3):
            audit.record("answer.seen", "answer", f"number-{number}")
        db.session.commit()
        last = db.session.query(AuditEntry).order_by(AuditEntry.id).all()[1].id
    page = room.get("/admin/audit").text
    assert "number-2" in page
    assert "number-0" not in page
    assert f"before={last}" in page
    assert "number-0" in room.get(f"/admin/audit?before={last}").text


def test_what_was_done_is_said_in_words_on_the_page_and_in_codes_in_the_table(app, room, entries):
    page = room.get("/admin/audit").text
    assert '<option value="account.erased">Account erased with everything in it</option>' in page
    assert "Whoever had a link" in page
    entry = page.partition("<tbody>")[2]
    assert "<td>Account <code>9</code></td>" in entry
    assert "account.erased" not in entry
    assert "account.erased,user,9" in room.get("/admin/audit.csv").text


@pytest.mark.parametrize(
    ("action", "about", "details", "said"),
    [
        ("role.granted", ("user", 9), {"role": "recruiter"}, "Role: Recruiter"),
        ("account.created", ("user", 9), {"invited": False}, "By invitation: No"),
        ("member.invited", ("membership", 3), {"role": "rater"}, "Role: Rater"),
        ("decision.made", ("decision", 3), {"outcome": "next"}, "Outcome: Go on to the next step"),
        (
            "question.state_changed",
            ("question", 3),
            {"before": "active", "after": "retired"},
            "Before: Active<br>After: Retired",
        ),
        ("policy.changed", ("policy", "recruiter_emotions"), {"before": False}, "Before: No"),
        ("policy.changed", ("policy", "retention_days"), {"after": 90}, "After: 90"),
        ("questions.exported", ("bank", ""), {"kind": "csv"}, "Kind of file: csv"),
    ],
)
def test_details_are_said_in_words_too(app, room, action, about, details, said):
    with app.app_context():
        audit.record(action, *about, **details)
        db.session.commit()
    assert f"<td>{said}</td>" in room.get("/admin/audit").text


def test_a_changed_rule_is_named(app, room):
    with app.app_context():
        policy.change(retention_days=90)
    assert "Policy: Days that practice answers are kept" in room.get("/admin/audit").text
    assert set(RULES) == set(policy.RULES)


def test_a_code_of_an_older_version_is_shown_as_it_is(app, room):
    with app.app_context():
        audit.record("moon.seen", "moon", "1")
        db.session.commit()
    assert "<td>moon.seen</td>" in room.get("/admin/audit").text


def test_everything_that_is_noted_has_words():
    noted = {
        code for file in INTERVIEW.rglob("*.py") for code in codes(ast.parse(file.read_text()))
    }
    assert noted == set(ACTIONS)


def codes(tree: ast.Module) -> Iterator[str]:
    """Yield the codes that are given to the audit log, by its own name or a helper's."""
    for node in ast.walk(tree):
        found: list[ast.AST] = []
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in {"record", "_note", "note_seen", "_empty"}:
                found = [*node.args, *(keyword.value for keyword in node.keywords)]
        elif isinstance(node, ast.FunctionDef) and node.name == "note_seen":
            found = [*node.args.defaults]
        elif isinstance(node, ast.Assign):
            found = [node.value] if getattr(node.targets[0], "id", "") == "action" else []
        inside = (each for part in found for each in ast.walk(part))
        for value in (each.value for each in inside if isinstance(each, ast.Constant)):
            if isinstance(value, str) and _CODE.fullmatch(value):
                yield value
