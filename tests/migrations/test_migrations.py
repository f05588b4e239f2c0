"""Migrations: one line of them, true to the models, and reversible on tables that hold rows."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade

from interview.accounts.models import SignupInvitation, User
from interview.admin import policy
from interview.admin.models import Announcement, BrokenGlass
from interview.columns import now
from interview.extensions import db, migrate
from interview.jobs.models import Worker
from interview.peers import services as peers
from interview.permissions import may_recruit
from interview.practice.models import Answer, Report
from interview.privacy.models import Export, SelfDescription
from interview.questions.models import PromptFile
from interview.recruiting.models import Consent, MemberRole, Membership
from tests.support.databases import migrate_fresh, postgres_database, sqlite_copy
from tests.support.recruiting import make_application, make_invitation, make_organisation
from tests.support.reports import complete_report
from tests.support.reviewing import make_decision, make_scorecard, make_share


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(
    request: pytest.FixtureRequest, instance_dir: Path, tmp_path: Path
) -> Iterator[str]:
    """A database of this test alone, as it will be taken apart."""
    if request.param == "sqlite":
        yield sqlite_copy(request.getfixturevalue("sqlite_schema"), instance_dir)
        return
    with postgres_database() as url:
        migrate_fresh(tmp_path / "migrating", url)
        yield url


@pytest.fixture
def fill(app, make_user, make_candidate, make_answer, make_prompt):
    """`fill()` puts rows into every table."""

    def fill_tables() -> None:
        user = make_user(roles=("candidate", "admin"))
        candidate, prompt = make_candidate(user), make_prompt()
        answer = make_answer(candidate, report=complete_report())
        with app.app_context():
            peers.add(db.session.scalars(sa.select(Report)).one())
            policy.change(signup="invitation")
            db.session.add_all(admin_rows(db.session.get_one(User, user.id), candidate.id))
            db.session.commit()
            organisation = make_organisation(members={user: MemberRole.OWNER})
            invitation = make_invitation(make_application(organisation, [prompt]), candidate)
            make_share(answer)
            make_scorecard(invitation, user, [3])
            make_decision(invitation, user)
            db.session.add(Export(candidate_id=candidate.id))
            db.session.add(SelfDescription(candidate_id=candidate.id, sex="female"))
            db.session.commit()

    return fill_tables


def admin_rows(user: User, candidate_id: int) -> list[object]:
    times = {"starts_at": now(), "ends_at": now()}
    return [
        PromptFile(author_id=user.id, kind="csv", content=b"key"),
        SignupInvitation(author_id=user.id, token_hash=uuid.uuid4().hex, expires_at=now()),
        Announcement(text="Soon.", **times),
        BrokenGlass(candidate_id=candidate_id, reason="A complaint.", expires_at=now()),
        Worker(threads=1),
    ]


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names())


def rows() -> dict[str, int]:
    return {
        table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in db.metadata.sorted_tables
    }


def test_there_is_one_line_of_migrations(app):
    with app.app_context():
        assert len(ScriptDirectory.from_config(migrate.get_config()).get_heads()) == 1


def test_migrations_and_models_describe_the_same_tables(app):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, db.metadata) == []


def test_filled_tables_can_be_taken_down_and_built_up_again(app, fill):
    fill()
    with app.app_context():
        before = rows()
        assert 0 not in before.values()
        db.session.remove()
        downgrade(revision="base")
        assert tables() == {"alembic_version"}
        upgrade()
        assert set(rows().values()) == {0}
        db.session.remove()
    fill()
    with app.app_context():
        assert rows() == before


def test_going_back_before_recordings_and_forward_again_loses_no_row(app, fill):
    fill()
    with app.app_context():
        before = rows()
        db.session.remove()
        downgrade(revision="0001")
        answers = {column["name"] for column in sa.inspect(db.engine).get_columns("answers")}
        assert not any(name.startswith("recording") for name in answers)
        older = tables() - {"alembic_version"}
        upgrade()
        after = rows()
        assert {name: after[name] for name in older} == {name: before[name] for name in older}
        for found in db.session.scalars(sa.select(Answer)):
            assert (found.recording_key, found.recording_bytes) == (None, 0)
            assert not found.recording_clean


def test_members_from_before_the_role_was_asked_for_get_it(app, fill):
    fill()
    with app.app_context():
        (user,) = db.session.scalars(sa.select(User).join(Membership)).unique()
        user.roles = []
        db.session.commit()
        db.session.remove()
        downgrade(revision="0008")
        upgrade()
        (user,) = db.session.scalars(sa.select(User).join(Membership)).unique()
        assert may_recruit(user)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("Everything is erased on {day}, or as soon as you withdraw.", 30),
        ("I agree.", 97),
        ("Everything is erased on Midsummer 31, 2026, or as soon as you withdraw.", 97),
    ],
)
def test_consents_from_before_their_day_was_kept_take_it_from_their_words(app, fill, words, days):
    fill()
    wanted = now() + timedelta(days=days)
    with app.app_context():
        consent = db.session.scalars(sa.select(Consent)).one()
        consent.text = words.format(day=f"{wanted:%B} {wanted.day}, {wanted.year}")
        db.session.commit()
        db.session.remove()
        downgrade(revision="0009")
        upgrade()
        consent = db.session.scalars(sa.select(Consent)).one()
        assert consent.kept_until.date() == wanted.date()


def test_migrating_again_changes_nothing(app, fill):
    fill()
    with app.app_context():
        before = rows()
        db.session.remove()
        upgrade()
        assert rows() == before
