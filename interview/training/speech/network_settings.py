"""Settings of the network's training, apart from it so that reading them loads no Keras."""

from dataclasses import dataclass, field

from interview.analysis.audio.crnn import Shape


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """How the network is trained; the defaults are those of the shipped one.

    An epoch has every RAVDESS clip once and ``share`` of the other corpora, of which there are
    five times as many. ``listeners`` is the part of the target taken from listeners' votes,
    ``average`` the momentum of the weights' moving average.
    """

    shape: Shape = field(default_factory=Shape)
    smoothing: float = 0.05
    listeners: float = 0.2
    mixup: float = 0.3
    epochs: int = 40
    share: float = 0.5
    batch: int = 32
    rate: float = 1.5e-3
    decay: float = 2e-3
    average: float = 0.995
