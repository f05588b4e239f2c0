"""What a face shows: emotions, contempt, a smile, where it is turned, and where that is seen.

Keras is loaded with the weights, not with this module.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from interview.analysis.video.shape import POSE, SIZE, VOTED, Shape, head

Floats = NDArray[np.float32]

BATCH = 64
"""Faces that go through the network together; one size, so that it is compiled once."""


@dataclass(frozen=True, slots=True)
class Faces:
    """What ``n`` faces show.

    ``emotions`` holds calibrated probabilities of ``EMOTIONS``, shape ``(n, 7)``; ``contempt`` and
    ``smile`` probabilities, shape ``(n,)``; ``pose`` yaw, pitch and roll in radians, shape
    ``(n, 3)``: a positive roll leans clockwise in the picture.
    """

    emotions: Floats
    contempt: Floats
    smile: Floats
    pose: Floats


@dataclass(frozen=True, slots=True)
class Scales:
    """What the network's log odds are multiplied with so that they are calibrated.

    ``emotion_offsets`` are then added to those of the emotions (vector scaling, Guo et al. 2017).
    """

    emotion: float
    emotion_offsets: tuple[float, ...]
    votes: float
    smile: float

    def faces(self, outputs: Floats) -> Faces:
        """Return what outputs of shape ``(n, OUTPUTS)`` say."""
        votes = softmax(self.votes * outputs[:, head("votes")])
        smile = 1 / (1 + np.exp(-self.smile * outputs[:, head("smile")][:, 0]))
        return Faces(
            emotions=softmax(
                self.emotion * outputs[:, head("emotion")]
                + np.asarray(self.emotion_offsets, np.float32)
            ),
            contempt=votes[:, VOTED.index("contempt")],
            smile=smile.astype(np.float32),
            pose=outputs[:, head("pose")],
        )


@dataclass(frozen=True, slots=True)
class FaceModel:
    """The trained network of ``models/faces``."""

    version: str
    size: int
    scales: Scales
    network: Any
    """Faces of shape ``(n, 48, 48)`` in; the last feature map and the outputs out."""
    weights: Floats
    """What each feature adds to each output, shape ``(features, OUTPUTS)``."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the model. Raises ``OSError`` or ``KeyError`` when files are missing or damaged."""
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        network = restore(folder / "weights.npz", shape_of(card["shape"]))
        return cls(
            version=card["version"],
            size=SIZE,
            scales=Scales(**card["scales"]),
            network=with_features(network),
            weights=np.asarray(network.get_layer("heads").get_weights()[0]),
        )

    def look(self, crops: NDArray[np.uint8]) -> Faces:
        """Return what grey faces of shape ``(n, 48, 48)`` show.

        The mean with each face's mirror image is taken, which is a little more accurate.
        """
        return self.scales.faces(self.outputs(crops))

    def outputs(self, crops: NDArray[np.uint8]) -> Floats:
        """Return the network's outputs, shape ``(n, OUTPUTS)``, each averaged with the mirror's."""
        if not len(crops):
            return np.zeros((0, self.weights.shape[1]), np.float32)
        said = self._run(crops)[1]
        other = self._run(crops[:, :, ::-1])[1]
        return (said + other * mirror_signs(said.shape[1])) / 2

    def activation(self, crop: NDArray[np.uint8], emotion: int) -> Floats:
        """Return where a face speaks for an emotion, 0 to 1, shape ``(48, 48)``.

        Gradient-weighted class activation mapping (Grad-CAM, Selvaraju et al. 2017), which for
        outputs that are linear in the averaged features needs no gradients (Zhou et al. 2016).
        """
        features = self._run(crop[None])[0][0]
        place = np.maximum(features @ self.weights[:, head("emotion").start + emotion], 0)
        whole = cv2.resize(place.astype(np.float32), (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
        return np.clip(whole / max(float(whole.max()), 1e-6), 0, 1).astype(np.float32)

    def _run(self, crops: NDArray[np.uint8]) -> tuple[Floats, Floats]:
        """Return feature maps and outputs of faces."""
        features, outputs = [], []
        for first in range(0, len(crops), BATCH):
            part = crops[first : first + BATCH].astype(np.float32)
            spare = np.repeat(part[:1], BATCH - len(part), axis=0)
            found = self.network.predict_on_batch(np.concatenate([part, spare]))
            features.append(found[0][: len(part)])
            outputs.append(found[1][: len(part)])
        return np.concatenate(features), np.concatenate(outputs)


def shape_of(stored: Mapping[str, Any]) -> Shape:
    """Return the layout that a card holds."""
    values = {key: tuple(item) if isinstance(item, list) else item for key, item in stored.items()}
    return Shape(**values)


def restore(path: Path, shape: Shape) -> Any:
    """Build a network and read its weights."""
    from interview.analysis.video.network import build

    network = build(shape)
    network.set_weights(read_weights(path))
    return network


def read_weights(path: Path) -> list[Floats]:
    """Return the shipped weights of a network, in single precision and in its order."""
    with np.load(path) as arrays:
        return [arrays[str(place)].astype(np.float32) for place in range(len(arrays.files))]


def with_features(network: Any) -> Any:
    """Return a network that also gives its last feature map."""
    import keras

    features = network.get_layer("pooled").input
    return keras.Model(network.inputs, [features, network.outputs[0]])


def mirror_signs(outputs: int) -> Floats:
    """Return the sign that each output of a mirrored face has: yaw and roll turn over."""
    signs = np.ones(outputs, np.float32)
    for name in ("yaw", "roll"):
        signs[head("pose").start + POSE.index(name)] = -1
    return signs


def softmax(odds: Floats) -> Floats:
    """Return probabilities of log odds, row by row."""
    powers = np.exp(odds - odds.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
