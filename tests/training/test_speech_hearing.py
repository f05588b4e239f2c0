"""How a network hears clips while it is trained, and what training keeps of them."""

import numpy as np
import pytest

from interview.analysis.audio import crnn, logmel
from interview.training.speech import rivals
from interview.training.speech.corpus import Clip
from interview.training.speech.network_settings import NETWORKS
from interview.training.speech.store import DEPTH_DB, STEP_DB, Store

COUNTS = (40, 9, 25)
WINDOW = 16
WANTED = np.eye(8, dtype=np.float32)[[0, 3, 6]]


def clip(dataset, speaker, emotion):
    """A clip of which only the labels matter."""
    return Clip("", dataset, speaker, "F", "31", "", emotion, "", "", None)


@pytest.fixture(scope="module")
def spectrograms():
    """Decibels of three clips, each with quiet and loud frames."""
    random = np.random.default_rng(3)
    return [
        (random.normal(-30, 6, (count, 64)) - 20 * (np.arange(count) % 2)[:, None]).astype("f4")
        for count in COUNTS
    ]


@pytest.fixture(scope="module")
def store(spectrograms):
    return Store.of(spectrograms)


def hearing(store, mixup=0.3):
    """The layer that draws windows of 16 frames."""
    from interview.training.speech.hearing import Hearing

    return Hearing(store, WANTED, np.ones((3, 8), np.float32), WINDOW, mixup, 1)


def test_the_table_keeps_each_clip_to_half_a_step(spectrograms, store, tmp_path):
    store.save(tmp_path / "store.npz")
    again = Store.load(tmp_path / "store.npz")
    for first, count, whole in zip(again.firsts, again.counts, spectrograms, strict=True):
        kept = logmel.FLOOR_DB + STEP_DB * again.frames[first : first + count]
        assert np.abs(kept - np.maximum(whole, kept.min())).max() <= STEP_DB / 2 + 1e-3


def test_what_is_far_below_the_voice_is_cut_off():
    spectrogram = np.full((10, 64), -5.0, np.float32)
    spectrogram[:, 0] = -79.0
    lowest = logmel.FLOOR_DB + STEP_DB * float(Store.of([spectrogram]).frames.min())
    assert lowest > -5 - DEPTH_DB - STEP_DB


def test_training_measures_a_window_as_the_product_does(spectrograms):
    pytest.importorskip("keras")
    from interview.training.speech.hearing import normalise

    whole = spectrograms[2]
    there = np.ones((1, len(whole), 1), np.float32)
    there[0, -5:] = 0
    heard = np.asarray(normalise(whole[None], there))[0]
    assert heard[:-5] == pytest.approx(logmel.normalise(whole[:-5]), abs=1e-5)
    assert (heard[-5:] == crnn.QUIETEST).all()


def test_windows_vary_and_are_never_beyond_what_the_product_hears(store):
    pytest.importorskip("keras")
    layer = hearing(store)
    rows = np.array([[0], [1], [2], [0]], np.int32)
    one, other = (np.asarray(layer(rows)[0]) for _ in range(2))
    assert one.shape == (4, WINDOW, 64)
    assert np.isfinite(one).all()
    assert np.abs(one).max() <= -crnn.QUIETEST
    assert np.abs(one - other).mean() > 0.1


def test_a_mixture_of_windows_asks_for_the_same_mixture_of_emotions(store):
    pytest.importorskip("keras")
    rows = np.array([[0], [1], [2]], np.int32)
    _, known, mixed = (np.asarray(value) for value in hearing(store)(rows))
    assert mixed.sum(axis=1) == pytest.approx([1, 1, 1])
    assert (mixed.argmax(axis=1) == [0, 3, 6]).all()
    assert known.shape == (3, 8)
    _, _, pure = (np.asarray(value) for value in hearing(store, mixup=0.0)(rows))
    assert (pure == WANTED).all()


def test_a_checkpoint_holds_no_clip(store, tmp_path):
    keras = pytest.importorskip("keras")
    rows = keras.Input((1,), dtype="int32")
    model = keras.Model(rows, hearing(store)(rows)[0])
    model.save_weights(tmp_path / "some.weights.h5")
    other = Store.of([np.full((5, 64), -20, np.float32)] * 3)
    again = keras.Model(rows, hearing(other)(rows)[0])
    again.load_weights(tmp_path / "some.weights.h5")


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_remembers_sixteen_steps_or_more_of_a_window(name):
    pytest.importorskip("keras")
    from interview.analysis.audio.network import build

    network = build(NETWORKS[name].shape)
    assert network.output_shape == (None, 8)
    assert network.get_layer("memory0").output.shape[1] >= 16


def test_rivals_are_measured_on_speakers_they_have_not_heard():
    clips = [
        clip(dataset, speaker, emotion)
        for dataset, speakers in (("ravdess", range(1, 25)), ("cremad", range(1001, 1011)))
        for speaker in speakers
        for emotion in ("sad", "calm", "happy")
    ]
    found = rivals.protocols(clips)
    assert set(found) == {"ravdess", "cremad", "random"}
    for name in ("ravdess", "cremad"):
        dataset, splits = found[name]
        assert sorted(row for _, test in splits for row in test) == [
            row for row, one in enumerate(clips) if one.dataset == dataset
        ]
        for train, test in splits:
            assert not {clips[row].speaker for row in train} & {clips[row].speaker for row in test}


def test_rivals_get_the_share_of_clips_that_are_right():
    table = np.repeat([[0.0, 1.0], [5.0, -1.0]], 10, axis=0)
    labels = np.repeat(["sad", "happy"], 10)
    rows = np.arange(20)
    assert rivals.accuracy(table, labels, [(rows[::2], rows[1::2])]) == 1.0
    swapped = np.where(rows % 2, np.roll(labels, 10), labels)
    assert rivals.accuracy(table, swapped, [(rows[::2], rows[1::2])]) == 0.0


def test_the_command_names_the_networks_it_knows(tmp_path):
    from click.testing import CliRunner

    from interview.training.commands import train_speech

    found = CliRunner().invoke(train_speech, ["--data", str(tmp_path), "--network", "deep"])
    assert found.exit_code == 2
    assert "gru, lstm, literature, wide" in found.output
