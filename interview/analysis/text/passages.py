"""Longer texts for the impression head, which knows transcripts of 15 seconds."""

from collections.abc import Callable, Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from interview.analysis.text.heads import CLIP_WORDS, ImpressionHead, count_transcripts
from interview.analysis.text.tokens import sentences


def over_passages(
    texts: Sequence[str],
    terms: Sequence[str],
    rate: Callable[[sp.csr_array, NDArray[np.float64]], NDArray],
) -> NDArray:
    """Return what ``rate`` gives for a text's passages, averaged, a row per text."""
    passages = [passages_of(text) for text in texts]
    flat = [passage for own in passages for passage in own]
    ratings = rate(*count_transcripts(flat, terms))
    ends = np.cumsum([len(own) for own in passages])[:-1]
    return np.stack([part.mean(0) for part in np.split(ratings, ends)])


def manner_of(
    texts: Sequence[str], terms: Sequence[str], head: ImpressionHead
) -> NDArray[np.float64]:
    """Return the mean scores of the head's machines, a column per machine and output."""
    return over_passages(
        texts,
        terms,
        lambda letters, style: np.hstack(list(head.machines(letters, style).values())),
    ).astype(np.float64)


def passages_of(text: str, size: int = CLIP_WORDS) -> list[str]:
    """Cut a text at sentence ends into passages of at least ``size`` words; at least one passage.

    A rest of less than half of that joins the passage before it, and so does a text of less than
    twice the size stay whole.
    """
    spans = sentences(text)
    if len(text.split()) < 2 * size or not spans:
        return [text]
    passages: list[tuple[int, int]] = []
    start, count = spans[0][0], 0
    for begin, end in spans:
        count += len(text[begin:end].split())
        if count >= size:
            passages.append((start, end))
            start, count = end, 0
    if count >= size / 2 or not passages:
        passages.append((start, spans[-1][1]))
    elif count:
        passages[-1] = (passages[-1][0], spans[-1][1])
    return [text[begin:end].strip() for begin, end in passages]
