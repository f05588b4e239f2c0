"""Erasing: after it there is nothing of the person left, anywhere."""

import io
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from interview.accounts.models import Candidate, User
from interview.columns import now
from interview.errors import NotFoundError
from interview.extensions import db
from interview.jobs import leases
from interview.media.store import LocalStore, store
from interview.peers import services as peers
from interview.peers.models import PeerBin, PeerTerm
from interview.practice.models import Answer, AnswerState, Interview, Question, Report, Step
from interview.privacy import retention, services
from interview.questions.models import PromptRevision
from tests.support.reports import report_body

SECRET_WORDS = ("zeppelin", "quagmire")
TEXT = "A zeppelin over the quagmire, which only I ever wrote about."


@pytest.fixture
def person(app, make_user, make_candidate):
    """An account with its candidate, who erases what is theirs."""
    user = make_user(email="erased-person@example.org", password="nobody-else-has-this-one")
    return user, make_candidate(user)


@pytest.fixture
def others(app, make_user, make_candidate, make_answer, make_prompt):
    """Six other candidates who answered the returned prompt."""
    prompt = make_prompt()
    for number in range(6):
        answer = make_answer(
            make_candidate(make_user()), prompt=prompt, report=report_body(number / 10)
        )
        count(app, answer)
    return prompt


def count(app, answer):
    with app.app_context():
        peers.add(db.session.get(Answer, answer.id).report)
        db.session.commit()


def dump():
    """Return every value of every table, as text, by table."""
    return {
        table.name: sorted(map(repr, db.session.execute(sa.select(table))))
        for table in db.metadata.sorted_tables
    }


def everything():
    return "\n".join(line for rows in dump().values() for line in rows)


def averages():
    tables = dump()
    return tables["peer_bins"], tables["peer_terms"]


def files(app):
    folder = app.config["SETTINGS"].media_dir
    return [path for path in folder.rglob("*") if path.is_file()]


def upload(app, answer):
    with app.app_context():
        key = store.save(io.BytesIO(TEXT.encode()), 10_000)
        row = db.session.get(Answer, answer.id)
        row.document_key, row.state, row.step = key, AnswerState.QUEUED, Step.EXTRACT
        db.session.commit()
        return key


def practise(app, person, make_answer, prompt):
    """Give a person two counted answers, a retake and a waiting document; return their ids."""
    _user, candidate = person
    first = make_answer(candidate, text=TEXT, prompt=prompt, report=report_body(0.9, SECRET_WORDS))
    retake = make_answer(
        candidate, text=TEXT, question_id=first.question_id, report=report_body(0.7, SECRET_WORDS)
    )
    elsewhere = make_answer(candidate, text=TEXT, report=report_body(0.8, SECRET_WORDS))
    for answer in (first, retake, elsewhere):
        count(app, answer)
    waiting = make_answer(candidate, text=TEXT)
    key = upload(app, waiting)
    return [first, retake, elsewhere, waiting], key


def test_erasing_an_account_leaves_nothing_of_the_person_anywhere(app, person, others, make_answer):
    user, candidate = person
    with app.app_context():
        before, tables_before = averages(), dump()
    answers, key = practise(app, person, make_answer, others)
    with app.app_context():
        interviews = list(
            db.session.scalars(
                sa.select(Interview.id).where(Interview.candidate_id == candidate.id)
            )
        )
        traces = [
            *(user.email, user.password, user.fs_uniquifier, key, TEXT, *SECRET_WORDS),
            *(answer.id.hex for answer in answers),
            *(interview.hex for interview in interviews),
        ]
        present = everything().replace("-", "")
        assert all(trace.replace("-", "") in present for trace in traces)
        assert averages() != before
        assert len(files(app)) == 1

        services.erase_account(db.session.get(User, user.id))
    with app.app_context():
        left = everything().replace("-", "")
        assert [trace for trace in traces if trace.replace("-", "") in left] == []
        assert averages() == before
        assert files(app) == []
        for model in (Candidate, Interview, Answer, Report):
            column = model.id if model is Candidate else model.candidate_id
            query = sa.select(sa.func.count()).select_from(model).where(column == candidate.id)
            assert db.session.scalar(query) == 0
        after = dump()
        for name in ("users", "roles_users", "candidates", "questions"):
            expected = [line for line in tables_before[name] if user.email not in line]
            assert len(after[name]) <= len(expected), name


def test_prompts_that_an_erased_person_wrote_stay_without_their_author(app, person, make_prompt):
    user, _candidate = person
    prompt = make_prompt()
    with app.app_context():
        db.session.execute(sa.update(PromptRevision).values(author_id=user.id))
        db.session.commit()
        services.erase_account(db.session.get(User, user.id))
    with app.app_context():
        revision = db.session.scalars(sa.select(PromptRevision)).one()
        assert revision.prompt_id == prompt.id
        assert revision.author_id is None


def test_an_account_that_never_practised_can_be_erased(app, make_user):
    user = make_user()
    with app.app_context():
        services.erase_account(db.session.get(User, user.id))
        assert db.session.get(User, user.id) is None


def test_erasing_one_answer_takes_it_out_of_the_averages_and_keeps_the_rest(
    app, person, others, make_answer
):
    _user, candidate = person
    kept = make_answer(candidate, prompt=others, report=report_body(0.2))
    count(app, kept)
    with app.app_context():
        before = averages()
    gone = make_answer(candidate, text=TEXT, prompt=others, report=report_body(0.9, SECRET_WORDS))
    count(app, gone)
    with app.app_context():
        assert averages() != before
        owner = db.session.get(Candidate, candidate.id)
        assert services.erase_answer(owner, gone.id) is None
    with app.app_context():
        assert averages() == before
        assert db.session.get(Answer, kept.id) is not None
        assert "zeppelin" not in everything()


def test_a_question_and_its_interview_go_with_the_last_take(app, person, make_answer):
    _user, candidate = person
    first = make_answer(candidate)
    second = make_answer(candidate, question_id=first.question_id)
    with app.app_context():
        interview_id = db.session.get(Question, first.question_id).interview_id
        owner = db.session.get(Candidate, candidate.id)
        assert services.erase_answer(owner, second.id) == interview_id
        assert db.session.get(Question, first.question_id) is not None
        assert services.erase_answer(owner, first.id) is None
    with app.app_context():
        assert db.session.get(Question, first.question_id) is None
        assert db.session.get(Interview, interview_id) is None


def test_erasing_an_interview_takes_every_take_in_it(app, person, others, make_answer):
    _user, candidate = person
    with app.app_context():
        before = averages()
    answers, _key = practise(app, person, make_answer, others)
    with app.app_context():
        owner = db.session.get(Candidate, candidate.id)
        for answer in answers[0], answers[2], answers[3]:
            interview_id = db.session.get(Answer, answer.id).question.interview_id
            services.erase_interview(owner, interview_id)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Interview)) == 6
        assert averages() == before
        assert files(app) == []
        assert "zeppelin" not in everything()


def test_a_guests_workspace_can_be_erased(app, guest, others, make_answer):
    answer = make_answer(guest, text=TEXT, report=report_body(0.9, SECRET_WORDS))
    upload(app, answer)
    with app.app_context():
        services.erase_workspace(db.session.get(Candidate, guest.id))
    with app.app_context():
        assert "zeppelin" not in everything()
        assert guest.guest_token_hash not in everything()
        assert files(app) == []


def test_nobody_erases_what_is_somebody_elses(app, person, guest, make_answer):
    _user, candidate = person
    answer = make_answer(candidate)
    with app.app_context():
        stranger = db.session.get(Candidate, guest.id)
        interview_id = db.session.get(Answer, answer.id).question.interview_id
        for who in (stranger, None):
            with pytest.raises(NotFoundError):
                services.erase_answer(who, answer.id)
            with pytest.raises(NotFoundError):
                services.erase_interview(who, interview_id)
        assert db.session.get(Answer, answer.id) is not None


def test_a_worker_in_the_middle_of_an_erased_answer_stores_nothing(
    app, person, others, make_answer
):
    _user, candidate = person
    answer = make_answer(candidate, text=TEXT, state=AnswerState.QUEUED, step=Step.ANALYSE)
    with app.app_context():
        before = averages()
        lease = leases.claim(answer.id)
        assert lease is not None
    with app.app_context():
        services.erase_answer(db.session.get(Candidate, candidate.id), answer.id)
    with app.app_context():
        assert not leases.renew(lease)
        assert not leases.finish_analysis(lease, report_body(0.9, SECRET_WORDS))
        assert leases.fail(lease, "crashed") is None
    with app.app_context():
        assert averages() == before
        assert "zeppelin" not in everything()


def test_erasing_while_workers_finish_leaves_exact_averages(app, person, others, make_answer):
    _user, candidate = person
    with app.app_context():
        before = averages()
    answers = [
        make_answer(candidate, prompt=others, state=AnswerState.QUEUED, step=Step.ANALYSE)
        for _ in range(4)
    ]
    with app.app_context():
        held = [leases.claim(answer.id) for answer in answers]
    failures = []

    def run(act):
        with app.app_context():
            try:
                act()
            except Exception as error:
                failures.append(error)

    def finish(lease):
        return lambda: leases.finish_analysis(lease, report_body(0.9, SECRET_WORDS))

    def erase():
        services.erase_workspace(db.session.get(Candidate, candidate.id))

    threads = [threading.Thread(target=run, args=(act,)) for act in (*map(finish, held), erase)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert averages() == before
        assert "zeppelin" not in everything()
        assert (
            db.session.scalar(sa.select(Answer.id).where(Answer.candidate_id == candidate.id))
            is None
        )
    assert failures == []


def test_guests_are_erased_when_their_time_is_over_and_not_before(
    app, make_candidate, make_answer, person
):
    early, late = make_candidate(), make_candidate()
    kept = make_answer(person[1])
    for candidate in (early, late):
        make_answer(candidate, text=TEXT)
    with app.app_context():
        db.session.get(Candidate, early.id).expires_at = now() + timedelta(hours=1)
        db.session.get(Candidate, late.id).expires_at = now() + timedelta(hours=3)
        db.session.commit()
        assert retention.erase_expired_guests(now()) == 0
        assert retention.erase_expired_guests(now() + timedelta(hours=2)) == 1
        assert db.session.get(Candidate, early.id) is None
        assert db.session.get(Candidate, late.id) is not None
        assert retention.erase_expired_guests(now() + timedelta(days=400)) == 1
        assert db.session.scalars(sa.select(Answer.id)).all() == [kept.id]


def test_a_file_that_cannot_be_removed_does_not_bring_the_rows_back(
    app, guest, make_answer, monkeypatch
):
    answer = make_answer(guest)
    upload(app, answer)

    def refuse(self, key):
        raise PermissionError("read-only")

    monkeypatch.setattr(LocalStore, "delete", refuse)
    with app.app_context():
        services.erase_workspace(db.session.get(Candidate, guest.id))
        assert db.session.get(Answer, answer.id) is None


def test_files_are_kept_when_the_transaction_fails(app, guest, make_answer, monkeypatch):
    answer = make_answer(guest)
    upload(app, answer)

    def fail():
        raise RuntimeError("the database went away")

    with app.app_context():
        monkeypatch.setattr(db.session, "commit", fail)
        with pytest.raises(RuntimeError):
            services.erase_workspace(db.session.get(Candidate, guest.id))
        db.session.rollback()
        assert db.session.get(Answer, answer.id) is not None
        assert len(files(app)) == 1


def test_the_search_would_find_terms_and_bins(app, person, others, make_answer):
    practise(app, person, make_answer, others)
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(PeerBin)) > 0
        terms = set(db.session.scalars(sa.select(PeerTerm.term)))
        assert set(SECRET_WORDS) <= terms
