import keras
import numpy as np
import pytest

from interview.training.text import network
from interview.training.text.network_settings import NetworkSettings

TINY = NetworkSettings(
    window=12,
    size=8,
    filters=(4,),
    kernel=3,
    memory=4,
    memories=1,
    dense=4,
    head_epochs=1,
    tuning_epochs=1,
    batch=8,
    compiled=False,
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


def test_targets_mix_labels_and_teacher():
    mixed = network.targets(np.array([[1.0, 0.0]]), np.array([[0.5, 0.5]]), NetworkSettings())
    assert mixed[0] == pytest.approx([0.4 * 0.95 + 0.3, 0.4 * 0.05 + 0.3])


def test_log_odds_are_averaged_over_the_windows_of_a_text():
    odds = network.average_odds(np.array([[0.5], [0.8], [0.2]]), np.array([0, 1, 1]))
    assert odds[:, 0] == pytest.approx([0, 0], abs=1e-6)


def test_a_small_network_is_fitted_and_scores_held_out_texts():
    random = np.random.default_rng(0)
    sequences = [random.integers(1, 12, 20).astype(np.int32) for _ in range(24)]
    labels = random.integers(0, 2, (24, 5)).astype(float)
    table = random.normal(size=(12, 8)).astype(np.float32)
    found = network.fit_predict(
        sequences[:16],
        labels[:16],
        sequences[16:],
        table,
        lambda windows: np.full((len(windows), 5), 0.5),
        TINY,
        1,
    )
    assert found["head"].shape == found["tuned"].shape == (8, 5)
    assert np.isfinite(found["tuned"]).all()
    assert len(found["head_losses"]) == len(found["tuning_losses"]) == 1
