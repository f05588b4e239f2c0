"""Running a script over a file from a stranger, apart from the application and within bounds.

The script binds itself to its memory and processor seconds (see `document_parser.limit_process`)
and answers with one JSON object on stdout; here it gets no secrets, and its time is watched.
"""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any


class ConfinedError(Exception):
    """A script that gave no answer; ``code`` is timeout or broken, ``cause`` is for the log."""

    def __init__(self, code: str, cause: str = "") -> None:
        """Keep what happened."""
        super().__init__(code)
        self.code = code
        self.cause = cause


class Output:
    """What a script writes to stdout while it runs, waited for at most ``seconds`` in all."""

    def __init__(self, child: "subprocess.Popen[bytes]", seconds: float) -> None:
        """Keep the running script."""
        self._child = child
        self._left = seconds
        self._poll = select.poll()
        self._poll.register(child.stdout, select.POLLIN)

    def fill(self, buffer: memoryview) -> None:
        """Fill a buffer with the bytes that come next. Raises ``ConfinedError``."""
        place = 0
        while place < len(buffer):
            began = time.monotonic()
            if not self._poll.poll(max(self._left, 0.0) * 1000):
                raise ConfinedError("timeout")
            self._left -= time.monotonic() - began
            count = self._child.stdout.readinto(buffer[place:])
            if not count:
                _check_end(self._child)
                raise ConfinedError("broken", f"exit {self._child.returncode}")
            place += count

    def answer(self) -> dict[str, Any]:
        """Return the answer, which is all that is left. Raises ``ConfinedError``."""
        return _answer(self._child, self._child.stdout.read())


@contextmanager
def start(script: Path, arguments: Sequence[str], seconds: float) -> Iterator[Output]:
    """Run a script whose output is read piece by piece; it is ended when the block is left.

    ``seconds`` are those for which its output is waited; the reader's own time does not count.
    """
    with _started(script, arguments) as child:
        try:
            yield Output(child, seconds)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)


def run(
    script: Path, arguments: Sequence[str], seconds: float, descriptors: Sequence[int] = ()
) -> dict[str, Any]:
    """Run a script for at most ``seconds`` of wall-clock time and return its answer.

    ``descriptors`` are open files that it may use. Raises ``ConfinedError``.
    """
    with _started(script, arguments, descriptors) as child:
        try:
            output, _ = child.communicate(timeout=seconds)
        except BaseException as error:
            # Also when the caller itself is stopped: nothing may go on reading in the background.
            os.killpg(child.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise ConfinedError("timeout") from error
            raise
    return _answer(child, output)


def _started(
    script: Path, arguments: Sequence[str], descriptors: Sequence[int] = ()
) -> "subprocess.Popen[bytes]":
    # -P: modules beside the script must not shadow others. The environment stays behind because
    # it holds the application's secrets.
    return subprocess.Popen(  # noqa: S603 - our own script, and every path is one argument
        [sys.executable, "-P", str(script), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        env={"PYTHONUTF8": "1"},
        start_new_session=True,
        pass_fds=descriptors,
    )


def _check_end(child: "subprocess.Popen[bytes]") -> None:
    # The kernel ends a process that used up its processor seconds, softly or hard.
    if child.wait() in (-signal.SIGXCPU, -signal.SIGKILL):
        raise ConfinedError("timeout")


def _answer(child: "subprocess.Popen[bytes]", output: bytes) -> dict[str, Any]:
    _check_end(child)
    try:
        answer: dict[str, Any] = json.loads(output)
    except ValueError as error:
        raise ConfinedError("broken", f"exit {child.returncode}") from error
    return answer
