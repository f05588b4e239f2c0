import numpy as np
import pytest

from interview.training.text.crossval import cross_calibrate
from interview.training.text.fitting import fit_platt, solve_ridge
from interview.training.text.measures import binary, calibration_error, continuous, wilson


def overconfident(count=4000, seed=0):
    """Scores of which only a third is true, and the labels."""
    chance = np.random.default_rng(seed)
    scores = chance.normal(size=(count, 1)) * 3
    labels = (chance.random((count, 1)) < 1 / (1 + np.exp(-scores / 3))).astype(float)
    return scores, labels


def test_calibration_error_is_the_mean_gap():
    chances = np.array([0.15, 0.15, 0.95, 0.95])
    labels = np.array([0, 1, 1, 1])
    assert calibration_error(chances, labels) == pytest.approx((0.35 + 0.05) / 2)


def test_calibration_on_other_folds_improves_the_error():
    scores, labels = overconfident()
    fold = np.arange(len(scores)) % 5
    words = {0: np.full(len(scores), 300)}
    chances = cross_calibrate({0: scores}, words, labels, fold)[0]
    raw = calibration_error(1 / (1 + np.exp(-scores[:, 0])), labels[:, 0])
    assert raw > 0.1
    assert calibration_error(chances[:, 0], labels[:, 0]) < 0.03


def test_a_fold_is_calibrated_without_its_own_labels():
    scores, labels = overconfident(500)
    fold = np.arange(len(scores)) % 5
    words = {0: np.full(len(scores), 300)}
    turned = np.where(fold[:, None] == 2, 1 - labels, labels)
    first = cross_calibrate({0: scores}, words, labels, fold)[0]
    second = cross_calibrate({0: scores}, words, turned, fold)[0]
    assert np.array_equal(first[fold == 2], second[fold == 2])


def test_scores_of_short_texts_that_say_less_give_chances_nearer_the_middle():
    scores, labels = overconfident()
    noise = np.random.default_rng(1).normal(size=scores.shape) * 3
    fold = np.arange(len(scores)) % 5
    words = {0: np.full(len(scores), 600), 50: np.full(len(scores), 50)}
    found = cross_calibrate({0: scores, 50: noise}, words, labels, fold)
    assert found[50].std() < found[0].std() / 4


def test_a_score_against_the_truth_gives_the_base_rate():
    labels = np.array([1.0] * 30 + [0.0] * 10)
    slope, offset = fit_platt(-labels, labels)
    assert slope == 0
    assert 1 / (1 + np.exp(-offset)) == pytest.approx(0.75, abs=0.02)


def test_leave_one_out_scores_are_those_of_refitting():
    chance = np.random.default_rng(2)
    points = chance.normal(size=(30, 4)).astype(np.float32)
    points -= points.mean(0)
    labels = chance.normal(size=(30, 1))
    labels -= labels.mean(0)
    whole = solve_ridge(points @ points.T, labels, 0.5)
    hat = points @ points.T
    penalty = 0.5 * np.trace(hat) / 30
    direct = labels - np.linalg.solve(hat + penalty * np.eye(30), labels) / np.diag(
        np.linalg.inv(hat + penalty * np.eye(30))
    ).reshape(-1, 1)
    assert np.allclose(whole.left_out, direct, atol=1e-3)


def test_figures_of_a_trait():
    block = binary(np.array([0.9, 0.8, 0.2, 0.4]), np.array([1, 0, 0, 1]))
    assert block["accuracy"] == 0.5
    assert block["confusion"] == [[1, 1], [1, 1]]
    assert block["per_class"]["high"]["support"] == 2


def test_a_constant_rating_has_no_correlation():
    assert continuous(np.full(5, 0.5), np.arange(5) / 5)["pearson_r"] is None


def test_the_interval_holds_the_share():
    low, high = wilson(0.59, 2220)
    assert low < 0.59 < high
    assert high - low == pytest.approx(0.041, abs=0.002)
