"""The two heads of the Big Five model: what a text says of its writer, and how it comes across.

Each head averages a few machines whose scores were brought to one scale.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from interview.analysis.text.preprocess import (
    anonymise,
    char_ngrams,
    tokens,
    word_char_ngrams,
    words,
)
from interview.analysis.text.stylometry import describe
from interview.analysis.text.vectors import (
    Analyzer,
    Calibration,
    Floats,
    Gaussianiser,
    KernelMachine,
    LinearMachine,
    Projection,
    TfIdf,
    count_terms,
    joined,
)

SPELLING: Analyzer = partial(word_char_ngrams, low=2, high=5)
"""Terms of the writer's spelling: runs of 2 to 5 characters within words, in lower case."""
LETTERS: Analyzer = partial(char_ngrams, low=1, high=5, lower=False, marks=True)
"""Terms of a transcript: runs of 1 to 5 characters with capitals, blanks and both ends."""

KERNELS: Mapping[str, Mapping[str, float]] = {
    "style": {"style": 1.0},
    "topics": {"topics": 1.0, "spelling": 1.0, "manner": 0.7},
    "joint": {"topics": 1.0, "spelling": 1.0, "style": 0.45, "manner": 0.7},
}
"""Kernel machines of the trait head: blocks of features with their weights."""

ENSEMBLE = ("topics", "joint")
"""Machines whose mean is the trait head's score; the others are kept to explain and compare."""

CLIP_WORDS = 45
"""Length of a transcript that the impression head was fitted on (the median is 43 words)."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Texts, counted: terms as written, terms of their spelling, style, number of words.

    ``manner`` is what the impression head's machines say of the texts, a column per machine and
    output.
    """

    tokens: sp.csr_array
    spelling: sp.csr_array
    style: NDArray[np.float64]
    words: NDArray[np.int64]
    manner: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        token_terms: Sequence[str],
        spelling_terms: Sequence[str],
        manner: NDArray[np.float64],
    ) -> Self:
        """Count the given terms in the texts."""
        plain = [anonymise(text) for text in texts]
        return cls(
            count_terms(plain, tokens, token_terms),
            count_terms(plain, SPELLING, spelling_terms),
            np.stack([describe(text) for text in plain]),
            np.array([len(words(text)) for text in plain]),
            manner,
        )

    def rows(self, index: NDArray[np.int64]) -> "Counted":
        """Return some of the texts."""
        return Counted(
            self.tokens[index],
            self.spelling[index],
            self.style[index],
            self.words[index],
            self.manner[index],
        )


@dataclass(frozen=True, slots=True)
class TraitHead:
    """Self-described traits: the ensemble, and beside it machines over words and over style.

    ``scales`` has shape ``(machines, traits)``: the spread of each machine's scores on texts that
    it was not fitted on. The ensemble's mean is calibrated by the length of the text.
    """

    tokens: TfIdf
    spelling: TfIdf
    topics: Projection
    spelling_axes: Projection
    style: Gaussianiser
    manner: Gaussianiser
    words: LinearMachine
    by_style: KernelMachine
    by_topics: KernelMachine
    jointly: KernelMachine
    scales: Floats
    calibration: Calibration

    def machines(self, counted: Counted) -> dict[str, Floats]:
        """Return each machine's scaled scores, shape ``(texts, traits)``."""
        vectors = self.tokens.transform(counted.tokens)
        blocks = self.blocks(counted, vectors)
        scores = {"words": self.words.score(vectors)}
        kernels = (self.by_style, self.by_topics, self.jointly)
        for (name, weights), machine in zip(KERNELS.items(), kernels, strict=True):
            scores[name] = machine.score(joined(blocks, weights))
        return {
            name: score / scale
            for (name, score), scale in zip(scores.items(), self.scales, strict=True)
        }

    def blocks(self, counted: Counted, vectors: sp.csr_array) -> dict[str, Floats]:
        """Return the dense features; ``vectors`` are the weighed tokens."""
        return {
            "topics": self.topics.transform(vectors),
            "spelling": self.spelling_axes.transform(self.spelling.transform(counted.spelling)),
            "style": self.style.transform(counted.style),
            "manner": self.manner.transform(counted.manner),
        }

    def scores(self, counted: Counted) -> Floats:
        """Return the mean of the ensemble's machines, not yet calibrated."""
        return mean_of(self.machines(counted))

    def probabilities(self, counted: Counted) -> Floats:
        """Return the calibrated probability of each trait, shape ``(texts, traits)``."""
        return self.calibration.probabilities(self.scores(counted), counted.words)


def mean_of(machines: Mapping[str, Floats]) -> Floats:
    """Return the mean of the scaled scores of the ensemble's machines."""
    return np.mean([machines[name] for name in ENSEMBLE], axis=0)


@dataclass(frozen=True, slots=True)
class ImpressionHead:
    """How a speaker comes across, from a transcript of about ``CLIP_WORDS`` words.

    ``scales`` has shape ``(2, outputs)``, ``slopes`` and ``offsets`` shape ``(outputs,)``: the
    line from the mean of the scaled scores to the strangers' ratings.
    """

    letters: TfIdf
    style: Gaussianiser
    by_letters: LinearMachine
    by_style: KernelMachine
    scales: Floats
    slopes: Floats
    offsets: Floats

    def machines(self, letters: sp.csr_array, style: NDArray[np.float64]) -> dict[str, Floats]:
        """Return each machine's scaled scores, shape ``(transcripts, outputs)``."""
        return {
            "letters": self.by_letters.score(self.letters.transform(letters)) / self.scales[0],
            "style": self.by_style.score(self.style.transform(style)) / self.scales[1],
        }

    def ratings(self, letters: sp.csr_array, style: NDArray[np.float64]) -> Floats:
        """Return the expected ratings, 0 to 1, shape ``(transcripts, outputs)``."""
        score = np.mean(list(self.machines(letters, style).values()), axis=0)
        return np.clip(self.slopes * score + self.offsets, 0, 1)


def count_transcripts(
    texts: Sequence[str], terms: Sequence[str]
) -> tuple[sp.csr_array, NDArray[np.float64]]:
    """Return counts of the terms and the style of transcripts."""
    plain = [anonymise(text) for text in texts]
    return count_terms(plain, LETTERS, terms), np.stack([describe(text) for text in plain])
