"""Settings of the network, apart from it so that reading them loads no TensorFlow."""

from dataclasses import dataclass

UNKNOWN, FIRST_WORD = 1, 2
"""Index of a word without an embedding, and of the first with one; 0 pads."""


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """Shape and training of the network; the defaults are those of the card.

    ``sample`` windows set the scales of the trunk; filters are ``raised`` by so many standard
    deviations above 0; memories read with the standard deviation ``read`` and the last remembers
    for ``remembered`` steps; ``penalty`` is that of the output layers, per mean eigenvalue.
    """

    window: int = 300
    size: int = 300
    filters: tuple[int, ...] = (128, 256, 512)
    kernel: int = 8
    dropout: float = 0.3
    memory: int = 180
    memories: int = 3
    dense: int = 128
    sample: int = 768
    raised: float = 3.0
    read: float = 0.5
    remembered: tuple[float, float] = (60.0, 300.0)
    penalty: float = 5.0
    tuning_epochs: int = 1
    tuning_rate: float = 2e-6
    decay: float = 1e-4
    batch: int = 16
