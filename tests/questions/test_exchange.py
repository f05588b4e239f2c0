"""The question bank as CSV and JSON files."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.questions.checking import parse_rows
from interview.questions.exchange import (
    COLUMNS,
    OPTIONAL,
    FileError,
    PromptContent,
    read,
    read_file,
    write,
)
from interview.questions.models import COMPETENCIES, GUIDANCE_PARTS, MODES, PromptState
from interview.questions.services import BANK

PROMPT = {
    "key": "planning-90",
    "competency": "planning",
    "language": "en",
    "text": "Tell about a plan that held.",
    "modes": ["text", "audio"],
    "think_seconds": 30,
    "answer_seconds": 180,
    "guidance": {
        "situation": "What was to be planned?",
        "task": "What was yours?",
        "action": "How did you plan?",
        "result": "What came of it?",
    },
    "tags": ["graduate"],
    "state": "active",
}


def as_json(*prompts):
    return json.dumps({"prompts": prompts}).encode()


def as_text(prompts, kind):
    stream = io.StringIO(newline="")
    write(prompts, kind, stream)
    return stream.getvalue()


def problems(*prompts):
    return [
        (error.row, error.field, error.message)
        for error in parse_rows(read(as_json(*prompts), "json"))[1]
    ]


words = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), min_size=1
).map(str.strip)
texts = words.filter(bool)
tags = st.text(
    st.characters(categories=["L", "Nd"], include_characters="-,;\"'"), min_size=1, max_size=40
)
contents = st.builds(
    PromptContent,
    key=st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True),
    competency=st.sampled_from(COMPETENCIES),
    language=st.sampled_from(["en", "es", "pt-BR", "zh-Hant-TW", "es-419"]),
    text=texts,
    modes=st.sets(st.sampled_from(MODES), min_size=1).map(
        lambda chosen: [mode for mode in MODES if mode in chosen]
    ),
    think_seconds=st.integers(0, 600),
    answer_seconds=st.integers(10, 3600),
    guidance=st.fixed_dictionaries(dict.fromkeys(GUIDANCE_PARTS, texts)),
    tags=st.lists(tags, unique=True, max_size=3),
    state=st.sampled_from(PromptState),
    max_takes=st.none() | st.integers(1, 20),
)
banks = st.lists(
    contents,
    max_size=4,
    unique_by=(lambda content: content.key, lambda content: content.text.casefold()),
)


@given(banks, st.sampled_from(["csv", "json"]))
def test_what_is_written_is_read_back_exactly(bank, kind):
    assert parse_rows(read(as_text(bank, kind).encode(), kind)) == (bank, [])


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_our_bank_is_without_mistakes_and_survives_each_format(kind):
    bank, errors = parse_rows(read_file(BANK))
    assert errors == []
    assert parse_rows(read(as_text(bank, kind).encode(), kind)) == (bank, [])


def test_our_bank_is_written_as_it_stands_in_its_file():
    assert as_text(parse_rows(read_file(BANK))[0], "json") == BANK.read_text(encoding="utf-8")


def test_our_bank_has_enough_prompts_of_every_competency_for_every_mode():
    bank = parse_rows(read_file(BANK))[0]
    assert len(bank) >= 60
    for competency in COMPETENCIES:
        for mode in MODES:
            fitting = [p for p in bank if p.competency == competency and mode in p.modes]
            assert len(fitting) >= 3, (competency, mode)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_csv_as_spreadsheets_write_it_is_read(delimiter, encoding, line_end):
    cells = [
        "planning-90", "planning", "en", '"Wie, bitte; und „warum“?"', "text|audio", "30", "180",
        "S", "T", "A", "R", "graduate | any", "", "",
    ]  # fmt: skip
    empty = delimiter * (len(COLUMNS) - 1)
    lines = [delimiter.join(COLUMNS), delimiter.join(cells), empty, ""]
    rows = read(line_end.join(lines).encode(encoding), "csv")
    (prompt,), errors = parse_rows(rows)
    assert errors == []
    assert prompt.text == "Wie, bitte; und „warum“?"
    assert prompt.modes == ["text", "audio"]
    assert prompt.tags == ["graduate", "any"]
    assert prompt.state is PromptState.ACTIVE


def test_csv_columns_may_stand_in_any_order_and_optional_ones_be_left_out():
    kept = [name for name in reversed(COLUMNS) if name not in OPTIONAL]
    flat = PROMPT | PROMPT["guidance"] | {"modes": "text"}
    content = ",".join(kept) + "\n" + ",".join(str(flat[name]) for name in kept)
    (prompt,), errors = parse_rows(read(content.encode(), "csv"))
    assert errors == []
    assert prompt.tags == []


def test_a_csv_error_names_the_row_of_the_spreadsheet():
    flat = (
        PROMPT
        | PROMPT["guidance"]
        | {"modes": "text", "tags": "", "max_takes": "", "translation_of": ""}
        | {"text": '"two\nlines"'}
    )
    good = ",".join(str(flat[name]) for name in COLUMNS)
    bad = good.replace("planning-90", "planning-91").replace("two", "2").replace("180", "soon")
    rows = read("\n".join([",".join(COLUMNS), good, "", bad]).encode(), "csv")
    _, (error,) = parse_rows(rows)
    assert str(error) == "row 4, answer_seconds: must be a whole number of seconds"


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"key": "Planning 1"}, "key", "small letters"),
        ({"key": ""}, "key", "is missing"),
        ({"key": "x" * 81}, "key", "at most 80"),
        ({"competency": "juggling"}, "competency", "“juggling” is none of leadership"),
        ({"competency": None}, "competency", "is missing"),
        ({"language": "english"}, "language", "a language tag"),
        ({"language": "EN"}, "language", "a language tag"),
        ({"language": "en_GB"}, "language", "a language tag"),
        ({"text": "  "}, "text", "is missing"),
        ({"text": "x" * 1001}, "text", "1001 characters"),
        ({"text": "bell\x07"}, "text", "control character"),
        ({"text": "nul\x00"}, "text", "control character"),
        ({"text": 7}, "text", "must be text"),
        ({"modes": []}, "modes", "at least one"),
        ({"modes": ["smell"]}, "modes", "“smell” is none of text, audio, video"),
        ({"modes": ["text", "text"]}, "modes", "twice"),
        ({"modes": "text"}, "modes", "must be a list"),
        ({"think_seconds": -1}, "think_seconds", "outside 0 to 600"),
        ({"think_seconds": 601}, "think_seconds", "outside 0 to 600"),
        ({"think_seconds": True}, "think_seconds", "whole number"),
        ({"think_seconds": 1.5}, "think_seconds", "whole number"),
        ({"answer_seconds": 9}, "answer_seconds", "outside 10 to 3600"),
        ({"answer_seconds": 3601}, "answer_seconds", "outside 10 to 3600"),
        ({"answer_seconds": None}, "answer_seconds", "is missing"),
        ({"guidance": None}, "guidance.situation", "is missing"),
        ({"guidance": "be good"}, "guidance", "is not a field"),
        ({"guidance": PROMPT["guidance"] | {"result": ""}}, "guidance.result", "is missing"),
        ({"guidance": PROMPT["guidance"] | {"moral": "x"}}, "guidance.moral", "is not a field"),
        ({"tags": ["a|b"]}, "tags", "without |"),
        ({"tags": ["x" * 41]}, "tags", "at most 40"),
        ({"tags": ["a", "a"]}, "tags", "twice"),
        ({"state": "asleep"}, "state", "“asleep” is none of draft, active, retired"),
        ({"max_takes": 0}, "max_takes", "outside 1 to 20"),
        ({"max_takes": "often"}, "max_takes", "whole number"),
        ({"colour": "red"}, "colour", "is not a field"),
    ],
)
def test_each_mistake_is_named_with_its_row_and_field(change, field, message):
    other = PROMPT | {"key": "planning-91", "text": "Another question?"}
    found = problems(other, PROMPT | change)
    assert found
    assert all(row == 2 for row, _, _ in found)
    assert any(name == field and message in text for _, name, text in found), found


def test_every_mistake_of_every_row_is_reported():
    found = problems({"key": "a"}, PROMPT, PROMPT | {"key": "b", "think_seconds": 700})
    assert {row for row, _, _ in found} == {1, 3}
    assert {name for row, name, _ in found if row == 1} == {
        *("competency", "language", "text", "modes", "think_seconds", "answer_seconds"),
        *(f"guidance.{part}" for part in GUIDANCE_PARTS),
    }


def test_duplicates_inside_a_file_are_named():
    same_key = PROMPT | {"text": "Another question?"}
    same_text = PROMPT | {"key": "planning-91", "text": "TELL about a plan that held."}
    assert problems(PROMPT, same_key) == [(2, "key", "is the same as in row 1")]
    assert problems(PROMPT, same_text) == [(2, "text", "is the same as in row 1")]


@pytest.mark.parametrize(
    ("content", "kind", "message"),
    [
        (b"\xff\xfe\x00", "csv", "UTF-8"),
        ("täglich".encode("cp1252"), "csv", "UTF-8"),
        (b"", "csv", "missing: key"),
        (b"key,text\n", "csv", "missing: competency"),
        (b'key,"tex', "csv", "not CSV"),
        (b"{", "json", "not JSON"),
        (b"", "json", "not JSON"),
        (b"3", "json", "a list of prompts is expected"),
        (b'{"prompts": 3}', "json", "a list of prompts is expected"),
        (b"[" * 100_000, "json", "nested too deeply"),
    ],
)
def test_what_is_no_question_bank_is_refused(content, kind, message):
    with pytest.raises(FileError, match=message.replace("(", r"\(")):
        read(content, kind)


@pytest.mark.parametrize("entry", [3, None, "text", []])
def test_a_list_of_something_else_is_refused(entry):
    assert problems(entry)


def test_only_files_of_the_two_formats_are_read(tmp_path):
    with pytest.raises(FileError, match=r"\.csv or \.json"):
        read_file(tmp_path / "bank.xlsx")


def test_row_numbers_of_csv_with_too_many_cells_are_named():
    flat = PROMPT | PROMPT["guidance"] | {"modes": "text", "tags": "a", "max_takes": 3}
    flat |= {"translation_of": ""}
    line = ",".join(str(flat[name]) for name in COLUMNS)
    rows = read(f"{','.join(COLUMNS)}\n{line},surplus".encode(), "csv")
    _, (error,) = parse_rows(rows)
    assert error.row == 2
