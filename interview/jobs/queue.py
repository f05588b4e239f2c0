"""The queue: hints for workers. The database alone knows what there is to do."""

import logging
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from huey import Huey
from huey.serializer import SignedSerializer
from huey.storage import (
    BaseStorage,
    BlackHoleStorage,
    PostgresStorage,
    RedisStorage,
    SqliteStorage,
)

log = logging.getLogger(__name__)


class Queue(Huey):
    """A Huey queue whose storage is chosen by the application's settings."""

    app: Flask

    def init_app(self, app: Flask) -> None:
        """Bind the queue to an application: its storage, and its context for tasks."""
        settings = app.config["SETTINGS"]
        self.app = app
        self.storage = build_storage(self.name, settings.queue)
        # Tasks travel as pickles; signed ones only, since whoever can write to the queue's
        # storage could otherwise run code in the worker.
        self.serializer = SignedSerializer(secret=settings.secret_key, salt="interview-queue")


def build_storage(name: str, url: str) -> BaseStorage:
    """Return Huey's storage for a `sqlite:`, `redis:` or `postgresql:` address."""
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        return SqliteStorage(name, filename=url.removeprefix("sqlite:///"), timeout=30)
    if scheme in ("redis", "rediss"):
        options: dict[str, Any] = {"url": url, "blocking": True, "read_timeout": 1}
        return RedisStorage(name, **options)
    return PostgresStorage(name, dsn=url.replace("postgresql+psycopg:", "postgresql:"))


queue = Queue("interview", results=False, storage_class=BlackHoleStorage)


def drop_hints(keys: Collection[str]) -> None:
    """Take hints of these objects out of the queue; all others stay in their order.

    A queue that cannot be reached is left alone: a hint of what is erased does nothing.
    """
    if not keys:
        return
    try:
        for _ in range(queue.storage.queue_size()):
            data = queue.storage.dequeue()
            if data is None:
                return
            if not _speaks_of(data, keys):
                queue.storage.enqueue(data)
    except Exception:
        log.exception("hints of erased answers could not be taken out of the queue")


def _speaks_of(data: bytes, keys: Collection[str]) -> bool:
    try:
        return any(argument in keys for argument in queue.deserialize_task(data).args)
    except Exception:  # signed with another secret, or of another version: not ours to judge
        return False
