"""How often the models of emotions are right, from their cards, for those about to be recorded.

Reads files only: the web process loads no model.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app

_WHERE = {
    "faces": (
        ("fer2013_public_test, without copies", "accuracy"),
        ("fer2013_public_test", "accuracy"),
    ),
    "speech": (("cremad", "ensemble", "accuracy"),),
}
"""Where a model's card has the share of all that is tested, best measure first."""


def of_hundred() -> dict[str, int | None]:
    """Return of how many in a hundred each model names the emotion; None where no card says so."""
    folder = Path(current_app.config["SETTINGS"].models_dir)
    return {name: _of_hundred(folder / name / "card.json", name) for name in _WHERE}


def _of_hundred(path: Path, name: str) -> int | None:
    if not path.is_file():
        return None
    figures = _figures(path, path.stat().st_mtime_ns)
    for keys in _WHERE[name]:
        found: Any = figures
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        if isinstance(found, float):
            return round(100 * found)
    return None


@lru_cache(maxsize=8)
def _figures(path: Path, changed: int) -> dict[str, Any]:
    """Read a card's figures; `changed` is part of the key, so a new card is read anew."""
    card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return dict(card.get("figures", {}))
