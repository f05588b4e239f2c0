"""How often a face is found in the clips of the data folder, by what, and how quickly."""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import av
import click
import cv2
import numpy as np
from numpy.typing import NDArray

from interview.analysis.video.finder import Face, Finder, Reduced
from interview.analysis.video.frames import Frame
from interview.analysis.video.tracker import follow

CLIPS = {
    "crying_to_smiling.mp4": 4.0,
    "webcam_neutral_to_smile.mp4": 8.0,
    "turning_head.gif": 12.5,
    "several_faces.jpg": 1.0,
    "no_face.mp4": 8.0,
}
"""The clips, and how many frames a second are looked at."""
WIDTH = 640
DIM, NOISE = 0.15, 4.0
"""Share of the light that is left in the dim pictures, and the deviation of their noise."""


class Unequalised(Finder):
    """The cascade on the picture as it was taken."""

    def reduce(self, image: NDArray[np.uint8]) -> Reduced:
        """Leave the contrast as it is."""
        frame = super().reduce(image)
        return Reduced(frame.grey, frame.grey, frame.scale)


class CascadeAlone(Finder):
    """Following without the second detector."""

    def search(self, image: NDArray[np.uint8]) -> list[Face]:
        """See nothing."""
        return []


def run(data: Path) -> None:
    """Print a table: for each clip and method the share of frames with a face, and the time.

    Times are processor time per frame, on average.
    """
    plain, finder = Unequalised(), Finder()
    finder.search(np.zeros((48, 64, 3), np.uint8))
    methods: dict[str, Callable[[list[Frame]], Iterable[bool]]] = {
        "cascade, plain": lambda shown: _each(shown, lambda i: plain.find(plain.reduce(i))),
        "cascade": lambda shown: _each(shown, lambda i: finder.find(finder.reduce(i))),
        "second": lambda shown: _each(shown, finder.search),
        "followed": lambda shown: (seen.box is not None for seen in follow(shown, CascadeAlone())),
        "followed, second": lambda shown: (s.box is not None for s in follow(shown, finder)),
    }
    click.echo("| clip | light | frames | " + " | ".join(methods) + " |")
    click.echo("|---|---|---:|" + "---:|" * len(methods))
    for name, rate in CLIPS.items():
        taken = list(read(data / "clips" / name, rate))
        for light, shown in (("as taken", taken), ("dim", list(dimmed(taken)))):
            cells = [_measured(method, shown) for method in methods.values()]
            click.echo(f"| {name} | {light} | {len(shown)} | " + " | ".join(cells) + " |")


def read(path: Path, rate: float) -> Iterator[Frame]:
    """Yield frames of one of our own clips, also of kinds that the application does not take."""
    due = 0.0
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if (frame.time or 0.0) < due - 1e-6:
                continue
            due += 1 / rate
            height = round(frame.height * min(1.0, WIDTH / frame.width))
            small = frame.reformat(min(frame.width, WIDTH), height, "bgr24")
            yield Frame(frame.time or 0.0, small.to_ndarray())


def dimmed(shown: Iterable[Frame]) -> Iterator[Frame]:
    """Yield the frames as they would look in dim light."""
    rng = np.random.default_rng(0)
    for frame in shown:
        noise = rng.normal(0, NOISE, frame.image.shape)
        yield Frame(frame.time, np.clip(DIM * frame.image + noise, 0, 255).astype(np.uint8))


def _each(shown: list[Frame], find: Callable[[NDArray[np.uint8]], list[Face]]) -> Iterator[bool]:
    return (bool(find(frame.image)) for frame in shown)


def _measured(method: Callable[[list[Frame]], Iterable[bool]], shown: list[Frame]) -> str:
    """Return one cell of the table."""
    cv2.setNumThreads(1)
    began = time.process_time()
    found = list(method(shown))
    took = (time.process_time() - began) / len(shown)
    return f"{sum(found)} ({took * 1000:.0f} ms)"
