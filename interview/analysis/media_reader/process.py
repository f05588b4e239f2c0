"""The process that reads a recording: its bounds, its tasks and its answer.

It is called with ``TASK FILE LIMITS [ARGUMENT]``; the answer is one JSON object on stdout, which
the task ``pictures`` precedes with its pictures. Decoders are written in C and a stranger's file
may make them eat memory or time without end, so the process binds itself to limits before it
loads one. It imports nothing of the application.
"""

import json
import math
import resource
import sys
from pathlib import Path
from typing import Any

from .containers import RefusedError, describe, open_file
from .picture import HEADER, THREADS, pictures
from .picture import strip as strip_picture
from .sound import RATE, TARGETS, read, strip


def probe(path: Path, limits: dict[str, Any]) -> dict[str, Any]:
    """Describe a file."""
    with open_file(path, limits, TARGETS) as container:
        return describe(container)


TASKS = {
    "probe": probe,
    "read": read,
    "strip": strip,
    "strip_picture": strip_picture,
    "pictures": pictures,
}


def limit_process(limits: dict[str, Any], threads: int) -> None:
    """Bind this process to its memory, seconds and size of files, and forbid core dumps."""
    seconds = math.ceil(limits["seconds"]) * threads
    bounds = [
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 2 * limits["max_bytes"] + int(4 * RATE * limits["max_seconds"])),
        (resource.RLIMIT_CORE, 0),
    ]
    for what, bound in bounds:
        _, hard = resource.getrlimit(what)
        # a limit may be lowered, never raised
        allowed = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(what, (allowed, allowed))


def answer(task: str, path: Path, limits: dict[str, Any], arguments: list[str]) -> dict[str, Any]:
    """Do one task and return what goes to the parent: its result, or ``error`` and ``values``."""
    try:
        return TASKS[task](path, limits, *arguments)
    except RefusedError as refused:
        return {"error": refused.code, "values": refused.values}
    except MemoryError:
        values = {"limit": limits["max_bytes"], "unpacked": limits["memory"]}
        return {"error": "too_large", "values": values}
    except Exception as error:
        # a damaged file can raise almost anything
        return {"error": "unreadable", "values": {"cause": type(error).__name__}}


def main() -> None:
    """Read the arguments, work within the limits, print the answer as JSON."""
    task, path, limits, *arguments = sys.argv[1:]
    bounds = json.loads(limits)
    limit_process(bounds, THREADS if task == "pictures" else 1)
    result = json.dumps(answer(task, Path(path), bounds, arguments))
    if task == "pictures":
        sys.stdout.buffer.write(HEADER.pack(0, 0, 0, 0, 0))
    sys.stdout.write(result)
