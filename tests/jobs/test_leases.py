"""An answer's lease: taken by one worker, kept alive, lost by silence, ended once."""

import io
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from interview.accounts.models import Candidate
from interview.columns import now
from interview.extensions import db
from interview.jobs import leases, tasks
from interview.jobs.queue import queue
from interview.media.store import store
from interview.peers.models import PeerBin, PeerTerm
from interview.practice.models import Answer, AnswerState, Interview, Report, Step
from tests.support.texts import COMPLETE_ANSWER


@pytest.fixture
def queued(make_user, make_candidate, make_answer):
    """An answer of an account's candidate that waits for its analysis."""
    return make_answer(
        make_candidate(make_user()),
        state=AnswerState.QUEUED,
        step=Step.ANALYSE,
        lease_until=now() + timedelta(seconds=60),
    )


@pytest.fixture
def body(analyse):
    """A report's body."""
    return analyse(COMPLETE_ANSWER)


def load(answer):
    db.session.expire_all()
    return db.session.get(Answer, answer.id)


def fall_silent(answer, ago=timedelta(days=1)):
    """Let the lease of a worker have run out some time ago."""
    db.session.execute(
        sa.update(Answer).where(Answer.id == answer.id).values(lease_until=now() - ago)
    )
    db.session.commit()


def test_of_many_workers_with_the_same_hint_one_gets_the_answer(app, queued):
    def try_to_claim(_):
        with app.app_context():
            return leases.claim(queued.id)

    with ThreadPoolExecutor(8) as pool:
        claimed = list(pool.map(try_to_claim, range(16)))

    assert sum(lease is not None for lease in claimed) == 1


def test_an_answer_that_does_not_exist_any_more_is_not_claimed(app):
    with app.app_context():
        assert leases.claim(uuid.uuid4()) is None


def test_a_living_workers_answer_is_not_claimed_by_another(app, queued):
    with app.app_context():
        assert leases.claim(queued.id) is not None
        assert leases.claim(queued.id) is None


def test_a_silent_workers_answer_goes_to_the_next_and_only_that_one_stores(app, queued, body):
    with app.app_context():
        silent = leases.claim(queued.id)
        fall_silent(queued)
        following = leases.claim(queued.id)

        assert not leases.renew(silent)
        assert not leases.finish_analysis(silent, body)
        assert leases.finish_analysis(following, body)

        assert load(queued).state == AnswerState.ANALYSED
        assert db.session.scalar(sa.select(sa.func.count(Report.id))) == 1


def test_a_finished_answer_cannot_be_finished_again(app, queued, body):
    with app.app_context():
        lease = leases.claim(queued.id)
        assert leases.finish_analysis(lease, body)
        assert not leases.finish_analysis(lease, body)

        counted = db.session.scalar(
            sa.select(sa.func.sum(PeerBin.candidates)).where(
                PeerBin.measure == "words.count", PeerBin.prompt_id == 0
            )
        )
        assert counted == 1


def test_renewing_prolongs_the_lease_and_notes_the_progress(app, queued):
    with app.app_context():
        lease = leases.claim(queued.id)
        fall_silent(queued)

        assert leases.renew(lease, "traits", 60)

        answer = load(queued)
        assert answer.lease_until > now()
        assert (answer.progress_step, answer.progress) == ("traits", 60)


def test_an_answer_erased_meanwhile_leaves_no_report_and_no_average(app, queued, body):
    with app.app_context():
        lease = leases.claim(queued.id)
        db.session.delete(load(queued))
        db.session.commit()

        assert not leases.finish_analysis(lease, body)
        assert leases.fail(lease, "internal") is None

        for table in (Report, PeerBin, PeerTerm):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_a_failed_analysis_says_why(app, queued):
    with app.app_context():
        leases.fail(leases.claim(queued.id), "internal")

        answer = load(queued)
        assert (answer.state, answer.failure) == (AnswerState.FAILED, "internal")


def test_a_document_that_cannot_be_read_leads_back_to_what_was_typed(app, guest, make_answer):
    waiting = make_answer(
        guest, text="typed", state=AnswerState.QUEUED, step=Step.EXTRACT, document_key="f" * 32
    )
    with app.app_context():
        key = leases.fail(leases.claim(waiting.id), "scanned", {"pages": 2})

        answer = load(waiting)
        assert key == "f" * 32
        assert (answer.state, answer.text) == (AnswerState.DRAFT, "typed")
        assert (answer.failure, answer.failure_values) == ("scanned", {"pages": 2})
        assert answer.document_key is None


def test_a_documents_text_is_put_below_what_was_typed(app, guest, make_answer):
    waiting = make_answer(
        guest, text="typed\n", state=AnswerState.QUEUED, step=Step.EXTRACT, document_key="f" * 32
    )
    with app.app_context():
        leases.finish_extraction(leases.claim(waiting.id), "read")

        assert load(waiting).text == "typed\n\nread"


class TestSweep:
    """What was left behind is found again."""

    def test_a_dead_workers_answer_is_queued_again(self, app, queued, work_off):
        with app.app_context():
            leases.claim(queued.id)
            fall_silent(queued)
            assert tasks.sweep() == 1
        assert work_off() == 1
        with app.app_context():
            assert load(queued).state == AnswerState.ANALYSED

    def test_a_living_workers_answer_is_left_alone(self, app, queued):
        with app.app_context():
            leases.claim(queued.id)
            assert tasks.sweep() == 0

    def test_a_lost_hint_is_given_again(self, app, queued):
        with app.app_context():
            tasks.enqueue(queued.id)
            queue.flush()
            fall_silent(queued)
            assert tasks.sweep() == 1
        assert queue.pending_count() == 1

    def test_answers_that_wait_in_a_long_queue_get_no_second_hint(self, app, queued, settings):
        with app.app_context():
            tasks.enqueue(queued.id)
            fall_silent(queued, timedelta(seconds=3 * settings.lease_seconds))
            assert tasks.sweep() == 0
        assert queue.pending_count() == 1

    @pytest.mark.settings(max_attempts=2)
    @pytest.mark.parametrize(
        ("step", "state"),
        [(Step.ANALYSE, AnswerState.FAILED), (Step.EXTRACT, AnswerState.DRAFT)],
    )
    def test_an_answer_that_keeps_killing_workers_is_given_up(
        self, app, guest, make_answer, step, state
    ):
        answer = make_answer(guest, state=AnswerState.QUEUED, step=step)
        with app.app_context():
            for _ in range(2):
                assert leases.claim(answer.id)
                fall_silent(answer)
                tasks.sweep()
            assert leases.claim(answer.id) is None
            fall_silent(answer)
            tasks.sweep()

            assert (load(answer).state, load(answer).failure) == (state, leases.CRASHED)

    @pytest.mark.settings(max_attempts=1)
    def test_a_document_that_keeps_killing_workers_is_deleted(self, app, guest, make_answer):
        with app.app_context():
            key = store.save(io.BytesIO(b"deadly"), 100)
        answer = make_answer(
            guest, text="typed", state=AnswerState.QUEUED, step=Step.EXTRACT, document_key=key
        )
        with app.app_context():
            assert leases.claim(answer.id)
            fall_silent(answer)
            tasks.sweep()

            assert (load(answer).document_key, load(answer).text) == (None, "typed")
            assert list(store.find()) == []

    def test_answers_that_waited_very_long_get_a_few_new_hints_at_a_time(
        self, app, guest, make_answer, settings
    ):
        lease = timedelta(seconds=settings.lease_seconds)
        for leases_ago in (25, 24, 23, 22, 21.5, 21, 19):
            make_answer(
                guest,
                state=AnswerState.QUEUED,
                step=Step.ANALYSE,
                lease_until=now() - leases_ago * lease,
            )
        with app.app_context():
            tasks.enqueue(uuid.uuid4())  # the queue is not empty
            given = [tasks.sweep() for _ in range(3)]
        assert given == [leases.HINTS_PER_SWEEP, 1, 0]


def test_a_queue_that_cannot_be_reached_loses_no_answer(app, queued, monkeypatch, work_off):
    def refuse(*_):
        raise ConnectionError("no queue")

    with app.app_context():
        with monkeypatch.context() as broken:
            broken.setattr(queue.storage, "enqueue", refuse)
            tasks.enqueue(queued.id)
        fall_silent(queued)
        tasks.sweep()
    work_off()
    with app.app_context():
        assert load(queued).state == AnswerState.ANALYSED


def test_an_error_in_the_analysis_is_a_failure_with_a_cause(app, queued, monkeypatch, work_off):
    from interview.analysis.text import pipeline

    def break_down(*_, **__):
        raise RuntimeError("broken")

    monkeypatch.setattr(pipeline, "analyse_text", break_down)
    with app.app_context():
        tasks.enqueue(queued.id)
    work_off()
    with app.app_context():
        assert (load(queued).state, load(queued).failure) == (AnswerState.FAILED, "internal")


def test_an_error_of_the_database_while_a_document_is_read_is_a_failure_with_a_cause(
    app, guest, make_answer, monkeypatch, work_off
):
    def break_down(lease, _text):
        again = db.session.get_one(Answer, lease.answer_id)
        db.session.add(Answer(question_id=again.question_id, candidate_id=guest.id, take=1))
        db.session.flush()  # there is a first take already

    monkeypatch.setattr(leases, "finish_extraction", break_down)
    with app.app_context():
        key = store.save(io.BytesIO(COMPLETE_ANSWER.encode()), 10_000)
    waiting = make_answer(guest, state=AnswerState.QUEUED, step=Step.EXTRACT, document_key=key)
    with app.app_context():
        tasks.enqueue(waiting.id)
    work_off()
    with app.app_context():
        assert (load(waiting).state, load(waiting).failure) == (AnswerState.DRAFT, "internal")
        assert list(store.find()) == []


def test_guests_whose_time_is_over_are_erased_regularly(app, guest, make_answer):
    answer = make_answer(guest)
    with app.app_context():
        tasks.erase_expired_guests.call_local()
        assert load(answer) is not None

        db.session.execute(sa.update(Candidate).values(expires_at=now() - timedelta(seconds=1)))
        db.session.commit()
        tasks.erase_expired_guests.call_local()
        assert load(answer) is None
        assert db.session.get(Candidate, guest.id) is None


def test_a_guests_answer_that_became_an_accounts_meanwhile_is_counted_for_the_account(
    app, guest, make_answer, make_user, make_candidate, body
):
    answer = make_answer(guest, state=AnswerState.QUEUED, step=Step.ANALYSE)
    account = make_candidate(make_user())
    with app.app_context():
        lease = leases.claim(answer.id)
        db.session.get(Answer, answer.id)  # the worker has seen whose it was
        with db.engine.begin() as other:
            other.execute(sa.update(Answer).values(candidate_id=account.id))
            other.execute(sa.update(Interview).values(candidate_id=account.id))
            other.execute(sa.delete(Candidate).where(Candidate.id == guest.id))

        assert leases.finish_analysis(lease, body)

        report = db.session.scalars(sa.select(Report)).one()
        assert (report.candidate_id, report.counted) == (account.id, True)
