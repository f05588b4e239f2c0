"""The recurrent network at work: windows of spectrograms in, log odds of emotions out.

Keras is loaded with the weights, not with this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

Pair = tuple[int, int]
QUIETEST = -3.0
"""Stands for frames that a short clip does not have."""
BATCH = 16
"""Windows that go through the network together; one size, so that it is compiled once."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Layers of the network; ``window`` is in frames of 10 ms.

    ``early`` frames are averaged at the entrance. A block has ``depth`` convolutions and, around
    more than one, a shorter way (He et al. 2016). The four blocks have fewer filters than those of
    Zhao et al. (2019) and take longer steps early, which costs a sixth of the time.
    """

    window: int = 256
    bands: int = 64
    classes: int = 8
    early: int = 2
    depth: int = 1
    filters: tuple[int, ...] = (32, 64, 96, 128)
    strides: tuple[int, ...] = (2, 1, 1, 1)
    pools: tuple[Pair, ...] = ((1, 2), (2, 2), (1, 2), (1, 4))
    block_dropout: float = 0.1
    cell: Literal["gru", "lstm"] = "gru"
    both_ways: bool = True
    memories: int = 1
    memory: int = 96
    attention: bool = True
    dropout: float = 0.4


def window_at(spectrogram: NDArray, start: int, size: int) -> NDArray[np.float32]:
    """Return ``size`` frames from ``start``; what is missing is as quiet as can be."""
    part = spectrogram[max(start, 0) : start + size]
    before = max(0, -start)
    after = size - before - len(part)
    return np.pad(part, ((before, after), (0, 0)), constant_values=QUIETEST).astype(np.float32)


def cover(spectrogram: NDArray, size: int) -> list[NDArray[np.float32]]:
    """Return half overlapping windows that cover a clip; a short clip sits in the middle."""
    frames = len(spectrogram)
    if frames <= size:
        return [window_at(spectrogram, (frames - size) // 2, size)]
    count = int(np.ceil((frames - size) / (size // 2))) + 1
    starts = np.linspace(0, frames - size, count).astype(int)
    return [window_at(spectrogram, start, size) for start in starts]


@dataclass(frozen=True, slots=True)
class Crnn:
    """The mean of networks of one shape, each trained without another fifth of the speakers."""

    shape: Shape
    network: Any

    @classmethod
    def load(cls, path: Path, count: int, shape: Shape) -> Self:
        """Read the weights of ``count`` networks."""
        from interview.analysis.audio.network import average, build

        networks = [build(shape) for _ in range(count)]
        with np.load(path) as arrays:
            for index, network in enumerate(networks):
                keys = [weights_key(index, place) for place in range(len(network.weights))]
                network.set_weights([arrays[key].astype(np.float32) for key in keys])
        return cls(shape, average(networks))

    def odds(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the mean log odds of windows, shape ``(windows, classes)``."""
        return run(self.network, windows)

    def clip_odds(self, clips: Sequence[NDArray]) -> NDArray[np.float32]:
        """Return the mean log odds of whole clips, shape ``(clips, classes)``."""
        return clip_odds(self.network, clips, self.shape.window)


def clip_odds(network: Any, clips: Sequence[NDArray], size: int) -> NDArray[np.float32]:
    """Return a network's log odds of clips, averaged over the windows that cover each.

    ``clips`` are normalised spectrograms; the shape is ``(clips, classes)``.
    """
    parts = [cover(clip, size) for clip in clips]
    raw = run(network, np.concatenate([np.stack(part) for part in parts]))
    firsts = np.cumsum([0, *(len(part) for part in parts[:-1])])
    counts = np.array([[len(part)] for part in parts], np.float32)
    return np.add.reduceat(raw, firsts, axis=0) / counts


def weights_key(network: int, place: int) -> str:
    """Return the name of a network's array in the file of weights."""
    return f"{network}/{place}"


def run(network: Any, windows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a network's log odds, the highest of each window being 0."""
    spare = -len(windows) % BATCH
    padded = np.concatenate([windows, np.repeat(windows[:1], spare, axis=0)])
    known = np.ones((BATCH, network.output_shape[-1]), np.float32)
    parts = [
        network.predict_on_batch([padded[first : first + BATCH], known])
        for first in range(0, len(padded), BATCH)
    ]
    raw = np.concatenate(parts)[: len(windows)]
    return raw - raw.max(axis=1, keepdims=True)
