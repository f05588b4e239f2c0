"""A spoken answer in, its report out: the same each time, honest about what is missing."""

import json
import logging
import sys
import types
import wave

import numpy as np
import pytest

from interview.analysis.audio import pipeline
from interview.analysis.audio.pipeline import STEPS, analyse_audio
from interview.analysis.audio.transcript import Recogniser
from interview.analysis.decode import MediaError
from interview.analysis.report import EMOTIONS, MEASURES, AudioReport, report_from_dict
from tests.support.model import FakeTextModel
from tests.support.sounds import RATE, speech, tone, white_noise, write
from tests.support.speech_model import FakeSpeechModel
from tests.support.texts import COMPLETE_ANSWER

STRETCHES = [(0.8, 4.2), (5.1, 9.0), (11.5, 14.2)]


@pytest.fixture(scope="module")
def samples() -> np.ndarray:
    return speech(15.5, STRETCHES)


@pytest.fixture(scope="module")
def report(samples) -> AudioReport:
    return analyse_audio(samples, speech_model=FakeSpeechModel())


def analyse(samples: np.ndarray, **arguments) -> AudioReport:
    arguments.setdefault("speech_model", FakeSpeechModel())
    return analyse_audio(samples, **arguments)


def codes(report: AudioReport) -> list[str]:
    return [notice.code for notice in report.notices]


def test_a_report_on_speech_is_complete(report):
    assert report.scored
    assert report.notices == ()
    assert report.sound.duration == 15.5
    assert report.sound.speech_seconds == pytest.approx(10, abs=0.3)
    assert -40 < report.sound.level_db < -15
    assert -75 < report.sound.noise_db < -60
    assert len(report.speech) == 3
    assert len(report.delivery.pauses) == 2
    assert list(report.emotions) == list(EMOTIONS)
    assert report.transcript is report.transcript_source is report.text is None
    assert report.provenance.models == {"speech": "fake-1"}
    assert report.provenance.rules == {"delivery": "1"}
    assert 0 < max(report.waveform) <= 1


def test_without_a_transcript_every_measure_of_the_voice_is_there(report):
    voice = [
        measure.key
        for measure in MEASURES["audio"]
        if measure.key.startswith(("emotion.", "delivery."))
    ]
    assert list(report.measures) == voice
    assert report.measures["delivery.pauses_per_minute"] == pytest.approx(
        2 / (14.2 - 0.8) * 60, rel=0.05
    )
    assert report.measures["delivery.speaking_share"] == pytest.approx(10 / 13.4, abs=0.03)


def test_the_timeline_has_every_second_and_gaps_where_nobody_speaks(report):
    assert [moment.start for moment in report.timeline] == [float(k) for k in range(16)]
    assert report.timeline[-1].end == 15.5
    gaps = [moment.start for moment in report.timeline if moment.emotions is None]
    assert gaps == [10.0, 15.0]
    for moment in report.timeline:
        if moment.emotions is not None:
            assert sum(moment.emotions.values()) == pytest.approx(1, abs=0.001)


def test_a_louder_second_gets_its_own_emotions():
    samples = speech(8, [(1, 7)], level=0.2)
    samples[3 * RATE : 5 * RATE] *= 3
    timeline = analyse(samples).timeline
    assert timeline[4].emotions["angry"] > timeline[1].emotions["angry"] + 0.2


def test_the_same_sound_gives_the_identical_report(samples, report):
    again = analyse(samples.copy())
    assert json.dumps(again.to_dict()) == json.dumps(report.to_dict())


def test_a_report_can_be_stored(report):
    stored = json.dumps(report.to_dict())
    assert report_from_dict(json.loads(stored)).to_dict() == report.to_dict()
    assert len(stored) < 20_000


def test_a_file_gives_what_its_sound_gives(samples, report, tmp_path):
    path = write(tmp_path / "take", samples, container="wav", codec="pcm_s16le", rate=RATE)
    found = analyse(path)
    assert found.speech == report.speech
    assert found.measures.keys() == report.measures.keys()


def test_a_file_that_is_no_recording_is_refused(tmp_path):
    (tmp_path / "take").write_text("hello " * 100)
    with pytest.raises(MediaError):
        analyse(tmp_path / "take")


def test_progress_names_every_step_in_order(samples):
    told = []
    analyse(samples, progress=lambda step, share: told.append((step, share)))
    assert [step for step, _ in told] == list(STEPS)
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[0] == 0 < shares[-1] < 1


@pytest.mark.parametrize(
    ("samples", "code"),
    [
        (np.zeros(8 * RATE, np.float32), "silence"),
        (white_noise(8, 1e-4), "silence"),
        (np.zeros(0, np.float32), "silence"),
        (tone(8), "music_or_noise"),
        (white_noise(8), "music_or_noise"),
        (speech(8, [(3, 5)]), "too_little_speech"),
        (speech(10, [(1, 4), (5, 9)], noise=0.04), "too_noisy"),
    ],
    ids=["digital silence", "hiss", "nothing", "tone", "noise", "two seconds", "much noise"],
)
def test_what_cannot_be_judged_says_why_and_gets_no_emotions(samples, code):
    report = analyse(samples)
    assert codes(report) == [code]
    assert not report.scored
    assert report.emotions is None
    assert all(moment.emotions is None for moment in report.timeline)
    assert not any(key.startswith("emotion.") for key in report.measures)
    assert "speech" not in report.provenance.models


def test_too_little_speech_says_how_much_there_was():
    (notice,) = analyse(speech(8, [(3, 5)])).notices
    assert notice.values["seconds"] == pytest.approx(2, abs=0.1)
    assert notice.values["needed"] == pipeline.MINIMUM_SPEECH


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda sound: sound / 100, "too_quiet"),
        (lambda sound: np.clip(sound * 20, -1, 1), "clipped"),
    ],
    ids=["too quiet", "clipped"],
)
def test_bad_levels_are_said_but_judged(change, code):
    report = analyse(change(speech(10, noise=1e-4)))
    assert codes(report) == [code]
    assert report.scored


def test_what_a_model_objects_to_becomes_a_notice(samples):
    report = analyse(samples, speech_model=FakeSpeechModel("music_or_noise"))
    assert codes(report) == ["music_or_noise"]
    assert not report.scored
    assert report.delivery is not None


def test_what_is_too_long_is_cut_and_says_so(monkeypatch, samples):
    monkeypatch.setattr(pipeline, "MAXIMUM_SECONDS", 10)
    report = analyse(samples)
    assert report.sound.duration == 10
    assert codes(report) == ["cut_to_limit"]
    assert report.notices[0].values == {"limit": 10}


def test_a_typed_transcript_brings_the_report_on_its_text(samples):
    report = analyse(samples, transcript=COMPLETE_ANSWER, text_model=FakeTextModel())
    assert (report.transcript, report.transcript_source) == (COMPLETE_ANSWER, "typed")
    assert report.text.scored
    assert list(report.measures) == [
        measure.key for measure in MEASURES["audio"] if measure.key in report.measures
    ]
    assert report.measures["structure.coverage"] == report.text.measures["structure.coverage"]
    assert "style.sentence_length" not in report.measures
    assert report.provenance.models == {"speech": "fake-1", "text": "fake-1"}


class FakeRecogniser:
    version = "tiny"

    def transcribe(self, samples: np.ndarray) -> str:
        return f"I spoke for {len(samples) // RATE} seconds."


def test_a_recognised_transcript_is_called_so(samples):
    report = analyse(samples, recogniser=FakeRecogniser(), text_model=FakeTextModel())
    assert report.transcript == "I spoke for 15 seconds."
    assert report.transcript_source == "recognised"
    assert report.text is not None
    assert report.provenance.models["recogniser"] == "tiny"


def test_what_was_typed_comes_before_what_is_recognised(samples):
    report = analyse(samples, transcript="Mine.", recogniser=FakeRecogniser())
    assert (report.transcript, report.text) == ("Mine.", None)


def test_nothing_is_recognised_in_silence():
    report = analyse(np.zeros(8 * RATE, np.float32), recogniser=FakeRecogniser())
    assert report.transcript is None


def test_without_a_folder_there_is_no_recogniser_and_no_word_about_it(caplog):
    assert Recogniser.load(None) is None
    assert caplog.text == ""


def test_a_folder_without_a_model_is_said_in_the_log(tmp_path, caplog):
    with caplog.at_level(logging.WARNING):
        assert Recogniser.load(tmp_path) is None
    assert "no model.bin" in caplog.text


def test_a_missing_package_is_said_in_the_log(tmp_path, caplog, monkeypatch):
    (tmp_path / "model.bin").touch()
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    with caplog.at_level(logging.WARNING):
        assert Recogniser.load(tmp_path) is None
    assert "faster-whisper is not installed" in caplog.text


def test_a_recogniser_joins_what_its_model_heard(tmp_path, monkeypatch):
    class WhisperModel:
        def __init__(self, folder: str, **options: object) -> None:
            assert options["local_files_only"]

        def transcribe(self, samples: np.ndarray, **options: object):
            return iter(
                [types.SimpleNamespace(text=" One."), types.SimpleNamespace(text=" Two.")]
            ), None

    package = types.ModuleType("faster_whisper")
    package.WhisperModel = WhisperModel
    monkeypatch.setitem(sys.modules, "faster_whisper", package)
    (tmp_path / "model.bin").touch()
    recogniser = Recogniser.load(tmp_path)
    assert recogniser.transcribe(np.zeros(RATE, np.float32)) == "One. Two."
    assert recogniser.version == tmp_path.name


def test_without_a_model_of_emotions_everything_else_is_said_and_nothing_pretends_a_failure():
    noisy = speech(10, [(1, 4), (5, 9)], noise=0.04)
    assert codes(analyse(noisy)) == ["too_noisy"]

    report = analyse(noisy, speech_model=None)

    assert report.notices == ()
    assert not report.scored
    assert report.emotions is None
    assert {moment.emotions for moment in report.timeline} == {None}
    assert report.delivery
    assert not any(key.startswith("emotion.") for key in report.measures)
    assert "delivery.speech_rate" in report.measures
    assert report.provenance.models == {}


def test_a_file_that_was_accepted_is_never_too_large_to_be_analysed(tmp_path):
    path = tmp_path / "studio.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((8, 4, 192_000, 0, "NONE", ""))
        for _second in range(35):  # more than 200 MiB
            file.writeframes(bytes(8 * 4 * 192_000))
    assert path.stat().st_size > 200 * 2**20 > 200_000_000
    assert analyse_audio(path, speech_model=None).sound.duration == pytest.approx(35, abs=0.1)
