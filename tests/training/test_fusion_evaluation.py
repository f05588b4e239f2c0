"""Face, voice and both on files named like RAVDESS': what is read, and that actors are left out."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from interview.analysis.report import EMOTIONS
from interview.analysis.video import pipeline
from interview.analysis.video.frames import stream_frames
from interview.training.commands import evaluate
from interview.training.fusion.evaluate import Observed, observe, score
from interview.training.fusion.ravdess import Clip, read_folder
from interview.training.speech.corpus import DataError
from tests.support import sounds, videos
from tests.support.face_model import FakeFaceModel
from tests.support.sightings import sighting
from tests.support.speech_model import FakeSpeechModel


def name(emotion: int, actor: int, *, modality: int = 1, channel: int = 1) -> str:
    return f"{modality:02}-{channel:02}-{emotion:02}-01-02-01-{actor:02}.mp4"


def clip(emotion: str, actor: int) -> Clip:
    return Clip(Path("-.mp4"), emotion, 1, 1, 1, actor)


@pytest.fixture
def folder(tmp_path) -> Path:
    for actor, emotion in ((1, 2), (1, 6), (12, 3)):
        path = tmp_path / f"Actor_{actor:02}" / name(emotion, actor)
        path.parent.mkdir(exist_ok=True)
        faces = [videos.scene((160, 120, 100))] * 12
        videos.write(path, faces, rate=8, sound=sounds.speech(1.5, [(0.3, 1.2)]))
    (tmp_path / "Actor_01" / name(3, 1, modality=2)).touch()
    (tmp_path / "Actor_01" / name(3, 1, channel=2)).touch()
    (tmp_path / "notes.mp4").touch()
    return tmp_path


def test_names_say_what_is_shown_and_by_whom(folder):
    clips, skipped = read_folder(folder)
    assert [(one.emotion, one.actor, one.fold) for one in clips] == [
        ("neutral", 1, 4),
        ("happy", 12, 2),
        ("fear", 1, 4),
    ]
    assert clips[0].intensity == 1
    assert clips[0].statement == 2
    assert clips[0].repetition == 1
    assert skipped == {"speech, picture": 1, "song, both": 1}


@pytest.mark.parametrize("wrong", [name(9, 1), name(3, 25), name(3, 1, modality=4)])
def test_names_that_the_corpus_does_not_have_are_refused(tmp_path, wrong):
    (tmp_path / wrong).touch()
    with pytest.raises(DataError):
        read_folder(tmp_path)


def test_a_folder_without_such_videos_is_refused(tmp_path):
    done = CliRunner().invoke(evaluate, ["fusion", "--data", str(tmp_path)])
    assert done.exit_code == 1
    assert "no videos of RAVDESS" in done.output


def test_both_models_see_and_hear_every_clip(folder, monkeypatch):
    frames = lambda path: (sighting(frame.time, happy=0.8) for frame in stream_frames(path))  # noqa: E731
    monkeypatch.setattr(pipeline, "sightings", frames)
    clips, _ = read_folder(folder)
    observed = observe(clips, FakeFaceModel(), FakeSpeechModel())
    assert observed.face[:, EMOTIONS.index("happy")] == pytest.approx([0.8] * 3, abs=0.01)
    assert observed.voice.sum(axis=1) == pytest.approx([1.0] * 3)
    assert ((observed.weight > 0.5) & (observed.weight < 0.55)).all()


def rows(clips: list[Clip], right: float) -> np.ndarray:
    found = np.full((len(clips), len(EMOTIONS)), (1 - right) / (len(EMOTIONS) - 1))
    for row, one in zip(found, clips, strict=True):
        row[EMOTIONS.index(one.emotion)] = right
    return found


@pytest.fixture
def many() -> list[Clip]:
    actors = (2, 3, 10, 8, 1)
    return [clip(emotion, actor) for actor in actors for emotion in EMOTIONS for _ in range(3)]


def test_a_channel_that_knows_and_one_that_guesses_are_told_apart(many):
    face = rows(many, 0.6)
    voice = np.random.default_rng(3).dirichlet(np.ones(len(EMOTIONS)), len(many))
    result = score(many, Observed(face, voice, np.full(len(many), 0.54)), set())
    assert result["n"] == len(many)
    assert result["labels"] == list(EMOTIONS)
    assert result["models"]["face"]["accuracy"] == 1
    assert result["models"]["voice"]["accuracy"] < 0.4
    assert result["models"]["fitted"]["accuracy"] == 1
    assert [one["fold"] for one in result["powers"]] == [0, 1, 2, 3, 4]
    assert all(one["face"] > 5 * one["voice"] for one in result["powers"])
    assert json.dumps(result)


def test_what_is_fitted_never_saw_the_actors_it_is_scored_on(many):
    honest = rows(many, 0.6)
    misled = honest.copy()
    fold = np.array([one.fold for one in many])
    misled[fold == 0] = np.roll(honest[fold == 0], 1, axis=1)
    weights = np.full(len(many), 0.5)
    before = score(many, Observed(honest, honest, weights), set())["powers"][0]
    after = score(many, Observed(misled, honest, weights), set())["powers"][0]
    assert before == after


def test_actors_that_the_voice_model_was_trained_on_are_named_and_the_others_scored_alone(many):
    both = rows(many, 0.6)
    known = {f"ravdess/{actor}" for actor in (2, 3)} | {"cremad/10"}
    result = score(many, Observed(both, both, np.full(len(many), 0.5)), known)
    assert result["trained_on"]
    assert result["trained_on_actors"] == [2, 3]
    assert result["unseen"]["together"]["n"] == 3 * 21


def test_a_channel_without_anything_to_say_leaves_it_to_the_other(many):
    face, voice = rows(many, 0.6), rows(many, 0.6)
    face[:5] = np.nan
    weight = np.full(len(many), 0.54)
    weight[:5] = 0
    result = score(many, Observed(face, voice, weight), set())
    assert result["without_face"] == 5
    assert result["accuracy"] == 1
