"""Training and scoring of the model of faces on a tiny invented set of faces."""

import csv
import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from interview.analysis.report import EMOTIONS
from interview.analysis.video.emotion import FaceModel, Scales, mirror_signs, softmax
from interview.analysis.video.shape import OUTPUTS, VOTED, Shape, head
from interview.training.commands import evaluate as evaluate_command
from interview.training.faces import data, measures, shipping, splits
from interview.training.faces.data import DataError, FaceSet
from interview.training.faces.evaluate import evaluate
from interview.training.faces.settings import Fit, Plan

VOTE_COLUMNS = [f"votes_{name}" for name in (*VOTED, "unknown", "not_face")]
TINY = Plan(
    shape=Shape(stem=4, widths=(4, 8), depths=(1, 1), strides=(2, 2), dropout=0.0),
    teacher=Shape(stem=4, widths=(6, 8), depths=(1, 1), strides=(2, 2)),
    fits=(Fit(epochs=2, small=0.5, batch=16), Fit(epochs=1, small=0, batch=16, mixup=0)),
    smiles=0.5,
)


def face(kind: int, number: int, side: int = 48) -> np.ndarray:
    """A grey picture whose bright corner tells what it shows."""
    random = np.random.default_rng([kind, number])
    picture = random.integers(60, 120, (side, side)).astype(np.uint8)
    row, column = divmod(kind, 3)
    third = side // 3
    picture[row * third : (row + 1) * third, column * third : (column + 1) * third] += 100
    return picture


def write_set(folder, name, faces, rows):
    """Store faces as a sheet with its table."""
    side = faces[0].shape[0]
    sheet = np.zeros((-(-len(faces) // 100) * 100, side, side), np.uint8)
    sheet[: len(faces)] = faces
    sheet = sheet.reshape(-1, 100, side, side).transpose(0, 2, 1, 3).reshape(-1, 100 * side)
    cv2.imwrite(str(folder / f"{name}.webp"), sheet, [cv2.IMWRITE_WEBP_QUALITY, 101])
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def fer_row(kind: int, copied: bool = False, face: bool = True) -> dict[str, object]:
    votes = dict.fromkeys(VOTE_COLUMNS, 0)
    votes[f"votes_{EMOTIONS[kind]}"] = 8
    return {
        "emotion": EMOTIONS[kind],
        "is_face": int(face),
        "in_train": int(copied),
        **votes,
    }


@pytest.fixture(scope="session")
def face_data(tmp_path_factory):
    """A folder laid out like the training data."""
    root = tmp_path_factory.mktemp("data")
    folder = root / "faces"
    folder.mkdir()
    kinds = [number % 7 for number in range(84)]
    train = [face(kind, number) for number, kind in enumerate(kinds)]
    rows = [fer_row(kind, face=number != 3) for number, kind in enumerate(kinds)]
    write_set(folder, "fer2013_train", train, rows)
    public = [face(kind, 1000 + number) for number, kind in enumerate(kinds[:21])]
    public[5] = train[5]
    rows = [fer_row(kind, copied=number == 5) for number, kind in enumerate(kinds[:21])]
    write_set(folder, "fer2013_public_test", public, rows)
    smiles = [face(number % 2, 2000 + number) for number in range(40)]
    write_set(
        folder,
        "smiles",
        smiles,
        [{"smile": number % 2, "label_conflict": int(number == 7)} for number in range(40)],
    )
    genki = [face(number % 2, 3000 + number, 64) for number in range(40)]
    pose = {"yaw_rad": 0.2, "pitch_rad": -0.1, "roll_rad": 0.05}
    write_set(folder, "genki4k", genki, [{"smile": n % 2, **pose} for n in range(40)])
    return root


@pytest.fixture(scope="session")
def trained(face_data, tmp_path_factory):
    """The folder of a model trained for two epochs."""
    folder = tmp_path_factory.mktemp("models")
    shipping.train(
        face_data, folder / "faces", plan=TINY, runs=folder / "runs", log=lambda line: None
    )
    return folder


class TestSets:
    def test_faces_come_out_of_the_sheet_in_the_order_of_the_table(self, face_data):
        faces = data.read_set(face_data, "fer2013_train")
        assert len(faces) == 84
        assert np.array_equal(faces.faces[10], face(10 % 7, 10))

    def test_a_missing_set_is_named(self, face_data):
        with pytest.raises(DataError, match=r"nowhere\.csv"):
            data.read_set(face_data, "nowhere")

    def test_larger_faces_are_reduced(self, face_data):
        assert data.read_set(face_data, "genki4k").small().shape == (40, 48, 48)

    def test_the_target_of_an_emotion_holds_the_label_the_votes_and_a_rest(self, face_data):
        lessons = data.emotion_lessons(data.read_set(face_data, "fer2013_train"), 0.07, 0.5)
        first = lessons.targets[0, head("emotion")]
        assert first[0] == pytest.approx(0.93 + 0.01)
        assert first.sum() == pytest.approx(1)
        assert lessons.targets[0, head("votes")][VOTED.index("angry")] == 1

    def test_a_set_without_votes_teaches_no_votes(self, face_data):
        lessons = data.smile_lessons(data.read_set(face_data, "smiles"))
        assert not lessons.weights[:, head("votes")].any()
        assert not lessons.weights[:, head("pose")].any()
        assert lessons.weights[:, head("smile")].all()


class TestSplits:
    def test_what_is_held_out_never_trains(self, face_data):
        sets = [
            data.read_set(face_data, name)
            for name in ("fer2013_train", "fer2013_public_test", "smiles", "genki4k")
        ]
        rows = splits.training_rows(*sets, seed=20)
        assert 3 not in rows["fer"], "shows no face"
        assert 5 not in rows["fer"], "a copy of a face of the public test"
        assert 7 not in rows["smiles"], "its labels contradict each other"
        assert not set(rows["fer"]) & set(splits.calibration_rows(sets[0], sets[1], 20))
        assert len(rows["genki"]) == 36


class TestVariants:
    def test_a_mirrored_face_looks_to_the_other_side(self):
        signs = mirror_signs(OUTPUTS)
        pose = signs[head("pose")]
        assert pose.tolist() == [-1, 1, -1]
        assert signs[: head("pose").start].min() == 1

    def test_variants_keep_size_and_range_and_turn_the_pose_along(self):
        import keras

        from interview.training.faces import augment

        faces = np.stack([face(k % 7, k) for k in range(32)]).astype(np.float32)
        targets = np.zeros((32, OUTPUTS), np.float32)
        targets[:, head("pose")] = (0.3, 0.2, 0.0)
        seen, followed = augment.vary(faces, targets, keras.random.SeedGenerator(1))
        seen, pose = np.asarray(seen), np.asarray(followed)[:, head("pose")]
        assert seen.shape == faces.shape
        assert seen.min() >= 0
        assert seen.max() <= 255
        assert set(np.sign(pose[:, 0]).tolist()) == {1, -1}
        assert np.allclose(np.abs(pose[:, 0]), 0.3)
        assert np.allclose(pose[:, 1], 0.2)
        assert 0.01 < np.abs(pose[:, 2]).max() <= augment.TURN


class TestTraining:
    def test_writes_weights_card_and_the_hashes_of_what_trained(self, trained):
        card = json.loads((trained / "faces" / "card.json").read_text())
        assert {name: len(losses) for name, losses in card["losses"].items()} == {
            "teacher": 3,
            "network": 3,
        }
        assert card["trained_on"]["genki"] == 36
        seen = np.load(trained / "faces" / "training_faces.npy")
        assert len(seen) == sum(card["trained_on"].values())
        assert "Faces that did not train" in (trained / "faces" / "MODEL_CARD.md").read_text()

    def test_an_interrupted_run_goes_on_to_the_same_weights(self, face_data, trained, tmp_path):
        import keras

        from interview.analysis.video.network import build
        from interview.training.faces import fitting

        run = shipping.Run(face_data, TINY)
        lessons, always = run.lessons()
        rows = fitting.Rows(always, always, 0, 16, 20)
        checkpoint = tmp_path / "network.npz"

        class StoppedError(Exception):
            pass

        def stop(epoch):
            raise StoppedError

        keras.utils.set_random_seed(20)
        arguments = (lessons, rows, TINY.fits[0], 20)
        with pytest.raises(StoppedError):
            fitting.fit(
                build(TINY.shape), *arguments, checkpoint=checkpoint, watch=stop, log=lambda line: 0
            )
        losses = fitting.fit(
            build(TINY.shape), *arguments, checkpoint=checkpoint, log=lambda line: None
        )
        assert len(losses) == 2
        assert len(np.load(checkpoint)["losses"]) == 2

    def test_a_further_part_begins_with_the_weights_that_were_shipped(
        self, face_data, trained, tmp_path, monkeypatch
    ):
        from interview.training.faces import fitting

        begun = []

        def fit(network, _lessons, _rows, settings, *_, **__):
            begun.append((settings, network.get_weights()))
            return [0.5]

        monkeypatch.setattr(fitting, "fit", fit)
        plan = replace(TINY, teacher=None, start=trained / "faces")
        card = shipping.train(
            face_data, tmp_path / "faces", plan=plan, runs=tmp_path, log=lambda line: None
        )
        ((settings, weights),) = begun
        assert settings == TINY.fits[-1]
        shipped = np.load(trained / "faces" / "weights.npz")
        assert all(np.array_equal(one, shipped[str(k)]) for k, one in enumerate(weights))
        assert card["losses"]["network"][-1] == 0.5
        assert len(card["losses"]["network"]) == 4
        assert card["began_with"] == card["version"]
        assert "from the weights of" in (tmp_path / "faces" / "MODEL_CARD.md").read_text()

    def test_a_teacher_speaks_of_emotions_where_a_set_tells_them_and_of_nothing_else(self):
        import keras

        from interview.training.faces.fitting import Teacher

        sure = np.zeros(OUTPUTS, np.float32)
        sure[[head("emotion").start + 2, head("votes").start + 1]] = 50
        entry = keras.Input((48, 48))
        said = keras.ops.repeat(keras.ops.mean(entry, axis=(1, 2))[:, None], OUTPUTS, axis=1)
        network = keras.Model(entry, 0 * said + sure)
        targets = np.full((2, OUTPUTS), 0.1, np.float32)
        told = np.zeros((2, OUTPUTS), np.float32)
        told[0] = 1
        faces = np.zeros((2, 48, 48), np.float32)
        found = np.asarray(Teacher(network, 0.5).targets(faces, targets, told))
        assert found[0, head("emotion")] == pytest.approx([0.05, 0.05, 0.55] + 4 * [0.05])
        assert found[0, head("votes")][1] == pytest.approx(0.55)
        assert found[0, head("smile")] == pytest.approx(0.1)
        assert np.allclose(found[1], 0.1)

    def test_the_learning_rate_rises_then_falls(self):
        from interview.training.faces.fitting import rate_at

        assert rate_at(0, 1.0) < rate_at(0.05, 1.0) > rate_at(0.5, 1.0) > rate_at(1.0, 1.0)


class TestRivals:
    def test_each_is_trained_measured_and_drawn_in_the_card(self, face_data, trained, tmp_path):
        from interview.training.faces import card, rivals

        fit = Fit(epochs=2, small=0, batch=32, mixup=0)
        arguments = {"runs": tmp_path, "plan": TINY, "settings": fit, "log": lambda line: None}
        found = rivals.compare(face_data, trained / "faces", **arguments)
        assert set(found) == {*rivals.NETWORKS, "HOG and kernel machine"}
        assert all(len(one["accuracies"]) == 2 for name, one in found.items() if "losses" in one)
        narrow, wide = (
            found["C, narrowed by a convolution"],
            found["C: two convolutions, one dense layer"],
        )
        assert narrow["parameters"] < wide["parameters"] / 3
        again = rivals.compare(face_data, trained / "faces", **arguments)
        assert again["mini-Xception"]["accuracy"] == found["mini-Xception"]["accuracy"]
        card.write_card(
            trained / "faces", json.loads((trained / "faces" / "card.json").read_text())
        )
        assert "| mini-Xception |" in (trained / "faces" / "MODEL_CARD.md").read_text()
        assert (trained / "faces" / "comparison.svg").exists()


class TestModel:
    def test_gives_probabilities_for_each_face(self, trained):
        model = FaceModel.load(trained / "faces")
        seen = model.look(np.stack([face(k % 7, k) for k in range(70)]))
        assert seen.emotions.shape == (70, 7)
        assert np.allclose(seen.emotions.sum(axis=1), 1, atol=1e-5)
        assert ((seen.smile >= 0) & (seen.smile <= 1)).all()
        assert seen.pose.shape == (70, 3)

    def test_a_face_reads_the_same_alone_and_among_others(self, trained):
        model = FaceModel.load(trained / "faces")
        faces = np.stack([face(k % 7, k) for k in range(65)])
        assert np.allclose(model.look(faces).emotions[64], model.look(faces[64:]).emotions[0])

    def test_a_mirrored_face_shows_the_same_and_is_turned_the_other_way(self, trained):
        model = FaceModel.load(trained / "faces")
        faces = face(2, 1)[None]
        one, other = model.look(faces), model.look(np.ascontiguousarray(faces[:, :, ::-1]))
        assert np.allclose(one.emotions, other.emotions, atol=1e-6)
        assert one.pose[0, 0] == pytest.approx(-other.pose[0, 0], abs=1e-6)

    def test_no_faces_are_no_trouble(self, trained):
        seen = FaceModel.load(trained / "faces").look(np.zeros((0, 48, 48), np.uint8))
        assert seen.emotions.shape == (0, 7)

    def test_the_map_of_activation_lies_between_0_and_1(self, trained):
        model = FaceModel.load(trained / "faces")
        found = model.activation(face(1, 1), 3)
        assert found.shape == (48, 48)
        assert found.min() >= 0
        assert found.max() in (0, 1)


class TestFigures:
    def test_a_scale_makes_overconfident_odds_milder(self):
        random = np.random.default_rng(0)
        truth = random.integers(0, 7, 500)
        odds = random.standard_normal((500, 7)) + 1.5 * np.eye(7)[truth]
        scale = measures.best_scale(10 * odds, np.eye(7)[truth])
        assert 0.1 < scale < 0.2

    def test_an_emotion_that_is_named_too_often_is_held_back(self):
        random = np.random.default_rng(0)
        truth = random.integers(0, 7, 2000)
        odds = random.standard_normal((2000, 7)) + 1.5 * np.eye(7)[truth]
        fair = measures.best_scaling(odds, np.eye(7)[truth])
        odds[:, 4] += 1
        scale, offsets = measures.best_scaling(odds, np.eye(7)[truth])
        assert scale == pytest.approx(fair[0], rel=0.01)
        assert offsets[4] - np.mean(offsets[:4]) == pytest.approx(
            fair[1][4] - np.mean(fair[1][:4]) - scale, abs=0.02
        )
        assert sum(offsets) == pytest.approx(0, abs=1e-9)

    def test_labels_that_the_model_does_not_know_are_counted_apart(self):
        faces = FaceSet("x", np.zeros((3, 48, 48), np.uint8), [])
        rows = [{"emotion": name} for name in ("happy", "sad", "contempt")]
        faces = FaceSet("x", faces.faces, rows)
        outputs = np.zeros((3, OUTPUTS), np.float32)
        outputs[:, head("emotion").start + EMOTIONS.index("happy")] = 5
        seen = Scales(1, (0,) * 7, 1, 1).faces(outputs)
        block = measures.emotion_figures(faces, seen)
        assert block["n"] == 2
        assert block["accuracy"] == 0.5
        assert block["skipped"] == {"contempt": 1}

    def test_softmax_survives_large_odds(self):
        assert softmax(np.array([[1000.0, 0.0]], np.float32)).tolist() == [[1.0, 0.0]]


class TestEvaluation:
    def test_scores_emotions_and_votes(self, face_data, trained):
        result = evaluate(face_data, "fer2013_public_test", trained)
        assert result["task"] == "emotion"
        assert result["n"] == 21
        assert result["labels"] == list(EMOTIONS)
        assert result["models"]["votes"]["n"] == 21
        assert not result["trained_on"]

    def test_scores_smiles_and_pose_and_tells_new_faces_apart(self, face_data, trained):
        result = evaluate(face_data, "genki4k", trained)
        assert result["task"] == "smile"
        assert 0 <= result["auc"] <= 1
        assert result["trained_on_faces"] == 36
        assert result["new_faces"]["n"] == 4
        assert set(result["pose"]) == {"yaw_mae_degrees", "pitch_mae_degrees", "roll_mae_degrees"}

    def test_the_command_prints_json_and_names_a_missing_set(self, face_data, trained):
        arguments = ["faces", "--data", str(face_data), "--models", str(trained), "--json"]
        done = CliRunner().invoke(evaluate_command, [*arguments, "--set", "smiles"])
        assert json.loads(done.output)["set"] == "smiles"
        failed = CliRunner().invoke(evaluate_command, [*arguments, "--set", "nothing"])
        assert failed.exit_code == 1
        assert "nothing.csv" in failed.output
