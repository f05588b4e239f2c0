"""What the shipped speech model makes of sounds that are no voice, and that it keeps its size."""

from pathlib import Path

import numpy as np
import pytest

from interview.analysis.audio.emotion import SpeechEmotionModel
from interview.analysis.report import EMOTIONS

FOLDER = Path(__file__).parents[2] / "models" / "speech"
RATE = 16_000


@pytest.fixture(scope="module")
def model():
    return SpeechEmotionModel.load(FOLDER)


def music(seconds: float, seed: int) -> np.ndarray:
    """Chords of decaying tones with five partials, two a second."""
    random = np.random.default_rng(seed)
    times = np.arange(int(seconds * RATE)) / RATE
    sound = np.zeros_like(times)
    for start in range(0, len(times), RATE // 2):
        rest = times[: len(times) - start]
        for step in random.choice(24, 3):
            for partial in range(1, 6):
                tone = np.sin(2 * np.pi * 130 * 2 ** (step / 12) * partial * rest)
                sound[start:] += tone / partial * np.exp(-3 * rest)
    return (0.3 * sound / np.abs(sound).max()).astype(np.float32)


@pytest.mark.parametrize("seed", range(3))
def test_music_gets_no_emotions(model, seed):
    heard = model.listen(music(8, seed), [(0.0, 8.0)])
    assert heard.overall is None
    assert heard.reason == "music_or_noise"


def test_a_tone_gets_no_emotions(model):
    tone = 0.3 * np.sin(2 * np.pi * 1000 * np.arange(5 * RATE) / RATE)
    assert model.listen(tone.astype(np.float32), [(0.0, 5.0)]).overall is None


def test_any_short_sound_gets_a_distribution_from_each_machine(model):
    random = np.random.default_rng(0)
    noise = 0.1 * random.standard_normal(5 * RATE).astype(np.float32)
    for chances in model.utterances([noise[:1], noise[:300], noise]).values():
        assert chances.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-5)
        assert (chances >= 0).all()


def test_the_weights_stay_below_twelve_megabytes():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 12_000_000


def test_the_reference_population_has_every_shown_emotion():
    import json

    norms = json.loads((FOLDER / "norms.json").read_text(encoding="utf-8"))
    assert set(norms["measures"]) == {f"emotion.{name}" for name in EMOTIONS}


def test_half_minutes_worked_on_one_by_one_give_what_the_whole_gives(monkeypatch):
    from interview.analysis.audio import features, frames, logmel

    random = np.random.default_rng(2)
    sound = np.concatenate([music(3, 1), 0.1 * random.standard_normal(RATE).astype(np.float32)])
    whole, bands = features.describe(sound), logmel.log_mel(sound)
    monkeypatch.setattr(frames, "BLOCK", 70)
    assert features.describe(sound).values == pytest.approx(whole.values, abs=1e-4)
    assert logmel.log_mel(sound) == pytest.approx(bands, abs=1e-4)
