"""Playing a recording back: whole, in parts, and to nobody else."""

import io

import pytest

from interview.extensions import db
from interview.media.store import store
from interview.practice.models import Answer

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.parametrize("media_url", ["local", "s3"], indirect=True),
]

SOUND = bytes(range(256)) * 4


@pytest.fixture
def address(app, guest, make_answer):
    """Where the guest's recording is played."""
    answer = make_answer(guest, text="", mode="audio")
    with app.app_context():
        row = db.session.get_one(Answer, answer.id)
        row.recording_key = store.save(io.BytesIO(SOUND), len(SOUND))
        row.recording_bytes, row.recording_type = len(SOUND), "audio/webm"
        db.session.commit()
    return f"/answers/{answer.id}/recording"


def test_the_whole_recording_is_sent_and_says_that_parts_can_be_had(guest_client, address):
    with guest_client.get(address) as response:
        assert (response.status_code, response.data) == (200, SOUND)
        assert response.headers["Accept-Ranges"] == "bytes"
        assert response.content_type == "audio/webm"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("bytes=0-", 0, 1023), ("bytes=100-199", 100, 199), ("bytes=-24", 1000, 1023)],
)
def test_a_part_that_is_asked_for_is_sent_alone(guest_client, address, wanted, first, last):
    with guest_client.get(address, headers={"Range": wanted}) as response:
        assert response.status_code == 206
        assert response.headers["Content-Range"] == f"bytes {first}-{last}/1024"
        assert response.data == SOUND[first : last + 1]


@pytest.mark.parametrize("wanted", ["bytes=1024-", "bytes=5000-6000"])
def test_a_part_beyond_the_end_is_refused(guest_client, address, wanted):
    assert guest_client.get(address, headers={"Range": wanted}).status_code == 416


def test_others_are_told_that_there_is_nothing(app, client, address, make_candidate):
    stranger = app.test_client()
    stranger.set_cookie("workspace", make_candidate().token)
    assert {browser.get(address).status_code for browser in (client, stranger)} == {404}


def test_a_recording_whose_file_is_gone_is_not_found(app, guest_client, address):
    with app.app_context():
        for key, _written in list(store.find()):
            store.delete(key)
    assert guest_client.get(address).status_code == 404


def test_what_a_browser_calls_a_file_decides_nothing_dangerous(app, guest_client, address):
    from interview.practice.recordings import plain_type

    assert plain_type("audio/webm;codecs=opus", "audio") == "audio/webm"
    assert plain_type("AUDIO/X-WAV", "audio") == "audio/wav"
    assert plain_type("video/webm;codecs=vp9", "audio") == "audio/webm"
    assert plain_type("video/webm;codecs=vp9,opus", "video") == "video/webm"
    assert plain_type("video/quicktime", "video") == "video/quicktime"
    for mode in ("audio", "video"):
        for hostile in ("text/html", "image/svg+xml", "", None):
            assert plain_type(hostile, mode) == "application/octet-stream"
