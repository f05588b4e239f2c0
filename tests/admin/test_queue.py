"""The queue's health: what waits, what failed and why, tried again; workers; storage; models."""

import io
import uuid
from datetime import timedelta

import pytest

from interview.admin import health
from interview.columns import now
from interview.extensions import db
from interview.jobs import presence
from interview.jobs.models import Worker
from interview.jobs.queue import queue
from interview.media.store import store
from interview.practice.models import Answer, AnswerState, Step
from interview.privacy.models import Export
from tests.support.reports import complete_report


@pytest.fixture
def fail(make_answer, make_candidate):
    """`fail(cause)` returns an answer whose analysis failed."""

    def make(cause: str = "internal", **values) -> Answer:
        return make_answer(
            make_candidate(),
            state=AnswerState.FAILED,
            step=Step.ANALYSE,
            failure=cause,
            finished_at=now() - timedelta(minutes=1),
            **values,
        )

    return make


def states(app) -> list[str]:
    with app.app_context():
        return sorted(answer.state for answer in db.session.query(Answer))


def test_the_page_counts_answers_and_says_since_when_the_oldest_waits(
    app, room, make_answer, make_candidate
):
    candidate = make_candidate()
    for hours in (1, 3):
        make_answer(
            candidate, state=AnswerState.QUEUED, submitted_at=now() - timedelta(hours=hours)
        )
    make_answer(candidate, report=complete_report())
    make_answer(candidate, state=AnswerState.ANALYSING, lease_until=now() + timedelta(minutes=1))
    make_answer(candidate, state=AnswerState.ANALYSING, lease_until=now() - timedelta(minutes=1))
    with app.app_context():
        found = health.state()
    assert {name: count for name, count in found.counts.items() if count} == {
        "queued": 2,
        "analysing": 2,
        "analysed": 1,
    }
    assert now() - found.oldest > timedelta(hours=2)
    assert (found.leases, found.overdue) == (1, 1)
    assert "no worker is there" in room.get("/admin/queue").text


def test_one_failed_answer_is_tried_again_once(app, room, fail, audited):
    answer, other = fail(), fail()
    assert room.post(f"/admin/queue/answers/{answer.id}/retry").status_code == 302
    assert states(app) == ["failed", "queued"]
    assert queue.storage.queue_size() == 1
    assert room.post(f"/admin/queue/answers/{answer.id}/retry").status_code == 409
    assert audited() == ["analysis.retried"]
    assert str(other.id) in room.get("/admin/queue").text


def test_all_that_failed_for_a_cause_are_tried_again_and_no_others(app, room, fail):
    for cause in ("internal", "internal", "crashed"):
        fail(cause)
    room.post("/admin/queue/retry", data={"cause": "internal"})
    assert states(app) == ["failed", "queued", "queued"]
    with app.app_context():
        assert health.causes() == [("crashed", 1)]
    assert room.post("/admin/queue/retry", data={}).status_code == 400


def test_what_failed_for_no_noted_cause_is_tried_again_under_the_name_it_is_listed_by(
    app, room, fail
):
    answers = [fail("internal"), fail(None)]
    with app.app_context():
        assert health.causes() == [("internal", 2)]
        assert health.retry_all("internal") == 2
        states = {db.session.get_one(Answer, answer.id).state for answer in answers}
    assert states == {AnswerState.QUEUED}


def test_a_worker_that_fell_silent_is_told_from_one_that_is_there(app, room):
    there, silent, gone = (uuid.uuid4() for _ in range(3))
    with app.app_context():
        for worker in (there, silent, gone):
            presence.beat(worker, 2)
        for worker, hours in ((silent, 1), (gone, 25)):
            db.session.get_one(Worker, worker).seen_at = now() - timedelta(hours=hours)
        db.session.commit()
        presence.beat(there, 2)
        found = [(worker.id, alive) for worker, alive in presence.workers()]
        assert found == [(there, True), (silent, False)]
        presence.leave(there)
        assert [worker.id for worker, _alive in presence.workers()] == [silent]
    assert "No worker has been seen lately" in room.get("/admin/queue").text


def test_storage_models_and_versions_are_listed(app, room, make_answer, make_candidate):
    for size in (1000, 24):
        make_answer(make_candidate(), mode="audio", recording_key="a", recording_bytes=size)
    make_answer(make_candidate(), report=complete_report())
    with app.app_context():
        kinds = {item.kind: item for item in health.storage()}
        assert (kinds["audio"].count, kinds["audio"].size) == (2, 1024)
        assert kinds["database"].size > 10_000
        assert {model.name for model in health.models()} >= {"speech", "text"}
        assert health.pipelines() == [("text", complete_report()["pipeline"], 1)]
    page = room.get("/admin/queue").text
    assert 'href="/models/text"' in page


def test_storage_counts_what_waits_to_be_read_or_downloaded_and_the_free_disk(
    app, room, make_answer, make_candidate
):
    with app.app_context():
        document = store.save(io.BytesIO(b"x" * 300), 1000)
    make_answer(make_candidate(), document_key=document)
    make_answer(make_candidate(), document_key="0" * 32)  # gone meanwhile
    owner = make_candidate()
    with app.app_context():
        db.session.add(Export(candidate_id=owner.id, file_key="e" * 32, file_bytes=5000))
        db.session.add(Export(candidate_id=owner.id))
        db.session.commit()
        kinds = {item.kind: item for item in health.storage()}
        assert (kinds["document"].count, kinds["document"].size) == (2, 300)
        assert (kinds["export"].count, kinds["export"].size) == (1, 5000)
        assert health.free_bytes() > 0
    page = room.get("/admin/queue").text
    assert "Copies of people’s own data" in page
    assert "Free on the disk of the files" in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("media_url", ["s3"], indirect=True)
def test_of_a_bucket_no_free_space_is_told(app, room):
    with app.app_context():
        assert health.free_bytes() is None
    assert "Free on the disk" not in room.get("/admin/queue").text
