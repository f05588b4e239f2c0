"""The audio interview as its candidate goes through it, from the recorder to the summary."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from interview.columns import now
from interview.extensions import db
from interview.jobs import tasks
from interview.peers.models import PeerBin
from interview.practice.models import Answer, AnswerState, Interview, Report
from interview.privacy import retention
from tests.support import sounds
from tests.support.spoken import JSON, NAME, SQLITE_ONLY, files, path, row_of
from tests.support.texts import COMPLETE_ANSWER

OTHER_NAME = "1-ffeeddccbbaa998877665544"
FILE_NAME = "1-file-0123456789abcdef01234567"


@pytest.fixture
def limited(guest, make_answer, make_prompt, app):
    """A draft whose prompt allows two takes."""
    answer = make_answer(guest, text="", mode="audio", prompt=make_prompt())
    with app.app_context():
        db.session.get_one(Answer, answer.id).question.revision.max_takes = 2
        db.session.commit()
    return answer


@pytest.fixture(scope="module")
def webm(tmp_path_factory):
    """Twelve seconds of speech as Chrome records it: WebM without a duration."""
    target = tmp_path_factory.mktemp("sound") / "answer.webm"
    stretches = [(0.5, 5.0), (7.0, 11.5)]
    return sounds.write(target, sounds.speech(12, stretches), live="1").read_bytes()


class TestStarting:
    """Choosing what to be asked."""

    def test_a_person_who_was_never_here_can_start_at_once(self, app, client, make_prompt):
        make_prompt(text="Why this job?", modes=("text", "audio"))
        make_prompt(text="Only to be written.", modes=("text",))
        response = client.post("/audio", data={"competency": "", "count": "1"})
        assert response.status_code == 302
        page = client.get(response.location)
        assert "Why this job?" in page.text
        assert "Record your answer" in page.text
        with app.app_context():
            assert db.session.scalars(sa.select(Interview.mode)).all() == ["audio"]

    def test_the_start_page_leads_here(self, client):
        assert 'href="/audio"' in client.get("/").text

    @SQLITE_ONLY
    def test_only_the_recorder_may_ask_for_the_microphone(
        self, guest_client, draft, guest, make_answer
    ):
        page = guest_client.get(path(draft))
        assert "microphone=(self)" in page.headers["Permissions-Policy"]
        assert "media-src 'self' blob:" in page.headers["Content-Security-Policy"]
        written = guest_client.get(path(make_answer(guest)))
        assert "microphone=()" in written.headers["Permissions-Policy"]
        assert "media-src" not in written.headers["Content-Security-Policy"]

    @SQLITE_ONLY
    def test_before_anything_is_recorded_it_says_what_will_be_made_of_it(self, guest_client, draft):
        page = guest_client.get(path(draft)).text
        for words in ("which of seven emotions", "/models/speech", "stay with you", "/text"):
            assert words in page


class TestPieces:
    """A recording that arrives while it is made."""

    def test_pieces_in_order_become_the_recording(self, app, guest_client, draft, send, hand_in):
        assert send(draft, 0, b"first").json == {"recording": NAME, "bytes": 5}
        assert send(draft, 5, b" second").json == {"recording": NAME, "bytes": 12}
        assert guest_client.get(path(draft, "chunks")).json == {"recording": NAME, "bytes": 12}
        assert hand_in(draft, 12).status_code == 200
        assert row_of(app, draft).state == AnswerState.QUEUED
        with guest_client.get(path(draft, "recording")) as played:
            assert played.data == b"first second"

    def test_a_piece_that_was_already_taken_or_is_missing_one_before_is_told_where_it_stands(
        self, app, draft, send
    ):
        send(draft, 0, b"first")
        again, gap = send(draft, 0, b"first"), send(draft, 9, b"later")
        for refused in (again, gap):
            assert refused.status_code == 409
            assert refused.json == {"recording": NAME, "bytes": 5}
        assert send(draft, 5, b" on").json["bytes"] == 8
        assert files(app)[0].read_bytes() == b"first on"

    def test_another_window_does_not_mix_its_recording_into_this_one(self, app, draft, send):
        send(draft, 0, b"mine")
        for offset in (0, 4):
            refused = send(draft, offset, b"theirs", OTHER_NAME)
            assert (refused.status_code, refused.json["recording"]) == (409, NAME)
        assert [each.read_bytes() for each in files(app)] == [b"mine"]

    def test_a_file_takes_the_place_of_the_recording_that_it_names(self, app, draft, send, hand_in):
        send(draft, 0, b"recorded here")
        assert send(draft, 0, b"made", FILE_NAME).json["recording"] == NAME
        begun = send(draft, 0, b"made", FILE_NAME, replaces=NAME)
        assert begun.json == {"recording": FILE_NAME, "bytes": 4}
        assert send(draft, 13, b"more of the recording").status_code == 409
        send(draft, 4, b" elsewhere", FILE_NAME)
        assert hand_in(draft, 14).status_code == 200
        assert [each.read_bytes() for each in files(app)] == [b"made elsewhere"]
        assert row_of(app, draft).take == 1

    def test_a_recording_takes_the_place_of_a_file_that_did_not_arrive_whole(
        self, app, draft, send
    ):
        send(draft, 0, b"half of a file", FILE_NAME)
        assert send(draft, 0, b"recorded", replaces=OTHER_NAME).status_code == 409
        assert send(draft, 0, b"recorded", replaces=FILE_NAME).json["bytes"] == 8
        assert [each.read_bytes() for each in files(app)] == [b"recorded"]

    def test_a_recording_never_takes_the_place_of_another_without_a_new_take(
        self, app, draft, send
    ):
        send(draft, 0, b"first")
        refused = send(draft, 0, b"second", OTHER_NAME, replaces=NAME)
        assert (refused.status_code, refused.json["recording"]) == (409, NAME)
        assert [each.read_bytes() for each in files(app)] == [b"first"]

    def test_the_same_file_goes_on_where_it_stopped(self, draft, send):
        send(draft, 0, b"first part, ", FILE_NAME)
        again = send(draft, 0, b"first part, ", FILE_NAME)
        assert (again.status_code, again.json) == (409, {"recording": FILE_NAME, "bytes": 12})
        assert send(draft, 12, b"second", FILE_NAME).json["bytes"] == 18

    def test_not_everything_arrived_is_not_handed_in(self, app, draft, send, hand_in):
        send(draft, 0, b"first")
        refused = hand_in(draft, 9)
        assert (refused.status_code, refused.json["bytes"]) == (409, 5)
        assert row_of(app, draft).state == AnswerState.DRAFT

    @pytest.mark.settings(max_recording_bytes=1024 * 1024)
    def test_it_grows_to_the_limit_and_no_further(self, app, draft, send):
        piece = b"x" * 700_000
        assert send(draft, 0, piece).status_code == 200
        refused = send(draft, 700_000, piece)
        assert refused.status_code == 413
        assert "1 MB" in refused.json["error"]
        assert row_of(app, draft).recording_bytes == 700_000

    @SQLITE_ONLY
    @pytest.mark.parametrize("offset", ["", "-1", "two", "9" * 13])
    def test_an_offset_that_is_no_number_is_refused(self, draft, send, offset):
        assert send(draft, offset, b"x").status_code == 400

    @SQLITE_ONLY
    @pytest.mark.parametrize(
        "name", ["", "x", "../../etc/passwd", "1-" + "0" * 60, "1-file-" + "0" * 32]
    )
    def test_a_made_up_name_is_refused_and_leaves_no_file(self, app, draft, send, name):
        assert send(draft, 0, b"x", name).status_code == 400
        assert files(app) == []

    def test_after_handing_in_nothing_is_added(self, draft, send, hand_in):
        send(draft, 0, b"first")
        hand_in(draft, 5)
        refused = send(draft, 5, b"more")
        assert refused.status_code == 409
        assert "handed in" in refused.json["error"]
        assert hand_in(draft, 5).status_code == 200

    def test_nobody_else_can_send_or_hear_it(self, app, draft, send, make_candidate):
        send(draft, 0, b"first")
        other = app.test_client()
        other.set_cookie("workspace", make_candidate().token)
        assert send(draft, 5, b"x", client=other).status_code == 404
        assert other.get(path(draft, "recording")).status_code == 404
        assert other.get(path(draft, "chunks")).status_code == 404

    @SQLITE_ONLY
    def test_a_written_answer_takes_no_recording_and_a_spoken_one_no_text(
        self, guest, guest_client, draft, make_answer, send
    ):
        assert send(make_answer(guest), 0, b"x").status_code == 404
        assert guest_client.post(path(draft, "submit"), data={"text": "x"}).status_code == 404


class TestTakes:
    """Recording again."""

    def test_recording_again_throws_the_first_away_and_counts(self, app, guest_client, draft, send):
        send(draft, 0, b"first")
        for _ in range(2):  # pressed twice
            guest_client.post(path(draft, "discard"), data={"take": "1"})
        found = row_of(app, draft)
        assert (found.take, found.recording_key, found.recording_bytes) == (2, None, 0)
        assert files(app) == []
        assert send(draft, 0, b"late piece of the first").status_code == 409
        assert send(draft, 0, b"second", "2-0123456789ab").json["bytes"] == 6

    def test_the_prompt_limits_how_often(self, app, guest_client, limited, send, hand_in):
        page = guest_client.get(path(limited)).text
        assert "Take 1 of 2" in page
        send(limited, 0, b"first")
        guest_client.post(path(limited, "discard"), data={"take": "1"})
        refused = guest_client.post(path(limited, "discard"), data={"take": "2"}, headers=JSON)
        assert refused.status_code == 409
        assert "no more takes" in refused.json["error"]
        assert "last take" in guest_client.get(path(limited)).text
        send(limited, 0, b"second", "2-0123456789ab")
        hand_in(limited, 6)
        assert guest_client.post(path(limited, "retake")).status_code == 409

    def test_a_take_that_could_not_be_analysed_does_not_count(
        self, guest_client, limited, upload, work_off
    ):
        guest_client.post(path(limited, "discard"), data={"take": "1"})
        upload(limited, b"not sound at all" * 100)
        work_off()
        again = guest_client.post(path(limited, "retake"))
        assert again.status_code == 302
        assert "Record your answer" in guest_client.get(again.location).text


class TestAnalysis:
    """From handing in to the summary, and again with a transcript."""

    def test_a_recording_becomes_a_summary(
        self, app, guest_client, draft, webm, send, hand_in, work_off
    ):
        for offset in range(0, len(webm), 20_000):
            send(draft, offset, webm[offset : offset + 20_000])
        hand_in(draft, len(webm))
        assert "Listening to your answer" in guest_client.get(path(draft)).text
        work_off()
        found = guest_client.get(path(draft), headers=JSON).json
        assert (found["state"], found["failure"]) == ("analysed", None)
        assert found["report"]["scored"]
        assert found["report"]["delivery"]["longest_pause"] == pytest.approx(2, abs=0.4)
        page = guest_client.get(path(draft))
        assert page.status_code == 200
        assert f"{path(draft)}/recording" in page.text
        kept = row_of(app, draft)
        assert kept.recording_clean
        assert kept.recording_type == "audio/webm"
        assert kept.recording_bytes == files(app)[0].stat().st_size

    @SQLITE_ONLY
    def test_the_same_recording_gives_the_same_report(
        self, guest, guest_client, make_answer, webm, upload, work_off
    ):
        reports = []
        for _ in range(2):
            answer = make_answer(guest, text="", mode="audio")
            upload(answer, webm, "answer.webm")
            work_off()
            reports.append(guest_client.get(path(answer), headers=JSON).json["report"])
        assert reports[0] == reports[1]

    @SQLITE_ONLY
    def test_an_operators_recogniser_writes_the_transcript(
        self, monkeypatch, guest_client, draft, webm, upload, work_off
    ):
        class Recogniser:
            version = "said-1"

            def transcribe(self, samples):
                return COMPLETE_ANSWER

        monkeypatch.setattr(tasks, "recogniser", Recogniser)
        upload(draft, webm, "answer.webm")
        work_off()
        report = guest_client.get(path(draft), headers=JSON).json["report"]
        assert report["transcript_source"] == "recognised"
        assert report["text"]["traits"]
        assert "recognised by a computer" in guest_client.get(path(draft)).text

    def test_a_transcript_replaces_the_report_and_the_averages_count_it_once(
        self, app, make_user, make_candidate, login, make_answer, webm, upload, work_off
    ):
        user = make_user()
        answer = make_answer(make_candidate(user), text="", mode="audio")
        client = login(user)
        upload(answer, webm, "answer.webm", client)
        work_off()
        before = client.get(path(answer), headers=JSON).json["report"]
        assert before["text"] is None

        data = {"transcript": COMPLETE_ANSWER}
        assert client.post(path(answer, "transcript"), data=data).status_code == 302
        work_off()

        after = client.get(path(answer), headers=JSON).json["report"]
        assert after["text"]["traits"]
        assert after["emotions"] == before["emotions"]
        with app.app_context():
            assert db.session.scalar(sa.select(sa.func.count(Report.id))) == 1
            query = sa.select(sa.func.sum(PeerBin.candidates)).where(PeerBin.mode == "audio")
            counted = db.session.scalars(query.group_by(PeerBin.prompt_id, PeerBin.measure)).all()
            assert set(counted) == {1}
            measures = set(db.session.scalars(sa.select(PeerBin.measure)))
            assert {"emotion.happy", "words.count"} <= measures

    def test_a_failure_of_ours_can_be_tried_again_with_the_same_recording(
        self, app, guest_client, draft, webm, upload, work_off, monkeypatch
    ):
        from interview.analysis.audio import pipeline

        working = pipeline.analyse_audio
        monkeypatch.setattr(pipeline, "analyse_audio", lambda *_, **__: 1 / 0)
        upload(draft, webm, "answer.webm")
        work_off()
        failed = guest_client.get(path(draft), headers=JSON).json
        assert (failed["state"], failed["failure"]["code"]) == ("failed", "internal")
        assert "Your answer is safe" in guest_client.get(path(draft)).text
        monkeypatch.setattr(pipeline, "analyse_audio", working)
        guest_client.post(path(draft, "retry"))
        work_off()
        assert row_of(app, draft).state == AnswerState.ANALYSED


class TestErasing:
    """What is erased leaves no file."""

    def test_an_erased_answer_takes_its_recording_along(self, app, guest_client, draft, send):
        send(draft, 0, b"first")
        guest_client.post(path(draft, "erase"))
        assert files(app) == []

    def test_an_expired_guest_takes_recordings_along(self, app, guest, draft, send):
        send(draft, 0, b"first")
        with app.app_context():
            assert retention.erase_expired_guests(now() + timedelta(days=2)) == 1
        assert files(app) == []

    def test_a_recording_that_nobody_handed_in_is_erased_in_time(self, app, draft, send):
        send(draft, 0, b"first")
        hours = app.config["SETTINGS"].unfinished_recording_hours
        with app.app_context():
            assert retention.erase_unfinished_recordings(now()) == 0
            later = now() + timedelta(hours=hours + 1)
            assert retention.erase_unfinished_recordings(later) == 1
        found = row_of(app, draft)
        assert (found.state, found.recording_key) == (AnswerState.DRAFT, None)
        assert files(app) == []
        assert send(draft, 0, b"anew").json["bytes"] == 4

    def test_files_that_nothing_refers_to_are_removed_once_they_are_old(self, app, draft, send):
        from interview.media.store import store

        send(draft, 0, b"kept")
        with app.app_context():
            store.save(io.BytesIO(b"lost"), 10)
            assert retention.erase_lost_files(now()) == 0
            assert retention.erase_lost_files(now() + timedelta(days=2)) == 1
        assert [each.read_bytes() for each in files(app)] == [b"kept"]
