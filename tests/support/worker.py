"""A real worker process for tests: `python -m tests.support.worker`, its models quick or slow.

Settings come from the environment, as in production. With SLOW_SECONDS the models take so long.
"""

import os
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from interview import create_app
from interview.jobs import tasks
from interview.settings import load_settings
from tests.support.face_model import FakeFaceModel, FakeFaces
from tests.support.model import FakeScores, FakeTextModel
from tests.support.speech_model import FakeHeard, FakeSpeechModel


class SlowModel(FakeTextModel):
    """Takes its time, so that a test can do something meanwhile."""

    def predict(self, texts: Sequence[str]) -> list[FakeScores]:
        """Wait, then score."""
        time.sleep(float(os.environ.get("SLOW_SECONDS", "0")))
        return super().predict(texts)


class SlowSpeechModel(FakeSpeechModel):
    """Takes its time, too."""

    def listen(
        self, samples: NDArray[np.float32], speech: Sequence[tuple[float, float]]
    ) -> FakeHeard:
        """Wait, then listen."""
        time.sleep(float(os.environ.get("SLOW_SECONDS", "0")))
        return super().listen(samples, speech)


class SlowFaceModel(FakeFaceModel):
    """Takes its time with every batch of faces, too."""

    def look(self, crops: NDArray[np.uint8]) -> FakeFaces:
        """Wait, then look."""
        time.sleep(float(os.environ.get("SLOW_SECONDS", "0")))
        return super().look(crops)


if __name__ == "__main__":
    create_app(load_settings())
    tasks.text_model = SlowModel  # type: ignore[assignment]
    tasks.speech_model = SlowSpeechModel  # type: ignore[assignment]
    tasks.face_model = SlowFaceModel  # type: ignore[assignment]
    tasks.run_worker(threads=1)
