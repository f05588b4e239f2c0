"""Addresses of recordings for people who do not own them: signed, for one viewer, and short."""

import uuid

import pytest
from itsdangerous import URLSafeTimedSerializer

from interview.errors import NotFoundError
from interview.media import addresses

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ANSWER = uuid.UUID("12345678-1234-4678-9234-567812345678")


def test_an_address_opens_its_answer_for_its_viewer(app):
    with app.app_context():
        token = addresses.sign(ANSWER, "user:1")
        assert addresses.read(token, "user:1") == ANSWER


def test_an_address_opens_nothing_for_another_viewer(app):
    with app.app_context():
        token = addresses.sign(ANSWER, "user:1")
        for viewer in ("user:2", "user:11", "share:1", ""):
            with pytest.raises(NotFoundError):
                addresses.read(token, viewer)


def test_an_address_ends(app, monkeypatch):
    with app.app_context():
        token = addresses.sign(ANSWER, "user:1")
        moment = URLSafeTimedSerializer.default_signer.get_timestamp
        monkeypatch.setattr(
            "itsdangerous.timed.TimestampSigner.get_timestamp",
            lambda self: moment(self) + addresses.SECONDS,
        )
        assert addresses.read(token, "user:1") == ANSWER
        monkeypatch.setattr(
            "itsdangerous.timed.TimestampSigner.get_timestamp",
            lambda self: moment(self) + addresses.SECONDS + 2,
        )
        with pytest.raises(NotFoundError):
            addresses.read(token, "user:1")


def test_an_address_that_was_tampered_with_opens_nothing(app):
    with app.app_context():
        token = addresses.sign(ANSWER, "user:1")
        other = addresses.sign(uuid.uuid4(), "user:1")
        body, stamp, signature = token.rsplit(".", 2)
        elsewhere, _stamp, another = other.rsplit(".", 2)
        changed = [
            "",
            "nonsense",
            f"{elsewhere}.{stamp}.{signature}",
            f"{body}.{stamp}.{another}",
            f"{body}.{stamp[:-1]}.{signature}",
            f"{body}.{stamp}",
        ]
        for token in changed:
            with pytest.raises(NotFoundError):
                addresses.read(token, "user:1")


def test_what_another_part_of_the_platform_signed_opens_nothing(app):
    with app.app_context():
        key = app.config["SECRET_KEY"]
        stranger = URLSafeTimedSerializer(key, salt="another").dumps([ANSWER.hex, "user:1"])
        odd = URLSafeTimedSerializer(key, salt="interview-media").dumps({"answer": 1})
        for token in (stranger, odd):
            with pytest.raises(NotFoundError):
                addresses.read(token, "user:1")
