"""A real worker process for tests: `python -m tests.support.worker`, its model quick or slow.

Settings come from the environment, as in production. With SLOW_SECONDS the model takes so long.
"""

import os
import time
from collections.abc import Sequence

from interview import create_app
from interview.jobs import tasks
from interview.settings import load_settings
from tests.support.model import FakeScores, FakeTextModel


class SlowModel(FakeTextModel):
    """Takes its time, so that a test can do something meanwhile."""

    def predict(self, texts: Sequence[str]) -> list[FakeScores]:
        """Wait, then score."""
        time.sleep(float(os.environ.get("SLOW_SECONDS", "0")))
        return super().predict(texts)


if __name__ == "__main__":
    create_app(load_settings())
    tasks.text_model = SlowModel  # type: ignore[assignment]
    tasks.run_worker(threads=1)
