"""Videos that people send as files: odd ones that are read, others with what is said of them."""

import struct

import numpy as np
import pytest

from tests.support import sounds, videos
from tests.support.spoken import JSON, SQLITE_ONLY, path

pytestmark = SQLITE_ONLY

SECONDS = 4
RATE = 4
"""Pictures a second."""


def pictures(count=SECONDS * RATE, **size):
    return [videos.counted(number, **size) for number in range(count)]


def write(folder, shown=None, **options):
    options = {"rate": RATE, "sound": sounds.speech(SECONDS)} | options
    return videos.write(folder / "film", shown or pictures(), **options).read_bytes()


def turned(folder):
    """A phone held upright: the sensor's picture lies on its side, and the file says so."""
    laid = [np.rot90(picture).copy() for picture in pictures(width=64, height=48)]
    return write(folder, laid, container="mov", rotation=-90)


def without_rate(folder):
    """A film whose table of times says that no picture stays for any time."""
    content = write(folder, codec="mpeg4")
    place = content.index(b"stts") + 16
    return content[:place] + struct.pack(">I", 0) + content[place + 4 :]


def truncated(folder):
    """A film of which the last third is missing."""
    noise = np.random.default_rng(0).integers(0, 255, (SECONDS * RATE, 48, 64, 3), np.uint8)
    content = write(folder, list(noise), container="webm", codec="libvpx", sound_codec="libopus")
    return content[: len(content) * 2 // 3]


def without_picture(folder):
    return sounds.write(folder / "film", sounds.speech(SECONDS)).read_bytes()


def huge(folder):
    return write(folder, pictures(1, width=10_000, height=10_000), sound=None)


def two_hours(folder):
    stamps = np.linspace(0, 7200, 100)
    return write(folder, pictures(100), stamps=stamps, codec="mpeg4", sound=None)


def renamed(folder):
    """A program."""
    return b"MZ\x90\x00" + b"\x00" * 5000


@pytest.fixture
def draft(guest, make_answer):
    """A guest's empty draft in a video interview."""
    return make_answer(guest, text="", mode="video")


@pytest.fixture
def found(guest_client, draft, upload, work_off, tmp_path):
    """`found(make, name)` sends a file and returns the answer once a worker was there."""

    def send(make, name):
        assert upload(draft, make(tmp_path), name).status_code == 302
        work_off()
        assert guest_client.get(path(draft)).status_code == 200
        return guest_client.get(path(draft), headers=JSON).json

    return send


@pytest.mark.parametrize(
    ("make", "name", "seconds"),
    [
        pytest.param(turned, "phone.mov", SECONDS, id="rotated"),
        pytest.param(without_rate, "camera.mp4", SECONDS, id="zero frames a second"),
        pytest.param(truncated, "chrome.webm", SECONDS * 2 / 3, id="truncated"),
    ],
)
def test_an_odd_film_is_analysed_as_far_as_it_goes(found, make, name, seconds):
    answer = found(make, name)
    assert (answer["state"], answer["failure"]) == ("analysed", None)
    picture = answer["report"]["picture"]
    assert (picture["width"], picture["height"]) == (64, 48)
    assert picture["duration"] == pytest.approx(seconds, abs=0.8)
    assert picture["frames"] > 0


def test_a_film_without_a_picture_is_heard_and_says_so(found):
    answer = found(without_picture, "answer.mp4")
    assert answer["state"] == "analysed"
    assert [notice["code"] for notice in answer["report"]["notices"]] == ["no_picture"]
    assert answer["report"]["picture"] is None
    assert answer["report"]["voice"]["sound"]["duration"] == pytest.approx(SECONDS, abs=0.2)


@pytest.mark.parametrize(
    ("make", "code", "message"),
    [
        pytest.param(huge, "recording_too_many_pixels", "lower resolution", id="huge pictures"),
        pytest.param(two_hours, "recording_too_long", "too long", id="two hours"),
        pytest.param(renamed, "recording_unreadable", "not a recording", id="renamed program"),
    ],
)
def test_a_film_that_cannot_be_used_is_refused_with_the_reason(
    found, guest_client, draft, make, code, message
):
    answer = found(make, "answer.mp4")
    assert (answer["state"], answer["failure"]["code"]) == ("failed", code)
    assert message in answer["failure"]["message"]
    page = guest_client.get(path(draft)).text
    assert message in page
    assert "Answer again" in page
    assert "Try again" not in page
