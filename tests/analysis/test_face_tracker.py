"""Finding a face and following it through a video."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from interview.analysis.video.finder import SIDE, Box, Face, Finder, cut
from interview.analysis.video.frames import Frame
from interview.analysis.video.tracker import LONGEST_PATIENCE, Sighting, follow, moved
from tests.support.videos import scene

CLIPS = Path(__file__).parents[3] / "shared" / "data" / "clips"
needs_clips = pytest.mark.skipif(
    not CLIPS.is_dir(), reason="the clips of ../shared/data are not on this machine"
)


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder()


def frames(images: list[np.ndarray], rate: float = 8.0) -> list[Frame]:
    return [Frame(number / rate, image) for number, image in enumerate(images)]


def is_near(box: Box | None, x: float, y: float, side: float) -> bool:
    assert box is not None
    middle = np.hypot(box.middle[0] - x, box.middle[1] - y)
    return middle < 0.2 * side and 0.7 < box.width / side < 1.4


class Script:
    """Detectors that see what they are told, and note what they were asked."""

    def __init__(self, seen: dict[int, list[Box]], turned: dict[int, list[Box]] | None = None):
        self.seen, self.turned = seen, turned or {}
        self.frame, self.asked = -1, []
        self.real = Finder()

    def reduce(self, image):
        self.frame += 1
        return self.real.reduce(image)

    def find(self, frame, step=1.1):
        self.asked.append(("find", self.frame))
        return [Face(box) for box in self.seen.get(self.frame, [])]

    def find_near(self, frame, known):
        self.asked.append(("near", self.frame))
        near = [box for box in self.seen.get(self.frame, []) if abs(box.x - known.x) < 20]
        return Face(near[0]) if near else None

    def search(self, image):
        self.asked.append(("search", self.frame))
        landmarks = np.ones((5, 2), np.float32)
        return [Face(box, landmarks) for box in self.turned.get(self.frame, [])]

    def times_asked(self, what: str) -> list[int]:
        return [frame for asked, frame in self.asked if asked == what]


class TestFinder:
    """One picture."""

    @pytest.mark.parametrize("light", [1.0, 0.3, 0.12])
    def test_a_face_is_found_also_in_dim_light(self, finder, light):
        faces = finder.find(finder.reduce(scene((150, 120, 80), light=light)))
        assert len(faces) == 1
        assert is_near(faces[0].box, 150, 120, 80)

    def test_a_box_is_in_pixels_of_the_frame(self, finder):
        image = scene((450, 300, 200), width=960, height=720)
        reduced = finder.reduce(image)
        assert max(reduced.grey.shape) == SIDE
        assert is_near(finder.find(reduced)[0].box, 450, 300, 200)

    def test_several_faces_come_with_the_largest_first(self, finder):
        faces = finder.find(finder.reduce(scene((80, 120, 60), (230, 120, 90))))
        assert [round(face.box.middle[0] / 75) for face in faces] == [3, 1]

    def test_no_face_is_found_where_there_is_none(self, finder):
        assert finder.find(finder.reduce(scene())) == []

    def test_a_face_is_found_again_near_its_last_place(self, finder):
        reduced = finder.reduce(scene((150, 120, 80)))
        face = finder.find_near(reduced, Box(105, 85, 75, 75))
        assert is_near(face.box, 150, 120, 80)
        assert finder.find_near(reduced, Box(220, 20, 75, 75)) is None

    def test_nothing_is_found_near_a_place_outside_the_picture(self, finder):
        reduced = finder.reduce(scene((150, 120, 80)))
        assert finder.find_near(reduced, Box(-200, -200, 80, 80)) is None

    def test_the_second_detector_gives_the_same_square_and_landmarks(self, finder):
        image = scene((300, 220, 160), width=640, height=480)
        (face,) = finder.search(image)
        assert is_near(face.box, 300, 220, 160)
        (by_cascade,) = finder.find(finder.reduce(image))
        assert is_near(face.box, *by_cascade.box.middle, by_cascade.box.width)
        left, right, nose, mouth_left, mouth_right = face.landmarks
        assert left[0] < nose[0] < right[0]
        assert mouth_left[0] < mouth_right[0]
        assert left[1] < nose[1] < mouth_left[1]

    def test_the_second_detector_sees_no_face_where_there_is_none(self, finder):
        assert finder.search(scene()) == []


class TestCutting:
    """The grey square for the network."""

    def test_a_face_becomes_a_grey_square(self):
        image = np.zeros((100, 100, 3), np.uint8)
        image[30:70, 40:80] = (10, 200, 90)
        crop = cut(image, Box(40, 30, 40, 40), 48)
        assert crop.shape == (48, 48)
        assert crop.dtype == np.uint8
        assert crop.min() == crop.max() == round(0.114 * 10 + 0.587 * 200 + 0.299 * 90)

    def test_beyond_the_frame_its_edge_goes_on(self):
        image = np.full((50, 50, 3), 70, np.uint8)
        assert (cut(image, Box(-20, 30, 40, 40), 48) == 70).all()


class TestPoints:
    """Following by the movement of points."""

    def test_a_box_moves_with_the_face(self, finder):
        before = finder.reduce(scene((150, 120, 80)))
        now = finder.reduce(scene((156, 117, 80)))
        box = moved(before, now, Box(110, 80, 80, 80))
        assert box.x == pytest.approx(116, abs=1.5)
        assert box.y == pytest.approx(77, abs=1.5)
        assert box.width == pytest.approx(80, rel=0.05)

    def test_a_box_grows_with_the_face(self, finder):
        before = finder.reduce(scene((150, 120, 80)))
        now = finder.reduce(scene((150, 120, 84)))
        assert moved(before, now, Box(110, 80, 80, 80)).width == pytest.approx(84, rel=0.03)

    def test_nothing_is_followed_over_a_cut(self, finder):
        before, now = finder.reduce(scene((150, 120, 80))), finder.reduce(scene())
        assert moved(before, now, Box(110, 80, 80, 80)) is None
        larger = finder.reduce(scene((150, 120, 80), height=200))
        assert moved(before, larger, Box(110, 80, 80, 80)) is None

    def test_a_smooth_wall_has_no_points(self, finder):
        wall = finder.reduce(scene())
        assert moved(wall, wall, Box(110, 80, 80, 80)) is None


class TestFollowing:
    """One person through a video."""

    def test_a_moving_face_is_seen_in_every_frame(self, finder):
        places = [(100 + 4 * i, 120 + 2 * (i % 5), 80 + i) for i in range(20)]
        sightings = list(follow(frames([scene(place) for place in places]), finder))
        assert all(is_near(seen.box, *place) for seen, place in zip(sightings, places, strict=True))
        assert {seen.faces for seen in sightings} == {1}
        assert {seen.source for seen in sightings} == {"cascade"}
        assert [seen.time for seen in sightings] == [i / 8 for i in range(20)]
        assert {(seen.width, seen.height) for seen in sightings} == {(320, 240)}
        assert all(seen.crop.shape == (48, 48) for seen in sightings)

    def test_brightness_is_that_of_the_face_and_of_the_rest(self, finder):
        bright, dim = follow(
            [Frame(i, scene((160, 120, 80), light=light)) for i, light in enumerate([1, 0.5])],
            finder,
        )
        assert dim.brightness == pytest.approx(bright.brightness / 2, abs=0.03)
        assert dim.surroundings == pytest.approx(bright.surroundings / 2, abs=0.03)

    def test_nobody_is_nobody(self):
        script = Script({})
        sightings = list(follow(frames([scene()] * 80), script))
        assert {(s.faces, s.box, s.source, s.crop) for s in sightings} == {(0, None, None, None)}
        assert sightings[0].brightness == pytest.approx(140 / 255, abs=0.02)
        # a face may come any moment, but not much time is spent on waiting for it
        asked = script.times_asked("search")
        assert len(asked) <= 4
        assert max(np.diff(asked)) <= 8 * LONGEST_PATIENCE
        assert len(script.times_asked("find")) <= 9 + 71 / 2 + 1

    def test_where_a_face_was_is_looked_first(self):
        box = Box(110, 80, 80, 80)
        script = Script({i: [box] for i in range(32)})
        list(follow(frames([scene((150, 120, 80))] * 32), script))
        assert script.times_asked("find") == [0, 8, 16, 24]
        assert script.times_asked("search") == []

    def test_a_lost_face_is_followed_by_its_points_and_then_confirmed(self):
        box = Box(110, 80, 80, 80)
        script = Script({0: [box], 1: [box]}, {i: [box] for i in range(40)})
        seen = list(follow(frames([scene((150, 120, 80))] * 40), script))
        assert [s.source for s in seen[:12]] == ["cascade"] * 2 + ["tracker"] * 8 + [
            "second",
            "tracker",
        ]
        assert len(script.times_asked("search")) <= 5
        assert all(s.box is not None for s in seen)
        assert seen[10].landmarks.shape == (5, 2)

    def test_a_face_that_no_detector_confirms_is_given_up(self):
        script = Script({0: [Box(110, 80, 80, 80)]})
        seen = list(follow(frames([scene((150, 120, 80))] * 20), script))
        assert [s.faces for s in seen] == [1] * 9 + [0] * 11

    def test_the_largest_and_most_central_face_is_followed(self):
        left, middle, small = Box(0, 80, 60, 60), Box(130, 80, 60, 60), Box(200, 0, 30, 30)
        script = Script({i: [left, middle, small] for i in range(4)})
        seen = list(follow(frames([scene()] * 4), script))
        assert {s.box for s in seen} == {middle}
        assert {s.faces for s in seen} == {3}

    def test_the_same_face_is_followed_when_another_comes(self):
        mine, other = Box(20, 80, 60, 60), Box(130, 80, 70, 70)
        script = Script({i: [mine, other] if i > 3 else [mine] for i in range(40)})
        seen = list(follow(frames([scene()] * 40), script))
        assert {s.box for s in seen} == {mine}
        assert seen[0].faces == 1
        assert seen[-1].faces == 2

    def test_a_face_that_is_long_much_larger_is_followed_instead(self):
        poster, person = Box(20, 80, 30, 30), Box(130, 80, 90, 90)
        script = Script({i: [poster, person] if i > 3 else [poster] for i in range(40)})
        seen = list(follow(frames([scene()] * 40), script))
        assert seen[0].box == seen[10].box == poster
        assert seen[-1].box == person

    def test_a_pattern_that_is_once_taken_for_a_face_is_not_counted(self):
        mine, pattern = Box(110, 80, 80, 80), Box(10, 10, 30, 30)
        script = Script({i: [mine, pattern] if i == 8 else [mine] for i in range(32)})
        seen = list(follow(frames([scene((150, 120, 80))] * 32), script))
        assert {s.faces for s in seen} == {1}

    def test_a_face_that_leaves_the_picture_is_gone(self):
        box = Box(-50, 80, 80, 80)
        script = Script({0: [box]})
        (seen,) = follow(frames([scene()]), script)
        assert seen == replace(seen, box=None, crop=None, faces=0, source=None)


@needs_clips
class TestClips:
    """Real faces, where they are at hand."""

    def sightings(self, name: str, finder: Finder, light: float = 1.0) -> list[Sighting]:
        from PIL import Image, ImageSequence

        from interview.analysis.video.frames import stream_frames

        if name.endswith(".gif"):
            with Image.open(CLIPS / name) as clip:
                images = [
                    np.ascontiguousarray(np.asarray(one.convert("RGB"))[:, :, ::-1])
                    for one in ImageSequence.Iterator(clip)
                ]
            shown = frames([(image * light).astype(np.uint8) for image in images], 12.5)
        else:
            shown = stream_frames(CLIPS / name)
        return list(follow(shown, finder))

    @pytest.mark.parametrize("light", [1.0, 0.15])
    def test_a_turning_head_is_seen_throughout(self, finder, light):
        assert all(seen.faces == 1 for seen in self.sightings("turning_head.gif", finder, light))

    def test_no_face_is_seen_where_there_is_none(self, finder):
        assert all(seen.faces == 0 for seen in self.sightings("no_face.mp4", finder))
