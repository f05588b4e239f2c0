"""Most-used words and pairs, and the richness of the vocabulary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.analysis.report import PairCount, WordCount
from interview.analysis.text.tokens import sentences, tokens
from interview.analysis.text.words import content_words, lemma, mtld, top_pairs, top_words


def top(text: str, limit: int = 20) -> tuple[WordCount, ...]:
    return top_words(content_words(tokens(text)), limit)


def pairs(text: str) -> tuple[PairCount, ...]:
    words = tokens(text)
    return top_pairs(content_words(words), words, sentences(text))


@pytest.mark.parametrize(
    ("word", "expected"),
    [("meetings", "meeting"), ("went", "go"), ("children", "child"), ("xyzzy", "xyzzy")],
)
def test_words_have_a_dictionary_form(word, expected):
    assert lemma(word) == expected


def test_forms_of_a_word_are_counted_together_and_the_usual_form_is_shown():
    assert top("Customers call. The customer calls customers. A customer's call.") == (
        WordCount("customer", 4, "customers"),
        WordCount("call", 3, "call"),
    )


def test_names_keep_their_capitals_and_sentence_starts_do_not_make_one():
    assert top("Teams and SQL. A teams thing: SQL.") == (
        WordCount("team", 2, "teams"),
        WordCount("sql", 2, "SQL"),
    )


@pytest.mark.parametrize(
    "text", ["", "I and you", "I don't, we'll, you've", "2019 5 Q3", "um uh a b"]
)
def test_words_without_a_topic_are_left_out(text):
    assert top(text) == ()


def test_words_that_matter_in_interviews_are_not_stop_words():
    assert [word.word for word in top("system bill computer interest")] == [
        "system",
        "bill",
        "computer",
        "interest",
    ]


def test_equally_frequent_words_come_in_the_order_of_the_text_and_the_list_is_cut():
    assert [word.word for word in top("zebra apple mango zebra", 2)] == ["zebra", "apple"]


def test_pairs_stand_side_by_side_in_one_sentence():
    text = (
        "Sales teams won. The sales team grew, sales and team. Big sales. Team sales. Sales team?"
    )
    assert pairs(text) == (PairCount("sales team", 3, "sales team"),)


def test_a_pair_must_occur_twice():
    assert pairs("The sales team met customer needs.") == ()


@given(st.text(st.sampled_from("team sale. \n,Aa'’s"), max_size=120))
def test_counts_of_words_and_pairs_are_consistent(text):
    words = tokens(text)
    content = content_words(words)
    assert sum(word.count for word in top_words(content, 1000)) == len(content)
    assert all(2 <= pair.count < len(content) for pair in pairs(text))


def test_mtld_of_a_text_computed_by_hand():
    # "a b" repeated: the share of distinct words falls below 0.72 at the third word (2/3), so
    # 60 words hold 20 stretches of 3 words in either direction.
    assert mtld(["a", "b"] * 30) == pytest.approx(3.0)
    # Four distinct words in turn: 4/6 at the sixth word.
    assert mtld(["a", "b", "c", "d"] * 15) == pytest.approx(6.0)


def test_mtld_counts_the_rest_as_part_of_a_stretch():
    # 53 words are 17 stretches of 3 and 2 distinct words, which make no part of a stretch.
    assert mtld((["a", "b"] * 27)[:53]) == pytest.approx(53 / 17)


def test_mtld_of_a_text_without_repetition_is_its_length():
    assert mtld([str(number) for number in range(80)]) == 80.0


def test_mtld_needs_enough_words():
    assert mtld(["word"] * 49) is None
