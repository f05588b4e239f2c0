"""Recordings from strangers: what is read, what is refused, and that nothing runs away."""

import struct
import subprocess
import sys
import time
from pathlib import Path

import av
import numpy as np
import pytest

from interview.analysis import decode
from interview.analysis.decode import (
    MEDIA_ERRORS,
    MEDIA_TYPES,
    RATE,
    VIDEO_TYPES,
    Limits,
    MediaError,
    probe,
    read_sound,
    strip,
)
from tests.support.sounds import speech, white_noise, write

SECONDS = 3.0
FILES = {
    "chrome": {"container": "webm", "codec": "libopus", "live": "1"},
    "firefox": {"container": "ogg", "codec": "libopus"},
    "safari": {
        "container": "mp4",
        "codec": "aac",
        "rate": 44_100,
        "movflags": "frag_keyframe+empty_moov",
    },
    "phone": {"container": "mp4", "codec": "aac", "rate": 48_000, "layout": "stereo"},
    "mp3": {"container": "mp3", "codec": "libmp3lame", "rate": 44_100, "layout": "stereo"},
    "telephone": {"container": "wav", "codec": "pcm_s16le", "rate": 8_000},
    "float wav": {"container": "wav", "codec": "pcm_f32le", "rate": 32_000, "layout": "stereo"},
    "flac": {"container": "flac", "codec": "flac", "rate": 48_000},
    "aac": {"container": "adts", "codec": "aac", "rate": 22_050},
    "with picture": {"container": "webm", "codec": "libopus", "picture": True},
}


@pytest.fixture(scope="module")
def sound() -> np.ndarray:
    return speech(SECONDS)


@pytest.fixture(scope="module", params=FILES)
def recording(request, sound, tmp_path_factory):
    path = tmp_path_factory.mktemp("media") / "recording.bin"
    return write(path, sound, title="a private name", **FILES[request.param])


def refusal(action, *arguments) -> MediaError:
    with pytest.raises(MediaError) as caught:
        action(*arguments)
    assert caught.value.code in MEDIA_ERRORS
    return caught.value


def loudness(samples: np.ndarray) -> np.ndarray:
    return np.sqrt(np.add.reduceat(samples**2, np.arange(0, len(samples), RATE // 4)))


def test_every_kind_of_recording_is_read_as_mono_at_16_khz(recording, sound):
    read = read_sound(recording)
    assert read.dtype == np.float32
    assert read.ndim == 1
    assert len(read) == pytest.approx(len(sound), abs=0.15 * RATE)
    assert np.abs(read).max() <= 1.0
    length = min(len(read), len(sound))
    assert np.corrcoef(loudness(read[:length]), loudness(sound[:length]))[0, 1] > 0.9


def test_every_kind_of_recording_is_stripped_to_its_sound(recording, tmp_path):
    target = tmp_path / "stripped"
    found = strip(recording, target)
    assert found.has_sound
    assert not found.has_picture
    assert found.container in MEDIA_TYPES
    assert found.duration == pytest.approx(SECONDS, abs=0.15)
    assert b"private" in recording.read_bytes() or found.container in ("mp4", "wav")
    assert b"private" not in target.read_bytes()
    np.testing.assert_allclose(
        loudness(read_sound(target))[:10], loudness(read_sound(recording))[:10], atol=0.5
    )


def test_stripping_gives_the_same_file_each_time(recording, tmp_path):
    strip(recording, tmp_path / "one")
    strip(recording, tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_stripped_recording_says_how_long_it_is_and_can_be_sought(sound, tmp_path):
    chrome = write(tmp_path / "chrome", np.tile(sound, 6), **FILES["chrome"])
    assert probe(chrome).duration is None
    strip(chrome, tmp_path / "stripped")
    assert probe(tmp_path / "stripped").duration == pytest.approx(18, abs=0.1)
    with av.open(str(tmp_path / "stripped")) as container:
        container.seek(12_000_000)
        packet = next(container.demux())
        assert 5 < float(packet.pts * packet.time_base) <= 12


def test_comments_of_vorbis_stay_behind(tmp_path):
    soundfile = pytest.importorskip("soundfile")
    source = tmp_path / "recording.ogg"
    with soundfile.SoundFile(source, "w", 48_000, 1, format="OGG", subtype="VORBIS") as file:
        file.title = "a private name"
        file.write(white_noise(2.0))
    strip(source, tmp_path / "stripped")
    assert b"private" in source.read_bytes()
    assert b"private" not in (tmp_path / "stripped").read_bytes()
    assert len(read_sound(tmp_path / "stripped")) == len(read_sound(source))


def test_the_sound_of_a_video_is_found(sound, tmp_path):
    path = write(tmp_path / "video", sound, **FILES["with picture"])
    assert probe(path).has_picture
    assert probe(path).has_sound


@pytest.mark.parametrize("kind", ["chrome", "firefox", "safari", "mp3", "telephone", "flac"])
def test_a_recording_that_was_cut_off_gives_what_is_there(kind, sound, tmp_path):
    path = write(tmp_path / "whole", np.tile(sound, 8), **FILES[kind])
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    read = read_sound(path)
    assert 5 < len(read) / RATE < 23
    assert strip(path, tmp_path / "stripped").duration == pytest.approx(len(read) / RATE, abs=0.2)


def test_damage_in_the_middle_costs_only_what_is_damaged(sound, tmp_path):
    path = write(tmp_path / "recording", np.tile(sound, 8), **FILES["mp3"])
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4000] = bytes(4000)
    path.write_bytes(content)
    assert len(read_sound(path)) / RATE == pytest.approx(24, abs=2)


@pytest.mark.parametrize("action", [probe, read_sound])
@pytest.mark.parametrize(
    "content",
    [
        b"hello, this is not a recording\n" * 100,
        b"\x7fELF" + bytes(range(256)) * 200,
        b"\x1aE\xdf\xa3" + bytes(1000),
        b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
    ],
    ids=["text", "executable", "empty webm", "playlist", "list of files"],
)
def test_what_is_no_recording_is_unreadable(action, content, tmp_path):
    path = tmp_path / "recording.webm"
    path.write_bytes(content)
    assert refusal(action, path).code == "unreadable"


def test_a_renamed_program_is_unreadable(tmp_path):
    path = tmp_path / "recording.mp3"
    with Path(sys.executable).open("rb") as program:
        path.write_bytes(program.read(3_000_000))
    assert refusal(read_sound, path).code == "unreadable"
    assert refusal(strip, path, tmp_path / "stripped").code == "unreadable"


def test_nothing_and_next_to_nothing_are_too_short(tmp_path):
    (tmp_path / "empty").touch()
    assert refusal(read_sound, tmp_path / "empty").code == "too_short"
    click = write(tmp_path / "click", speech(1.1)[:1600], **FILES["telephone"])
    assert refusal(read_sound, click).values == {"limit": 0.2}
    assert refusal(strip, click, tmp_path / "stripped").code == "too_short"
    assert not (tmp_path / "stripped").exists()


def test_a_video_without_sound_says_so(tmp_path):
    path = tmp_path / "silent.mp4"
    with av.open(str(path), "w", format="mp4") as output:
        video = output.add_stream("mpeg4", rate=25)
        video.width, video.height = 64, 48
        frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
        output.mux(video.encode(frame))
        output.mux(video.encode(None))
    assert not probe(path).has_sound
    assert refusal(read_sound, path).code == "no_sound"
    assert refusal(strip, path, tmp_path / "stripped").code == "no_sound"


def wav(declared: int, content: bytes, rate: int = RATE, channels: int = 1) -> bytes:
    form = struct.pack(
        "<HHIIHH", 1, channels, rate, min(rate * channels * 2, 2**32 - 1), channels * 2, 16
    )
    head = b"RIFF" + struct.pack("<I", min(declared + 36, 2**32 - 1)) + b"WAVEfmt "
    return head + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", declared) + content


def test_two_hours_are_refused_before_they_are_decoded(tmp_path):
    path = tmp_path / "long.flac"
    write(path, np.zeros(7200 * RATE, np.float32), container="flac", codec="flac", rate=16_000)
    assert path.stat().st_size < 2_000_000
    start = time.monotonic()
    assert refusal(read_sound, path).values == {"limit": 900.0}
    assert refusal(strip, path, tmp_path / "stripped").code == "too_long"
    assert time.monotonic() - start < 5


def test_sound_that_is_longer_than_its_header_says_is_refused(sound, tmp_path):
    chrome = write(tmp_path / "chrome", np.tile(sound, 3), **FILES["chrome"])
    bounds = Limits(max_seconds=5)
    assert refusal(read_sound, chrome, bounds).code == "too_long"
    assert refusal(strip, chrome, tmp_path / "stripped", bounds).code == "too_long"
    assert not (tmp_path / "stripped").exists()


def test_a_huge_declared_size_does_no_harm(sound, tmp_path):
    path = tmp_path / "huge.wav"
    content = (sound * 30_000).astype("<i2").tobytes()
    for declared in (2**31 - 1, 2**32 - 1):
        path.write_bytes(wav(declared, content))
        assert len(read_sound(path)) == len(sound)


@pytest.mark.parametrize(("rate", "channels"), [(1, 1), (4_000_000_000, 1), (RATE, 4000)])
def test_absurd_rates_and_channels_are_refused(rate, channels, tmp_path):
    path = tmp_path / "absurd.wav"
    path.write_bytes(wav(32_000, bytes(32_000), rate, channels))
    assert refusal(read_sound, path).code in ("unreadable", "no_sound")


def test_a_large_file_is_refused_unread(tmp_path):
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(200_000_001)
    start = time.monotonic()
    assert refusal(probe, path).values == {"limit": 200_000_000}
    assert time.monotonic() - start < 0.1


def test_reading_is_stopped_after_its_time(sound, tmp_path):
    path = write(tmp_path / "recording", sound, **FILES["telephone"])
    assert refusal(read_sound, path, Limits(seconds=0.01)).code == "timeout"


def test_reading_is_bound_to_its_memory(sound, tmp_path):
    path = write(tmp_path / "recording", sound, **FILES["telephone"])
    assert refusal(read_sound, path, Limits(memory=2**26)).code == "unreadable"


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_sound(tmp_path / "missing")


def test_the_callers_process_never_loads_the_decoders(sound, tmp_path):
    path = write(tmp_path / "recording", sound, **FILES["telephone"])
    code = (
        "import sys; from interview.analysis import decode;"
        f"decode.read_sound({str(path)!r}); print('av' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_reader_and_its_caller_agree():
    from interview.analysis.media_reader import containers, picture
    from interview.analysis.media_reader import sound as sounds

    assert set(containers.CONTAINERS.values()) == set(MEDIA_TYPES)
    assert {kind for kind, _ in sounds.TARGETS.values()} <= set(MEDIA_TYPES)
    assert {kind for kinds in picture.KINDS.values() for kind in kinds} == set(VIDEO_TYPES)
    assert sounds.RATE == decode.RATE
