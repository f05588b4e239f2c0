"""How gunicorn serves the platform; options on the command line win over this file."""

import gc
from pathlib import Path

# Threads, as pages wait for the database more than they compute. WEB_CONCURRENCY sets the number
# of processes.
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 20
keepalive = 5

# A process is replaced after so many requests, whatever it may have leaked.
max_requests = 5000
max_requests_jitter = 500

# The heartbeat file in memory: on a disk that is busy it would look like a hanging process.
_memory = Path("/dev/shm")  # noqa: S108 - gunicorn opens its file there exclusively
worker_tmp_dir = str(_memory) if _memory.is_dir() else None

# The application writes its own access lines, which hold no addresses of people.
accesslog = None


def post_worker_init(worker: object) -> None:
    """Leave what was loaded at the start out of every later garbage collection."""
    gc.collect()
    gc.freeze()
