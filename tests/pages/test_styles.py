"""The style sheets: every page loads those that it needs."""

import re

import pytest

from interview.settings import ROOT

TEMPLATES = ROOT / "templates"
TEXTS = {
    path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8")
    for path in TEMPLATES.rglob("*.html")
}
SHEETS = {path.name: path.read_text("utf-8") for path in (ROOT / "static" / "css").glob("*.css")}
LINES_AT_MOST = 700

JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
NAMED = re.compile(r"[\"']([\w/]+\.html)[\"']")
LINKED = re.compile(r"filename='css/([\w-]+\.css)'")
RULE_BODY = re.compile(r"/\*.*?\*/|\{[^{}]*\}", re.DOTALL)

ONLY_WITH_PICTURE = {"film.css"}
"""What the template that spoken answers share only needs for those with a picture."""


def parts_of(name: str) -> set[str]:
    """Return a template and all that it extends, includes and imports."""
    found, waiting = set(), [name]
    while waiting:
        each = waiting.pop()
        if each in TEXTS and each not in found:
            found.add(each)
            waiting += NAMED.findall(TEXTS[each])
    return found


def classes_of(text: str) -> set[str]:
    """Return the classes in a template that are written out."""
    plain = JINJA.sub(" ", text)
    return {word for value in re.findall(r'class="([^"]*)"', plain) for word in value.split()}


def styled(sheet: str) -> set[str]:
    """Return the classes of which a sheet says something."""
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", RULE_BODY.sub(" ", SHEETS[sheet])))


PAGES = [name for name in sorted(TEXTS) if "/_" not in name and "base.html" in parts_of(name)]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_the_sheets_of_all_its_classes(name):
    parts = parts_of(name)
    linked = {sheet for part in parts for sheet in LINKED.findall(TEXTS[part])}
    used = set().union(*(classes_of(TEXTS[part]) for part in parts))
    homes = {each: {sheet for sheet in SHEETS if each in styled(sheet)} for each in used}
    missing = {
        each: sheets
        for each, sheets in homes.items()
        if sheets and not sheets & linked and not sheets <= ONLY_WITH_PICTURE
    }
    assert missing == {}


def test_every_sheet_is_loaded_by_a_page():
    assert set(SHEETS) == {sheet for text in TEXTS.values() for sheet in LINKED.findall(text)}


def test_no_sheet_is_too_long_to_find_ones_way_in():
    lengths = {name: len(text.splitlines()) for name, text in SHEETS.items()}
    assert {name: lines for name, lines in lengths.items() if lines > LINES_AT_MOST} == {}
