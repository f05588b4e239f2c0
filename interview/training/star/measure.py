"""How often the rules for situation, task, action and result are right.

Measured on answers that were written and labelled for this purpose: ``develop.jsonl`` is what the
rules were made with, ``measure.jsonl`` was held back from whoever made them. Each line is
``{"id", "prompt", "sentences": [{"text", "labels": [...]}]}``.
"""

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interview.analysis.report import STRUCTURE_PARTS
from interview.analysis.text.structure import STRUCTURE_RULES, label_sentences

FOLDER = Path(__file__).parent
SETS = ("develop", "measure")
RESAMPLES = 2000
CONFIDENCE = 0.95
SEED = 20261121

Labels = Sequence[frozenset[str]]
"""The parts that each sentence of an answer tells."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Right hits, wrong hits and misses of one part."""

    true: int
    false: int
    missed: int

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.true + other.true, self.false + other.false, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """Share of the hits that are right; 0 without hits."""
        return self.true / max(1, self.true + self.false)

    @property
    def recall(self) -> float:
        """Share of what is there that was hit; 0 when there is nothing."""
        return self.true / max(1, self.true + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.true / max(1, 2 * self.true + self.false + self.missed)


@dataclass(frozen=True, slots=True)
class Answer:
    """One labelled answer with what the rules say about it."""

    expected: Labels
    found: Labels


def read_answers(path: Path) -> list[Answer]:
    """Read labelled answers and apply the rules. Raises ``ValueError`` for an unknown label."""
    answers: list[Answer] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        sentences = json.loads(line)["sentences"]
        expected = [frozenset(sentence["labels"]) for sentence in sentences]
        if unknown := frozenset().union(*expected) - set(STRUCTURE_PARTS):
            raise ValueError(f"{path.name}, line {number}: unknown labels {sorted(unknown)}")
        found = label_sentences([sentence["text"] for sentence in sentences])
        answers.append(Answer(expected, [frozenset(parts) for parts in found]))
    return answers


def count_sentences(answer: Answer, part: str) -> Counts:
    """Compare an answer sentence by sentence for one part."""
    pairs = [(part in a, part in b) for a, b in zip(answer.expected, answer.found, strict=True)]
    return Counts(pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False)))


def count_presence(answer: Answer, part: str) -> Counts:
    """Compare only whether an answer as a whole tells one part."""
    expected = any(part in labels for labels in answer.expected)
    found = any(part in labels for labels in answer.found)
    return Counts(int(expected and found), int(found and not expected), int(expected and not found))


def measure(path: Path, resamples: int = RESAMPLES) -> dict[str, Any]:
    """Return counts, precision, recall and F1 of each part, by sentence and by answer.

    F1 comes with a percentile bootstrap interval over answers (Efron & Tibshirani 1993), whose
    random numbers have a fixed seed.
    """
    answers = read_answers(path)
    levels: dict[str, Callable[[Answer, str], Counts]] = {
        "sentences": count_sentences,
        "answers": count_presence,
    }
    return {
        "set": path.stem,
        "rules": STRUCTURE_RULES,
        "answers": len(answers),
        "sentences": sum(len(answer.expected) for answer in answers),
        "by": {
            level: {
                part: _figures([count(answer, part) for answer in answers], resamples)
                for part in STRUCTURE_PARTS
            }
            for level, count in levels.items()
        },
    }


def _figures(counts: Sequence[Counts], resamples: int) -> dict[str, Any]:
    """Sum up the counts of all answers for one part."""
    total = _sum(counts)
    low, high = _interval(counts, resamples)
    return {
        "present": total.true + total.missed,
        "found": total.true + total.false,
        "right": total.true,
        "precision": round(total.precision, 3),
        "recall": round(total.recall, 3),
        "f1": round(total.f1, 3),
        "f1_interval": [round(low, 3), round(high, 3)],
    }


def _interval(counts: Sequence[Counts], resamples: int) -> tuple[float, float]:
    """Return the bootstrap interval of F1."""
    generator = random.Random(SEED)  # noqa: S311 - resampling, no secret
    values = sorted(_sum(generator.choices(counts, k=len(counts))).f1 for _ in range(resamples))
    tail = (1 - CONFIDENCE) / 2
    return values[int(tail * resamples)], values[min(resamples - 1, int((1 - tail) * resamples))]


def _sum(counts: Iterable[Counts]) -> Counts:
    return sum(counts, Counts(0, 0, 0))


def as_markdown(result: dict[str, Any]) -> str:
    """Return the figures as a Markdown table."""
    lines = [
        f"Set `{result['set']}`: {result['answers']} answers, {result['sentences']} sentences, "
        f"rules version {result['rules']}.",
        "",
        "| by | part | present | found | right | precision | recall | F1 (95 % interval) |",
        "|---|---|---:|---:|---:|---:|---:|---|",
    ]
    for level, parts in result["by"].items():
        for part, row in parts.items():
            low, high = row["f1_interval"]
            lines.append(
                f"| {level} | {part} | {row['present']} | {row['found']} | {row['right']} | "
                f"{row['precision']:.2f} | {row['recall']:.2f} | "
                f"{row['f1']:.2f} ({low:.2f}–{high:.2f}) |"
            )
    return "\n".join(lines)
