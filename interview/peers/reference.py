"""The reference population of a model's card: what stands in until enough candidates have come."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app

MODELS: Mapping[str, str] = {"text": "text", "audio": "speech", "video": "speech"}
"""The folder of the model whose reference population stands in for each mode's candidates.

Before a camera it stands in for the voice and the delivery alone; no population has faces.
"""


@dataclass(frozen=True, slots=True)
class MeasureNorm:
    """One measure over the reference answers: size, mean, standard deviation, histogram."""

    n: int
    mean: float
    sd: float
    bins: Sequence[int]


@dataclass(frozen=True, slots=True)
class TermNorm:
    """How many reference texts there are, and the share of them that use each term.

    `share` is sorted, the most common term first.
    """

    n: int
    share: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Norms:
    """A mode's reference population; `population` is the code of its name.

    `terms` is empty where the reference answers are not known by their words.
    """

    population: str
    measures: Mapping[str, MeasureNorm]
    terms: Mapping[str, TermNorm]


def norms(mode: str) -> Norms | None:
    """Return the reference population of a mode's shipped model, or None if it has none."""
    path = current_app.config["SETTINGS"].models_dir / MODELS[mode] / "norms.json"
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(path, changed)


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> Norms:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Norms(
        population=data["population"],
        measures={
            key: MeasureNorm(norm["n"], norm["mean"], norm["sd"], tuple(norm["bins"]))
            for key, norm in data["measures"].items()
        },
        terms={
            kind: TermNorm(
                data[kind]["n_texts"],
                dict(sorted(data[kind]["share"].items(), key=lambda item: (-item[1], item[0]))),
            )
            for kind in ("words", "pairs")
            if kind in data
        },
    )
