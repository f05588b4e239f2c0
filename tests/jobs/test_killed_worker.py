"""A worker killed in the middle of an analysis: the next one does it, once."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from interview.columns import now
from interview.extensions import db
from interview.jobs import tasks
from interview.jobs.queue import queue
from interview.media.store import store
from interview.peers.models import PeerBin
from interview.practice.models import Answer, AnswerState, Report, Step
from interview.settings import ROOT
from tests.support import sounds, videos

LEASE_SECONDS = 2
PATIENCE = 60


@pytest.fixture
def start_worker(settings):
    """`start_worker(slow=seconds)` starts a worker process on the test's database and queue."""
    started = []

    def start(slow: float = 0) -> subprocess.Popen:
        environment = os.environ | {
            "ENVIRONMENT": "test",
            "SECRET_KEY": settings.secret_key,
            "INSTANCE_DIR": str(settings.instance_dir),
            "DATABASE_URL": settings.database_url,
            "QUEUE_URL": settings.queue_url,
            "LEASE_SECONDS": str(settings.lease_seconds),
            "SLOW_SECONDS": str(slow),
        }
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "tests.support.worker"],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_for(app, answer_id, state, **values):
    """Wait until an answer is in a state and has these values; fail after PATIENCE seconds."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with app.app_context():
            found = db.session.get_one(Answer, answer_id)
            if found.state == state and all(
                getattr(found, name) == value for name, value in values.items()
            ):
                return found
        time.sleep(0.1)
    raise AssertionError(f"the answer is {found.state}, not {state}")


def recording(path, mode):
    """Write what a recorder would send: eight seconds of speech, with a face or without."""
    if mode == "audio":
        return sounds.write(path, sounds.speech(8), live="1")
    faces = [videos.scene((160, 120, 100))] * 32
    return videos.write(path, faces, rate=4, sound=sounds.speech(8))


@pytest.mark.settings(lease_seconds=LEASE_SECONDS)
@pytest.mark.parametrize(
    ("database_url", "queue_url"),
    [
        ("sqlite", "sqlite"),
        pytest.param("sqlite", "redis", marks=pytest.mark.redis),
        pytest.param("postgresql", "redis", marks=[pytest.mark.postgres, pytest.mark.redis]),
    ],
    indirect=True,
)
def test_an_answer_whose_worker_was_killed_and_queue_flushed_is_analysed_and_counted_once(
    app, make_user, make_candidate, make_answer, start_worker
):
    answer = make_answer(
        make_candidate(make_user()),
        state=AnswerState.QUEUED,
        step=Step.ANALYSE,
        lease_until=now() + timedelta(seconds=LEASE_SECONDS),
    )
    with app.app_context():
        tasks.enqueue(answer.id)

    first = start_worker(slow=PATIENCE)
    wait_for(app, answer.id, AnswerState.ANALYSING)
    first.send_signal(signal.SIGKILL)
    first.wait()
    queue.flush()
    start_worker()

    finished = wait_for(app, answer.id, AnswerState.ANALYSED)
    assert finished.attempts == 2
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Report.id))) == 1
        counted = db.session.scalars(
            sa.select(sa.func.sum(PeerBin.candidates)).group_by(PeerBin.prompt_id, PeerBin.measure)
        ).all()
        assert counted
        assert set(counted) == {1}


@pytest.mark.settings(lease_seconds=LEASE_SECONDS)
@pytest.mark.parametrize(
    ("database_url", "mode", "step"),
    [
        ("sqlite", "audio", "emotions"),
        pytest.param("postgresql", "audio", "emotions", marks=pytest.mark.postgres),
        ("sqlite", "video", "frames"),
    ],
    indirect=["database_url"],
)
def test_a_recording_whose_worker_was_killed_is_kept_and_analysed_and_counted_once(
    app, make_user, make_candidate, make_answer, start_worker, tmp_path, mode, step
):
    answer = make_answer(
        make_candidate(make_user()),
        text="",
        mode=mode,
        state=AnswerState.QUEUED,
        step=Step.ANALYSE,
        lease_until=now() + timedelta(seconds=LEASE_SECONDS),
    )
    sent = recording(tmp_path / "answer", mode)
    with app.app_context(), sent.open("rb") as file:
        row = db.session.get_one(Answer, answer.id)
        row.recording_key = store.save(file, 10**7)
        row.recording_bytes = sent.stat().st_size
        db.session.commit()
        tasks.enqueue(answer.id)

    first = start_worker(slow=PATIENCE)
    wait_for(app, answer.id, AnswerState.ANALYSING, progress_step=step)
    first.send_signal(signal.SIGKILL)
    first.wait()
    start_worker()

    finished = wait_for(app, answer.id, AnswerState.ANALYSED)
    assert finished.attempts == 2
    assert finished.recording_clean
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Report.id))) == 1
        counted = db.session.scalars(
            sa.select(sa.func.sum(PeerBin.candidates)).group_by(PeerBin.prompt_id, PeerBin.measure)
        ).all()
        assert set(counted) == {1}
    folder = app.config["SETTINGS"].media_dir
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


@pytest.mark.settings(lease_seconds=LEASE_SECONDS)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_analysis_longer_than_the_lease_is_not_given_away(app, guest, make_answer, start_worker):
    answer = make_answer(
        guest,
        state=AnswerState.QUEUED,
        step=Step.ANALYSE,
        lease_until=now() + timedelta(seconds=LEASE_SECONDS),
    )
    with app.app_context():
        tasks.enqueue(answer.id)
    start_worker(slow=3 * LEASE_SECONDS)
    start_worker(slow=3 * LEASE_SECONDS)

    assert wait_for(app, answer.id, AnswerState.ANALYSED).attempts == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_worker_told_to_stop_ends_by_itself(app, guest, make_answer, start_worker):
    answer = make_answer(guest, state=AnswerState.QUEUED, step=Step.ANALYSE)
    with app.app_context():
        tasks.enqueue(answer.id)
    worker = start_worker()
    wait_for(app, answer.id, AnswerState.ANALYSED)

    worker.terminate()

    assert worker.wait(timeout=20) == 0
