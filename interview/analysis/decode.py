"""Sound and pictures out of a recording that a stranger sent.

What a file is, is found by its content, never by its name. libav (through PyAV) reads it in a
child process (`media_reader`) that is bounded in memory, processor and wall-clock time and knows
no secrets of the application. Nothing here imports PyAV, so any process may import this module.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interview.analysis import confined

RATE = 16_000
"""Samples per second of what is decoded."""

PICTURE_ERRORS = ("no_picture", "too_many_pixels", "too_many_pictures")
"""Codes of a ``MediaError`` that only videos can have."""

MEDIA_ERRORS = (
    "unreadable",
    "no_sound",
    "too_short",
    "too_long",
    "too_large",
    "too_many_tracks",
    "timeout",
    *PICTURE_ERRORS,
)
"""Every code that a ``MediaError`` can have."""

MEDIA_TYPES: Mapping[str, str] = {
    "webm": "audio/webm",
    "mp4": "audio/mp4",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "aac": "audio/aac",
}
"""Every container that is read, and the type under which a browser plays its sound."""

VIDEO_TYPES: Mapping[str, str] = {"webm": "video/webm", "mp4": "video/mp4"}
"""Every container that a video is kept in, and its type."""

_READER = Path(__file__).with_name("media_reader") / "__main__.py"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of what is read.

    ``max_bytes`` of the file, ``min_seconds`` and ``max_seconds`` of sound or video, wall-clock
    and processor ``seconds`` for the work (``picture_seconds`` where pictures are decoded), and
    address space, ``memory``, in bytes. A video may have ``max_pixels`` per picture and
    ``max_pictures``, any file ``max_tracks``.
    """

    max_bytes: int = 200_000_000
    min_seconds: float = 0.2
    max_seconds: float = 900.0
    seconds: float = 30.0
    picture_seconds: float = 300.0
    memory: int = 768 * 2**20
    max_pixels: int = 4096 * 2304
    max_pictures: int = 120_000
    max_tracks: int = 16


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Probe:
    """What a file holds.

    ``container`` is a key of ``MEDIA_TYPES``, ``codec`` the coding of its best sound track and
    ``duration`` in seconds; Chrome's recordings do not say how long they are.
    """

    container: str
    codec: str | None
    duration: float | None
    has_sound: bool
    has_picture: bool


class MediaError(Exception):
    """A recording that cannot be used.

    ``code`` is one of ``MEDIA_ERRORS``; ``values`` has ``limit`` for too_short and too_long
    (seconds), too_large (bytes), timeout (seconds) and all that is too many, and sometimes
    ``cause`` for unreadable (for the log). A small file that needs too much memory is too_large
    as well and has ``unpacked``.
    """

    def __init__(self, code: str, values: Mapping[str, int | float | str] | None = None) -> None:
        """Keep the code and the numbers behind it."""
        super().__init__(code)
        self.code = code
        self.values = dict(values or {})


def probe(path: str | os.PathLike[str], limits: Limits = DEFAULT_LIMITS) -> Probe:
    """Say what a file holds, by its headers. Raises ``MediaError`` and ``OSError``."""
    return Probe(**_in_child("probe", path, limits))


def read_sound(
    path: str | os.PathLike[str], limits: Limits = DEFAULT_LIMITS
) -> NDArray[np.float32]:
    """Return the sound of a recording, mono, 16 kHz, in -1..1.

    A file that was cut off gives what is there. Raises ``MediaError`` when there is nothing to be
    had or too much, and ``OSError`` when the file cannot be opened.
    """
    with tempfile.TemporaryFile() as store:
        _in_child("read", path, limits, str(store.fileno()), descriptors=(store.fileno(),))
        store.seek(0)
        return np.fromfile(store, np.float32)


def strip(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    limits: Limits = DEFAULT_LIMITS,
    *,
    picture: bool = False,
) -> Probe:
    """Write the best sound track of ``source``, and nothing else, to ``target``; describe it.

    With ``picture`` the best track of pictures is kept too, which there must be, and the sound
    may be missing; how the picture is turned stays as it is. Tracks are copied, not encoded anew,
    unless no container holds both. Other tracks, names, places and dates stay behind. The target
    gets a duration and an index, so that a browser can seek in it. Raises ``MediaError``, after
    which there is no target, and ``OSError``.
    """
    task = "strip_picture" if picture else "strip"
    try:
        return Probe(**_in_child(task, source, limits, str(Path(target).resolve())))
    except BaseException:
        Path(target).unlink(missing_ok=True)
        raise


@contextmanager
def open_pictures(
    path: str | os.PathLike[str], limits: Limits, rate: float, side: int
) -> Iterator[confined.Output]:
    """Start decoding the pictures of a video, ``rate`` a second, at most ``side`` wide and high.

    For `video.frames`, which knows how they are written. Raises ``MediaError`` and ``OSError``.
    """
    limits = replace(limits, seconds=limits.picture_seconds)
    command = _command("pictures", path, limits, str(rate), str(side))
    with _translated(limits), confined.start(_READER, command, limits.seconds) as output:
        yield output


def check(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer of the reader; raise the ``MediaError`` that it stands for."""
    if "error" in answer:
        raise MediaError(answer["error"], answer["values"])
    return answer


def _in_child(
    task: str,
    path: str | os.PathLike[str],
    limits: Limits,
    *arguments: str,
    descriptors: Sequence[int] = (),
) -> dict[str, Any]:
    """Run one task of the reader on its own and return its answer."""
    command = _command(task, path, limits, *arguments)
    with _translated(limits):
        return check(confined.run(_READER, command, limits.seconds, descriptors))


def _command(task: str, path: str | os.PathLike[str], limits: Limits, *arguments: str) -> list[str]:
    """Return what the reader is called with, for a file whose size is within the limits."""
    source = Path(path).resolve()
    size = source.stat().st_size
    if size == 0:
        raise MediaError("too_short", {"limit": limits.min_seconds})
    if size > limits.max_bytes:
        raise MediaError("too_large", {"limit": limits.max_bytes})
    return [task, str(source), json.dumps(asdict(limits)), *arguments]


@contextmanager
def _translated(limits: Limits) -> Iterator[None]:
    """Turn what befell the reader into a ``MediaError``."""
    try:
        yield
    except confined.ConfinedError as error:
        if error.code == "timeout":
            raise MediaError("timeout", {"limit": limits.seconds}) from error
        raise MediaError("unreadable", {"cause": error.cause}) from error
