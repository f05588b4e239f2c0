"""`flask analyse --mode audio`: a recording's report without database or queue."""

import json
import sys
import types
from pathlib import Path

import pytest
from click.testing import CliRunner

from interview.analysis.report import AudioReport, report_from_dict
from interview.training.commands import MODELS, analyse
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

    module = types.ModuleType("emotion")
    module.SpeechEmotionModel = SpeechEmotionModel
    monkeypatch.setitem(sys.modules, "interview.analysis.audio.emotion", module)
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
