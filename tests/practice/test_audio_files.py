"""Recordings that people send as files: every usual kind, and what is wrong with others."""

import io
import wave

import numpy as np
import pytest

from interview.practice.models import AnswerState
from tests.support import sounds
from tests.support.spoken import JSON, SQLITE_ONLY, files, path, row_of


def wav_bytes(seconds, level=0.0, hertz=None, rate=16_000):
    times = np.arange(int(seconds * rate)) / rate
    sound = level * np.sin(2 * np.pi * hertz * times) if hertz else np.zeros(len(times))
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((sound * 32767).astype("<i2").tobytes())
    return target.getvalue()


def huge_claim():
    """A WAV of one second that says it had four gigabytes."""
    data = bytearray(wav_bytes(1))
    data[4:8] = data[40:44] = (0xFFFFFFF0).to_bytes(4, "little")
    return bytes(data)


class TestFiles:
    """Files that people send, good and bad, with what they are told."""

    @pytest.mark.parametrize(
        ("name", "options"),
        [
            ("chrome.webm", {"live": "1"}),
            ("safari.mp4", {"container": "mp4", "codec": "aac", "layout": "stereo"}),
            ("firefox.ogg", {"container": "ogg"}),
            ("phone.m4a", {"container": "mp4", "codec": "aac", "rate": 44_100}),
            ("old.mp3", {"container": "mp3", "codec": "libmp3lame", "rate": 44_100}),
            ("telephone.wav", {"container": "wav", "codec": "pcm_s16le", "rate": 8000}),
            ("studio.flac", {"container": "flac", "codec": "flac", "layout": "stereo"}),
            ("film.mp4", {"container": "mp4", "codec": "aac", "picture": True}),
        ],
    )
    @SQLITE_ONLY
    def test_a_recording_of_any_kind_is_analysed_and_only_its_sound_kept(
        self, app, guest_client, draft, upload, work_off, tmp_path, name, options
    ):
        sound = sounds.speech(8)
        sent = sounds.write(tmp_path / name, sound, title="Secret Name", **options).read_bytes()
        assert upload(draft, sent, name).status_code == 302
        work_off()
        report = guest_client.get(path(draft), headers=JSON).json
        assert (report["state"], report["failure"]) == ("analysed", None)
        assert report["report"]["sound"]["duration"] == pytest.approx(8, abs=0.2)
        (kept,) = files(app)
        assert b"Secret Name" not in kept.read_bytes()
        with guest_client.get(path(draft, "recording")) as played:
            assert played.content_type.startswith("audio/")
            assert played.headers["X-Content-Type-Options"] == "nosniff"
            assert played.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            pytest.param(b"MZ\x90\x00" + b"\x00" * 5000, "not a recording", id="executable"),
            pytest.param(b"\x1aE\xdf\xa3 nothing more", "not a recording", id="truncated"),
            pytest.param(wav_bytes(0.05), "too short", id="a twentieth of a second"),
        ],
    )
    @SQLITE_ONLY
    def test_what_cannot_be_used_is_refused_with_the_reason(
        self, guest_client, draft, upload, work_off, data, message
    ):
        assert upload(draft, data).status_code == 302
        work_off()
        found = guest_client.get(path(draft), headers=JSON).json
        assert found["state"] == "failed"
        assert message in found["failure"]["message"]
        assert message in guest_client.get(path(draft)).text

    @SQLITE_ONLY
    def test_two_hours_in_a_small_file_are_refused_with_the_reason(
        self, guest_client, draft, upload, work_off, two_hours
    ):
        upload(draft, two_hours, "answer.flac")
        work_off()
        found = guest_client.get(path(draft), headers=JSON).json
        assert found["failure"]["code"] == "recording_too_long"
        assert "too long" in found["failure"]["message"]

    @SQLITE_ONLY
    def test_a_film_without_sound_is_refused_with_the_reason(
        self, guest_client, draft, upload, work_off, silent_film
    ):
        upload(draft, silent_film, "film.mp4")
        work_off()
        found = guest_client.get(path(draft), headers=JSON).json
        assert "no sound" in found["failure"]["message"]

    @pytest.mark.parametrize(
        ("data", "notice"),
        [
            pytest.param(wav_bytes(8), "silence", id="silence"),
            pytest.param(wav_bytes(8, 0.3, 1000), None, id="a tone"),
            pytest.param(huge_claim(), None, id="claims four gigabytes"),
        ],
    )
    @SQLITE_ONLY
    def test_what_holds_no_speech_gets_a_report_that_says_so_and_no_estimate(
        self, guest_client, draft, upload, work_off, data, notice
    ):
        upload(draft, data)
        work_off()
        report = guest_client.get(path(draft), headers=JSON).json["report"]
        assert not report["scored"]
        assert report["emotions"] is None
        assert report["notices"]
        if notice:
            assert report["notices"][0]["code"] == notice
        assert guest_client.get(path(draft)).status_code == 200

    def test_an_empty_file_is_refused_at_once(self, app, draft, upload):
        refused = upload(draft, b"")
        assert refused.status_code == 400
        assert "empty" in refused.text
        assert (row_of(app, draft).state, files(app)) == (AnswerState.DRAFT, [])

    @SQLITE_ONLY
    def test_no_file_at_all_is_asked_for(self, guest_client, draft):
        refused = guest_client.post(path(draft, "recording"), data={})
        assert refused.status_code == 400
        assert "Choose a file first" in refused.text

    @SQLITE_ONLY
    @pytest.mark.settings(max_recording_bytes=1024 * 1024)
    def test_a_file_over_the_limit_is_refused_and_not_kept(self, app, draft, upload):
        assert upload(draft, b"x" * (1024 * 1024 + 10)).status_code == 413
        assert upload(draft, b"x" * (2 * 1024 * 1024)).status_code == 413
        assert files(app) == []

    def test_a_file_takes_the_place_of_what_was_recorded(self, app, draft, send, upload):
        send(draft, 0, b"recorded")
        upload(draft, b"sent instead")
        assert [each.read_bytes() for each in files(app)] == [b"sent instead"]


@pytest.fixture(scope="module")
def silent_film(tmp_path_factory):
    """A film without a sound track."""
    import av

    target = tmp_path_factory.mktemp("film") / "film.mp4"
    with av.open(str(target), "w") as output:
        video = output.add_stream("mpeg4", rate=25)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        black = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
        output.mux(video.encode(black))
        output.mux(video.encode(None))
    return target.read_bytes()


@pytest.fixture(scope="module")
def two_hours(tmp_path_factory):
    """Two hours of silence as FLAC, which needs little room for it."""
    import av

    target = tmp_path_factory.mktemp("long") / "long.flac"
    with av.open(str(target), "w") as output:
        stream = output.add_stream("flac", rate=8000, layout="mono")
        silence = np.zeros((1, 4608), np.int16)
        for _ in range(7200 * 8000 // 4608):
            frame = av.AudioFrame.from_ndarray(silence, format="s16", layout="mono")
            frame.sample_rate = 8000
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return target.read_bytes()
