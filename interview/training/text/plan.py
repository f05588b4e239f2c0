"""What a training run does."""

from dataclasses import dataclass, field

from interview.training.text.heads import Settings
from interview.training.text.network_settings import NetworkSettings


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: the shipped settings, the network's, further fold seeds, which comparisons.

    ``network_folds`` is the number of folds that the network is trained on; 0 leaves it out.
    """

    settings: Settings = field(default_factory=Settings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    more_seeds: tuple[int, ...] = (21, 23)
    baselines: bool = True
    network_folds: int = 10
