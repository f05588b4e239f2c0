"""`make run`: what it says and how it ends, as real processes and with stand-ins for them."""

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request

import pytest

from interview import local
from interview.settings import ROOT
from tests.support.databases import sqlite_copy
from tests.support.server import free_port, server_environment

BUSY = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("busy", flush=True)
time.sleep(300)
"""


def run(instance, port):
    return subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=server_environment(instance, port, PORT=str(port)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def python():
    """`python(code)` starts a process; all are ended after the test."""
    started = []

    def start(code):
        started.append(subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_port_that_is_taken_is_named_and_the_status_is_not_zero(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        process = run(tmp_path, port)
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert f"http://127.0.0.1:{port} cannot be used: Address already in use" in said
    assert "Traceback" not in said
    assert "Make an admin" not in said


def test_the_address_that_is_printed_answers_and_being_told_to_stop_is_status_zero(
    tmp_path, sqlite_schema
):
    sqlite_copy(sqlite_schema, tmp_path)
    port = free_port()
    process = run(tmp_path, port)
    said = ""
    while "Interview Simulator: " not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=120) as answer:
        assert answer.status == 200
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "Traceback" not in rest


def test_a_process_that_ends_by_itself_is_named_and_the_status_is_not_zero(python, capsys):
    children = {
        "web": python("raise SystemExit(3)"),
        "worker": python("import time; time.sleep(300)"),
    }
    before = signal.getsignal(signal.SIGTERM)
    assert local._run_until_stopped(children) == 1
    signal.signal(signal.SIGTERM, before)
    assert "The web process ended by itself, with status 3" in capsys.readouterr().err
    assert children["worker"].returncode is not None


def test_a_worker_amid_an_analysis_is_ended_in_the_end_without_a_traceback(
    python, capsys, monkeypatch
):
    monkeypatch.setattr(local, "STOP_SECONDS", 0.2)
    worker = python(BUSY)
    assert worker.stdout.readline()
    before = signal.getsignal(signal.SIGTERM)
    threading.Timer(2, os.kill, (os.getpid(), signal.SIGTERM)).start()
    assert local._run_until_stopped({"worker": worker}) == 0
    signal.signal(signal.SIGTERM, before)
    assert "The worker process was still busy" in capsys.readouterr().out
