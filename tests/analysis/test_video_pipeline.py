"""An answer before a camera in, its report out: always the same, honest about what is missing."""

import base64
import io
import json
from collections.abc import Callable
from functools import cache

import av
import numpy as np
import pytest

from interview.analysis.audio.pipeline import analyse_audio
from interview.analysis.decode import MediaError
from interview.analysis.report import (
    EMOTIONS,
    MEASURES,
    AudioReport,
    VideoReport,
    report_from_dict,
)
from interview.analysis.video import pipeline
from interview.analysis.video.finder import Box
from interview.analysis.video.pipeline import STEPS, analyse_video
from tests.support.face_model import FakeFaceModel
from tests.support.model import FakeTextModel
from tests.support.sightings import sighting, sightings
from tests.support.sounds import RATE, speech
from tests.support.speech_model import FakeSpeechModel
from tests.support.texts import COMPLETE_ANSWER

SPOKEN = speech(8, [(1.1, 4), (4.5, 7.5)])


def analyse(frames, monkeypatch, *, sound=None, **arguments) -> VideoReport:
    """Analyse what would be seen and heard in a file."""

    def see(path):
        if isinstance(frames, Exception):
            raise frames
        return iter(frames)

    def listen(samples, **options):
        if samples is not SPOKEN:
            return analyse_audio(samples, **options)
        for index, step in enumerate(pipeline.audio.STEPS):
            options["progress"](step, index / len(pipeline.audio.STEPS))
        return heard(options["speech_model"] is not None)

    def read(path, limits):
        if isinstance(sound, Exception):
            raise sound
        return SPOKEN

    monkeypatch.setattr(pipeline, "read_sound", read)
    monkeypatch.setattr(pipeline, "sightings", see)
    monkeypatch.setattr(pipeline, "analyse_audio", listen)
    arguments = {"face_model": FakeFaceModel(), "speech_model": FakeSpeechModel()} | arguments
    return analyse_video("answer.webm", **arguments)


@cache
def heard(with_emotions: bool) -> AudioReport:
    """Return what is told of SPOKEN."""
    return analyse_audio(SPOKEN, speech_model=FakeSpeechModel() if with_emotions else None)


@pytest.fixture
def report_on(monkeypatch) -> Callable[..., VideoReport]:
    return lambda frames, **arguments: analyse(frames, monkeypatch, **arguments)


def codes(report: VideoReport) -> list[str]:
    return [notice.code for notice in report.notices]


def test_a_report_on_face_and_voice_is_complete(report_on):
    report = report_on(list(sightings(8)))

    assert report.scored
    assert report.notices == report.voice.notices == ()
    assert report.picture.duration == 8.0
    assert (report.picture.width, report.picture.height) == (640, 480)
    assert report.picture.frames == report.picture.frames_with_face == 64
    assert report.presence.face_share == 1.0
    assert [(one.start, one.end) for one in report.presence.face] == [(0.0, 8.0)]
    assert report.presence.several == report.presence.nobody == ()
    assert report.face_emotions["happy"] == pytest.approx(0.2, abs=0.01)
    assert sum(report.emotions.values()) == pytest.approx(1, abs=0.001)
    assert len(report.faces) == 16
    assert len(report.timeline) == len(report.voice.timeline) == 8
    assert report.framing.distance == report.framing.position == report.light.verdict == "good"
    assert report.movement.shifting == report.movement.turning == 0
    assert set(report.measures) <= {measure.key for measure in MEASURES["video"]}
    assert {f"together.{name}" for name in EMOTIONS} <= set(report.measures)
    assert report.provenance.models == {"speech": "fake-1", "faces": "fake-1"}
    assert report.provenance.rules == {"delivery": "1", "picture": "1", "fusion": "1"}
    assert report_from_dict(json.loads(json.dumps(report.to_dict()))) == report


def test_the_same_input_gives_the_same_report(report_on):
    rng = np.random.default_rng(4)
    frames = [
        sighting(index / 8, happy=rng.random(), faces=int(rng.integers(3))) for index in range(64)
    ]
    assert report_on(frames).to_dict() == report_on(frames).to_dict()


def test_seconds_have_what_there_is_of_face_and_voice(report_on):
    frames = [sighting(index / 8, faces=int(index >= 16)) for index in range(64)]
    report = report_on(frames)
    first, second, third = (report.timeline[index] for index in (0, 1, 2))
    assert first.face is first.together is first.face_weight is None
    assert second.face is None
    assert second.together == report.voice.timeline[1].emotions
    assert second.face_weight == 0
    assert third.face["happy"] == pytest.approx(0.2, abs=0.01)
    assert 0 < third.face_weight < 1
    assert (
        report.timeline[-1].together == report.timeline[-1].face
        or report.timeline[-1].face_weight < 1
    )
    assert report.faces[0].emotions is None
    assert report.faces[4].emotions


def test_smiles_glances_and_their_times_are_told(report_on):
    frames = [
        sighting(index / 8, happy=0.9 if 24 <= index < 48 else 0.1, yaw=40 if index >= 56 else 0)
        for index in range(72)
    ]
    report = report_on(frames)
    assert report.smile.share == pytest.approx(1 / 3, abs=0.02)
    (smile,) = report.smile.stretches
    assert (smile.start, smile.end) == (pytest.approx(3, abs=0.2), pytest.approx(6, abs=0.2))
    (away,) = report.gaze.away
    assert away.start == pytest.approx(7, abs=0.3)
    assert report.gaze.share == pytest.approx(7 / 9, abs=0.04)
    assert report.faces[-1].yaw == pytest.approx(40, abs=1)
    assert report.faces[-1].looking == 0
    assert report.faces[0].looking == 1


def test_key_moments_are_the_clearest_faces_with_their_maps(report_on):
    frames = [sighting(index / 8, happy=0.9 if index == 40 else 0.1) for index in range(64)]
    report = report_on(frames)
    neutral, happy = report.key_moments
    assert (neutral.emotion, happy.emotion, happy.time) == ("neutral", "happy", 5.0)
    for moment in report.key_moments:
        for picture, mode in ((moment.face, "gray"), (moment.activation, "rgba")):
            with av.open(io.BytesIO(base64.b64decode(picture))) as file:
                frame = next(file.decode(video=0))
            assert (frame.width, frame.height, frame.format.name) == (48, 48, mode)
    assert len(json.dumps(report.to_dict()["key_moments"])) < 10_000


def test_faces_go_through_the_network_in_batches(report_on):
    model = FakeFaceModel()
    report_on(list(sightings(20)), face_model=model)
    assert model.batches == [64, 64, 32]


def test_without_models_nothing_is_told_of_emotions_and_nothing_pretends_a_failure(report_on):
    report = report_on(list(sightings(8)), face_model=None, speech_model=None)

    assert report.notices == report.voice.notices == ()
    assert not report.scored
    told = (report.emotions, report.face_emotions, report.smile, report.gaze, report.face_weight)
    assert set(told) == {None}
    assert report.key_moments == ()
    assert {moment.emotions for moment in report.faces} == {None}
    assert {moment.smile for moment in report.faces} == {None}
    assert {(moment.face, moment.together) for moment in report.timeline} == {(None, None)}
    assert report.movement.turning is None
    assert report.framing
    assert report.light
    assert report.presence
    assert report.voice.delivery
    assert report.provenance.models == {}
    assert "fusion" not in report.provenance.rules
    heads = {key.split(".")[0] for key in report.measures}
    assert heads == {"camera", "delivery"}
    assert [key for key in report.measures if key.startswith("camera.")] == ["camera.face_share"]


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (list(sightings(8, faces=0)), "no_face"),
        ([sighting(index / 8, faces=int(index < 8)) for index in range(64)], "too_little_face"),
        (list(sightings(8, brightness=0.05, surroundings=0.04)), "too_dark"),
        (list(sightings(2)), "very_short"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_face_that_shows_too_little_is_not_told_about_and_the_voice_still_is(
    report_on, frames, code
):
    report = report_on(frames)
    assert codes(report) == [code]
    assert report.picture
    assert report.presence
    assert report.light
    assert report.face_emotions is report.smile is report.gaze is report.movement is None
    assert report.key_moments == ()
    assert report.scored
    assert report.face_weight == 0
    assert report.emotions == report.voice.emotions
    assert not any(key.startswith("face.") for key in report.measures)
    assert "faces" not in report.provenance.models


def test_several_faces_are_noticed_and_the_one_followed_is_told_about(report_on):
    frames = [sighting(index / 8, faces=2 if 16 <= index < 32 else 1) for index in range(64)]
    report = report_on(frames)
    assert codes(report) == ["several_faces"]
    assert report.notices[0].values == {"seconds": 2.0}
    assert [(one.start, one.end) for one in report.presence.several] == [(2.0, 4.0)]
    assert report.face_emotions


def test_a_moment_with_several_faces_is_not_worth_a_notice(report_on):
    frames = [sighting(index / 8, faces=2 if index == 20 else 1) for index in range(64)]
    report = report_on(frames)
    assert report.notices == ()
    assert report.presence.several == ()


@pytest.mark.parametrize("error", ["no_sound", "too_short"])
def test_without_sound_the_face_and_a_typed_transcript_are_told_about(report_on, error):
    report = report_on(
        list(sightings(8)),
        sound=MediaError(error),
        transcript=COMPLETE_ANSWER,
        text_model=FakeTextModel(),
    )
    assert [notice.code for notice in report.voice.notices] == ["no_sound"]
    assert report.scored
    assert report.emotions == report.face_emotions
    assert report.face_weight == 1
    assert report.voice.sound.duration == 8
    assert report.voice.emotions is report.voice.delivery is None
    assert report.voice.text.scored


def test_without_a_picture_the_voice_is_told_about(report_on):
    report = report_on(MediaError("no_picture"))
    assert codes(report) == ["no_picture"]
    assert report.picture is report.presence is report.light is report.framing is None
    assert report.faces == ()
    assert report.emotions == report.voice.emotions
    assert len(report.timeline) == 8


def test_a_file_with_neither_picture_nor_sound_cannot_be_used(report_on):
    with pytest.raises(MediaError, match="no_sound"):
        report_on(MediaError("no_picture"), sound=MediaError("no_sound"))


def test_damage_is_no_missing_picture(report_on):
    with pytest.raises(MediaError, match="unreadable"):
        report_on(MediaError("unreadable"))


@pytest.mark.parametrize(
    ("box", "distance", "position"),
    [
        (Box(290, 200, 60, 60), "far", "good"),
        (Box(160, 80, 320, 320), "close", "good"),
        (Box(10, 120, 160, 160), "good", "left"),
        (Box(240, 0, 160, 160), "good", "high"),
        (Box(240, 310, 160, 160), "good", "low"),
    ],
)
def test_where_the_face_is_in_the_picture_is_judged(report_on, box, distance, position):
    framing = report_on(list(sightings(4, box=box))).framing
    assert (framing.distance, framing.position) == (distance, position)
    assert framing.good_share == 0


@pytest.mark.parametrize(
    ("brightness", "surroundings", "verdict"),
    [(0.2, 0.2, "dark"), (0.9, 0.8, "bright"), (0.35, 0.7, "backlit"), (0.5, 0.6, "good")],
)
def test_the_light_is_judged(report_on, brightness, surroundings, verdict):
    frames = list(sightings(4, brightness=brightness, surroundings=surroundings))
    assert report_on(frames).light.verdict == verdict


def test_a_picture_that_hardly_ever_changes_is_no_missing_face(report_on):
    report = report_on([sighting(float(2 * index)) for index in range(4)])
    assert report.picture.duration == 8
    assert report.presence.face_share == 1
    assert all(moment.emotions for moment in report.faces)


def test_progress_names_every_step_and_only_grows(report_on):
    told = []
    report_on(list(sightings(8)), progress=lambda step, share: told.append((step, share)))
    assert tuple(dict.fromkeys(step for step, _ in told)) == STEPS
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] < 1


def test_sound_longer_than_the_picture_is_covered(report_on):
    report = report_on(list(sightings(4)))
    assert len(SPOKEN) == 8 * RATE
    assert len(report.timeline) == 8
    assert report.timeline[6].face is None
    assert report.timeline[6].together
