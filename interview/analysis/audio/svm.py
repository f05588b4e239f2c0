"""The support vector machine at work, on the numbers that training stored.

Scaling, principal components, a Gaussian kernel, one machine per pair of classes (Knerr et al.
1990). The machines' limited decisions are added up per class.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Self

import numpy as np
from numpy.typing import NDArray

LIMIT = 4.0
"""Deviations beyond which a feature counts no more."""


@dataclass(frozen=True, slots=True)
class Svm:
    """A trained machine.

    ``axes`` turns scaled features into components; ``duals`` has shape ``(classes - 1, vectors)``
    as libsvm lays them out, ``sizes`` the number of support vectors of each class.
    """

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    axes: NDArray[np.float32]
    vectors: NDArray[np.float32]
    duals: NDArray[np.float32]
    intercepts: NDArray[np.float32]
    sizes: NDArray[np.int64]
    width: float

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray]) -> Self:
        """Build it from stored arrays."""
        floats = ("mean", "scale", "axes", "vectors", "duals", "intercepts")
        return cls(
            **{name: arrays[name].astype(np.float32) for name in floats},
            sizes=arrays["sizes"].astype(np.int64),
            width=float(arrays["width"]),
        )

    def components(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the principal components of features, shape ``(n, components)``."""
        scaled = np.clip((features - self.mean) / self.scale, -LIMIT, LIMIT)
        return scaled @ self.axes

    def scores(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a score per class, shape ``(n, classes)``: the sum of the pairs' decisions."""
        return self.scores_of(self.components(features))

    def scores_of(self, places: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the scores of principal components."""
        distance = (
            (places**2).sum(1)[:, None]
            + (self.vectors**2).sum(1)[None]
            - 2 * places @ self.vectors.T
        )
        kernel = np.exp(-self.width * np.maximum(distance, 0))
        return pair_scores(kernel, self.duals, self.intercepts, self.sizes)


def pair_scores(
    kernel: NDArray, duals: NDArray, intercepts: NDArray, sizes: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Add up the decisions of one-against-one machines, each limited to -1..1, per class."""
    ends = np.cumsum(sizes)
    parts = [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)]
    found = np.zeros((len(kernel), len(sizes)), np.float32)
    for index, (one, other) in enumerate(combinations(range(len(sizes)), 2)):
        decision = (
            kernel[:, parts[one]] @ duals[other - 1, parts[one]]
            + kernel[:, parts[other]] @ duals[one, parts[other]]
            + intercepts[index]
        )
        limited = np.clip(decision, -1, 1)
        found[:, one] += limited
        found[:, other] -= limited
    return found
