"""What is installed: the agreed packages, and everything that the code imports."""

import ast
import re
import sys
from importlib import metadata

import pytest

from interview.settings import ROOT

AGREED = {
    "flask",
    "flask-sqlalchemy",
    "tensorflow",
    "librosa",
    "opencv-python-headless",
    "pdfminer-six",
    "nltk",
    "gunicorn",
}
OPTIONAL = {"faster_whisper", "opensmile", "fer", "torch"}
"""What an operator may install beside: a speech recogniser, a rival whose licence forbids shipping
it, one that needs an environment of its own, and another backend to train with."""
TRAINING = ROOT / "interview" / "training"


def required(name: str) -> set[str]:
    """Return the normalised names in a requirements file, with those that it includes."""
    names: set[str] = set()
    for line in (ROOT / name).read_text().splitlines():
        if line.startswith("-r "):
            names |= required(line.removeprefix("-r ").strip())
        elif found := re.match(r"[A-Za-z0-9_.-]+", line):
            names.add(re.sub(r"[-_.]+", "-", found[0]).lower())
    return names


def imported(folder: str, *, without: object = None) -> set[str]:
    """Return the top-level modules that the Python files under a folder import."""
    modules: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        if without is not None and path.is_relative_to(without):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                modules.add(node.module.partition(".")[0])
    return modules - set(sys.stdlib_module_names) - {"interview", "tests", "tools", "app"}


def distributions(module: str, known: dict[str, list[str]]) -> set[str]:
    return {re.sub(r"[-_.]+", "-", name).lower() for name in known.get(module, [])}


@pytest.mark.parametrize(
    ("file", "folder", "without"),
    [
        ("requirements.txt", "interview", TRAINING),
        ("requirements.txt", "migrations", None),
        ("requirements-dev.txt", "interview", None),
        ("requirements-dev.txt", "tests", None),
        ("requirements-dev.txt", "tools", None),
    ],
)
def test_everything_imported_is_required_by_name(file, folder, without):
    names, known = required(file), metadata.packages_distributions()
    missing = {
        module
        for module in imported(folder, without=without)
        if names.isdisjoint(distributions(module, known))
    }
    assert missing - OPTIONAL == set()


def test_the_agreed_packages_are_required():
    assert required("requirements.txt") >= AGREED


def test_opencv_stays_below_the_release_without_the_cascade_classifier():
    assert "opencv-python-headless>=4.12,<5" in (ROOT / "requirements.txt").read_text()


def test_every_requirement_has_a_range_that_is_installed_here():
    from packaging.requirements import Requirement

    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text().splitlines():
            if not line or line.startswith(("#", "-r ")):
                continue
            requirement = Requirement(line)
            assert requirement.specifier, line
            assert metadata.version(requirement.name) in requirement.specifier, line
