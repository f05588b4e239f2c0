"""Settings of the network's training, apart from it so that reading them loads no Keras."""

from dataclasses import dataclass, field

from interview.analysis.audio.crnn import Shape


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle of the learning rate: a warm start, then a fall (Loshchilov & Hutter 2017).

    An epoch has every RAVDESS clip once and ``share`` of the other corpora, of which there are
    five times as many.
    """

    epochs: int
    share: float
    rate: float


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """How the network is trained; the defaults are those of the shipped one.

    ``listeners`` is the part of the target taken from listeners' votes, ``average`` the momentum
    of the weights' moving average.
    """

    shape: Shape = field(default_factory=Shape)
    cycles: tuple[Cycle, ...] = (Cycle(40, 0.5, 1.5e-3), Cycle(10, 1.0, 1e-3))
    smoothing: float = 0.05
    listeners: float = 0.2
    mixup: float = 0.3
    batch: int = 32
    decay: float = 2e-3
    average: float = 0.995


LITERATURE = Shape(
    early=1,
    filters=(64, 64, 128, 128),
    strides=(1, 1, 1, 1),
    pools=((2, 2), (2, 4), (2, 4), (2, 2)),
    block_dropout=0.3,
    cell="lstm",
    both_ways=False,
    memories=2,
    memory=256,
    attention=False,
    dropout=0.0,
)
"""Filters, memories and the pooling of bands (2, then 4) as of Zhao et al. (2019).

Time is pooled by 2, so that the memories get 16 steps of the 2.56 s.
"""

NETWORKS = {
    "gru": NetworkSettings(),
    "lstm": NetworkSettings(shape=Shape(cell="lstm")),
    "literature": NetworkSettings(shape=LITERATURE),
    "wide": NetworkSettings(
        shape=Shape(depth=2, filters=(40, 80, 128, 160), memory=128),
        cycles=(Cycle(60, 1.0, 2e-3),),
        batch=128,
    ),
}
"""Networks to train, by name; ``gru`` is shipped, the wide one wants an accelerator."""
