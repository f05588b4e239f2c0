"""What a worker does with a video: strip it, look and listen, and never more than it may."""

from datetime import timedelta

import pytest

from interview.columns import now
from interview.extensions import db
from interview.jobs import tasks
from interview.media.store import store
from interview.practice.labels import FILMED_STEPS
from interview.practice.models import Answer, AnswerState, Report, Step
from interview.recruiting import rules
from interview.recruiting.rules import Permitted
from tests.support import sounds, videos
from tests.support.sightings import sighting

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def film(tmp_path):
    faces = [videos.scene((160, 120, 100))] * 20
    return videos.write(tmp_path / "film.mp4", faces, rate=4, sound=sounds.speech(5))


@pytest.fixture
def analysed(app, make_user, make_candidate, make_answer, work_off, monkeypatch):
    """`analysed(file)` hands a video in, lets a worker do it; returns its kept type and report.

    Every frame shows the same face.
    """
    from interview.analysis.video import pipeline
    from interview.analysis.video.frames import stream_frames

    monkeypatch.setattr(
        pipeline,
        "sightings",
        lambda path: (sighting(frame.time) for frame in stream_frames(path)),
    )

    def analyse(file):
        answer = make_answer(
            make_candidate(make_user()),
            text="",
            mode="video",
            state=AnswerState.QUEUED,
            step=Step.ANALYSE,
            lease_until=now() + timedelta(seconds=60),
        )
        with app.app_context(), file.open("rb") as sent:
            row = db.session.get_one(Answer, answer.id)
            row.recording_key = store.save(sent, 10**7)
            row.recording_bytes = file.stat().st_size
            db.session.commit()
            tasks.enqueue(answer.id)
            work_off()
            db.session.expire_all()
            row = db.session.get_one(Answer, answer.id)
            assert (row.state, row.failure) == (AnswerState.ANALYSED, None)
            assert row.recording_clean
            report = db.session.scalars(db.select(Report).filter_by(answer_id=row.id)).one()
            return row.recording_type, report.body

    return analyse


@on_sqlite
def test_a_video_is_kept_with_its_picture_and_face_and_voice_are_told_about(analysed, film):
    kept, report = analysed(film)
    assert kept == "video/mp4"
    assert report["mode"] == "video"
    assert report["notices"] == report["voice"]["notices"] == []
    assert report["emotions"]
    assert report["face_emotions"]
    assert report["voice"]["emotions"]


@on_sqlite
def test_a_video_without_a_picture_is_kept_as_the_sound_that_it_is(analysed, tmp_path):
    kept, report = analysed(sounds.write(tmp_path / "answer.webm", sounds.speech(5)))
    assert kept == "audio/webm"
    assert [notice["code"] for notice in report["notices"]] == ["no_picture"]
    assert report["emotions"] == report["voice"]["emotions"]


@on_sqlite
def test_no_model_of_emotions_is_even_loaded_where_none_may_run(analysed, film, monkeypatch):
    def refuse():
        raise AssertionError("a model of emotions was loaded")

    monkeypatch.setattr(tasks, "speech_model", refuse)
    monkeypatch.setattr(tasks, "face_model", refuse)
    allowed = Permitted(analysis=True, traits=True, emotions=False)
    monkeypatch.setattr(rules, "permitted", lambda interview: allowed)
    _, report = analysed(film)
    assert report["notices"] == report["voice"]["notices"] == []
    assert report["emotions"] is report["smile"] is report["voice"]["emotions"] is None
    assert report["framing"]
    assert report["voice"]["delivery"]


def test_every_step_of_a_video_has_its_words_in_order():
    from interview.analysis.video.pipeline import STEPS

    assert tuple(FILMED_STEPS) == ("loading", "cleaning", *STEPS)
