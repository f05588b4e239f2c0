"""Text from documents is made readable, and cleaning twice changes nothing more."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.analysis.text.cleaning import clean, is_bullet


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", ""),
        (" \n\t\r\n ", ""),
        ("a\0b\x07c\x1bd", "abcd"),
        ("\ud800broken\udfff", "broken"),
        ("e\u0301te\u0301", "\u00e9t\u00e9"),
        ("o\ufb03ce e\ufb00ort \ufb01rst", "office effort first"),
        ("one\u00a0two\u2003three\tfour", "one two three four"),
        ("co\u00adop\u00aderate", "cooperate"),
        ("zero\u200bwidth \ufeffmark \u202eback", "zerowidth mark back"),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
        ("\uf0b7 Sold shoes", "• Sold shoes"),
        ("first\u2029second", "first\n\nsecond"),
        ("first\n \n\n\nsecond", "first\n\nsecond"),
        ("first page\x0csecond page", "first page\n\nsecond page"),
        ("old\rMac\r\nWindows", "old\nMac\nWindows"),
    ],
)
def test_characters_are_made_plain(raw, expected):
    assert clean(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("We improved the manage-\nment of orders.", "We improved the management of orders."),
        ("I am a self-\nmotivated person.", "I am a self-motivated person."),
        ("We met in Stratford-\nUpon the day", "We met in Stratford-\nUpon the day"),
        ("from 2019-\n2020 in sales", "from 2019-\n2020 in sales"),
        ("I worked\nat a shop", "I worked at a shop"),
        ("Skills:\nspeaking", "Skills:\nspeaking"),
        ("Sales assistant\nShoe shop", "Sales assistant\nShoe shop"),
        ("- sold shoes\n- kept the stock", "- sold shoes\n- kept the stock"),
        (
            "When I joined the company, nobody kept a record of\n"
            "Orders that had been sent, so I wrote one.",
            "When I joined the company, nobody kept a record of "
            "Orders that had been sent, so I wrote one.",
        ),
    ],
)
def test_lines_are_joined_where_they_only_wrap(raw, expected):
    assert clean(raw) == expected


@pytest.mark.parametrize("line", ["• item", "- item", "– item", "1. item", "(2) item", "a) item"])
def test_list_items_are_recognised(line):
    assert is_bullet(line)


@pytest.mark.parametrize("line", ["item", "-item", "2019 was hard", "I am", "3.5 percent", ""])
def test_prose_is_not_a_list_item(line):
    assert not is_bullet(line)


MESSY = st.text(st.sampled_from("ab I-\u00ad\u2010.:•1)\n\r\x0c\0 \u00a0\u0301\ufb01\u2029\ud800"))


@given(st.one_of(st.text(max_size=300), MESSY))
def test_cleaning_is_idempotent_and_leaves_only_printable_characters(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    bad = {char for char in cleaned if unicodedata.category(char) in ("Cc", "Co", "Cs", "Cn")}
    assert bad <= {"\n"}
    assert "\n\n\n" not in cleaned
    assert cleaned == cleaned.strip()
