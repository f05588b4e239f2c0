"""Every table of the database: what a person has there is exported, and gone when it is erased.

The rows are made from the tables themselves (`tests.support.belongings`), so that a table which
somebody adds and forgets here fails these tests.
"""

import io
import json
import uuid
import zipfile

import pytest
import sqlalchemy as sa

from interview.accounts.models import Candidate, User
from interview.extensions import db
from interview.jobs import tasks
from interview.jobs.queue import queue
from interview.media.store import store
from interview.peers import services as peers
from interview.practice.models import Answer, AnswerState, Interview, Step
from interview.privacy import audit, exports, groups, services
from interview.privacy.models import Export, ExportState
from interview.recruiting import applying
from interview.recruiting.models import Invitation, InvitationState
from interview.recruiting.scorecard_models import Decision, Rating, Scorecard
from tests.support import belongings
from tests.support.recruiting import (
    make_application,
    make_invitation,
    make_organisation,
)
from tests.support.reports import report_body
from tests.support.reviewing import make_decision, make_scorecard, make_share

NUMBER = 918273645
"""The number of the person's account and candidate, which nothing else has."""

EMAIL = "erased-person@example.org"
TEXT = "A zeppelin over the quagmire, which only I ever wrote about."
SOUND = b"the sound of a zeppelin"
SOUND_TYPE = "audio/webm"

BOTH_STORES = pytest.mark.parametrize("media_url", ["local", "s3"], indirect=True)
SQLITE_OR_POSTGRES = pytest.mark.parametrize(
    "database_url",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
    indirect=True,
)


@pytest.fixture
def rater(make_user):
    """Somebody of the organisation, whose own data stays."""
    return make_user(email="rater@example.org")


@pytest.fixture
def person(app, make_user, make_candidate, make_answer, make_prompt, rater):
    """Somebody with something in every table, in the store and in the queue."""
    made = make_user(email=EMAIL, roles=())
    with app.app_context():
        db.session.execute(sa.update(User).where(User.id == made.id).values(id=NUMBER))
        db.session.commit()
        db.session.add(Candidate(id=NUMBER, user_id=NUMBER))
        db.session.commit()
        candidate = db.session.get_one(Candidate, NUMBER)
        db.session.expunge(candidate)
    prompt = make_prompt()
    answer = make_answer(candidate, text=TEXT, report=report_body(0.9, ("zeppelin", "quagmire")))
    waiting = make_answer(candidate, text=TEXT, state=AnswerState.QUEUED, step=Step.ANALYSE)
    with app.app_context():
        row = db.session.get_one(Answer, answer.id)
        row.recording_key = store.save(io.BytesIO(SOUND), 100)
        row.recording_bytes, row.recording_type = len(SOUND), SOUND_TYPE
        peers.add(row.report)
        make_share(row, name="The zeppelin")
        application = make_application(make_organisation(), [prompt])
        invitation = make_invitation(application, candidate, email=EMAIL)
        make_scorecard(invitation, rater, [3], evidence="Spoke of a zeppelin.")
        make_decision(invitation, rater).reasons = "The zeppelin."
        make_invitation(application, email=EMAIL.upper())
        audit.record("answer.seen", "answer", answer.id, actor=db.session.get_one(User, rater.id))
        audit.record("user.changed", "user", NUMBER, actor=db.session.get_one(User, NUMBER))
        groups.save(db.session.get_one(Candidate, NUMBER), "female", None)
        key = store.save(io.BytesIO(b"an older archive"), 100)
        db.session.add(Export(candidate_id=NUMBER, state=ExportState.READY, file_key=key))
        db.session.commit()
        belongings.fill(NUMBER, NUMBER)
        tasks.enqueue(waiting.id)
        tasks.enqueue(uuid.uuid4())
    return answer


def everything():
    """Return every value of every row of every table, as text, but the rater's audit entries."""
    rows = (
        f"{table.name} {row!r}"
        for table in db.metadata.sorted_tables
        for row in db.session.execute(sa.select(table))
    )
    return "\n".join(rows)


@SQLITE_OR_POSTGRES
@BOTH_STORES
def test_after_erasing_an_account_nothing_of_it_is_in_any_table_file_or_hint(app, person):
    with app.app_context():
        found = everything()
        for trace in (EMAIL, "zeppelin", "Zeppelin", str(NUMBER), person.id.hex):
            assert trace.lower() in found.lower().replace("-", "") or trace in found
        assert len(list(store.find())) == 2
        assert queue.storage.queue_size() == 2

        services.erase_account(db.session.get_one(User, NUMBER))

    with app.app_context():
        left = [
            line
            for line in everything().splitlines()
            if "zeppelin" in line.lower() or EMAIL in line.lower() or str(NUMBER) in line
        ]
        assert left == []
        assert list(store.find()) == []
        assert queue.storage.queue_size() == 1


def erase_answer(person):
    services.erase_answer(person, answer_with(SOUND_TYPE).id)


def erase_interview(person):
    services.erase_interview(person, answer_with(SOUND_TYPE).question.interview_id)


def withdraw(person):
    invitation = db.session.scalars(
        sa.select(Invitation).where(Invitation.candidate_id == person.id)
    ).first()
    applying.withdraw(person, invitation.id, forget=True)


def answer_with(content_type):
    return db.session.scalars(sa.select(Answer).where(Answer.recording_type == content_type)).one()


@SQLITE_OR_POSTGRES
@BOTH_STORES
@pytest.mark.parametrize("erase", [erase_answer, erase_interview, withdraw])
def test_no_archive_that_is_ready_keeps_what_is_erased(app, person, erase):
    with app.test_request_context():
        owner = db.session.get_one(Candidate, NUMBER)
        exports.make(exports.request(owner).id)
        archives = set(db.session.scalars(sa.select(Export.file_key)))
        assert archives <= {key for key, _written in store.find()}

        erase(db.session.get_one(Candidate, NUMBER))

        assert archives.isdisjoint(key for key, _written in store.find())
        assert db.session.scalars(sa.select(Export.id)).all() == []
        assert not [key for key in archives if key in everything()]


@SQLITE_OR_POSTGRES
@BOTH_STORES
def test_an_archive_holds_every_table_that_is_the_persons_and_no_secret(app, person, rater):
    with app.app_context():
        export = exports.request(db.session.get_one(Candidate, NUMBER))
        exports.make(export.id)
        db.session.expire_all()
        export = db.session.get_one(Export, export.id)
        assert export.state == ExportState.READY
        with store.open(export.file_key) as file:
            content = file.read()
        assert len(content) == export.file_bytes
        secrets = [
            db.session.get_one(User, NUMBER).password,
            db.session.get_one(User, NUMBER).fs_uniquifier,
            *db.session.scalars(sa.select(Invitation.token_hash)),
        ]
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    data = {
        name.removeprefix("data/").removesuffix(".json"): json.loads(archive.read(name))
        for name in archive.namelist()
        if name.startswith("data/")
    }
    with app.app_context():
        tables = {table.name for table in services.belongings.owned(NUMBER, NUMBER)} - {"exports"}
    assert set(data) == tables | {"audit_entries"}
    assert {name for name, rows in data.items() if not rows} == set()
    everything = "".join(archive.read(name).decode("latin-1") for name in archive.namelist())
    assert not [secret for secret in secrets if secret and secret in everything]
    assert data["users"][0]["email"] == EMAIL
    assert "password" not in data["users"][0]
    assert "Spoke of a zeppelin." in {row["evidence"] for row in data["ratings"]}
    assert "rater_id" not in data["scorecards"][0]
    recording = next(row for row in data["answers"] if "recording_file" in row)
    assert archive.read(recording["recording_file"]) == SOUND
    assert TEXT in archive.read("answers.txt").decode()
    assert "data/shares.json  1" in archive.read("README.txt").decode()
    assert {(entry["action"], entry["by"]) for entry in data["audit_entries"]} >= {
        ("answer.seen", "user"),
        ("user.changed", "you"),
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_notes_of_a_rater_who_has_not_handed_in_are_nobodys_to_take(app, person):
    with app.app_context():
        db.session.execute(sa.update(Scorecard).values(submitted_at=None))
        db.session.commit()
        export = exports.request(db.session.get_one(Candidate, NUMBER))
        exports.make(export.id)
        db.session.expire_all()
        with store.open(db.session.get_one(Export, export.id).file_key) as file:
            archive = zipfile.ZipFile(io.BytesIO(file.read()))
    for name in ("scorecards", "ratings"):
        assert json.loads(archive.read(f"data/{name}.json")) == []


@SQLITE_OR_POSTGRES
def test_erasing_an_applications_interview_takes_it_back_with_what_was_judged(app, person):
    with app.app_context():
        invitation = db.session.scalars(
            sa.select(Invitation).where(Invitation.candidate_id == NUMBER)
        ).first()
        key, interview_id = invitation.id, invitation.interview_id
        services.erase_interview(db.session.get_one(Candidate, NUMBER), interview_id)
    with app.app_context():
        invitation = db.session.get_one(Invitation, key)
        assert invitation.state == InvitationState.WITHDRAWN
        assert invitation.consent is None
        assert db.session.get(Interview, interview_id) is None
        for model in (Scorecard, Rating, Decision):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_address_that_nobody_confirmed_ends_no_invitation(app, make_user, make_prompt):
    user = make_user(email=EMAIL)
    with app.app_context():
        make_invitation(make_application(make_organisation(), [make_prompt()]), email=EMAIL)
        account = db.session.get_one(User, user.id)
        account.confirmed_at = None
        db.session.commit()
        services.erase_account(account)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Invitation)) == 1


@pytest.mark.parametrize(
    ("database_url", "queue_url"),
    [("sqlite", "sqlite"), pytest.param("sqlite", "redis", marks=pytest.mark.redis)],
    indirect=True,
)
def test_hints_of_others_stay_in_their_order(app):
    keys = [uuid.uuid4() for _ in range(4)]
    with app.app_context():
        for key in keys:
            tasks.enqueue(key)
        services.drop_hints([str(keys[1])])
    left = [queue.deserialize_task(data).args[0] for data in iter(queue.storage.dequeue, None)]
    assert left == [str(keys[0]), str(keys[2]), str(keys[3])]
