"""The reference population: how the measures of a report spread over the training texts.

Only numbers about many texts leave this module; no text does.
"""

import types
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interview.analysis.report import HISTOGRAM_BINS, IMPRESSIONS, MEASURES, TRAITS, Measure
from interview.analysis.text.pipeline import analyse_text
from interview.analysis.text.tokens import sentences, tokens
from interview.analysis.text.words import content_words

POPULATION = "essays"
TOP_WORDS, TOP_PAIRS = 400, 200
_PLACEHOLDERS = ("propname", "locname", "orgname")


class _Unscored:
    """Stands for the model where only the other measures of a report are wanted."""

    version = "none"

    def predict(self, texts: Sequence[str]) -> list[types.SimpleNamespace]:
        """Return no scores."""
        return [types.SimpleNamespace(traits={}, impression={}) for _ in texts]


def norms_of(
    essays: Sequence[str],
    chances: NDArray[np.float64],
    ratings: NDArray[np.float64],
    videos: Sequence[str],
) -> dict[str, Any]:
    """Return the content of ``norms.json``.

    ``chances`` are held-out probabilities of the essays, ``ratings`` held-out ratings of the
    clips. An answer is a few clips long, so the ratings of a video's clips are averaged first.
    """
    _, index = np.unique(np.asarray(videos), return_inverse=True)
    sizes = np.bincount(index)
    by_video = np.stack([np.bincount(index, column) / sizes for column in ratings.T], axis=1)
    values: dict[str, list[float]] = {
        f"big_five.{trait}": chances[:, k].tolist() for k, trait in enumerate(TRAITS)
    }
    several = by_video[sizes > 1] if (sizes > 1).any() else by_video
    values |= {f"impression.{name}": several[:, k].tolist() for k, name in enumerate(IMPRESSIONS)}
    words: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for text in essays:
        report = analyse_text(text, model=_Unscored())
        for key, value in report.measures.items():
            values.setdefault(key, []).append(value)
        own_words, own_pairs = _terms(text)
        words.update(own_words)
        pairs.update(own_pairs)
    return {
        "population": POPULATION,
        "measures": {
            measure.key: _spread(measure, values[measure.key])
            for measure in MEASURES["text"]
            if values.get(measure.key)
        },
        "words": _shares(words, len(essays), TOP_WORDS),
        "pairs": _shares(pairs, len(essays), TOP_PAIRS),
    }


def _terms(text: str) -> tuple[set[str], set[str]]:
    """Return the content words and the neighbouring pairs of them that a text uses."""
    found = tokens(text)
    ends = iter(sentences(text))
    own_words: set[str] = set()
    own_pairs: set[str] = set()
    before, limit = None, 0
    for word in content_words(found):
        if word.lemma in _PLACEHOLDERS:
            continue
        own_words.add(word.lemma)
        same = found[word.index].start < limit
        while found[word.index].start >= limit:
            limit = next(ends)[1]
        if same and before is not None and before.index + 1 == word.index:
            own_pairs.add(f"{before.lemma} {word.lemma}")
        before = word
    return own_words, own_pairs


def _spread(measure: Measure, values: Sequence[float]) -> dict[str, Any]:
    """Return number, mean, standard deviation and histogram, all within the measure's bounds.

    Candidates' averages clip in the same way, and a text without a full stop would otherwise move
    the mean sentence by itself.
    """
    values = np.clip(values, measure.low, measure.high).tolist()
    bins = np.bincount([measure.bin_of(value) for value in values], minlength=HISTOGRAM_BINS)
    return {
        "n": len(values),
        "mean": round(float(np.mean(values)), 6),
        "sd": round(float(np.std(values, ddof=1)), 6) if len(values) > 1 else 0.0,
        "bins": bins.tolist(),
    }


def _shares(counts: Mapping[str, int], total: int, limit: int) -> dict[str, Any]:
    """Return the most common terms with the share of texts that use them."""
    order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]
    return {"n_texts": total, "share": {term: round(n / total, 5) for term, n in order if n > 1}}
