"""The audit log: who did what, in the transaction in which it was done, without personal data."""

import pytest
import sqlalchemy as sa

from interview.accounts.models import Candidate, User
from interview.extensions import db
from interview.privacy import audit, services
from interview.privacy.models import ActorKind, AuditEntry


def entries() -> list[AuditEntry]:
    return list(db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)))


def test_what_was_rolled_back_is_not_in_the_log(app):
    with app.app_context():
        audit.record("answer.seen", "answer", 7)
        db.session.rollback()
        audit.record("answer.shared", "answer", 8, organisation_id=3, takes=2)
        db.session.commit()
        (entry,) = entries()
    assert (entry.action, entry.object_kind, entry.object_id) == ("answer.shared", "answer", "8")
    assert (entry.organisation_id, entry.details) == (3, {"takes": 2})


def test_outside_of_requests_the_platform_itself_acts(app):
    with app.app_context():
        audit.record("answer.seen", "answer", 7)
        db.session.commit()
        assert (entries()[0].actor_kind, entries()[0].actor_id) == (ActorKind.SYSTEM, None)


def test_an_account_is_the_same_actor_through_its_candidate(app, make_user, make_candidate):
    user = make_user()
    candidate, guest = make_candidate(user), make_candidate()
    with app.app_context():
        for actor in (user, candidate, guest, ActorKind.LINK):
            audit.record("answer.seen", "answer", 7, actor=actor)
        db.session.commit()
        found = [(entry.actor_kind, entry.actor_id) for entry in entries()]
    assert found == [
        ("user", user.id),
        ("user", user.id),
        ("guest", guest.id),
        ("link", None),
    ]


@pytest.mark.parametrize(
    "value", ["a text of somebody", "name@example.org", {"name": "x"}, ["a b"], "x" * 81]
)
def test_a_person_s_words_are_refused(app, value):
    with app.app_context(), pytest.raises(ValueError, match="codes and numbers"):
        audit.record("answer.seen", "answer", 7, note=value)


def test_an_action_has_the_form_of_a_code(app):
    with app.app_context(), pytest.raises(ValueError, match="code"):
        audit.record("Somebody saw an answer", "answer", 7)


def test_a_request_s_person_is_the_actor(app, make_user, make_candidate, make_answer, login):
    user = make_user()
    answer = make_answer(make_candidate(user))
    login(user).post(f"/answers/{answer.id}/erase")
    with app.app_context():
        (entry,) = entries()
    assert (entry.actor_kind, entry.actor_id) == (ActorKind.USER, user.id)
    assert (entry.action, entry.object_id) == ("answer.erased", str(answer.id))


def test_a_guest_who_erases_everything_is_in_the_log_by_number(app, guest, guest_client):
    guest_client.post("/privacy/erase", data={"sure": "y"})
    with app.app_context():
        assert db.session.get(Candidate, guest.id) is None
        (entry,) = entries()
    assert (entry.actor_kind, entry.actor_id, entry.action) == (
        ActorKind.GUEST,
        guest.id,
        "workspace.erased",
    )


def test_entries_survive_an_erased_account_without_its_number(app, make_user):
    user, admin = make_user(), make_user(roles=("admin",))
    with app.app_context():
        audit.record("question.changed", "prompt", 1, actor=user)
        audit.record("role.granted", "user", user.id, actor=admin)
        db.session.commit()
        services.erase_account(db.session.get_one(User, user.id))
        found = [(entry.action, entry.actor_id, entry.object_id) for entry in entries()]
    assert found == [
        ("question.changed", None, "1"),
        ("role.granted", admin.id, ""),
        ("account.erased", None, ""),
    ]
