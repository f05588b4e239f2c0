"""The store of uploaded files: a folder of the instance, under keys that the server makes."""

import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from flask import current_app

CHUNK_BYTES = 64 * 1024
_KEY = re.compile(r"[0-9a-f]{32}")


class TooLargeError(ValueError):
    """A stream was longer than allowed; nothing of it is kept."""


class LocalStore:
    """Files in `<instance>/media`, two levels deep by the first letters of their key."""

    def save(self, stream: BinaryIO, limit: int) -> str:
        """Store at most `limit` bytes of the stream and return the new key.

        Raises TooLargeError when there is more; what was written is removed then.
        """
        key = uuid.uuid4().hex
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        written = 0
        try:
            path.touch(mode=0o600, exist_ok=False)
            with path.open("wb") as file:
                while chunk := stream.read(CHUNK_BYTES):
                    written += len(chunk)
                    if written > limit:
                        raise TooLargeError(f"more than {limit} bytes")
                    file.write(chunk)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return key

    def create(self) -> str:
        """Store an empty file, to be written piece by piece, and return its key."""
        key = uuid.uuid4().hex
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=False)
        return key

    def write_at(self, key: str, offset: int, data: bytes) -> None:
        """Write bytes at a place of a file; they are on the disk when this returns.

        The same bytes may be written there again. Raises FileNotFoundError for a missing file.
        """
        with self.path(key).open("r+b") as file:
            file.seek(offset)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def cut(self, key: str, size: int) -> None:
        """Let a file end after `size` bytes."""
        os.truncate(self.path(key), size)

    def find(self) -> Iterator[tuple[str, float]]:
        """Yield the key of every file and when it was last written, in seconds of the clock."""
        folder: Path = current_app.config["SETTINGS"].media_dir
        for path in folder.glob("??/*"):
            if _KEY.fullmatch(path.name):
                yield path.name, path.stat().st_mtime

    def path(self, key: str) -> Path:
        """Return where the file of a key is. Raises ValueError for what is not a key."""
        if not _KEY.fullmatch(key):
            raise ValueError("not a key of the media store")
        folder: Path = current_app.config["SETTINGS"].media_dir
        return folder / key[:2] / key

    def delete(self, key: str) -> None:
        """Remove the file of a key; a missing one is fine."""
        self.path(key).unlink(missing_ok=True)


store = LocalStore()
