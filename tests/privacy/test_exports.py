"""Copies of one's data: asked for, made once whatever happens to workers, kept for some days."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa

from interview.accounts.models import Candidate
from interview.accounts.services import claim_workspace
from interview.columns import now
from interview.errors import NotFoundError
from interview.extensions import db
from interview.jobs import tasks
from interview.jobs.queue import queue
from interview.media.store import store
from interview.practice.models import Answer, AnswerState
from interview.privacy import archive, exports, retention, services
from interview.privacy.models import Export, ExportState

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def asked(app, guest, make_answer):
    """The id of an export that the guest, who has one answer, has asked for."""
    make_answer(guest)
    with app.app_context():
        return exports.request(db.session.get_one(Candidate, guest.id)).id


def state(app, export_id):
    with app.app_context():
        export = db.session.get_one(Export, export_id)
        return export.state, export.progress, bool(export.file_key)


def files(app):
    with app.app_context():
        return [key for key, _written in store.find()]


def archive_of(export_id):
    with store.open(db.session.get_one(Export, export_id).file_key) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def work_once():
    queue.execute(queue.dequeue())


def test_an_export_is_made_by_the_worker_and_downloaded_in_parts(app, guest_client, asked):
    assert state(app, asked) == (ExportState.WAITING, 0, False)
    assert guest_client.get(f"/privacy/exports/{asked}").json == {"state": "waiting", "progress": 0}
    assert guest_client.get(f"/privacy/exports/{asked}/archive").status_code == 404
    work_once()
    assert state(app, asked) == (ExportState.READY, 100, True)
    with guest_client.get(f"/privacy/exports/{asked}/archive") as whole:
        assert whole.content_type == "application/zip"
        assert "attachment" in whole.headers["Content-Disposition"]
        assert zipfile.ZipFile(io.BytesIO(whole.data)).testzip() is None
    wanted = {"Range": "bytes=0-3"}
    with guest_client.get(f"/privacy/exports/{asked}/archive", headers=wanted) as part:
        assert (part.status_code, part.data) == (206, whole.data[:4])


def test_asking_twice_makes_one_and_a_new_one_takes_the_place_of_the_old(app, guest, asked):
    with app.app_context():
        candidate = db.session.get_one(Candidate, guest.id)
        assert exports.request(candidate).id == asked
        exports.make(asked)
        again = exports.request(candidate).id
        assert again != asked
        exports.make(again)
        assert db.session.scalars(sa.select(Export.id)).all() == [again]
    assert len(files(app)) == 1


def test_a_killed_workers_export_is_begun_anew_by_another(app, asked, monkeypatch):
    def killed(*_):
        raise SystemExit

    with app.app_context():
        monkeypatch.setattr(archive, "write", killed)
        with pytest.raises(SystemExit):
            exports.make(asked)
        monkeypatch.undo()
    queue.flush()
    with app.app_context():
        assert exports.sweep() == []
        db.session.execute(sa.update(Export).values(lease_until=now() - timedelta(seconds=1)))
        db.session.commit()
        tasks.sweep()
    work_once()
    assert state(app, asked) == (ExportState.READY, 100, True)
    with app.app_context():
        retention.erase_lost_files(now() + timedelta(days=2))
    assert len(files(app)) == 1


@pytest.mark.settings(max_attempts=1)
def test_an_export_that_takes_its_workers_down_fails(app, guest, guest_client, asked):
    with app.app_context():
        db.session.execute(
            sa.update(Export).values(
                state=ExportState.RUNNING, attempts=1, lease_until=now() - timedelta(seconds=1)
            )
        )
        db.session.commit()
        assert exports.sweep() == []
    assert state(app, asked) == (ExportState.FAILED, 0, False)
    assert "The archive could not be made" in guest_client.get("/privacy").text


def test_what_cannot_be_made_is_failed_and_leaves_no_file(app, asked, monkeypatch):
    def broken(*_):
        raise OSError("disk full")

    monkeypatch.setattr(archive, "write", broken)
    work_once()
    assert state(app, asked)[0] == ExportState.FAILED
    assert files(app) == []


def test_an_export_that_is_erased_while_it_is_made_leaves_no_file(app, guest, asked, monkeypatch):
    def erased_meanwhile(*_):
        with app.app_context():
            exports.erase(db.session.get_one(Candidate, guest.id), asked)

    monkeypatch.setattr(archive, "write", erased_meanwhile)
    work_once()
    with app.app_context():
        assert db.session.get(Export, asked) is None
    assert files(app) == []


def test_one_that_is_being_made_while_an_answer_is_erased_comes_out_without_it(
    app, guest, make_answer, asked, monkeypatch
):
    make_answer(guest, text="A zeppelin over the quagmire.")
    write = archive.write

    def erased_meanwhile(path, *rest):
        write(path, *rest)
        with app.app_context():
            candidate = db.session.get_one(Candidate, guest.id)
            wanted = sa.select(Answer.id).where(Answer.text.contains("zeppelin"))
            services.erase_answer(candidate, db.session.scalars(wanted).one())

    monkeypatch.setattr(archive, "write", erased_meanwhile)
    work_once()
    assert state(app, asked) == (ExportState.WAITING, 0, False)
    assert files(app) == []
    monkeypatch.undo()
    with app.app_context():
        assert exports.sweep() == [asked]
        exports.make(asked)
        made = archive_of(asked)
    assert b"zeppelin" not in b"".join(made.read(name) for name in made.namelist())


@pytest.mark.settings(recording_days=30)
def test_an_archive_is_erased_with_a_recording_in_it_whose_time_is_over(
    app, make_user, make_candidate, make_answer
):
    person = make_candidate(make_user())
    with app.app_context():
        key = store.save(io.BytesIO(b"sound"), 10)
    make_answer(person, recording_key=key, state=AnswerState.ANALYSED, submitted_at=now())
    with app.app_context():
        exports.make(exports.request(db.session.get_one(Candidate, person.id)).id)
        assert len(files(app)) == 2
        assert retention.erase_old_recordings(now() + timedelta(days=31)) == 1
        assert db.session.scalars(sa.select(Export)).all() == []
    assert files(app) == []


@pytest.fixture
def log_in(app, guest, make_user, make_candidate):
    """`log_in()` hands the guest's workspace to an account that has practised; return its owner."""
    user = make_user()
    own = make_candidate(user)

    def claim():
        with app.app_context():
            claim_workspace(user, db.session.get_one(Candidate, guest.id))
            return own.id

    return claim


def test_a_guests_archive_comes_along_into_an_account(app, asked, log_in):
    work_once()
    own = log_in()
    assert state(app, asked) == (ExportState.READY, 100, True)
    with app.app_context():
        assert db.session.get_one(Export, asked).candidate_id == own
    assert len(files(app)) == 1


def test_one_that_is_being_made_when_a_guest_logs_in_is_made_of_the_account(
    app, asked, log_in, monkeypatch
):
    write = archive.write

    def claimed_meanwhile(path, *rest):
        write(path, *rest)
        log_in()

    monkeypatch.setattr(archive, "write", claimed_meanwhile)
    work_once()
    assert state(app, asked) == (ExportState.WAITING, 0, False)
    assert files(app) == []
    monkeypatch.undo()
    with app.app_context():
        exports.make(asked)
        made = archive_of(asked)
    assert json.loads(made.read("data/users.json"))


def test_a_guests_archive_is_erased_at_once_where_the_account_has_one(app, asked, log_in):
    work_once()
    with app.app_context():
        owner = db.session.scalars(sa.select(Candidate).where(Candidate.user_id.is_not(None))).one()
        kept = exports.request(owner).id
    work_once()
    assert len(files(app)) == 2
    log_in()
    with app.app_context():
        assert db.session.scalars(sa.select(Export.id)).all() == [kept]
    assert len(files(app)) == 1


def test_an_export_expires_with_its_file(app, guest_client, asked):
    work_once()
    days = timedelta(days=app.config["SETTINGS"].export_days)
    with app.app_context():
        assert exports.expire(now() + days - timedelta(minutes=1)) == 0
        assert exports.expire(now() + days) == 1
        assert exports.expire(now() + days) == 0
    assert state(app, asked) == (ExportState.EXPIRED, 100, False)
    assert files(app) == []
    assert guest_client.get(f"/privacy/exports/{asked}/archive").status_code == 404
    assert "has expired" in guest_client.get("/privacy").text


def test_an_export_is_nobody_elses(app, asked, make_candidate):
    work_once()
    stranger = make_candidate()
    with app.app_context():
        for who in (db.session.get_one(Candidate, stranger.id), None):
            with pytest.raises(NotFoundError):
                exports.find(who, asked)


def test_a_recording_that_was_erased_meanwhile_is_left_out(app, guest, asked):
    with app.app_context():
        key = store.save(io.BytesIO(b"sound"), 10)
        db.session.execute(sa.update(Answer).values(recording_key=key))
        db.session.commit()
        store.delete(key)
    work_once()
    assert state(app, asked)[0] == ExportState.READY


def test_the_page_follows_an_export(guest_client, asked):
    assert "Your archive is being made" in guest_client.get("/privacy").text
    work_once()
    page = guest_client.get("/privacy").text
    assert f"/privacy/exports/{asked}/archive" in page
    assert guest_client.post(f"/privacy/exports/{asked}/erase").status_code == 302
    assert "Make an archive" in guest_client.get("/privacy").text
