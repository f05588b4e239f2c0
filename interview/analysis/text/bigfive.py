"""The Big Five model: self-described traits of a writer, and how a speaker may come across.

Weights are plain arrays in ``weights.npz`` and vocabularies in ``vocabulary.json``; loading runs
no code from the folder. Predictions are deterministic.
"""

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from interview.analysis.report import IMPRESSIONS, TRAITS
from interview.analysis.text.heads import Counted, ImpressionHead, TraitHead
from interview.analysis.text.passages import manner_of, over_passages

FORMAT = 1
"""Version of the layout of the folder."""

VOCABULARIES = ("tokens", "spelling", "letters")

_SMALL = 100_000
"""Arrays of more numbers than this are stored in half precision."""

Head = TypeVar("Head", TraitHead, ImpressionHead)


class ModelError(ValueError):
    """A folder that does not hold a usable model."""


@dataclass(frozen=True, slots=True)
class TextScores:
    """What the model says of one text.

    ``traits`` are calibrated probabilities, 0 to 1, that the writer describes themselves as above
    the middle; ``impression`` are the ratings, 0 to 1, that strangers may give.
    """

    traits: dict[str, float]
    impression: dict[str, float]


@dataclass(frozen=True, slots=True)
class BigFiveModel:
    """A loaded model; see ``load`` and ``predict``."""

    version: str
    vocabularies: dict[str, list[str]]
    traits: TraitHead
    impressions: ImpressionHead

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Load the model from its folder. Raises ``ModelError`` naming what is wrong."""
        try:
            card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
            vocabularies = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
            with np.load(folder / "weights.npz", allow_pickle=False) as stored:
                arrays = dict(stored)
        except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
            raise ModelError(f"{folder} holds no readable text model: {error}") from error
        if card.get("format") != FORMAT:
            raise ModelError(f"{folder} has format {card.get('format')}, needed is {FORMAT}")
        try:
            model = cls(
                str(card["version"]),
                {name: list(vocabularies[name]) for name in VOCABULARIES},
                _restore(TraitHead, arrays, "traits"),
                _restore(ImpressionHead, arrays, "impressions"),
            )
        except KeyError as error:
            raise ModelError(f"{folder} lacks {error.args[0]}") from error
        model._check(folder)
        return model

    def _check(self, folder: Path) -> None:
        """Raise ``ModelError`` when the parts do not fit together."""
        needed = {
            "tokens": len(self.traits.tokens.idf),
            "spelling": len(self.traits.spelling.idf),
            "letters": len(self.impressions.letters.idf),
        }
        for name, size in needed.items():
            if len(self.vocabularies[name]) != size:
                raise ModelError(f"{folder}: {name} has {len(self.vocabularies[name])}, not {size}")
        for name, array in arrays_of(self).items():
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                raise ModelError(f"{folder}: {name} holds values that are no numbers")

    def save(self, folder: Path) -> None:
        """Write weights and vocabularies; the card is written beside them by the training."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.vocabularies, ensure_ascii=True, separators=(",", ":"))
        (folder / "vocabulary.json").write_text(text, encoding="utf-8")
        np.savez_compressed(folder / "weights.npz", **arrays_of(self))

    def predict(self, texts: Sequence[str]) -> list[TextScores]:
        """Score texts, in order; an empty list gives an empty list."""
        if not texts:
            return []
        return [
            TextScores(
                dict(zip(TRAITS, map(float, traits), strict=True)),
                dict(zip(IMPRESSIONS, map(float, impression), strict=True)),
            )
            for traits, impression in zip(
                self.trait_probabilities(texts), self.impression_ratings(texts), strict=True
            )
        ]

    def count(self, texts: Sequence[str]) -> Counted:
        """Count the terms that the trait head knows."""
        manner = manner_of(texts, self.vocabularies["letters"], self.impressions)
        return Counted.of(texts, self.vocabularies["tokens"], self.vocabularies["spelling"], manner)

    def trait_probabilities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return calibrated probabilities, shape ``(texts, 5)``, in the order of ``TRAITS``."""
        return self.traits.probabilities(self.count(texts))

    def impression_ratings(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return expected ratings, shape ``(texts, 6)``, in the order of ``IMPRESSIONS``.

        The head knows transcripts of 15 seconds; a longer text is cut at sentence ends into
        passages of about that length, whose ratings are averaged.
        """
        letters = self.vocabularies["letters"]
        return over_passages(texts, letters, self.impressions.ratings)


def arrays_of(model: BigFiveModel) -> dict[str, NDArray]:
    """Return the arrays of both heads under dotted names, large ones in half precision."""
    found: dict[str, NDArray] = {}

    def walk(part: Any, name: str) -> None:
        if is_dataclass(part):
            for field in fields(part):
                walk(getattr(part, field.name), f"{name}.{field.name}")
            return
        array = np.asarray(part)
        half = array.dtype == np.float32 and array.size > _SMALL
        found[name] = array.astype(np.float16) if half else array

    walk(model.traits, "traits")
    walk(model.impressions, "impressions")
    return found


def _restore(kind: type[Head], arrays: dict[str, NDArray], name: str) -> Head:
    """Build a head, or a part of it, from its arrays. Raises ``KeyError`` for a missing one."""
    values: dict[str, Any] = {}
    for field in fields(kind):
        key = f"{name}.{field.name}"
        if isinstance(field.type, type) and is_dataclass(field.type):
            values[field.name] = _restore(field.type, arrays, key)
        else:
            array = arrays[key]
            if array.dtype == np.float16:
                array = array.astype(np.float32)
            values[field.name] = array if array.ndim else array.item()
    return kind(**values)
