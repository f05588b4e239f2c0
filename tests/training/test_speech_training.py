"""Training and scoring of the speech models on a tiny invented corpus."""

import csv
import json
from dataclasses import replace
from itertools import combinations

import av
import numpy as np
import pytest

from interview.analysis.audio import crnn, features, svm
from interview.analysis.audio.emotion import CLASSES, SpeechEmotionModel, shown, spoken_seconds
from interview.training.speech import corpus, figures_of, machines, measures
from interview.training.speech.corpus import DataError, read_manifest

RATE = 16_000
SPEAKERS = {"ravdess": (2, 3, 10, 8, 1), "cremad": (1001, 1002, 1003, 1004, 1005)}
LACKS = {"ravdess": (), "cremad": ("calm", "surprise")}


def voice(emotion: int, speaker: int, take: int) -> np.ndarray:
    """A second of pulses whose pitch and tempo tell the emotion."""
    random = np.random.default_rng([emotion, speaker, take])
    times = np.arange(RATE) / RATE
    pitch = 90 + 35 * emotion + random.uniform(-4, 4)
    sound = np.sign(np.sin(2 * np.pi * pitch * times)) * (
        0.6 + 0.4 * np.sin(2 * np.pi * (2 + emotion / 2) * times)
    )
    return (0.2 * sound + 0.002 * random.standard_normal(RATE)).astype(np.float32)


def write_flac(path, samples):
    """Store 16 kHz sound."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            (samples * 32767).astype(np.int16)[None], format="s16", layout="mono"
        )
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)


@pytest.fixture(scope="session")
def speech_data(tmp_path_factory):
    """A folder laid out like the training data, with ten speakers."""
    data = tmp_path_factory.mktemp("data")
    heads = [f"voice_votes_{name}" for name in corpus.VOTED]
    rows = []
    for dataset, speakers in SPEAKERS.items():
        (data / "speech" / dataset).mkdir(parents=True)
        for speaker in speakers:
            for k, emotion in enumerate(CLASSES):
                if emotion in LACKS[dataset]:
                    continue
                for take in range(2):
                    file = f"{dataset}/{speaker}_{emotion}_{take}.flac"
                    write_flac(data / "speech" / file, voice(k, speaker, take))
                    votes = dict.fromkeys(heads, "")
                    if dataset == "cremad":
                        votes = {h: "3" if h.endswith(emotion) else "1" for h in heads}
                    rows.append(
                        {
                            "file": file,
                            "dataset": dataset,
                            "speaker": speaker,
                            "sex": "F" if speaker % 2 else "M",
                            "age": "31",
                            "race": "",
                            "emotion": emotion,
                            "intensity": "",
                            "statement": "",
                            **votes,
                        }
                    )
    with (data / "speech" / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return data


TINY_SVM = machines.SvmSettings(components=20)


@pytest.fixture(scope="session")
def speech_trained(speech_data, tmp_path_factory):
    """The folder of a model trained on the tiny corpus, its card, and where the runs are."""
    pytest.importorskip("keras")
    from interview.training.speech.network_settings import Cycle, NetworkSettings
    from interview.training.speech.shipping import Plan, train

    shape = crnn.Shape(window=64, filters=(2, 2, 2, 2), memory=3, dropout=0.0)
    network = NetworkSettings(shape=shape, cycles=(Cycle(1, 0.5, 1e-3), Cycle(1, 1.0, 1e-3)))
    plan = Plan(svm=TINY_SVM, network=network, random_split=False)
    out, runs = tmp_path_factory.mktemp("models") / "speech", tmp_path_factory.mktemp("runs")
    log = []
    card = train(speech_data, out, plan=plan, runs=runs, log=log.append)
    return out, card, runs, log, plan


def test_the_manifest_gives_each_clip_with_the_listeners_votes(speech_data):
    clips = read_manifest(speech_data)
    assert len(clips) == 5 * 2 * (8 + 6)
    heard = next(clip for clip in clips if clip.dataset == "cremad" and clip.emotion == "sad")
    assert heard.votes[corpus.VOTED.index("sad")] == pytest.approx(3 / 8)
    assert next(clip for clip in clips if clip.dataset == "ravdess").votes is None


def test_a_folder_without_clips_is_said_to_be_one(tmp_path):
    with pytest.raises(DataError, match="manifest"):
        read_manifest(tmp_path)


def test_no_speaker_is_in_two_folds_and_ravdess_has_the_folds_of_the_literature(speech_data):
    clips = read_manifest(speech_data)
    found = corpus.folds(clips)
    for dataset, speakers in SPEAKERS.items():
        for speaker in speakers:
            own = [
                fold
                for clip, fold in zip(clips, found, strict=True)
                if (clip.dataset, clip.speaker) == (dataset, speaker)
            ]
            assert len(set(own)) == 1
            if dataset == "ravdess":
                assert speaker in corpus.RAVDESS_FOLDS[own[0]]
    assert set(found) == set(range(corpus.FOLDS))


def test_a_further_cycle_begins_with_the_weights_that_were_shipped(
    speech_data, speech_trained, tmp_path, monkeypatch
):
    from interview.training.speech import fitting
    from interview.training.speech.shipping import Run

    out, _, _, _, plan = speech_trained
    begun = []

    def fit(model, *_):
        begun.append(model.get_weights())
        return [0.0]

    monkeypatch.setattr(fitting, "fit", fit)
    run = Run(speech_data, tmp_path, replace(plan, start=out), lambda line: None)
    monkeypatch.setattr(run, "store", lambda: None)
    run.trained("fold1", run.networks()["fold1"][0])
    with np.load(out / "networks.npz") as shipped:
        assert len(begun) == 1, "the last cycle alone"
        assert all(
            np.array_equal(array, shipped[f"1/{place}"].astype(np.float32))
            for place, array in enumerate(begun[0])
        )


def test_figures_leave_out_the_classes_that_a_corpus_lacks():
    chances = np.full((2, len(CLASSES)), 0.01)
    chances[:, CLASSES.index("calm")] = 0.9
    chances[0, CLASSES.index("sad")] = 0.05
    chances[1, CLASSES.index("happy")] = 0.05
    found = measures.figures(chances, ["sad", "sad"], CLASSES, ["happy", "sad"])
    assert found["accuracy"] == 0.5
    assert found["confusion"] == [[0, 0], [1, 1]]


def test_the_calibration_error_is_the_gap_between_confidence_and_hits():
    assert measures.calibration_error(np.full(10, 0.85), np.ones(10, bool)) == pytest.approx(0.15)
    assert measures.calibration_error(np.full(10, 0.7), np.arange(10) < 7) == pytest.approx(
        0.0, abs=1e-9
    )


def test_our_support_vectors_decide_as_the_library_does(speech_data):
    from sklearn.svm import SVC

    random = np.random.default_rng(0)
    places = random.standard_normal((160, 5)).astype(np.float32)
    labels = np.arange(160) % 8
    places[:, 0] += labels
    machine = SVC(kernel="precomputed", C=4.0)
    kernel = machines.gaussian(places, places, 0.1)
    machine.fit(kernel, labels)
    machine.decision_function_shape = "ovo"
    expected = np.clip(machine.decision_function(kernel), -1, 1)
    ours = svm.pair_scores(
        kernel[:, machine.support_],
        machine.dual_coef_,
        machine.intercept_,
        machine.n_support_,
    )
    sums = np.zeros((160, 8))
    for index, (one, other) in enumerate(combinations(range(8), 2)):
        sums[:, one] += expected[:, index]
        sums[:, other] -= expected[:, index]
    assert ours == pytest.approx(sums, abs=1e-4)


def test_training_writes_a_model_that_tells_the_invented_voices_apart(speech_data, speech_trained):
    out, card, *_ = speech_trained
    assert card["figures"]["ravdess"]["svm"]["accuracy"] > 0.8  # chance: 0.125
    model = SpeechEmotionModel.load(out)
    long = np.concatenate([voice(CLASSES.index("happy"), 77, take) for take in range(2)])
    chances = model.utterances([long, voice(CLASSES.index("angry"), 77, 0)])
    assert set(chances) == {"ensemble", "svm", "crnn"}
    assert CLASSES[int(chances["svm"][1].argmax())] == "angry"
    for values in chances.values():
        assert values.sum(axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)
    alone = model.utterances([long])
    assert alone["crnn"][0] == pytest.approx(chances["crnn"][0], abs=1e-5)


def test_the_card_names_protocol_figures_and_groups(speech_trained):
    out, *_ = speech_trained
    text = (out / "MODEL_CARD.md").read_text(encoding="utf-8")
    for word in ("Five folds by speaker", "rbf", "Known limits", "CC BY-NC-SA", "ODbL"):
        assert word in text
    norms = json.loads((out / "norms.json").read_text(encoding="utf-8"))
    assert sum(norms["measures"]["emotion.neutral"]["bins"]) == 140


def test_finished_networks_are_not_trained_again(speech_data, speech_trained):
    from interview.training.speech.shipping import train

    out, card, runs, _, plan = speech_trained
    log = []
    again = train(speech_data, out, plan=plan, runs=runs, log=log.append)
    assert not any("epoch" in line for line in log)
    assert again["figures"] == card["figures"]


def test_folds_of_another_draw_are_not_mixed_with_stored_ones(speech_data, speech_trained):
    from interview.training.speech.shipping import train

    out, _, runs, _, plan = speech_trained
    with pytest.raises(ValueError, match="other folds"):
        train(speech_data, out, plan=replace(plan, seed=21), runs=runs, log=lambda line: None)


def test_evaluation_says_that_it_scored_training_speakers(speech_data, speech_trained):
    from interview.training.speech.evaluate import evaluate

    out, *_ = speech_trained
    found = evaluate(speech_data, "cremad", out)
    assert found["n"] == 60
    assert found["trained_on_speakers"] == 5
    assert found["labels"] == [name for name in CLASSES if name not in LACKS["cremad"]]
    assert set(found["models"]) == {"ensemble", "svm", "crnn"}
    with pytest.raises(DataError):
        evaluate(speech_data, "nothing", out)


def test_a_recording_gets_a_distribution_for_every_second_of_speech_and_none_for_gaps(
    speech_trained,
):
    out, *_ = speech_trained
    model = SpeechEmotionModel.load(out)
    sound = np.concatenate([voice(0, 5, 0), voice(0, 5, 1), np.zeros(3 * RATE), voice(0, 5, 2)])
    heard = model.listen(sound.astype(np.float32), [(0.0, 2.0), (5.0, 6.0)])
    assert [start for start, _, _ in heard.seconds] == [0.0, 1.0, 5.0]
    for _, _, emotions in [*heard.seconds, (0, 0, heard.overall)]:
        assert sum(emotions.values()) == pytest.approx(1.0, abs=1e-3)
    again = model.listen(sound.astype(np.float32), [(0.0, 2.0), (5.0, 6.0)])
    assert again == heard


def test_without_speech_there_are_no_emotions_and_a_reason(speech_trained):
    out, *_ = speech_trained
    heard = SpeechEmotionModel.load(out).listen(np.zeros(RATE, np.float32), [])
    assert heard.overall is None
    assert heard.reason == "too_little_speech"


def test_what_is_unlike_every_training_voice_gets_no_emotions(speech_trained):
    out, *_ = speech_trained
    random = np.random.default_rng(1)
    hiss = (0.1 * random.standard_normal(4 * RATE)).astype(np.float32)
    model = SpeechEmotionModel.load(out)
    heard = replace(model, strangeness=1.0).listen(hiss, [(0.0, 4.0)])
    assert heard.overall is None
    assert heard.reason == "music_or_noise"


def test_seconds_count_from_a_third_of_speech_on():
    assert spoken_seconds([(0.2, 1.4), (2.9, 3.0)], 4.0) == [
        (0, pytest.approx(0.8)),
        (1, pytest.approx(0.4)),
    ]


def test_calm_is_shown_with_neutral():
    chances = np.zeros(len(CLASSES))
    chances[CLASSES.index("calm")], chances[CLASSES.index("neutral")] = 0.25, 0.5
    assert shown(chances)["neutral"] == 0.75
    assert "calm" not in shown(chances)


def test_statistics_do_not_depend_on_the_distance_to_the_microphone():
    near = voice(3, 1, 0)
    one, other = features.utterance(near), features.utterance(0.25 * near)
    assert len(one) == len(features.names())
    # Higher moments magnify the rounding of the quieter sound.
    means = [index for index, name in enumerate(features.names()) if name.endswith("_mean")]
    assert len(means) > 100
    assert other[means] == pytest.approx(one[means], abs=0.1)


def test_random_rows_hold_no_calm_and_no_clip_twice(speech_data):
    clips = read_manifest(speech_data)
    train, test = corpus.random_rows(clips)
    assert not set(train) & set(test)
    assert all(clips[row].emotion != "calm" for row in (*train, *test))
    assert len(test) == round(0.15 * (len(train) + len(test)))


def test_groups_with_few_clips_get_no_figures(speech_data):
    clips = read_manifest(speech_data)
    chances = np.full((len(clips), len(CLASSES)), 1 / len(CLASSES))
    assert figures_of.fairness(clips, chances) == {"cremad": {}, "ravdess": {}}
