"""Layout of the network that reads faces, apart from it so that reading it loads no Keras."""

from dataclasses import dataclass

from interview.analysis.report import EMOTIONS

SIZE = 48
"""Side of the grey crops that the network reads, in pixels."""

VOTED = ("neutral", "happy", "surprise", "sad", "angry", "disgust", "fear", "contempt")
"""Classes that FERPlus' annotators could vote for (Barsoum et al. 2016)."""

POSE = ("yaw", "pitch", "roll")

HEADS = {"emotion": len(EMOTIONS), "votes": len(VOTED), "smile": 1, "pose": len(POSE)}
"""Outputs of the network, side by side: log odds, log odds, log odds, radians."""

OUTPUTS = sum(HEADS.values())


def head(name: str) -> slice:
    """Return where a head's outputs are."""
    names = list(HEADS)
    start = sum(HEADS[other] for other in names[: names.index(name)])
    return slice(start, start + HEADS[name])


@dataclass(frozen=True, slots=True)
class Shape:
    """Layers of a residual network (He et al. 2016): a stem, then stages of two-layer blocks.

    The stem halves the picture; ``strides`` holds the step with which each stage begins.
    """

    stem: int = 32
    widths: tuple[int, ...] = (48, 96, 192, 256)
    depths: tuple[int, ...] = (1, 2, 2, 1)
    strides: tuple[int, ...] = (1, 2, 2, 1)
    dropout: float = 0.2
