"""Counts of the training texts, made once and kept with the checkpoints."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from interview.analysis.text.heads import LETTERS, SPELLING, Counted, count_transcripts
from interview.analysis.text.passages import manner_of
from interview.analysis.text.preprocess import anonymise, tokens
from interview.analysis.text.vectors import count_terms
from interview.training.text.baselines import literature_words
from interview.training.text.crossval import Checkpoint
from interview.training.text.data import Texts
from interview.training.text.heads import Settings, fit_impressions, vocabulary


@dataclass(frozen=True, slots=True)
class Essays:
    """Essays with their counts: per length in words (0: whole), and as lemmas."""

    data: Texts
    terms: dict[str, list[str]]
    counted: dict[int, Counted]
    lemmas: sp.csr_array


@dataclass(frozen=True, slots=True)
class Transcripts:
    """Transcripts with the counts of their letters and their style."""

    data: Texts
    terms: list[str]
    letters: sp.csr_array
    style: NDArray[np.float64]


def shorten(text: str, length: int) -> str:
    """Return the first words of a text; 0 means all."""
    return " ".join(text.split()[:length]) if length else text


def count_essays(
    data: Texts,
    settings: Settings,
    checkpoint: Checkpoint,
    log: Callable[[str], None],
    clips: Transcripts,
) -> Essays:
    """Count the essays, whole and cut, and score them with a head fitted on all the clips."""
    lengths = (0, *settings.lengths)

    def score() -> dict[str, NDArray]:
        head = fit_impressions(clips.letters, clips.style, clips.data.labels, settings)
        return {
            f"manner{length}": manner_of(
                [shorten(text, length) for text in data.texts], clips.terms, head
            )
            for length in lengths
        }

    def work() -> dict[str, NDArray]:
        token_terms = vocabulary(data.texts, tokens, settings.token_minimum)
        spelling_terms = vocabulary(data.texts, SPELLING, settings.spelling_minimum)
        found: dict[str, NDArray] = {
            "terms": np.array(token_terms),
            "spelling_terms": np.array(spelling_terms),
        }
        lemma_terms = vocabulary(data.texts, literature_words, settings.token_minimum)
        plain = [anonymise(text) for text in data.texts]
        found |= _packed("lemmas", count_terms(plain, literature_words, lemma_terms))
        for length in (0, *settings.lengths):
            texts = [shorten(text, length) for text in data.texts]
            none = np.zeros((len(texts), 0))
            counted = Counted.of(texts, token_terms, spelling_terms, none)
            found |= _packed(f"tokens{length}", counted.tokens)
            found |= _packed(f"spelling{length}", counted.spelling)
            found |= {f"style{length}": counted.style, f"words{length}": counted.words}
        return found

    found = checkpoint.run("counts-essays", work, log)
    manner = checkpoint.run("manner-essays", score, log)
    counted = {
        length: Counted(
            _unpacked(found, f"tokens{length}"),
            _unpacked(found, f"spelling{length}"),
            found[f"style{length}"],
            found[f"words{length}"],
            manner[f"manner{length}"],
        )
        for length in (0, *settings.lengths)
    }
    terms = {"tokens": found["terms"].tolist(), "spelling": found["spelling_terms"].tolist()}
    return Essays(data, terms, counted, _unpacked(found, "lemmas"))


def count_clips(
    data: Texts, settings: Settings, checkpoint: Checkpoint, log: Callable[[str], None]
) -> Transcripts:
    """Count the transcripts."""

    def work() -> dict[str, NDArray]:
        terms = vocabulary(data.texts, LETTERS, settings.letters_minimum)
        letters, style = count_transcripts(data.texts, terms)
        return {"terms": np.array(terms), "style": style} | _packed("letters", letters)

    found = checkpoint.run("counts-clips", work, log)
    # NumPy drops zero characters at the end of a string; the marks are none, so nothing is lost.
    return Transcripts(data, found["terms"].tolist(), _unpacked(found, "letters"), found["style"])


def kept(terms: Sequence[str], columns: NDArray[np.int64]) -> list[str]:
    """Return the terms of the chosen columns."""
    return [terms[column] for column in columns]


def _packed(name: str, matrix: sp.csr_array) -> dict[str, NDArray]:
    """Return the parts of a sparse matrix."""
    return {
        f"{name}.data": matrix.data,
        f"{name}.indices": matrix.indices,
        f"{name}.indptr": matrix.indptr,
        f"{name}.shape": np.array(matrix.shape),
    }


def _unpacked(parts: dict[str, NDArray], name: str) -> sp.csr_array:
    """Put a sparse matrix together again."""
    content = (parts[f"{name}.data"], parts[f"{name}.indices"], parts[f"{name}.indptr"])
    return sp.csr_array(content, shape=tuple(parts[f"{name}.shape"].tolist()))
