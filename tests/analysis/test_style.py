"""Fillers, first person and readability."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.analysis.text.fillers import FILLERS, find_fillers
from interview.analysis.text.readability import grade, reading_ease, syllables
from interview.analysis.text.style import describe_style
from interview.analysis.text.tokens import sentences, tokens


def fillers(text: str) -> dict[str, int]:
    return {f.phrase: f.count for f in find_fillers(text, tokens(text), sentences(text))}


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Um, I left.", "um"),
        ("I was, uh, late.", "uh"),
        ("It was, like, late.", "like"),
        ("Like, I was late.", "like"),
        ("We had like five people.", "like"),
        ("It was like really late.", "like"),
        ("He was like oh no.", "like"),
        ("And like I said nothing.", "like"),
        ("So, I left.", "so"),
        ("So yeah I left.", "so"),
        ("Well, I left.", "well"),
        ("It works, right?", "right"),
        ("You know, I left.", "you know"),
        ("I was, you know, late.", "you know"),
        ("I left, you know.", "you know"),
        ("I was you know kinda late.", "you know"),
        ("I mean, I left.", "i mean"),
        ("But I mean we won.", "i mean"),
        ("It was kind of late.", "kind of"),
        ("I sort of left.", "sort of"),
        ("I just left.", "just"),
        ("Actually I left.", "actually"),
        ("We basically won.", "basically"),
        ("I sold shoes and stuff like that.", "and stuff like that"),
        ("At the end of the day we won.", "at the end of the day"),
        ("I guess we won.", "i guess"),
    ],
)
def test_fillers_are_found(text, phrase):
    assert fillers(text).get(phrase) == 1


@pytest.mark.parametrize(
    "text",
    [
        "I like my work.",
        "I would like to lead.",
        "It was like a family.",
        "Shops like ours closed.",
        "It looks like five people.",
        "What is it like?",
        "It felt like really hard work.",
        "So I left.",
        "It was so late that I left.",
        "I did it so that we won.",
        "I work well, and fast.",
        "You did the right thing.",
        "Do you know the shop?",
        "As you know, we won.",
        "You know how it works.",
        "What I mean is this.",
        "I said it and I mean it.",
        "It is a kind of bread.",
        "This sort of work suits me.",
        "I had just left.",
        "We left just before noon.",
        "It was a just cause.",
        "I worked in the ER at night.",
        "I can guess it.",
    ],
)
def test_proper_uses_are_not_held_against_anybody(text):
    assert fillers(text) == {}


def test_the_longest_expression_counts_and_its_place_is_given():
    text = "Um, we sold shoes and stuff like that. Um, I mean it, um."
    found = find_fillers(text, tokens(text), sentences(text))
    assert [(f.phrase, f.count) for f in found] == [("um", 3), ("and stuff like that", 1)]
    for filler in found:
        assert {text[a:b].lower() for a, b in filler.spans} == {filler.phrase}


@given(
    st.lists(
        st.sampled_from(
            [*FILLERS, "I", "he", "was", ",", ".", "?", "five", "a", "\n", "it’s", "–"]
        ),
        max_size=40,
    )
)
def test_places_of_fillers_lie_in_the_text_and_do_not_overlap(parts):
    text = " ".join(parts)
    found = find_fillers(text, tokens(text), sentences(text))
    places = sorted(span for filler in found for span in filler.spans)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
    assert all(filler.count == len(filler.spans) > 0 for filler in found)
    assert all(" ".join(text[a:b].lower().split()) == f.phrase for f in found for a, b in f.spans)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("a", 1), ("the", 1), ("make", 1), ("table", 2), ("little", 2), ("worked", 1),
        ("wanted", 2), ("added", 2), ("played", 1), ("changes", 2), ("makes", 1), ("watches", 2),
        ("really", 2), ("didn't", 2), ("don't", 1), ("people", 2), ("being", 2), ("video", 3),
        ("idea", 3), ("experience", 4), ("serious", 3), ("previous", 3), ("conscious", 2),
        ("actually", 4), ("situation", 4), ("completely", 3), ("management", 3), ("someone", 2),
        ("business", 2), ("company's", 3), ("self-made", 2), ("hmm", 1), ("42", 1), ("", 1),
    ],
)  # fmt: skip
def test_syllables_are_counted(word, count):
    assert syllables(word) == count


def test_readability_follows_the_published_formulas():
    words = ["cat", "table", "didn't", "the", "sat", "on", "it", "and", "it", "was"]
    # 10 words in 2 sentences with 12 syllables
    assert reading_ease(words, 2) == pytest.approx(206.835 - 1.015 * 5 - 84.6 * 1.2)
    assert grade(words, 2) == pytest.approx(0.39 * 5 + 11.8 * 1.2 - 15.59)


def test_readability_needs_enough_words_and_the_grade_is_never_negative():
    assert reading_ease(["cat"] * 9, 1) is None
    assert grade(["cat"] * 9, 1) is None
    assert reading_ease(["cat"] * 10, 0) is None
    assert grade(["cat"] * 10, 10) == 0.0


def test_style_of_a_text():
    text = "I’ve led our team in the US. We won it for us, um, and I told my 12 friends myself."
    style = describe_style(text, tokens(text), sentences(text))
    assert style.first_person_singular.count == 4
    assert style.first_person_plural.count == 3
    assert style.first_person_singular.share == pytest.approx(4 / 20)
    assert style.filler_rate == pytest.approx(100 / 20)
    assert style.sentence_length == pytest.approx(10.0)
    assert style.vocabulary_mtld is None


def test_style_of_nothing():
    style = describe_style("", [], [])
    assert style.filler_rate == 0.0
    assert style.first_person_singular.share == 0.0
    assert style.sentence_length is style.reading_ease is style.grade is None
