"""The media store, of both kinds: server-made keys, bounded size, nothing left behind."""

import io
import stat
import threading

import pytest

from interview.media.s3 import S3Store
from interview.media.store import LocalStore, TooLargeError, store

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.parametrize("media_url", ["local", "s3"], indirect=True),
]


def kept(settings):
    """Return the keys in the store; no other file may lie in the instance."""
    keys = {key for key, _written in store.find()}
    local = [path for path in settings.media_dir.rglob("*") if path.is_file()]
    assert {path.name for path in local} <= keys
    return keys


def content(key):
    with store.open(key) as file:
        return file.read()


def test_what_is_saved_can_be_read_and_deleted(app, settings):
    with app.app_context():
        key = store.save(io.BytesIO(b"content"), limit=7)
        assert content(key) == b"content"
        assert store.size(key) == 7
        assert kept(settings) == {key}
        with store.local(key) as path:
            assert path.read_bytes() == b"content"
        assert kept(settings) == {key}
        store.delete(key)
        store.delete(key)
        assert kept(settings) == set()


def test_what_is_written_in_pieces_is_whole_once_it_is_finished(app, settings):
    with app.app_context():
        key = store.create()
        store.write_at(key, 0, b"first ")
        store.write_at(key, 6, b"second")
        store.write_at(key, 6, b"SECOND, and what nobody confirmed")
        store.finish(key, 12)
        store.finish(key, 12)
        assert content(key) == b"first SECOND"
        assert store.size(key) == 12
        assert kept(settings) == {key}


def test_a_program_may_write_at_the_path_of_a_new_file(app):
    with app.app_context():
        key = store.create()
        with store.local(key) as path:
            path.write_bytes(b"written elsewhere")
        store.finish(key, 17)
        assert content(key) == b"written elsewhere"


def test_pieces_outlive_the_process_that_took_them(app, settings):
    with app.app_context():
        key = store.create()
        store.write_at(key, 0, b"confirmed")
    other = LocalStore(settings.media_dir)
    if settings.media_url:
        other = S3Store(settings.media_url, other)
    other.write_at(key, 9, b", too")
    other.finish(key, 14)
    with app.app_context():
        assert content(key) == b"confirmed, too"


def test_any_part_of_a_file_can_be_read(app):
    data = bytes(range(256)) * 1024
    with app.app_context():
        key = store.save(io.BytesIO(data), limit=len(data))
        with store.open(key) as file:
            file.seek(1000)
            assert file.read(100) == data[1000:1100]
            file.seek(-5, io.SEEK_END)
            assert file.read() == data[-5:]
            file.seek(0)
            assert file.read() == data


def test_the_path_of_a_whole_file_may_be_asked_for_by_several_at_once(app):
    found = []

    def read(key):
        with app.app_context(), store.local(key) as path:
            found.append(path.read_bytes())

    with app.app_context():
        key = store.save(io.BytesIO(b"content"), limit=7)
    threads = [threading.Thread(target=read, args=(key,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [b"content"] * 4


def test_what_is_not_there_is_said_to_be_missing(app, settings):
    key = "0" * 32
    with app.app_context():
        for ask in (store.size, store.open, content, lambda key: store.write_at(key, 0, b"x")):
            with pytest.raises(FileNotFoundError):
                ask(key)
        with pytest.raises(FileNotFoundError):
            store.finish(key, 3)
        with pytest.raises(FileNotFoundError), store.local(key) as path:
            path.read_bytes()
        assert kept(settings) == set()


def test_a_stream_over_the_limit_leaves_nothing(app, settings):
    with app.app_context():
        with pytest.raises(TooLargeError):
            store.save(io.BytesIO(b"x" * 200_000), limit=100_000)
        assert kept(settings) == set()


def test_a_broken_stream_leaves_nothing(app, settings):
    class Broken(io.BytesIO):
        def read(self, *_):
            if self.tell():
                raise OSError("connection lost")
            self.seek(1)
            return b"first"

    with app.app_context():
        with pytest.raises(OSError, match="connection lost"):
            store.save(Broken(), limit=100)
        assert kept(settings) == set()


def test_a_file_on_the_disk_is_for_the_instance_alone(app):
    with app.app_context():
        key = store.save(io.BytesIO(b"content"), limit=7)
        with store.local(key) as path:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "F" * 32, "a" * 33, "a" * 31 + "\n"])
def test_what_is_no_key_is_refused(app, key):
    with app.app_context():
        for ask in (store.size, store.open, store.delete):
            with pytest.raises(ValueError, match="not a key"):
                ask(key)
