"""The platform as real processes: gunicorn, and a worker beside it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from interview.settings import ROOT
from tests.support.databases import SECRET

START_SECONDS = 60


@dataclass
class Server:
    """A running platform."""

    url: str
    web: subprocess.Popen
    worker: subprocess.Popen | None
    environment: dict[str, str]
    started: float
    """When the web process was started, as `time.perf_counter` tells."""
    log: Path = field(default=Path(os.devnull))

    def processes(self) -> list[int]:
        """Return the process ids of gunicorn and of those that it started."""
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text()
        return [self.web.pid, *map(int, children.split())]


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def server_environment(instance: Path, port: int, **values: str) -> dict[str, str]:
    """Return the environment of a platform whose files are under `instance`."""
    inherited = dict(os.environ)
    # Where byte code is not kept, every start compiles everything anew: nobody runs it that way.
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)
    return {
        **inherited,
        "ENVIRONMENT": "local",
        "SECRET_KEY": SECRET,
        "INSTANCE_DIR": str(instance),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        **values,
    }


@contextlib.contextmanager
def running_server(instance: Path, *, worker: bool, **values: str) -> Iterator[Server]:
    """Serve the instance, whose database must be migrated, until the block ends."""
    instance.mkdir(parents=True, exist_ok=True)
    port = free_port()
    environment = server_environment(instance, port, **values)
    log = instance / "processes.log"
    with log.open("a") as output:

        def start(*command: str) -> subprocess.Popen:
            return subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=output,
            )

        started = time.perf_counter()
        web = start("gunicorn", "app:app", "--bind", f"127.0.0.1:{port}")
        helper = start("flask", "--app", "app", "worker") if worker else None
        server = Server(f"http://127.0.0.1:{port}", web, helper, environment, started, log)
        try:
            wait_until_alive(server)
            yield server
        finally:
            for process in (web, helper):
                if process is not None:
                    _stop(process)


def wait_until_alive(server: Server) -> float:
    """Wait for the first good answer of /healthz; return the seconds since the start."""
    while time.perf_counter() - server.started < START_SECONDS:
        if server.web.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{server.url}/healthz", timeout=5):
                return time.perf_counter() - server.started
        except OSError:  # refused, reset or too slow
            time.sleep(0.02)
    raise AssertionError(f"the server did not start:\n{server.log.read_text()}")


def _stop(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=10)
