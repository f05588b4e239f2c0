"""A small invented corpus whose texts carry their labels in plain words."""

import csv
import random
from pathlib import Path

WORDS = """
    the a of and to in we they it is was had with for on at but so then there about people work
    day team plan talk walk house river paper music road garden market kitchen window letter
"""
SIGNS = {
    "ext": ("party", "alone"),
    "neu": ("worry", "calm"),
    "agr": ("kind", "rude"),
    "con": ("tidy", "lazy"),
    "opn": ("poem", "chore"),
}
RATINGS = (
    "extraversion",
    "emotional_stability",
    "agreeableness",
    "conscientiousness",
    "openness",
    "interview",
)


def write_corpus(folder: Path, *, essays: int = 60, videos: int = 30) -> Path:
    """Write `text/essays.csv` and `text/first_impressions.csv` and return the folder."""
    chance = random.Random(5)
    (folder / "text").mkdir(parents=True, exist_ok=True)
    with (folder / "text" / "essays.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", *SIGNS])
        for number in range(essays):
            labels = [number % 2, *(chance.randint(0, 1) for _ in range(4))]
            signs = [pair[1 - label] for pair, label in zip(SIGNS.values(), labels, strict=True)]
            writer.writerow([f"essay{number}", _text(chance, signs, 14), *labels])
    with (folder / "text" / "first_impressions.csv").open(
        "w", newline="", encoding="utf-8"
    ) as file:
        writer = csv.writer(file)
        writer.writerow(["video", "clip", "transcript", *RATINGS])
        for video in range(videos):
            for clip in range(1 + video % 3):
                good = chance.randint(0, 1)
                text = _text(chance, ["great" if good else "mmm"], 4)
                ratings = [f"{0.3 + 0.3 * good + chance.uniform(0, 0.1):.4f}" for _ in RATINGS]
                writer.writerow([f"v{video}", f"v{video}.{clip}.mp4", text, *ratings])
    return folder


def _text(chance: random.Random, signs: list[str], sentences: int) -> str:
    """Return sentences that hold each sign with a chance of a half."""
    found = []
    for _ in range(sentences):
        words = chance.choices(WORDS.split(), k=9) + [
            sign for sign in signs if chance.random() < 0.5
        ]
        chance.shuffle(words)
        found.append(" ".join(words).capitalize() + ".")
    return " ".join(found)
