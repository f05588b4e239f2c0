"""Situation, task, action and result are found where people tell them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.analysis.text.structure import CUES, PARTS, find_structure, label_sentences
from interview.analysis.text.tokens import sentences

SITUATION = (
    "During my second year at a logistics company, orders were often sent to wrong addresses."
)
TASK = "My task was to find out why within a month."
ACTION = (
    "I asked the drivers to note every wrong address and compared their notes with our database."
)
MORE_ACTION = "Then I wrote a small check that we ran before printing the labels."
RESULT = "As a result, wrong deliveries dropped from 40 to 6 a week."
GENERAL = "I think communication is important and you should always listen."
HYPOTHETICAL = "I would talk to everybody and I'd explain the plan."


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            [SITUATION, TASK, ACTION, MORE_ACTION, RESULT],
            [("situation",), ("task",), ("action",), ("action",), ("result",)],
        ),
        ([SITUATION, ACTION, RESULT], [("situation",), ("action",), ("result",)]),
        ([SITUATION, TASK, ACTION], [("situation",), ("task",), ("action",)]),
        ([GENERAL, HYPOTHETICAL, GENERAL], [(), (), ()]),
        ([], []),
    ],
    ids=["complete", "no task", "no result", "no story", "nothing"],
)
def test_parts_of_plain_answers(told, expected):
    assert label_sentences(told) == expected


def test_an_action_with_its_result_in_one_sentence_tells_both():
    both = "Then I moved the desk, and as a result the queue fell from 20 to 5 minutes."
    assert label_sentences([SITUATION, ACTION, both, ACTION])[2] == ("action", "result")


def test_structure_points_at_sentences_and_says_what_is_missing():
    text = f"{SITUATION} {ACTION}\n\n{MORE_ACTION}"
    structure = find_structure(text, sentences(text))
    assert (structure.situation, structure.action) == ((0,), (1, 2))
    assert structure.missing == ("task", "result")
    assert structure.coverage == 0.5


def test_in_an_empty_text_everything_is_missing():
    assert find_structure("", []).missing == ("situation", "task", "action", "result")


def test_typographic_apostrophes_and_capitals_make_no_difference():
    told = ["I'm responsible for orders, it's mine.", "I didn't wait, I called them."]
    same = [sentence.replace("'", "’").upper() for sentence in told]
    assert label_sentences(told) == label_sentences(same)


def test_cues_have_unique_names_and_give_points_to_known_parts():
    names = [cue.name for cue in CUES]
    assert len(names) == len(set(names))
    assert all(set(cue.points) <= set(PARTS) and cue.points for cue in CUES)


@given(st.lists(st.text(max_size=60), max_size=12))
def test_every_sentence_gets_known_parts_whatever_is_in_it(told):
    labels = label_sentences(told)
    assert len(labels) == len(told)
    assert {part for parts in labels for part in parts} <= {"situation", "task", "action", "result"}
