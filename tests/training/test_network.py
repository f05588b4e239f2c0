from dataclasses import replace

import keras
import numpy as np
import pytest

from interview.training.text import comparing, network
from interview.training.text.network_settings import NetworkSettings

TINY = NetworkSettings(
    window=12,
    size=8,
    filters=(4,),
    kernel=3,
    memory=4,
    memories=1,
    dense=16,
    penalty=0.01,
    batch=8,
)


def test_windows_are_padded_in_front_and_cut_behind():
    found, owners = network.windows([np.arange(1, 4), np.arange(1, 24)], 10)
    assert found[0].tolist() == [0] * 7 + [1, 2, 3]
    assert found[1].tolist() == list(range(1, 11))
    assert owners.tolist() == [0, 1, 1]


def test_the_default_network_is_the_one_described():
    settings = NetworkSettings()
    model = network.build(100, 5, settings)
    filters = [layer.filters for layer in model.layers if isinstance(layer, keras.layers.Conv1D)]
    units = [layer.units for layer in model.layers if isinstance(layer, keras.layers.LSTM)]
    assert (filters, units) == ([128, 256, 512], [180, 180, 180])
    assert model.layers[-1].activation is keras.activations.sigmoid
    assert model.get_layer("words").trainable


def test_leave_one_out_scores_become_log_odds_around_the_base_rate():
    odds = comparing.taught_odds(np.array([[-2.0], [2.0]]), np.array([0.1]))
    assert odds[:, 0] == pytest.approx([0.4 - 0.35, 0.4 + 0.35])


def test_the_last_state_begins_as_nearly_a_mean_of_the_words():
    random = np.random.default_rng(3)
    settings = replace(TINY, window=64, filters=(8, 16), memory=8, memories=2)
    table = random.normal(size=(200, 8)).astype(np.float32)
    # A subject of its own in each window, as in texts; else all windows would be nearly alike.
    subjects = random.dirichlet(np.full(200, 0.1), 300)
    read = np.stack([random.choice(200, 64, p=subject) for subject in subjects])
    model = network.build(200, 5, settings)
    network.prepare(model, table, read.astype(np.int32), settings, 1)
    trunk = keras.Model(model.input, model.get_layer("norm").input)
    means, states = table[read].mean(1), trunk.predict(read, verbose=0)
    told = np.hstack([states, np.ones((300, 1))])
    from_states = told @ np.linalg.lstsq(told, means, rcond=None)[0]
    unexplained = ((means - from_states) ** 2).sum() / ((means - means.mean(0)) ** 2).sum()
    assert unexplained < 0.1


def test_output_layers_begin_as_a_regression_on_the_states():
    random = np.random.default_rng(2)
    states = random.normal(size=(200, 4)).astype(np.float32)
    odds = states @ random.normal(size=(4, 5)) * 0.3 + 0.1
    model = network.build(12, 5, TINY)
    network.set_outputs(model, states, odds, TINY, 1)
    chances = network.outputs_of(model).predict(states, verbose=0)
    assert np.log(chances / (1 - chances)) == pytest.approx(odds, abs=0.05)


def test_log_odds_are_averaged_over_the_windows_of_a_text():
    odds = network.average_odds(np.array([[0.5], [0.8], [0.2]]), np.array([0, 1, 1]))
    assert odds[:, 0] == pytest.approx([0, 0], abs=1e-6)


def test_a_small_network_learns_what_it_is_taught_and_scores_held_out_texts():
    random = np.random.default_rng(0)
    rates = random.uniform(0.2, 0.8, 96)
    sequences = [np.where(random.random(20) < rate, 2, 3).astype(np.int32) for rate in rates]
    table = random.normal(size=(12, 8)).astype(np.float32)
    odds = np.repeat((rates[:, None] - 0.5) * 2, 5, axis=1)
    found = network.fit_predict(sequences[:64], odds[:64], sequences[64:], table, TINY, 1)
    assert found["head"].shape == found["tuned"].shape == (32, 5)
    for scores in (found["head"], found["tuned"]):
        assert np.corrcoef(scores[:, 0], odds[64:, 0])[0, 1] > 0.5
    assert found["losses"].shape == (2,)
