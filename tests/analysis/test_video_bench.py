"""The benchmark of videos: what it makes, and when it says that a bar is missed."""

import av
import pytest

from interview.bench import video
from tests.support import sounds, videos


@pytest.fixture
def turn(tmp_path):
    faces = [videos.scene((32, 24, 20), width=64, height=48)] * 20
    return videos.write(
        tmp_path / "turn.webm",
        faces,
        container="webm",
        codec="libvpx",
        rate=10,
        sound=sounds.speech(2, [(0.2, 1.8)]),
        sound_codec="libopus",
    )


def test_a_turn_is_repeated_up_to_the_length_that_is_asked_for(turn, tmp_path):
    video._repeat(turn, tmp_path / "long.webm", 7)
    with av.open(str(tmp_path / "long.webm")) as file:
        times = [float(frame.pts * frame.time_base) for frame in file.decode(video=0)]
    assert len(times) == pytest.approx(70, abs=3)
    assert times == sorted(times)
    assert times[-1] == pytest.approx(6.9, abs=0.2)


def test_missed_bars_are_named(capsys):
    took = {"stages": {"strip": 0.2}, "median": 7.5, "slowest": 8.0, "processor": 11.0}
    assert video._report_times(took) == ["45 s in 7.50 s"]
    assert video._report_times(took | {"median": 6.9}) == []
    assert video._report_memory({45: (900.0, 100.0), 300: (950.0, 260.0)}) == ["1210 MB"]
    assert video._report_memory({45: (900.0, 100.0), 300: (950.0, 110.0)}) == []
    assert "decoder 110 MB" in capsys.readouterr().out


def test_the_rival_must_be_left_behind_by_the_whole_and_by_the_frame():
    took = {"median": 6.0, "picture": 3.6, "frames": 360}
    assert video._report_rival(took, {"seconds": 33.0, "frames": 1350}) == []
    assert video._report_rival(took, {"seconds": 24.0, "frames": 1350}) == [
        "4.0 times as fast as fer"
    ]
    assert video._report_rival(took, {"seconds": 33.0, "frames": 9000})
    assert video._report_rival(took, None) == []
