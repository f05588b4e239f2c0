"""The video interview up to handing in: what differs from the one that is only spoken."""

import io
import re

import pytest
import sqlalchemy as sa

from interview.analysis.video import pipeline as video
from interview.extensions import db
from interview.practice.models import Answer, AnswerState, Interview
from interview.practice.presenter import steps

JSON = {"Accept": "application/json"}
NAME = "1-00112233445566778899aabb"
SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def path(answer, action=""):
    return f"/answers/{answer.id}{action and '/' + action}"


def row_of(app, answer):
    with app.app_context():
        return db.session.get(Answer, answer.id)


@pytest.fixture
def draft(guest, make_answer):
    """A guest's empty draft in a video interview."""
    return make_answer(guest, text="", mode="video")


@pytest.fixture
def send(guest_client):
    """`send(answer, offset, data)` sends a piece of a recording."""

    def post(answer, offset, data):
        headers = JSON | {"Upload-Offset": str(offset), "Recording-Id": NAME}
        kind = "video/webm;codecs=vp9,opus"
        return guest_client.post(
            path(answer, "chunks"), data=data, headers=headers, content_type=kind
        )

    return post


class TestStarting:
    """Choosing what to be asked."""

    def test_a_person_who_was_never_here_can_start_at_once(self, app, client, make_prompt):
        make_prompt(text="Why this job?", modes=("text", "audio", "video"))
        make_prompt(text="Only to be spoken.", modes=("audio",))
        response = client.post("/video", data={"competency": "", "count": "1"})
        page = client.get(response.location)
        assert "Why this job?" in page.text
        assert "Check camera and microphone" in page.text
        with app.app_context():
            assert db.session.scalars(sa.select(Interview.mode)).all() == ["video"]

    @SQLITE_ONLY
    def test_the_start_page_leads_to_all_three_ways_to_answer(self, client):
        page = client.get("/").text
        assert all(f'href="/{mode}"' in page for mode in ("video", "audio", "text"))

    @SQLITE_ONLY
    @pytest.mark.parametrize("mode", ["video", "audio", "text"])
    def test_each_way_leads_to_the_others(self, client, mode):
        page = client.get(f"/{mode}").text
        assert re.search(rf'href="/{mode}" aria-current="page"', page)
        assert all(f'href="/{other}"' in page for other in ("video", "audio", "text"))


@SQLITE_ONLY
class TestRecorder:
    """The page on which it is recorded."""

    def test_it_alone_may_ask_for_the_camera(self, guest, guest_client, draft, make_answer):
        page = guest_client.get(path(draft))
        assert "camera=(self), microphone=(self)" in page.headers["Permissions-Policy"]
        assert "media-src 'self' blob:" in page.headers["Content-Security-Policy"]
        spoken = guest_client.get(path(make_answer(guest, text="", mode="audio")))
        assert "camera=(), microphone=(self)" in spoken.headers["Permissions-Policy"]

    def test_before_anything_is_filmed_it_says_what_is_made_of_it(self, guest_client, draft):
        page = guest_client.get(path(draft)).text
        for words in (
            *("emotion recognition", "which of seven emotions your face and your voice"),
            *("often wrong", 'href="/models/faces"', 'href="/models/speech"', "stay with you"),
        ):
            assert words in page

    def test_an_answer_is_meant_to_take_three_quarters_of_a_minute(self, app, guest_client, draft):
        assert 'data-answer-seconds="45"' in guest_client.get(path(draft)).text
        with app.app_context():
            db.session.get_one(Answer, draft.id).question.revision.answer_seconds = 30
            db.session.commit()
        assert 'data-answer-seconds="30"' in guest_client.get(path(draft)).text

    def test_the_times_for_an_answer_rise_and_each_is_offered_once(self, app, guest_client, draft):
        with app.app_context():
            db.session.get_one(Answer, draft.id).question.own_answer_seconds = 120
            db.session.commit()
        page = guest_client.get(path(draft)).text
        assert re.findall(r'<option value="(\d+)"( selected)?>', page) == [
            *(("90", ""), ("120", " selected"), ("180", "")),
        ]
        assert "data-answer-time-set" not in page  # this is practice

    def test_nothing_in_it_is_styled_or_run_inline(self, guest_client, draft):
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=", guest_client.get(path(draft)).text)

    def test_while_it_waits_the_steps_are_those_of_a_film(self, app, draft):
        with app.app_context():
            shown = [step.key for step in steps(db.session.get_one(Answer, draft.id))]
        assert set(video.STEPS) < set(shown)


class TestArriving:
    """Pieces and files."""

    def test_pieces_become_a_film_that_its_owner_can_watch_in_parts(
        self, app, guest_client, draft, send
    ):
        send(draft, 0, b"first")
        assert send(draft, 5, b" second").json == {"recording": NAME, "bytes": 12}
        handed_in = guest_client.post(path(draft, "recording"), data={"total": "12"}, headers=JSON)
        assert handed_in.status_code == 200
        assert row_of(app, draft).state == AnswerState.QUEUED
        wanted = {"Range": "bytes=6-"}
        with guest_client.get(path(draft, "recording"), headers=wanted) as played:
            assert (played.status_code, played.data) == (206, b"second")
            assert played.content_type == "video/webm"

    @SQLITE_ONLY
    @pytest.mark.settings(max_recording_bytes=1024 * 1024, max_video_bytes=2 * 1024 * 1024)
    def test_a_film_may_be_larger_than_a_recording_without_picture(
        self, guest, guest_client, draft, make_answer, send
    ):
        piece, spoken = b"x" * 1024 * 1024, make_answer(guest, text="", mode="audio")
        assert [send(spoken, offset, piece).status_code for offset in (0, len(piece))] == [200, 413]
        assert [send(draft, n * len(piece), piece).status_code for n in range(3)] == [200, 200, 413]
        sent = {"recording": (io.BytesIO(2 * piece + b"x"), "answer.mov")}
        refused = guest_client.post(path(draft, "recording"), data=sent)
        assert refused.status_code == 413
        assert "2 MB" in refused.text

    @SQLITE_ONLY
    def test_a_file_of_a_phone_takes_the_place_of_what_was_recorded(
        self, app, guest_client, draft, send
    ):
        send(draft, 0, b"first")
        sent = {"recording": (io.BytesIO(b"film"), "answer.mov", "video/quicktime")}
        assert guest_client.post(path(draft, "recording"), data=sent).status_code == 302
        found = row_of(app, draft)
        assert (found.recording_type, found.recording_bytes) == ("video/quicktime", 4)
        assert (
            len([each for each in app.config["SETTINGS"].media_dir.rglob("*") if each.is_file()])
            == 1
        )

    @SQLITE_ONLY
    def test_one_that_could_not_be_analysed_can_still_be_watched(
        self, app, guest_client, draft, send
    ):
        send(draft, 0, b"film")
        with app.app_context():
            answer = db.session.get_one(Answer, draft.id)
            answer.state, answer.failure = AnswerState.FAILED, "internal"
            db.session.commit()
        page = guest_client.get(path(draft))
        assert re.search(r'<video [^>]*src="/answers/[0-9a-f-]+/recording"', page.text)
        assert "media-src 'self'" in page.headers["Content-Security-Policy"]
