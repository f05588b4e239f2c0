"""From frames to passages: what is smoothed, told apart and counted."""

import numpy as np
import pytest

from interview.analysis.video.timeline import bins, share, smooth, steady, stretches

TIMES = np.arange(32) / 8
SPANS = np.full(32, 1 / 8)


def test_a_change_is_followed_without_lagging_behind():
    step = (TIMES >= 2).astype(float)[:, None]
    smoothed = smooth(step, TIMES)[:, 0]
    assert (np.diff(smoothed) >= 0).all()
    assert smoothed[15] < 0.5 < smoothed[16]
    assert smoothed[15] == pytest.approx(1 - smoothed[16])


def test_smoothed_distributions_still_add_up_to_one():
    rows = np.random.default_rng(1).dirichlet(np.ones(7), 32)
    assert smooth(rows, TIMES).sum(axis=1) == pytest.approx(np.ones(32))


def test_a_face_that_was_gone_for_long_leaves_no_trace():
    values = np.zeros((32, 1))
    values[8:24] = np.nan
    values[24:] = 1.0
    smoothed = smooth(values, TIMES)[:, 0]
    assert np.isnan(smoothed[8:24]).all()
    assert (smoothed[24:] == 1).all()


def test_short_gaps_are_closed_and_short_runs_dropped():
    mask = np.zeros(32, bool)
    mask[8:20] = True
    mask[12:14] = False
    mask[26] = True
    found = steady(mask, SPANS)
    assert [(one.start, one.end) for one in stretches(found, TIMES, SPANS)] == [(1.0, 2.5)]


def test_what_is_missing_at_either_end_stays_missing():
    mask = np.ones(32, bool)
    mask[:2] = mask[-2:] = False
    assert (steady(mask, SPANS) == mask).all()


def test_a_stretch_that_holds_from_the_first_frame_holds_from_the_beginning():
    (whole,) = stretches(np.ones(32, bool), TIMES + 0.04, SPANS)
    assert (whole.start, whole.end) == (0.0, 4.04)
    assert stretches(np.zeros(32, bool), TIMES, SPANS) == ()


def test_shares_are_of_time_not_of_frames():
    mask, spans = np.array([True, False]), np.array([3.0, 1.0])
    assert share(mask, np.array([True, True]), spans) == 0.75
    assert share(mask, np.array([False, False]), spans) == 0


def test_every_frame_is_in_one_half_second_and_no_half_second_is_without():
    found = bins(TIMES, 4.0, 0.5)
    assert [(start, end) for start, end, _ in found] == [(i / 2, i / 2 + 0.5) for i in range(8)]
    assert np.concatenate([TIMES[part] for _, _, part in found]).tolist() == TIMES.tolist()


def test_a_half_second_without_a_new_frame_shows_the_last_one():
    times = np.array([0.1, 1.2])
    assert [times[part].tolist() for _, _, part in bins(times, 1.7, 0.5)] == [
        [0.1],
        [0.1],
        [1.2],
        [1.2],
    ]
