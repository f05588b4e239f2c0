"""The documents point at what exists."""

import re

import pytest

from interview.settings import ROOT

DOCUMENTS = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "models").glob("*/*.md")),
]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.fixture(params=DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def document(request) -> tuple:
    return request.param, request.param.read_text()


def test_links_and_pictures_lead_to_files(document):
    path, text = document
    links = [link for link in re.findall(r"\]\(([^)\s#]+)", text) if "://" not in link]
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_named_files_exist(document):
    _, text = document
    named = re.findall(r"`((?:docs|interview|models|tests|tools)/[\w/.-]+)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_make_commands_exist(document):
    _, text = document
    assert (
        set(re.findall(r"(?<![\w-])make ([a-z-]+)(?=[`\s]*(?:$|`|#|  |[A-Z]+=))", text)) <= TARGETS
    )


def test_the_tree_of_the_architecture_exists():
    text = (ROOT / "docs" / "architecture.md").read_text()
    tree = text.split("```")[1]
    names = re.findall(r"^  ([a-z_]+(?:/|\.py))", tree, re.MULTILINE)
    assert len(names) > 10
    assert [name for name in names if not (ROOT / "interview" / name).exists()] == []
