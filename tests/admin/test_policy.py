"""The policy: rules that begin as settings and that admins change while the platform runs."""

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from interview.admin import policy
from interview.admin.models import PolicyValue
from interview.extensions import db
from interview.privacy.models import AuditEntry


def test_emotions_reach_no_recruiter_unless_somebody_decided_so(app):
    with app.app_context():
        assert policy.current().recruiter_emotions is False


@pytest.mark.settings(retention_days=30, signup="invitation")
def test_without_a_change_the_settings_hold(app):
    with app.app_context():
        assert (policy.current().retention_days, policy.current().signup) == (30, "invitation")


def test_a_change_holds_at_once_and_for_later_requests(app):
    with app.app_context():
        assert policy.current().retention_days == 0
        assert policy.change(retention_days=90, recording_days=0) == ["retention_days"]
        assert policy.current().retention_days == 90
    with app.app_context():
        assert policy.current().retention_days == 90
        policy.change(retention_days=60)
        assert policy.current().retention_days == 60


def test_a_rule_that_was_not_changed_goes_on_following_its_setting(app):
    with app.app_context():
        policy.change(**policy.current().model_dump() | {"signup": "invitation"})
        assert db.session.scalars(sa.select(PolicyValue.name)).all() == ["signup"]


@pytest.mark.parametrize(
    "values",
    [
        {"retention_days": -1},
        {"recording_days": 4000},
        {"quota_bytes": -5},
        {"signup": "nobody"},
        {"colour": "red"},
    ],
)
def test_a_value_that_no_rule_may_have_changes_nothing(app, values):
    with app.app_context():
        with pytest.raises(ValidationError):
            policy.change(**{"recruiter_emotions": True} | values)
        assert policy.current() == policy.defaults()


def test_each_change_is_in_the_audit_log_with_before_and_after(app):
    with app.app_context():
        policy.change(recruiter_emotions=True)
        (entry,) = db.session.scalars(sa.select(AuditEntry))
    assert (entry.action, entry.object_id) == ("policy.changed", "recruiter_emotions")
    assert entry.details == {"before": False, "after": True}


@pytest.mark.settings(signup="invitation")
def test_where_accounts_are_by_invitation_nobody_else_makes_one(app, client):
    form = {"email": "ada@example.org", "password": "seven-green-bottles-hanging"}
    assert client.get("/register").status_code == 403
    answer = client.post("/register", data=form | {"password_confirm": form["password"]})
    assert answer.status_code == 403
    assert "by invitation" in answer.text


FORM = {
    "signup": "invitation",
    "retention_days": "365",
    "recording_days": "30",
    "quota_mebibytes": "100",
    "answers_per_day": "30",
    "recruiter_emotions": "y",
}


def test_the_page_shows_the_rules_why_emotions_are_off_and_changes_them(app, room):
    page = room.get("/admin/policy").text
    assert "Article 5(1)(f)" in page
    assert "checked" not in page.partition('id="recruiter_emotions"')[2].partition(">")[0]
    assert room.post("/admin/policy", data=FORM).status_code == 302
    with app.app_context():
        assert policy.current() == policy.Policy(
            signup="invitation",
            retention_days=365,
            recording_days=30,
            quota_bytes=100 * policy.MEBIBYTE,
            answers_per_day=30,
            recruiter_emotions=True,
        )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("retention_days", "soon"),
        ("recording_days", "4000"),
        ("quota_mebibytes", "-1"),
        ("answers_per_day", "lots"),
    ],
)
def test_a_rule_out_of_bounds_is_refused_at_its_field(app, room, name, value):
    page = room.post("/admin/policy", data=FORM | {name: value})
    assert page.status_code == 400
    assert f'id="{name}-error"' in page.text
    with app.app_context():
        assert policy.current() == policy.defaults()
