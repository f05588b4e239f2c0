"""Settings of the networks' training, apart from it so that reading them loads no Keras."""

from dataclasses import dataclass, field
from pathlib import Path

from interview.analysis.video.shape import Shape


@dataclass(frozen=True, slots=True)
class Fit:
    """A part of the training, with a learning rate that rises and falls.

    ``small`` is the part of the epochs that sees the faces at two thirds of their size, which
    costs less than half. ``mixup`` is the parameter of the beta distribution, ``average`` the
    momentum of the weights' moving average, ``strength`` how far variants of a face may go.
    """

    epochs: int = 40
    small: float = 0.6
    rate: float = 2e-3
    decay: float = 0.05
    batch: int = 128
    mixup: float = 0.2
    average: float = 0.998
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is trained, and on how much of each set in an epoch.

    ``smoothing`` and ``listeners`` shape the emotions' target: a part spread over all classes, and
    a part from the annotators' votes. ``smiles`` is the share of SMILEs' faces in an epoch.
    ``taught`` is the part of the emotions' targets that the teacher gives (distillation, Hinton et
    al. 2015). ``precision`` is Keras' policy: with PyTorch, on some processors that multiply
    bfloat16, ``mixed_bfloat16`` takes half the time. ``start`` is the folder of a shipped model,
    whose network is trained for the last of ``fits`` only.
    """

    seed: int = 20
    shape: Shape = field(default_factory=Shape)
    teacher: Shape | None = None
    fits: tuple[Fit, ...] = (
        Fit(),
        Fit(epochs=12, small=0.0, rate=1e-3, mixup=0.0, strength=0.5),
        Fit(epochs=30, small=0.0, rate=1e-3, mixup=0.0, strength=0.5),
        Fit(epochs=48, small=0.45, rate=2e-3, mixup=0.2, strength=0.8),
    )
    taught: float = 0.5
    smoothing: float = 0.05
    listeners: float = 0.3
    smiles: float = 0.15
    precision: str = "float32"
    start: Path | None = None
