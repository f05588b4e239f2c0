"""The pages of the audit log: filtered, paged, exported without addresses."""

import csv
import io
from datetime import timedelta

import pytest

from interview.columns import now
from interview.extensions import db
from interview.privacy import audit, trail
from interview.privacy.models import ActorKind, AuditEntry


@pytest.fixture
def entries(app, make_user):
    """Three entries, by an account, a link and the platform."""
    user = make_user(email="ada@example.org")
    with app.app_context():
        audit.record("answer.shared", "answer", "a1", actor=user, organisation_id=4)
        audit.record("answer.seen", "answer", "a2", actor=ActorKind.LINK)
        audit.record("account.erased", "user", "9")
        db.session.commit()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"answer.shared", "answer.seen", "account.erased"}),
        ("action=answer.seen", {"answer.seen"}),
        ("actor=ADA@example.org", {"answer.shared"}),
        ("actor=link", {"answer.seen"}),
        ("actor=nobody@example.org", set()),
        ("object_kind=user&object_id=9", {"account.erased"}),
        ("organisation_id=4", {"answer.shared"}),
        (f"since={now().date()}", {"answer.shared", "answer.seen", "account.erased"}),
        (f"until={now().date() - timedelta(days=1)}", set()),
        ("since=yesterday", {"answer.shared", "answer.seen", "account.erased"}),
    ],
)
def test_the_log_is_narrowed_by_filters_on_the_page_and_in_the_table(room, entries, query, found):
    page = room.get(f"/admin/audit?{query}").text.partition("<tbody>")[2]
    actions = ("answer.shared", "answer.seen", "account.erased")
    assert {action for action in actions if f"<code>{action}</code>" in page} == found
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
