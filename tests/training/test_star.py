"""The measurement of the structure rules, and that the rules keep what was measured."""

import json
import subprocess
import sys

import pytest

from interview.analysis.report import STRUCTURE_PARTS
from interview.settings import ROOT
from interview.training.star.measure import FOLDER, Counts, as_markdown, measure, read_answers
from interview.training.text.card import card_text

STORY = [
    {"text": "When I worked in a bakery, the till was broken.", "labels": ["situation"]},
    {"text": "I wrote the sums by hand.", "labels": ["action"]},
    {"text": "I asked a colleague to bake.", "labels": ["task"]},
    {"text": "As a result, we sold everything by noon.", "labels": ["result"]},
]


@pytest.fixture
def labelled(tmp_path):
    path = tmp_path / "small.jsonl"
    lines = [json.dumps({"id": str(n), "prompt": "p", "sentences": STORY}) for n in range(5)]
    path.write_text("\n".join(lines) + "\n\n")
    return path


def test_counts_give_precision_recall_and_f1():
    counts = Counts(2, 1, 0) + Counts(1, 0, 1)
    assert (counts.precision, counts.recall, counts.f1) == (0.75, 0.75, 0.75)
    assert Counts(0, 0, 0).precision == Counts(0, 0, 0).recall == Counts(0, 0, 0).f1 == 0.0


def test_rules_are_compared_with_labels_by_sentence_and_by_answer(labelled):
    result = measure(labelled, resamples=50)
    assert (result["answers"], result["sentences"]) == (5, 20)
    action, task = result["by"]["sentences"]["action"], result["by"]["sentences"]["task"]
    assert (action["present"], action["found"], action["right"]) == (5, 10, 5)
    assert (action["precision"], action["recall"], action["f1"]) == (0.5, 1.0, 0.667)
    assert (task["present"], task["found"], task["f1"]) == (5, 0, 0.0)
    assert result["by"]["answers"]["action"]["f1"] == 1.0
    assert result["by"]["answers"]["result"]["f1_interval"] == [1.0, 1.0]
    assert measure(labelled, resamples=50) == result


def test_the_table_shows_every_part_twice(labelled):
    table = as_markdown(measure(labelled, resamples=50)).splitlines()
    assert len(table) == 4 + 2 * len(STRUCTURE_PARTS)
    assert "| sentences | action | 5 | 10 | 5 | 0.50 | 1.00 | 0.67 (0.67–0.67) |" in table


def test_unknown_labels_are_refused(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps({"sentences": [{"text": "I led.", "labels": ["plot"]}]}))
    with pytest.raises(ValueError, match=r"line 1.*plot"):
        read_answers(path)


def test_the_rules_reach_what_they_must_on_the_answers_they_were_made_with():
    parts = measure(FOLDER / "develop.jsonl", resamples=20)["by"]["sentences"]
    assert {part: row["f1"] for part, row in parts.items() if row["f1"] < 0.7} == {}


def test_the_figures_are_printed_as_json_and_as_a_table():
    command = [sys.executable, "-m", "interview.training.star", "--set", "develop"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    plain, table = done.stdout.split("\n\n", 1)
    assert json.loads(plain)["set"] == "develop"
    assert table.startswith("Set `develop`")


def test_the_card_of_the_shipped_text_model_says_how_often_the_rules_are_right():
    folder = ROOT / "models" / "text"
    written = (folder / "MODEL_CARD.md").read_text("utf-8")
    assert written == card_text(json.loads((folder / "card.json").read_text("utf-8")))
    assert as_markdown(measure(FOLDER / "measure.jsonl")) in written
