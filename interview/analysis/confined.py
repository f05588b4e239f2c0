"""Running a script over a file from a stranger, apart from the application and within bounds.

The script binds itself to its memory and processor seconds (see `document_parser.limit_process`)
and answers with one JSON object on stdout; here it gets no secrets, and its time is watched.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


class ConfinedError(Exception):
    """A script that gave no answer; ``code`` is timeout or broken, ``cause`` is for the log."""

    def __init__(self, code: str, cause: str = "") -> None:
        """Keep what happened."""
        super().__init__(code)
        self.code = code
        self.cause = cause


def run(
    script: Path, arguments: Sequence[str], seconds: float, descriptors: Sequence[int] = ()
) -> dict[str, Any]:
    """Run a script for at most ``seconds`` of wall-clock time and return its answer.

    ``descriptors`` are open files that it may use. Raises ``ConfinedError``.
    """
    # -P: modules beside the script must not shadow others. The environment stays behind because
    # it holds the application's secrets.
    with subprocess.Popen(  # noqa: S603 - our own script, and every path is one argument
        [sys.executable, "-P", str(script), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONUTF8": "1"},
        start_new_session=True,
        pass_fds=descriptors,
    ) as child:
        try:
            output, _ = child.communicate(timeout=seconds)
        except BaseException as error:
            # Also when the caller itself is stopped: nothing may go on reading in the background.
            os.killpg(child.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise ConfinedError("timeout") from error
            raise
    # The kernel ends a process that used up its processor seconds, softly or hard.
    if child.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise ConfinedError("timeout")
    try:
        answer: dict[str, Any] = json.loads(output)
    except ValueError as error:
        raise ConfinedError("broken", f"exit {child.returncode}") from error
    return answer
