"""Face and voice together: neither is taken for more certain than its signal is good."""

import numpy as np
import pytest

from interview.analysis import fusion
from interview.analysis.fusion import Channel, blend, face_quality, pool, voice_quality
from interview.analysis.report import EMOTIONS


def emotions(**shares: float) -> dict[str, float]:
    rest = (1 - sum(shares.values())) / (len(EMOTIONS) - len(shares))
    return {name: shares.get(name, rest) for name in EMOTIONS}


def test_two_channels_that_say_the_same_are_not_more_certain_than_one():
    same = emotions(happy=0.6)
    both = blend(Channel(same, 0.7), Channel(same, 0.2))
    assert both.emotions == pytest.approx(same, abs=1e-3)


def test_the_clearer_signal_weighs_more():
    happy, sad = emotions(happy=0.8), emotions(sad=0.8)
    clear_face = blend(Channel(happy, 1.0), Channel(sad, 0.3))
    clear_voice = blend(Channel(happy, 0.3), Channel(sad, 1.0))
    assert clear_face.emotions["happy"] > clear_face.emotions["sad"]
    assert clear_voice.emotions["happy"] < clear_voice.emotions["sad"]
    assert clear_voice.face_weight < 0.5 < clear_face.face_weight


def test_with_equal_signals_the_channel_that_is_told_more_rightly_weighs_more():
    weight = blend(Channel(emotions(), 1.0), Channel(emotions(), 1.0)).face_weight
    assert weight == pytest.approx(fusion.FACE / (fusion.FACE + fusion.VOICE), abs=1e-4)
    assert 0.5 < weight < 0.55


@pytest.mark.parametrize(
    ("face", "voice", "weight"),
    [(Channel(emotions(happy=0.5), 0.1), None, 1.0), (None, Channel(emotions(sad=0.5), 0.1), 0.0)],
)
def test_a_channel_alone_is_left_as_it_is(face, voice, weight):
    both = blend(face, voice)
    assert both.face_weight == weight
    assert both.emotions == pytest.approx((face or voice).emotions, abs=1e-4)


def test_nothing_and_nothing_is_nothing():
    assert blend(None, None) is None


def test_where_both_signals_are_worthless_neither_is_preferred():
    assert blend(Channel(emotions(), 0.0), Channel(emotions(), 0.0)).face_weight == 0.5


def test_no_channel_rules_an_emotion_out_altogether():
    sure, other = np.array([[1.0, 0.0]]), np.array([[0.2, 0.8]])
    mixed = pool(sure, other, np.array([0.5]))
    assert mixed[0, 1] > 0.01
    assert mixed.sum() == pytest.approx(1)


def test_a_guess_has_no_reliability_and_better_models_have_more():
    assert fusion.reliability(1 / 7) == 0
    assert 0 < fusion.reliability(0.5) < fusion.reliability(0.7)


@pytest.mark.parametrize(
    ("values", "quality"),
    [((1, 0.5, 100), 1), ((0.5, 0.5, 100), 0.5), ((1, 0.05, 100), 0), ((1, 0.5, 10), 0)],
)
def test_a_face_that_is_hidden_dark_or_small_is_worth_less(values, quality):
    assert face_quality(*values) == quality


@pytest.mark.parametrize(
    ("values", "quality"),
    [((1, None), 1), ((0.8, 30), 1), ((0.4, 30), 0.5), ((1, 0), 0), ((1, 11.5), 0.5)],
)
def test_a_voice_that_is_short_or_in_noise_is_worth_less(values, quality):
    assert voice_quality(*values) == pytest.approx(quality)
