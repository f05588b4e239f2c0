import json
import time
from pathlib import Path

import numpy as np
import pytest

from interview.analysis.report import IMPRESSIONS, TRAITS
from interview.analysis.text.bigfive import BigFiveModel, ModelError
from interview.analysis.text.passages import passages_of
from interview.analysis.text.preprocess import anonymise, tokens
from interview.analysis.text.stylometry import FEATURES, describe

SHIPPED = Path(__file__).parents[2] / "models" / "text"
ANSWER = (
    "In my last job I had to plan the move of our office. I wrote a list of everything that could "
    "go wrong, talked with each team, and asked two suppliers for offers. We moved in one weekend "
    "and nobody lost a day of work. I was proud of that, although I slept very little. "
)


@pytest.fixture(scope="module")
def model():
    return BigFiveModel.load(SHIPPED)


def test_shipped_weights_score_an_answer(model):
    scores = model.predict([ANSWER * 3])[0]
    assert tuple(scores.traits) == TRAITS
    assert tuple(scores.impression) == IMPRESSIONS
    assert all(0 < value < 1 for value in scores.traits.values())
    assert all(0 <= value <= 1 for value in scores.impression.values())


def test_predictions_are_deterministic_and_independent_of_their_neighbours(model):
    alone = model.predict([ANSWER])[0]
    again = model.predict(["Something else entirely. " * 40, ANSWER])[1]
    assert alone.traits == pytest.approx(again.traits, abs=1e-6)
    assert alone.impression == pytest.approx(again.impression, abs=1e-6)
    assert model.predict([ANSWER]) == [alone]


def test_two_loads_agree(model):
    assert BigFiveModel.load(SHIPPED).predict([ANSWER]) == model.predict([ANSWER])


def test_no_texts_give_no_scores(model):
    assert model.predict([]) == []


@pytest.mark.parametrize("text", ["", "   ", "1234 5678", "¿Qué?", "a" * 5000])
def test_odd_texts_give_finite_scores(model, text):
    scores = model.predict([text])[0]
    assert np.isfinite([*scores.traits.values(), *scores.impression.values()]).all()


def test_short_texts_are_nearer_the_base_rate(model):
    calibration = model.traits.calibration
    assert calibration.slopes[0].mean() < calibration.slopes[-1].mean()


def test_a_text_is_scored_quickly(model):
    text = ANSWER * 6
    model.predict([text])
    best = min(_seconds(model, text) for _ in range(5))
    assert best < 0.3


def test_the_shipped_folder_is_small_and_holds_no_pickle():
    sizes = [path.stat().st_size for path in SHIPPED.iterdir()]
    assert sum(sizes) < 14 * 2**20
    assert not [path for path in SHIPPED.iterdir() if path.suffix in {".pkl", ".joblib"}]
    with np.load(SHIPPED / "weights.npz", allow_pickle=False) as stored:
        assert all(array.dtype.kind in "fi" for array in stored.values())


def test_the_version_is_that_of_the_card(model):
    assert model.version == json.loads((SHIPPED / "card.json").read_text())["version"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("card.json", '{"format": 0, "version": "x"}', "format 0"),
        ("card.json", "{", "no readable text model"),
        ("vocabulary.json", '{"tokens": []}', "lacks spelling"),
        ("vocabulary.json", '{"tokens": [], "spelling": [], "letters": []}', "tokens has 0"),
        ("weights.npz", "", "no readable text model"),
    ],
)
def test_a_broken_folder_is_refused_with_its_reason(tmp_path, name, content, message):
    for path in ("card.json", "vocabulary.json", "weights.npz"):
        (tmp_path / path).write_bytes((SHIPPED / path).read_bytes())
    (tmp_path / name).write_text(content)
    with pytest.raises(ModelError, match=message):
        BigFiveModel.load(tmp_path)


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(ModelError, match="no readable text model"):
        BigFiveModel.load(tmp_path / "nowhere")


def test_digits_and_quotes_are_made_plain():
    assert anonymise("I’m 42… “yes”") == 'I\'m 00... "yes"'


def test_marks_and_function_words_are_kept():
    assert tokens("I don't know, do I?") == ["i", "don't", "know", ",", "do", "i", "?"]


def test_style_is_described_by_finite_numbers():
    features = dict(zip(FEATURES, describe("I am here. i wait!"), strict=True))
    assert features["class.i"] == pytest.approx(40)
    assert features["small_i"] == pytest.approx(20)
    assert features["mark.!"] == pytest.approx(20)
    assert np.isfinite(describe("")).all()


def test_long_texts_are_cut_into_passages_at_sentence_ends():
    passages = passages_of(ANSWER * 4)
    assert len(passages) > 2
    assert all(passage.endswith((".", "!")) for passage in passages)
    assert " ".join(passages).split() == (ANSWER * 4).split()


def test_short_texts_are_one_passage():
    assert passages_of("Just this.") == ["Just this."]
    assert passages_of("") == [""]


def _seconds(model, text):
    # Processor time: what else runs on the machine must not fail the test.
    start = time.process_time()
    model.predict([text])
    return time.process_time() - start
