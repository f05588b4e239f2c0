"""Settings of the network, apart from it so that reading them loads no TensorFlow."""

from dataclasses import dataclass

UNKNOWN, FIRST_WORD = 1, 2
"""Index of a word without an embedding, and of the first with one; 0 pads."""


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """Shape and training of the network; the defaults are those of the card.

    ``compiled`` has XLA compile the training step, which pays for large networks only.
    """

    window: int = 300
    size: int = 300
    filters: tuple[int, ...] = (128, 256, 512)
    kernel: int = 8
    dropout: float = 0.3
    memory: int = 180
    memories: int = 3
    dense: int = 128
    alike: float = 0.9
    smoothing: float = 0.1
    taught: float = 0.6
    head_epochs: int = 20
    tuning_epochs: int = 1
    head_rate: float = 1e-3
    tuning_rate: float = 2e-5
    decay: float = 1e-4
    batch: int = 16
    compiled: bool = True
