"""Work that several processes do at the same moment."""

import threading
from collections.abc import Callable

from flask import Flask

from interview.extensions import db


def at_once(app: Flask, *works: Callable[[], object]) -> list[Exception | None]:
    """Run pieces of work at the same moment; return what was raised by each, or None."""
    barrier, raised = threading.Barrier(len(works)), [None] * len(works)

    def run(number: int, work: Callable[[], object]) -> None:
        with app.app_context():
            barrier.wait()
            try:
                work()
            except Exception as error:
                raised[number] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised
