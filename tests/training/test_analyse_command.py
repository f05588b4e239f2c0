"""`flask analyse --mode audio|video`: a recording's report without database or queue."""

import json
import sys
import types
from pathlib import Path

import pytest
from click.testing import CliRunner

from interview.analysis.report import AudioReport, VideoReport, report_from_dict
from interview.analysis.video import pipeline
from interview.training.commands import MODELS, analyse
from tests.support.face_model import FakeFaceModel
from tests.support.sightings import sightings
from tests.support.sounds import RATE, speech, write
from tests.support.speech_model import FakeSpeechModel


@pytest.fixture(autouse=True)
def loaded(monkeypatch) -> list[Path]:
    folders: list[Path] = []

    class SpeechEmotionModel:
        @staticmethod
        def load(folder: Path) -> FakeSpeechModel:
            folders.append(folder)
            return FakeSpeechModel()

    class FaceModel:
        @staticmethod
        def load(folder: Path) -> FakeFaceModel:
            folders.append(folder)
            return FakeFaceModel()

    for channel, model in (("audio", SpeechEmotionModel), ("video", FaceModel)):
        module = types.ModuleType("emotion")
        setattr(module, model.__name__, model)
        monkeypatch.setitem(sys.modules, f"interview.analysis.{channel}.emotion", module)
    return folders


def test_a_recording_is_reported_as_json(tmp_path, loaded):
    path = write(tmp_path / "take.wav", speech(8), container="wav", codec="pcm_s16le", rate=RATE)
    done = CliRunner().invoke(analyse, [str(path), "--mode", "audio", "--json"])
    assert done.exit_code == 0
    report = report_from_dict(json.loads(done.output))
    assert isinstance(report, AudioReport)
    assert report.scored
    assert loaded == [MODELS / "speech"]


def test_what_is_no_recording_ends_with_its_reason(tmp_path):
    path = tmp_path / "take.wav"
    path.write_text("hello " * 100)
    done = CliRunner().invoke(analyse, [str(path), "--mode", "audio"])
    assert done.exit_code == 1
    assert "take.wav could not be read: unreadable" in done.output


def test_a_video_is_reported_with_all_models(tmp_path, loaded, monkeypatch):
    monkeypatch.setattr(pipeline, "sightings", lambda path: sightings(8))
    path = write(tmp_path / "take.webm", speech(8))
    done = CliRunner().invoke(analyse, [str(path), "--mode", "video", "--json"])
    assert done.exit_code == 0
    report = report_from_dict(json.loads(done.output))
    assert isinstance(report, VideoReport)
    assert report.face_emotions
    assert report.voice.emotions
    assert loaded == [MODELS / "speech", MODELS / "faces"]


def test_what_is_noticed_of_picture_and_sound_is_printed(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "sightings", lambda path: sightings(8, faces=0))
    path = write(tmp_path / "take.webm", speech(8, [(3, 5)]))
    done = CliRunner().invoke(analyse, [str(path), "--mode", "video"])
    assert "notice: no_face" in done.output
    assert "notice: too_little_speech" in done.output
