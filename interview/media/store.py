"""The store of uploaded files, under keys that the server makes: one interface, two kinds.

`LocalStore` keeps them in a folder of the instance; `interview.media.s3` in a bucket. A file is
either written at once (`save`), or made empty (`create`), written in pieces or by a program that
wants a path, and then declared whole (`finish`). Only what is whole can be read on every machine.
"""

import contextlib
import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from flask import Flask, current_app
from werkzeug.local import LocalProxy

if TYPE_CHECKING:
    from interview.settings import Settings

CHUNK_BYTES = 64 * 1024
KEY = re.compile(r"[0-9a-f]{32}")


class TooLargeError(ValueError):
    """A stream was longer than allowed; nothing of it is kept."""


class Store(Protocol):
    """What every kind of store can do.

    A file that is not there raises FileNotFoundError, a store that cannot be reached another
    OSError, and what is no key ValueError.
    """

    def save(self, stream: BinaryIO, limit: int) -> str:
        """Store at most `limit` bytes of the stream, whole, and return the new key.

        Raises TooLargeError when there is more; what was written is removed then.
        """

    def create(self) -> str:
        """Make an empty file, to be written piece by piece or at its `local` path; return its key.

        Until `finish` it may be known only on this machine.
        """

    def write_at(self, key: str, offset: int, data: bytes) -> None:
        """Write bytes at a place of a created file; they are on the disk when this returns.

        The same bytes may be written there again.
        """

    def finish(self, key: str, size: int) -> None:
        """Let a created file end after `size` bytes; it is whole now. Repeating it is harmless."""

    def size(self, key: str) -> int:
        """Return the bytes of a file."""

    def open(self, key: str) -> BinaryIO:
        """Open a whole file to be read, from any place in it; the caller closes it."""

    def local(self, key: str) -> contextlib.AbstractContextManager[Path]:
        """Give a path at which the file lies while the block runs."""

    def find(self) -> Iterator[tuple[str, float]]:
        """Yield the key of every file and when it was last written, in seconds of the clock."""

    def delete(self, key: str) -> None:
        """Remove the file of a key; a missing one is fine."""


class LocalStore:
    """Files in a folder, two levels deep by the first letters of their key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, stream: BinaryIO, limit: int) -> str:
        """Store at most `limit` bytes of the stream and return the new key."""
        key, written = self.create(), 0
        try:
            with self.path(key).open("wb") as file:
                while chunk := stream.read(CHUNK_BYTES):
                    written += len(chunk)
                    if written > limit:
                        raise TooLargeError(f"more than {limit} bytes")
                    file.write(chunk)
        except BaseException:
            self.delete(key)
            raise
        return key

    def create(self) -> str:
        """Make an empty file, for the instance's eyes alone, and return its key."""
        key = uuid.uuid4().hex
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=False)
        return key

    def write_at(self, key: str, offset: int, data: bytes) -> None:
        """Write bytes at a place of a file; they are on the disk when this returns."""
        with self.path(key).open("r+b") as file:
            file.seek(offset)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def finish(self, key: str, size: int) -> None:
        """Let a file end after `size` bytes."""
        os.truncate(self.path(key), size)

    def size(self, key: str) -> int:
        """Return the bytes of a file."""
        return self.path(key).stat().st_size

    def open(self, key: str) -> BinaryIO:
        """Open a file to be read."""
        return self.path(key).open("rb")

    @contextlib.contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """Give the path of the file itself."""
        yield self.path(key)

    def find(self) -> Iterator[tuple[str, float]]:
        """Yield the key of every file and when it was last written."""
        for path in self.folder.glob("??/*"):
            if KEY.fullmatch(path.name):
                with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                    yield path.name, path.stat().st_mtime

    def delete(self, key: str) -> None:
        """Remove the file of a key; a missing one is fine."""
        self.path(key).unlink(missing_ok=True)

    def path(self, key: str) -> Path:
        """Return where the file of a key is, in this kind of store."""
        if not KEY.fullmatch(key):
            raise ValueError("not a key of the media store")
        return self.folder / key[:2] / key


def init_app(app: Flask) -> None:
    """Give the application the store that its settings name."""
    app.extensions["media"] = _build(app.config["SETTINGS"])


def _build(settings: "Settings") -> Store:
    local = LocalStore(settings.media_dir)
    if not settings.media_url:
        return local
    from interview.media.s3 import S3Store

    return S3Store(settings.media_url, local)


store: Store = cast(Store, LocalProxy(lambda: current_app.extensions["media"]))
"""The store of the application at work."""
