"""What tests of spoken answers share: where they are, and what is kept of them."""

import pytest

from interview.extensions import db
from interview.practice.models import Answer

JSON = {"Accept": "application/json"}
SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NAME = "1-00112233445566778899aabb"
"""A name that a browser gives to a recording."""


def path(answer, action=""):
    return f"/answers/{answer.id}{action and '/' + action}"


def row_of(app, answer):
    with app.app_context():
        return db.session.get(Answer, answer.id)


def files(app):
    folder = app.config["SETTINGS"].media_dir
    return [found for found in folder.rglob("*") if found.is_file()]
