"""What is only true of the store in a bucket."""

import io

import pytest

from interview.media.s3 import S3Store, StoreError
from interview.media.store import LocalStore, store

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.parametrize("media_url", ["s3"], indirect=True),
]


def on_this_machine(settings):
    return [path for path in settings.media_dir.rglob("*") if path.is_file()]


def test_a_whole_file_lies_in_the_bucket_alone(app, settings):
    with app.app_context():
        key = store.save(io.BytesIO(b"content"), limit=7)
        assert on_this_machine(settings) == []
        with store.local(key):
            assert len(on_this_machine(settings)) == 1
        assert on_this_machine(settings) == []


def test_another_machine_reads_what_is_whole(app, media_url, tmp_path):
    with app.app_context():
        key = store.save(io.BytesIO(b"content"), limit=7)
    elsewhere = S3Store(media_url, LocalStore(tmp_path / "elsewhere"))
    with elsewhere.local(key) as path:
        assert path.read_bytes() == b"content"
    elsewhere.delete(key)
    with app.app_context(), pytest.raises(FileNotFoundError):
        store.size(key)


def test_a_bucket_that_is_not_there_is_told_from_a_missing_file(media_url, settings):
    url = media_url.replace("s3://", "s3://no-")
    elsewhere = S3Store(url, LocalStore(settings.media_dir))
    with pytest.raises(StoreError):
        elsewhere.save(io.BytesIO(b"content"), limit=7)
    assert on_this_machine(settings) == []


def test_the_rest_of_the_bucket_is_not_the_platforms(app, settings):
    with app.app_context():
        store.client.put_object(Bucket=store.bucket, Key="0" * 32, Body=b"another program's")
        store.client.put_object(Bucket=store.bucket, Key="media/README", Body=b"a person's")
        assert list(store.find()) == []


def test_an_address_without_a_folder_uses_the_whole_bucket(app, media_url, tmp_path):
    whole = S3Store(media_url.replace("/media?", "?"), LocalStore(tmp_path))
    key = whole.save(io.BytesIO(b"content"), limit=7)
    assert [found for found, _written in whole.find()] == [key]
