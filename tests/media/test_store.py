"""The media store: server-made keys, bounded size, nothing left behind."""

import io
import stat

import pytest

from interview.media.store import TooLargeError, store

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def files(settings):
    return [path for path in settings.media_dir.rglob("*") if path.is_file()]


def test_what_is_saved_can_be_read_and_deleted(app, settings):
    with app.app_context():
        key = store.save(io.BytesIO(b"content"), limit=7)
        assert store.path(key).read_bytes() == b"content"
        store.delete(key)
        store.delete(key)
    assert files(settings) == []


def test_a_stream_over_the_limit_leaves_nothing(app, settings):
    with app.app_context(), pytest.raises(TooLargeError):
        store.save(io.BytesIO(b"x" * 200_000), limit=100_000)
    assert files(settings) == []


def test_a_broken_stream_leaves_nothing(app, settings):
    class Broken(io.BytesIO):
        def read(self, *_):
            if self.tell():
                raise OSError("connection lost")
            self.seek(1)
            return b"first"

    with app.app_context(), pytest.raises(OSError, match="connection lost"):
        store.save(Broken(), limit=100)
    assert files(settings) == []


def test_files_are_for_the_instance_alone(app):
    with app.app_context():
        key = store.save(io.BytesIO(b"content"), limit=7)
        assert stat.S_IMODE(store.path(key).stat().st_mode) == 0o600


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "F" * 32, "a" * 33, "a" * 31 + "\n"])
def test_what_is_no_key_is_refused(app, key):
    with app.app_context(), pytest.raises(ValueError, match="not a key"):
        store.path(key)
