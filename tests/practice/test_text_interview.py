"""The text interview as its candidate goes through it, page by page."""

import io
import re
import uuid

import pytest
import sqlalchemy as sa

from interview.extensions import db
from interview.jobs.queue import queue
from interview.practice.models import Answer, AnswerState, Interview, Report, Step
from tests.support.texts import COMPLETE_ANSWER, HYPOTHETICAL_ANSWER, SHORT_ANSWER, SPANISH_ANSWER

JSON = {"Accept": "application/json"}


def state_of(app, answer):
    with app.app_context():
        return db.session.get(Answer, answer.id)


def path(answer, action=""):
    return f"/answers/{answer.id}{action and '/' + action}"


@pytest.fixture
def draft(guest, make_answer):
    """A guest's empty draft."""
    return make_answer(guest, text="")


class TestStarting:
    """Choosing what to be asked."""

    def test_a_person_who_was_never_here_can_start_at_once(self, app, client, make_prompt):
        make_prompt(text="Why this job?")

        response = client.post("/text", data={"competency": "", "count": "1"})

        assert response.status_code == 302
        page = client.get(response.location)
        assert page.status_code == 200
        assert "Why this job?" in page.text

    def test_a_set_has_three_questions_of_different_competencies(self, app, client, make_prompt):
        for competency in ("teamwork", "planning", "integrity", "conflict"):
            make_prompt(competency=competency)

        client.post("/text", data={"competency": "", "count": "3"})

        with app.app_context():
            interview = db.session.scalars(sa.select(Interview)).one()
            asked = [question.revision.competency for question in interview.questions]
            assert len(set(asked)) == 3

    def test_a_chosen_competency_is_asked_about(self, app, client, make_prompt):
        make_prompt(competency="teamwork")
        make_prompt(competency="planning")

        client.post("/text", data={"competency": "planning", "count": "1"})

        with app.app_context():
            question = db.session.scalars(sa.select(Interview)).one().questions[0]
            assert question.revision.competency == "planning"

    @pytest.mark.parametrize("data", [{"competency": "magic", "count": "1"}, {"count": "2"}])
    def test_a_choice_that_was_not_offered_is_refused(self, app, client, make_prompt, data):
        make_prompt()
        assert client.post("/text", data=data).status_code == 400
        with app.app_context():
            assert db.session.scalar(sa.select(sa.func.count(Interview.id))) == 0

    def test_an_empty_question_bank_says_so(self, client):
        response = client.post("/text", data={"competency": "", "count": "1"})
        assert response.status_code == 404
        assert "no question" in response.text


class TestDraft:
    """Writing, with nothing lost."""

    def test_what_was_saved_is_there_again(self, guest_client, draft):
        saved = guest_client.post(path(draft, "draft"), data={"text": "Half a"}, headers=JSON)
        assert saved.json["version"]
        assert "Half a" in guest_client.get(path(draft)).text

    def test_a_second_window_does_not_overwrite_the_first(self, app, guest_client, draft):
        def save(text, version=None):
            data = {"text": text} | ({} if version is None else {"version": version})
            return guest_client.post(path(draft, "draft"), data=data, headers=JSON)

        opened = save("at first").json["version"]
        following = save("first window", opened).json["version"]

        late = save("second window", opened)
        assert late.status_code == 409
        assert "another window" in late.json["error"]
        assert state_of(app, draft).text == "first window"

        assert save("first window again", following).status_code == 200

    @pytest.mark.settings(max_text_characters=1000)
    @pytest.mark.parametrize("action", ["draft", "submit"])
    def test_a_text_over_the_limit_is_refused_and_still_on_the_page(
        self, guest_client, draft, action
    ):
        text = "long " * 201
        response = guest_client.post(path(draft, action), data={"text": text})
        assert response.status_code == 400
        assert "5 characters over the limit" in response.text
        assert text.strip() in response.text

    def test_an_empty_answer_cannot_be_handed_in(self, app, guest_client, draft):
        response = guest_client.post(path(draft, "submit"), data={"text": " \n "})
        assert response.status_code == 400
        assert "no text yet" in response.text
        assert state_of(app, draft).state == AnswerState.DRAFT

    def test_an_answer_handed_in_cannot_be_changed(self, app, guest_client, draft):
        guest_client.post(path(draft, "submit"), data={"text": COMPLETE_ANSWER})
        response = guest_client.post(path(draft, "draft"), data={"text": "other"}, headers=JSON)
        assert response.status_code == 409
        assert state_of(app, draft).text.split() == COMPLETE_ANSWER.split()


class TestAnalysis:
    """From handing in to the summary."""

    def test_an_answer_becomes_a_summary(self, guest_client, draft, work_off):
        guest_client.post(path(draft, "submit"), data={"text": COMPLETE_ANSWER})
        waiting = guest_client.get(path(draft), headers=JSON).json
        assert (waiting["state"], waiting["report"]) == ("queued", None)
        assert guest_client.get(path(draft)).status_code == 200

        work_off()

        found = guest_client.get(path(draft), headers=JSON).json
        assert found["state"] == "analysed"
        assert found["report"]["scored"]
        assert set(found["report"]["traits"]) == {
            *("openness", "conscientiousness", "extraversion"),
            *("agreeableness", "neuroticism"),
        }
        page = guest_client.get(path(draft))
        assert page.status_code == 200
        assert "<table" in page.text

    def test_the_summary_is_json_at_the_same_address_by_parameter_too(
        self, guest_client, draft, work_off
    ):
        guest_client.post(path(draft, "submit"), data={"text": COMPLETE_ANSWER})
        work_off()
        assert guest_client.get(path(draft) + "?format=json").json["report"]["mode"] == "text"

    def test_handing_in_twice_is_one_analysis(self, app, guest_client, draft, work_off):
        for _ in range(2):
            response = guest_client.post(path(draft, "submit"), data={"text": COMPLETE_ANSWER})
            assert response.status_code == 302
        work_off()
        with app.app_context():
            assert db.session.scalar(sa.select(sa.func.count(Report.id))) == 1

    @pytest.mark.parametrize(
        ("text", "notice"),
        [
            (SHORT_ANSWER, "too_short"),
            (SPANISH_ANSWER, "not_english"),
            ("asdf jkl qwer zxcv " * 20, "nonsense"),
        ],
    )
    def test_a_text_that_cannot_be_judged_gets_no_scores_and_says_why(
        self, guest_client, draft, work_off, text, notice
    ):
        guest_client.post(path(draft, "submit"), data={"text": text})
        work_off()

        report = guest_client.get(path(draft), headers=JSON).json["report"]
        assert not report["scored"]
        assert report["traits"] is None
        assert report["impression"] is None
        assert notice in [found["code"] for found in report["notices"]]
        assert guest_client.get(path(draft)).status_code == 200

    @pytest.mark.parametrize(("tags", "said"), [(["situational"], True), (["behavioural"], False)])
    def test_a_hypothetical_question_says_that_only_real_deeds_count(
        self, app, guest, guest_client, make_prompt, make_answer, analyse, tags, said
    ):
        text = HYPOTHETICAL_ANSWER
        answer = make_answer(guest, prompt=make_prompt(tags=tags), text=text, report=analyse(text))
        page = guest_client.get(path(answer)).text
        assert ("This question asks what you would do" in page) == said

    def test_a_failed_analysis_can_be_tried_again(self, guest_client, guest, make_answer, work_off):
        failed = make_answer(guest, state=AnswerState.FAILED, failure="internal", attempts=3)
        assert path(failed, "retry") in guest_client.get(path(failed)).text

        assert guest_client.post(path(failed, "retry")).status_code == 302
        work_off()

        assert guest_client.get(path(failed), headers=JSON).json["state"] == "analysed"

    def test_an_answer_whose_analysis_failed_is_shown_and_can_be_written_on(
        self, app, guest_client, guest, make_answer
    ):
        failed = make_answer(guest, text="Mine <all>.", state=AnswerState.FAILED)
        page = guest_client.get(path(failed)).text
        assert "Mine &lt;all&gt;." in page
        assert path(failed, "retake") in page
        assert "Start from this text" in page

        again = guest_client.post(path(failed, "retake"), data={"keep": "y"}).location
        assert db_answer(app, again).text == "Mine <all>."

    def test_only_a_failed_analysis_is_tried_again(self, guest_client, draft):
        assert guest_client.post(path(draft, "retry")).status_code == 409

    def test_a_guests_answer_is_not_in_the_averages_but_an_accounts_is(
        self, app, draft, guest_client, login, make_user, make_prompt, work_off
    ):
        from interview.peers.models import PeerBin

        def counted():
            with app.app_context():
                return db.session.scalar(sa.select(sa.func.count()).select_from(PeerBin))

        guest_client.post(path(draft, "submit"), data={"text": COMPLETE_ANSWER})
        work_off()
        assert counted() == 0

        browser = login(make_user())
        address = browser.post("/text", data={"competency": "", "count": "1"}).location
        browser.post(f"{address}/submit", data={"text": COMPLETE_ANSWER})
        work_off()
        assert counted() > 0


class TestDocument:
    """A document instead of typing."""

    def upload(self, client, answer, content, **data):
        return client.post(
            path(answer, "document"), data={"document": (io.BytesIO(content), "cv.pdf"), **data}
        )

    def test_its_text_can_be_corrected_before_it_is_analysed(
        self, app, settings, guest_client, draft, work_off
    ):
        self.upload(guest_client, draft, COMPLETE_ANSWER.encode(), text="Typed before.")
        assert state_of(app, draft).step == Step.EXTRACT
        work_off()

        page = guest_client.get(path(draft))
        assert "Typed before." in page.text
        assert "booking system" in page.text
        assert state_of(app, draft).state == AnswerState.DRAFT
        assert state_of(app, draft).from_document
        assert [file for file in settings.media_dir.rglob("*") if file.is_file()] == []

    @pytest.mark.parametrize("content", [b"", b"MZ\x90\x00\x03" * 100, b"%PDF-1.7\nnothing"])
    def test_one_that_cannot_be_read_says_why_and_loses_nothing(
        self, app, settings, guest_client, draft, work_off, content
    ):
        self.upload(guest_client, draft, content, text="Typed before.")
        work_off()

        found = state_of(app, draft)
        assert (found.state, found.text) == (AnswerState.DRAFT, "Typed before.")
        assert found.failure in {"empty", "unsupported", "broken"}
        message = guest_client.get(path(draft), headers=JSON).json["failure"]["message"]
        assert message in guest_client.get(path(draft)).text
        assert [file for file in settings.media_dir.rglob("*") if file.is_file()] == []

    @pytest.mark.settings(max_document_bytes=2048)
    def test_one_that_is_too_large_is_refused(self, app, settings, guest_client, draft):
        response = self.upload(guest_client, draft, b"x" * 2049)
        assert response.status_code == 413
        assert state_of(app, draft).state == AnswerState.DRAFT
        assert [file for file in settings.media_dir.rglob("*") if file.is_file()] == []

    def test_choosing_none_says_so_and_keeps_what_was_typed(self, guest_client, draft):
        response = guest_client.post(path(draft, "document"), data={"text": "Typed before."})
        assert response.status_code == 400
        assert "Choose a file" in response.text
        assert "Typed before." in response.text
        field = re.search(r'<input[^>]* type="file"[^>]*>', response.text).group()
        assert 'aria-invalid="true"' in field
        assert 'aria-describedby="document-hint document-error"' in field

    @pytest.mark.parametrize("action", ["document", "submit", "draft"])
    def test_a_spoken_answer_never_becomes_a_page_to_write_on(
        self, guest, guest_client, make_answer, action
    ):
        spoken = make_answer(guest, mode="audio")
        text = {"text": "x" * 20_001}
        assert guest_client.post(path(spoken, action), data=text).status_code == 404

    def test_an_answer_handed_in_takes_no_document(self, guest, guest_client, make_answer):
        done = make_answer(guest, state=AnswerState.ANALYSED)
        response = guest_client.post(path(done, "document"), data={"text": "again"})
        assert response.status_code == 409
        assert "<textarea" not in response.text


class TestTakes:
    """Trying again, and looking back."""

    def test_a_retake_is_empty_or_starts_from_the_text(self, app, guest, guest_client, make_answer):
        first = make_answer(guest, state=AnswerState.ANALYSED)
        address = guest_client.post(path(first, "retake")).location
        second = db_answer(app, address)
        assert (second.take, second.text) == (2, "")

        with app.app_context():
            db.session.delete(db.session.get(Answer, second.id))
            db.session.commit()
        kept = db_answer(app, guest_client.post(path(first, "retake"), data={"keep": "y"}).location)
        assert kept.text == first.text

    def test_there_is_one_open_take_at_a_time(self, guest, guest_client, make_answer):
        first = make_answer(guest, state=AnswerState.ANALYSED)
        addresses = {guest_client.post(path(first, "retake")).location for _ in range(3)}
        assert len(addresses) == 1

    def test_the_prompts_wording_stays_as_it_was_asked(
        self, app, guest_client, guest, make_answer, make_prompt
    ):
        from interview.questions.models import Prompt, PromptRevision

        prompt = make_prompt(text="The old wording?")
        answer = make_answer(guest, prompt=prompt)
        with app.app_context():
            row = db.session.get(Prompt, prompt.id)
            old = row.current
            values = {
                name: getattr(old, name)
                for name in (
                    *("competency", "language", "modes", "think_seconds"),
                    *("answer_seconds", "guidance", "tags"),
                )
            }
            row.revisions.append(PromptRevision(number=2, text="The new wording?", **values))
            db.session.commit()
        page = guest_client.get(path(answer)).text
        assert "The old wording?" in page
        assert "The new wording?" not in page

    def test_progress_lists_every_take(self, guest, guest_client, make_answer, analyse):
        body = analyse(COMPLETE_ANSWER)
        first = make_answer(guest, report=body)
        second = make_answer(guest, report=body, question_id=first.question_id)
        page = guest_client.get("/progress").text
        assert path(first) in page
        assert path(second) in page

    def test_progress_without_takes_shows_the_way_in(self, client):
        page = client.get("/progress")
        assert page.status_code == 200
        assert 'href="/text"' in page.text


def db_answer(app, address):
    with app.app_context():
        return db.session.get(Answer, uuid.UUID(address.rsplit("/", 1)[1]))


def test_a_hint_is_only_given_after_the_answer_is_stored(app, guest_client, draft, monkeypatch):
    """A worker that is faster than the commit would find nothing to do."""
    seen = []
    enqueue = queue.enqueue

    def look(task):
        with app.app_context():
            seen.append(db.session.get(Answer, draft.id).state)
        return enqueue(task)

    monkeypatch.setattr(queue, "enqueue", look)
    guest_client.post(path(draft, "submit"), data={"text": COMPLETE_ANSWER})
    assert seen == [AnswerState.QUEUED]
