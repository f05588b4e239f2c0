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
