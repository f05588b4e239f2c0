"""Videos from strangers: what is kept of them, how they are turned, and that nothing runs away."""

import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from interview.analysis.decode import (
    DEFAULT_LIMITS,
    MEDIA_ERRORS,
    RATE,
    VIDEO_TYPES,
    MediaError,
    probe,
    read_sound,
    strip,
)
from interview.analysis.video.frames import stream_frames
from tests.support import sounds
from tests.support.videos import counted, write

SECONDS = 2
FILES = {
    "chrome": {"container": "webm", "codec": "libvpx", "sound_codec": "libopus", "live": "1"},
    "safari": {"container": "mp4", "movflags": "frag_keyframe+empty_moov"},
    "iphone": {"container": "mov", "codec": "libx265", "rotation": -90},
    "quicktime": {"container": "mov", "sound_codec": "pcm_s16le"},
    "h264 in webm": {"container": "matroska", "sound_codec": "libopus"},
    "vp8 and aac": {"container": "matroska", "codec": "libvpx"},
}


def pictures(count: int = 25 * SECONDS, **size: int) -> list[np.ndarray]:
    return [counted(number, **size) for number in range(count)]


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    return sounds.speech(SECONDS)


@pytest.fixture(scope="module", params=FILES)
def video(request, speech, tmp_path_factory):
    path = tmp_path_factory.mktemp("media") / "recording.bin"
    return write(path, pictures(), sound=speech, title="a private name", **FILES[request.param])


def refusal(action, *arguments, **options) -> MediaError:
    with pytest.raises(MediaError) as caught:
        action(*arguments, **options)
    assert caught.value.code in MEDIA_ERRORS
    return caught.value


def times(path: Path) -> list[float]:
    return [frame.time for frame in stream_frames(path)]


def test_every_kind_of_video_keeps_picture_and_sound_alone(video, speech, tmp_path):
    target = tmp_path / "stripped"
    found = strip(video, target, picture=True)
    assert found.has_sound
    assert found.has_picture
    assert found.container in VIDEO_TYPES
    assert found.duration == pytest.approx(SECONDS, abs=0.15)
    assert b"private" in video.read_bytes()
    for secret in (b"private", b"+48.1372"):
        assert secret not in target.read_bytes()
    assert len(read_sound(target)) == pytest.approx(len(speech), abs=0.2 * RATE)
    seen = times(target)
    assert len(seen) == pytest.approx(8 * SECONDS, abs=1)
    assert np.ptp(np.diff(seen)) < 0.09
    with av.open(str(target)) as container:
        assert [stream.type for stream in container.streams] == ["video", "audio"]


def test_pictures_are_copied_bit_by_bit(tmp_path):
    source = write(tmp_path / "source", pictures(), **FILES["chrome"])
    strip(source, tmp_path / "stripped", picture=True)

    def packets(path: Path) -> list[bytes]:
        with av.open(str(path)) as container:
            return [bytes(packet) for packet in container.demux(video=0) if packet.size]

    assert packets(source) == packets(tmp_path / "stripped")


def test_stripping_a_video_gives_the_same_file_each_time(speech, tmp_path):
    source = write(tmp_path / "source", pictures(), sound=speech)
    strip(source, tmp_path / "one", picture=True)
    strip(source, tmp_path / "two", picture=True)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_an_iphones_video_plays_in_safari(tmp_path):
    source = write(tmp_path / "source", pictures(), **FILES["iphone"])
    strip(source, tmp_path / "stripped", picture=True)
    with av.open(str(tmp_path / "stripped")) as container:
        assert container.streams.video[0].codec_context.codec_tag == "hvc1"


@pytest.mark.parametrize(("container", "codec"), [("mp4", "libx264"), ("webm", "libvpx")])
@pytest.mark.parametrize("rotation", [0, 90, 180, -90])
def test_a_turned_video_is_seen_upright(container, codec, rotation, tmp_path):
    # the white bar along the upper edge, laid down as the phone's sensor saw it
    laid = [np.rot90(picture, -rotation // 90).copy() for picture in pictures(10)]
    source = write(tmp_path / "source", laid, container=container, codec=codec, rotation=rotation)
    strip(source, tmp_path / "stripped", picture=True)
    for path in (source, tmp_path / "stripped"):
        image = next(stream_frames(path)).image
        assert image.shape == (48, 64, 3)
        assert image[1:7].min() > 230
        assert image[10:].max() < 60


def test_pictures_are_reduced(tmp_path):
    path = write(tmp_path / "large", pictures(3, width=1280, height=720))
    assert next(stream_frames(path)).image.shape == (360, 640, 3)
    path = write(tmp_path / "portrait", pictures(3, width=360, height=1280))
    assert next(stream_frames(path)).image.shape == (640, 180, 3)


def test_a_picture_is_the_one_of_its_time(tmp_path):
    path = write(tmp_path / "source", pictures(30), rate=10, codec="libvpx", container="webm")
    seen = list(stream_frames(path, rate=5))
    assert [frame.time for frame in seen] == pytest.approx(np.arange(0, 3, 0.2), abs=0.01)
    brightness = [float(frame.image[20:].mean()) for frame in seen]
    assert brightness == pytest.approx([17 + 8 * i for i in range(15)], abs=2.5)


def test_uneven_rates_keep_their_times(tmp_path):
    stamps = np.cumsum(np.tile([0.02, 0.1, 0.4, 0.03], 10))
    path = write(tmp_path / "source", pictures(40), stamps=stamps)
    strip(path, tmp_path / "stripped", picture=True)
    seen = times(tmp_path / "stripped")
    assert 3 * stamps[-1] < len(seen) < 8 * stamps[-1]
    assert all(np.min(np.abs(stamps - stamps[0] - time)) < 0.002 for time in seen)


@pytest.mark.parametrize("step", [0.0, 1e-4], ids=["zero frames a second", "all at once"])
def test_wrong_time_stamps_are_replaced_by_an_even_pace(step, speech, tmp_path):
    source = write(tmp_path / "source", pictures(), sound=speech, codec="mpeg4")
    content = source.read_bytes()
    # the sample table that says how long each picture stays
    place = content.index(b"stts") + 12
    delta = struct.unpack(">I", content[place + 4 : place + 8])[0]
    wrong = struct.pack(">I", round(step * 25 * delta))
    source.write_bytes(content[: place + 4] + wrong + content[place + 8 :])
    found = strip(source, tmp_path / "stripped", picture=True)
    assert found.duration == pytest.approx(SECONDS, abs=0.2)
    for path in (source, tmp_path / "stripped"):
        seen = times(path)
        assert len(seen) == pytest.approx(8 * SECONDS, abs=2)
        assert seen[-1] == pytest.approx(SECONDS, abs=0.3)


def test_a_video_may_be_silent(tmp_path):
    source = write(tmp_path / "source", pictures())
    found = strip(source, tmp_path / "stripped", picture=True)
    assert found.has_picture
    assert not found.has_sound
    assert refusal(read_sound, tmp_path / "stripped").code == "no_sound"


def test_sound_alone_is_no_video(speech, tmp_path):
    source = sounds.write(tmp_path / "source", speech)
    assert refusal(strip, source, tmp_path / "stripped", picture=True).code == "no_picture"
    assert not (tmp_path / "stripped").exists()
    assert refusal(times, source).code == "no_picture"


@pytest.mark.parametrize("kind", ["chrome", "safari", "h264 in webm"])
def test_a_video_that_was_cut_off_gives_what_is_there(kind, tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (75, 48, 64, 3), np.uint8)
    source = write(tmp_path / "source", noise, **FILES[kind])
    content = source.read_bytes()
    source.write_bytes(content[: len(content) * 2 // 3])
    found = strip(source, tmp_path / "stripped", picture=True)
    assert 1 < found.duration < 2.9
    assert len(times(source)) == pytest.approx(8 * found.duration, abs=2)


def test_damage_in_the_middle_costs_only_what_is_damaged(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (75, 48, 64, 3), np.uint8)
    source = write(tmp_path / "source", noise, container="webm", codec="libvpx")
    content = bytearray(source.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 200] = bytes(200)
    source.write_bytes(content)
    assert len(times(source)) >= 12


def test_a_renamed_program_and_a_text_are_unreadable(tmp_path):
    path = tmp_path / "video.mp4"
    with Path(sys.executable).open("rb") as program:
        path.write_bytes(program.read(3_000_000))
    assert refusal(strip, path, tmp_path / "stripped", picture=True).code == "unreadable"
    path.write_bytes(b"no video at all\n" * 1000)
    assert refusal(times, path).code == "unreadable"


@pytest.mark.parametrize(("container", "codec"), [("mp4", "libx264"), ("webm", "libvpx")])
def test_huge_pictures_are_refused_undecoded(container, codec, tmp_path):
    path = write(
        tmp_path / "huge",
        pictures(1, width=8000, height=2000),
        container=container,
        codec=codec,
    )
    for action in (times, lambda path: strip(path, tmp_path / "stripped", picture=True)):
        error = refusal(action, path)
        assert (error.code, error.values) == (
            "too_many_pixels",
            {"limit": DEFAULT_LIMITS.max_pixels},
        )


def test_two_hours_are_refused(tmp_path):
    path = write(tmp_path / "long", pictures(100), stamps=np.linspace(0, 7200, 100), codec="mpeg4")
    assert refusal(strip, path, tmp_path / "stripped", picture=True).code == "too_long"
    assert refusal(times, path).values == {"limit": 900.0}


def test_too_many_pictures_and_tracks_are_refused(tmp_path):
    path = write(tmp_path / "source", pictures())
    few = replace(DEFAULT_LIMITS, max_pictures=20)
    error = refusal(strip, path, tmp_path / "stripped", few, picture=True)
    assert (error.code, error.values) == ("too_many_pictures", {"limit": 20})
    none = replace(DEFAULT_LIMITS, max_tracks=0)
    for action in (probe, lambda path, limits: list(stream_frames(path, limits))):
        error = refusal(action, path, none)
        assert (error.code, error.values) == ("too_many_tracks", {"limit": 0})


def test_decoding_is_stopped_after_its_time(tmp_path):
    path = write(tmp_path / "source", pictures())
    hasty = replace(DEFAULT_LIMITS, picture_seconds=0.01)
    assert refusal(lambda: list(stream_frames(path, hasty))).values == {"limit": 0.01}


def test_nothing_goes_on_when_the_frames_are_no_longer_wanted(tmp_path):
    path = write(tmp_path / "source", pictures(100, width=640, height=480))
    frames = stream_frames(path)
    next(frames)
    frames.close()
    assert list(stream_frames(path))


def test_the_callers_process_decodes_nothing(tmp_path):
    path = write(tmp_path / "source", pictures(3))
    code = (
        "import sys; from interview.analysis.video.frames import stream_frames;"
        f"print(len(list(stream_frames({str(path)!r}))), 'av' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "False"]
