"""The store in a bucket of Amazon S3, or of anything that speaks its protocol.

What is being written lies in a folder of this machine until it is whole: a bucket's objects
cannot be written in places. So the pieces of one recording must reach machines that share that
folder. Credentials come from the environment, as boto3 reads them.
"""

import contextlib
import io
import threading
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, urlsplit

from interview.media.store import CHUNK_BYTES, KEY, LocalStore

CONNECT_SECONDS, READ_SECONDS = 5, 60
_MISSING = {"404", "NoSuchKey", "NotFound"}
_making = threading.Lock()


class StoreError(OSError):
    """The bucket could not be reached, or refused what was asked."""


class S3Store:
    """Files in a bucket; `s3://bucket/prefix?endpoint=https://…&region=…` says in which."""

    def __init__(self, url: str, incoming: LocalStore) -> None:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        self.bucket, folder = parts.netloc, parts.path.strip("/")
        self.prefix = f"{folder}/" if folder else ""
        self.endpoint, self.region = options.get("endpoint"), options.get("region")
        self.incoming = incoming

    @cached_property
    def client(self) -> Any:
        """The connection to the bucket, made when it is first needed and shared by all threads."""
        import boto3
        from botocore.config import Config

        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "max_attempts": 3},
            s3={"addressing_style": "path"} if self.endpoint else {},
            # Others than Amazon may not know the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        with _making:  # boto3's first session is not safe between threads
            return boto3.client(
                "s3", endpoint_url=self.endpoint, region_name=self.region, config=config
            )

    def save(self, stream: BinaryIO, limit: int) -> str:
        """Store at most `limit` bytes of the stream, whole, and return the new key."""
        key = self.incoming.save(stream, limit)
        try:
            self.finish(key, self.incoming.size(key))
        except BaseException:
            self.incoming.delete(key)
            raise
        return key

    def create(self) -> str:
        """Make an empty file on this machine and return its key."""
        return self.incoming.create()

    def write_at(self, key: str, offset: int, data: bytes) -> None:
        """Write bytes at a place of a file that is not whole yet."""
        self.incoming.write_at(key, offset, data)

    def finish(self, key: str, size: int) -> None:
        """Let a created file end after `size` bytes and bring it to the bucket."""
        try:
            self.incoming.finish(key, size)
        except FileNotFoundError:
            if self._remote_size(key) != size:
                raise
            return  # it is there already
        with self.incoming.open(key) as file, _translated():
            self.client.put_object(Bucket=self.bucket, Key=self._name(key), Body=file)
        self.incoming.delete(key)

    def size(self, key: str) -> int:
        """Return the bytes of a file, whole or not."""
        try:
            return self.incoming.size(key)
        except FileNotFoundError:
            return self._remote_size(key)

    def open(self, key: str) -> BinaryIO:
        """Open a whole file; only what is read of it is fetched."""
        raw = _Object(self, key, self._remote_size(key))
        return io.BufferedReader(raw, CHUNK_BYTES)

    @contextlib.contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """Give the path of a file that is being written, or of a copy that goes with the block."""
        path = self.incoming.path(key)
        if path.is_file():
            yield path
            return
        # A copy whose process is killed is found by the search for lost files.
        copy = self.incoming.create()
        try:
            with self.incoming.path(copy).open("wb") as file, _translated():
                self.client.download_fileobj(self.bucket, self._name(key), file)
            yield self.incoming.path(copy)
        finally:
            self.incoming.delete(copy)

    def find(self) -> Iterator[tuple[str, float]]:
        """Yield the key of every file and when it was last written."""
        yield from self.incoming.find()
        with _translated():
            pages = self.client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=self.prefix):
                for found in page.get("Contents", ()):
                    key = found["Key"].removeprefix(self.prefix)
                    if KEY.fullmatch(key):
                        yield key, found["LastModified"].timestamp()

    def delete(self, key: str) -> None:
        """Remove the file of a key from this machine and from the bucket."""
        self.incoming.delete(key)
        with _translated():
            self.client.delete_object(Bucket=self.bucket, Key=self._name(key))

    def read(self, key: str, first: int) -> Any:
        """Return the stream of a file's bytes from the place `first` on."""
        with _translated():
            found = self.client.get_object(
                Bucket=self.bucket, Key=self._name(key), Range=f"bytes={first}-"
            )
        return found["Body"]

    def _remote_size(self, key: str) -> int:
        with _translated():
            found = self.client.head_object(Bucket=self.bucket, Key=self._name(key))
        return int(found["ContentLength"])

    def _name(self, key: str) -> str:
        if not KEY.fullmatch(key):
            raise ValueError("not a key of the media store")
        return self.prefix + key


class _Object(io.RawIOBase):
    """An object of the bucket as a file: each place that is sought begins one ranged request."""

    def __init__(self, store: S3Store, key: str, size: int) -> None:
        self._store, self._key, self._size = store, key, size
        self._place = 0
        self._body: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if start + offset != self._place:
            self._end()
            self._place = start + offset
        return self._place

    def readinto(self, buffer: Any) -> int:
        if self._place >= self._size:
            return 0
        if self._body is None:
            self._body = self._store.read(self._key, self._place)
        with _translated():
            data = self._body.read(len(buffer))
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)

    def close(self) -> None:
        self._end()
        super().close()

    def _end(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Turn boto3's errors into those of files."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _MISSING:
            raise FileNotFoundError("no such file in the bucket") from None
        raise StoreError(f"the bucket refused: {error}") from error
    except BotoCoreError as error:
        raise StoreError(f"the bucket could not be reached: {error}") from error
