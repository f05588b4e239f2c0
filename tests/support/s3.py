"""A real S3 server for tests, a process of its own, and fresh buckets in it."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator

from tests.support.server import free_port

START_SECONDS = 60
S3_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "tests",
    "AWS_SECRET_ACCESS_KEY": "only-for-tests",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextlib.contextmanager
def running_s3() -> Iterator[str]:
    """Serve S3 on a free port until the block ends; give its address."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)],
        env=os.environ | S3_ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(process, url)
        yield url
    finally:
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen, url: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/moto-api/data.json", timeout=5):
                return
        except OSError:  # refused or reset: not there yet
            time.sleep(0.05)
    raise AssertionError("the S3 server did not start")


def make_bucket(server: str) -> str:
    """Make a fresh bucket; return the MEDIA_URL of a folder in it."""
    import boto3

    name = f"interview-{uuid.uuid4().hex[:12]}"
    boto3.client("s3", endpoint_url=server).create_bucket(Bucket=name)
    return f"s3://{name}/media?endpoint={server}&region=us-east-1"
