"""A spoken answer as it is begun, and the ways in which a recording of it is sent."""

import io

import pytest

from tests.support.spoken import JSON, NAME, path


@pytest.fixture
def draft(guest, make_answer):
    """A guest's empty draft in an audio interview."""
    return make_answer(guest, text="", mode="audio")


@pytest.fixture
def send(guest_client):
    """`send(answer, offset, data)` sends a piece of a recording."""

    def post(answer, offset, data, name=NAME, client=guest_client, replaces=None):
        headers = JSON | {"Upload-Offset": str(offset), "Recording-Id": name}
        if replaces:
            headers["Recording-Replaces"] = replaces
        return client.post(
            path(answer, "chunks"), data=data, headers=headers, content_type="audio/webm"
        )

    return post


@pytest.fixture
def hand_in(guest_client):
    """`hand_in(answer, total)` hands in what has arrived."""
    return lambda answer, total: guest_client.post(
        path(answer, "recording"), data={"total": str(total)}, headers=JSON
    )


@pytest.fixture
def upload(guest_client):
    """`upload(answer, data, name)` sends an existing file."""
    return lambda answer, data, name="answer.wav", client=guest_client: client.post(
        path(answer, "recording"), data={"recording": (io.BytesIO(data), name)}
    )
