"""The Big Five text model: `train` writes it, `evaluate` scores it on labelled texts."""

from interview.training.text.evaluate import evaluate
from interview.training.text.shipping import train

__all__ = ["evaluate", "train"]
