"""Words and sentences with their places."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.analysis.text.tokens import sentences, tokens


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I don’t do well-known things.", ["I", "don’t", "do", "well-known", "things"]),
        ("3.5 % of 1,200 at 10:30", ["3.5", "of", "1,200", "at", "10:30"]),
        ("Q3, B2B and COVID-19", ["Q3", "B2B", "and", "COVID-19"]),
        ("naïve Łukasz 北京", ["naïve", "Łukasz", "北京"]),
        ("snake_case -- 'quoted' it.Then", ["snake", "case", "quoted", "it", "Then"]),
        ("", []),
        ("... !!! 🙂", []),
    ],
)
def test_words_are_found(text, expected):
    assert [token.text for token in tokens(text)] == expected


def test_words_know_their_place_and_their_plain_form():
    text = "Well, I’ve WON."
    assert [(text[t.start : t.end], t.lower) for t in tokens(text)] == [
        ("Well", "well"),
        ("I’ve", "i've"),
        ("WON", "won"),
    ]
    assert [token.is_number for token in tokens("5 Q3 ten")] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We met. We won!  Why? Because.", ["We met.", "We won!", "Why?", "Because."]),
        ("i worked. then i left", ["i worked.", "then i left"]),
        ("I met Dr. Smith at 3.5 p.m. on time.", ["I met Dr. Smith at 3.5 p.m. on time."]),
        ("We left at 5 p.m. We came back.", ["We left at 5 p.m.", "We came back."]),
        ("I work at Acme Inc. The firm grew.", ["I work at Acme Inc.", "The firm grew."]),
        ("She has a Ph.D. in physics, i.e. a lot.", ["She has a Ph.D. in physics, i.e. a lot."]),
        ("We were No. 1 in sales.", ["We were No. 1 in sales."]),
        ("It worked.Then J. Smith left.", ["It worked.", "Then J. Smith left."]),
        ("I use Node.js and www.a.com daily.", ["I use Node.js and www.a.com daily."]),
        ('"What is it?" he said. I left.', ['"What is it?" he said.', "I left."]),
        ("It was ok... so we went on.", ["It was ok... so we went on."]),
        ("1. We sold it. 2. We left.", ["1. We sold it.", "2. We left."]),
        ("", []),
        ("?! ... --", []),
    ],
)
def test_sentences_within_a_line(text, expected):
    assert split(text) == expected


def test_headings_and_list_items_are_sentences_of_their_own():
    text = "Ada Example\nSales, 2019-2021\n- Sold shoes.\n• Led a team\n\n2) Kept the stock"
    expected = ["Ada Example", "Sales, 2019-2021", "Sold shoes.", "Led a team", "2) Kept the stock"]
    assert split(text) == expected


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_that_only_wraps_ends_no_sentence(end):
    text = f"In this long paragraph that wraps at a column of about sixty{end}Things stay together."
    assert split(text) == [text]
    assert split(f"We sold{end}bread.") == [f"We sold{end}bread."]


@given(
    st.one_of(st.text(max_size=200), st.text(st.sampled_from('aI. \n\r-"?!1)T•,’'), max_size=80))
)
def test_every_word_lies_in_exactly_one_sentence(text):
    spans = sentences(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for token in tokens(text):
        assert sum(start <= token.start and token.end <= end for start, end in spans) == 1
    for start, end in spans:
        assert text[start:end] == text[start:end].strip()
        assert tokens(text, start, end)


@pytest.mark.parametrize(
    "unit", ["a", ".", "-", "1.", "ab.Cd", "A. ", '"', "a'", "zh，", "\n", "? "]
)
def test_a_long_text_is_split_quickly_whatever_is_in_it(unit):
    text = (unit * 30_000)[:30_000]
    started = time.monotonic()
    sentences(text)
    assert time.monotonic() - started < 10
