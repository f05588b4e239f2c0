"""English answers are never turned away; other languages and nonsense are recognised."""

import csv
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.analysis.text.language import Language, detect, find_nonsense
from interview.analysis.text.tokens import sentences, tokens


def judge(text: str) -> tuple[Language, str | None]:
    words, spans = tokens(text), sentences(text)
    language = detect(text, spans)
    return language, find_nonsense(text, words, spans, language)


SAMPLES = json.loads(Path(__file__).with_name("languages.json").read_text("utf-8"))
ENGLISH, OTHER = SAMPLES["english"], SAMPLES["other"]


@pytest.mark.parametrize("text", ENGLISH.values(), ids=ENGLISH.keys())
def test_english_of_every_sort_is_accepted(text):
    language, nonsense = judge(text)
    assert (language.code, nonsense) == ("en", None)
    assert language.is_english


@pytest.mark.parametrize(("code", "text"), OTHER.items(), ids=OTHER.keys())
def test_other_languages_are_named(code, text):
    language = detect(text, sentences(text))
    assert language.code == code
    assert not language.is_english


@pytest.mark.parametrize("code", ["es", "tr", "ru", "hi", "zh", "ar"])
def test_other_languages_are_not_nonsense(code):
    assert judge(OTHER[code])[1] is None


def test_a_mixed_text_has_the_language_of_its_greater_part():
    mostly_english = (
        f"{ENGLISH['plain']} {ENGLISH['learner']} {ENGLISH['slang']} {OTHER['es'][:110]}"
    )
    mostly_spanish = f"{OTHER['es']} {OTHER['es']} {ENGLISH['plain'][:110]}"
    assert judge(mostly_english)[0].is_english
    assert judge(mostly_spanish)[0].code == "es"
    assert 0 < judge(mostly_spanish)[0].english < 0.6


@pytest.mark.parametrize("text", ["", "Yes.", "I did it.", "1234 5678", "🙂🙂🙂"])
def test_the_language_of_very_little_text_is_not_guessed(text):
    language, _ = judge(text)
    assert language == Language(None, 0.0)
    assert language.is_english


def keyboard_mash(seed: int) -> str:
    generator = random.Random(seed)
    keys = generator.choice(["asdfghjkl", "qwertyuiop", "asdfjkl;", "abcdefghijklmnopqrstuvwxyz"])
    lengths = [generator.randint(3, 10) for _ in range(60)]
    return " ".join("".join(generator.choices(keys, k=length)) for length in lengths)


@pytest.mark.parametrize("seed", range(12))
def test_keyboard_mash_is_nonsense(seed):
    assert judge(keyboard_mash(seed))[1] == "mash"


@pytest.mark.parametrize(
    "text",
    [
        "asdf asdf asdf asdf asdf asdf asdf asdf asdf asdf asdf asdf",
        "good " * 60,
        "I am a team player. " * 20,
        "bla bla bla blub " * 20,
        "I led the team well and we won. She said it was good. " * 8,
    ],
)
def test_the_same_over_and_over_is_nonsense(text):
    assert judge(text)[1] == "repeated"


def test_an_answer_pasted_twice_is_not_nonsense():
    assert judge(ENGLISH["learner"] + "\n\n" + ENGLISH["learner"])[1] is None


def test_placeholder_text_is_nonsense():
    text = (
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt "
        "ut labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation."
    )
    assert judge(text)[1] == "placeholder"


def test_numbers_alone_are_nonsense():
    assert judge(" ".join(str(number * 37) for number in range(80)))[1] == "numbers"


def test_program_code_is_nonsense():
    text = (
        "for (int i = 0; i < n; i++) { sum += a[i] * b[i]; if (sum > max) { max = sum; } }\n"
        "def f(x): return {k: v[0] for k, v in x.items() if v} # index\n"
        "const el = document.getElementById('a'); el.innerHTML = `<b>${name}</b>`;\n"
    )
    assert judge(text)[1] == "code"


@given(st.text(max_size=400))
def test_no_text_makes_it_raise(text):
    language, nonsense = judge(text)
    assert 0 <= language.english <= 1
    assert nonsense in (None, "numbers", "placeholder", "repeated", "code", "mash")
    assert judge(text) == (language, nonsense)


DATA = Path(__file__).parents[2].parent / "shared" / "data" / "text"


@pytest.mark.parametrize(
    ("name", "column", "count"),
    [("first_impressions.csv", "transcript", 300), ("essays.csv", "text", 30)],
)
def test_no_real_text_is_turned_away(name, column, count):
    if not (DATA / name).exists():
        pytest.skip("needs the training data beside the checkout (../shared/data)")
    with (DATA / name).open(encoding="utf-8", errors="replace", newline="") as file:
        texts = [row[column] for row in csv.DictReader(file) if len(row[column].split()) >= 20]
    refused = 0
    for text in random.Random(count).sample(texts, count):
        language, nonsense = judge(text)
        refused += bool(nonsense) or not language.is_english
    assert refused == 0
