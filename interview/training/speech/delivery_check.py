"""How often the analysis of delivery is right, on recordings whose sentences are known.

    python -m interview.training.speech.delivery_check --data DIR

Every speaker of both corpora says one of fourteen sentences, so the true number of syllables is
known. RAVDESS' recordings have about a second of silence on either side. Nobody marked where
speech begins and ends; what is found in the clean recording is the reference for the same
recording in noise.
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from interview.analysis.audio.activity import find_speech, measure_energy, speaking
from interview.analysis.audio.delivery import describe_delivery
from interview.analysis.audio.pitch import track_pitch
from interview.analysis.decode import RATE
from interview.analysis.report import Delivery, Stretch
from interview.training.speech.corpus import Clip, read_manifest, read_sounds

Floats = NDArray[np.float32]

SYLLABLES = {
    "01": 7,  # Kids are talking by the door.
    "02": 7,  # Dogs are sitting by the door.
    "IEO": 6,  # It's eleven o'clock.
    "TIE": 8,  # That is exactly what happened.
    "IOM": 8,  # I'm on my way to the meeting.
    "IWW": 8,  # I wonder what this is about.
    "TAI": 7,  # The airplane is almost full.
    "MTI": 9,  # Maybe tomorrow it will be cold.
    "IWL": 8,  # I would like a new alarm clock.
    "ITH": 10,  # I think I have a doctor's appointment.
    "DFA": 6,  # Don't forget a jacket.
    "ITS": 7,  # I think I've seen this before.
    "TSI": 5,  # The surface is slick.
    "WSI": 9,  # We'll stop in a couple of minutes.
}
"""Syllables of each statement when it is said carefully."""

NOISES = (20, 10, 5)
"""Decibels of speech above white noise."""


def sample(data: Path, dataset: str, count: int, seed: int = 1) -> list[Clip]:
    """Draw clips of one corpus."""
    clips = [clip for clip in read_manifest(data) if clip.dataset == dataset]
    random.Random(seed).shuffle(clips)  # noqa: S311 - a draw that can be repeated
    return clips[:count]


def analyse(samples: Floats) -> tuple[tuple[Stretch, ...], Delivery | None, int]:
    """Return the stretches of speech, the delivery and the number of frames."""
    energy = measure_energy(samples)
    pitch = track_pitch(samples, len(energy))
    speech = find_speech(energy, pitch.voiced)
    return speech, describe_delivery(samples, speech, pitch) if speech else None, len(energy)


def check(clips: Sequence[Clip], sounds: Sequence[Floats]) -> dict[str, object]:
    """Return the figures of one corpus."""
    rows, found, true, fades = [], [], [], []
    agreement: dict[int, list[tuple[float, float]]] = {snr: [] for snr in NOISES}
    generator = np.random.default_rng(0)
    for clip, samples in zip(clips, sounds, strict=True):
        speech, delivery, frames = analyse(samples)
        if delivery is None:
            continue
        rows.append((speech[0].start, len(samples) / RATE - speech[-1].end, len(speech) - 1))
        found.append((delivery.syllables, delivery.articulation_rate or 0.0))
        true.append((SYLLABLES[clip.statement], delivery.speaking_seconds))
        fades.append(bool(delivery.fadings))
        clean = speaking(speech, frames)
        for snr in NOISES:
            agreement[snr].append(_in_noise(samples, clean, snr, generator))
    places, counted, real = np.array(rows), np.array(found), np.array(true)
    errors = counted[:, 0] - real[:, 0]
    rate = np.corrcoef(counted[:, 1], real[:, 0] / real[:, 1])[0, 1]
    return {
        "clips": len(clips),
        "without speech": len(clips) - len(rows),
        "silence before, 5/50/95 %": np.percentile(places[:, 0], [5, 50, 95]).round(2).tolist(),
        "silence after, 5/50/95 %": np.percentile(places[:, 1], [5, 50, 95]).round(2).tolist(),
        "with a pause inside": float((places[:, 2] > 0).mean()),
        "syllables, mean error": float(errors.mean()),
        "syllables, mean absolute error": float(np.abs(errors).mean()),
        "syllables, share within one": float((np.abs(errors) <= 1).mean()),
        "articulation rate, correlation": float(rate),
        "articulation rate, mean found": float(counted[:, 1].mean()),
        "articulation rate, mean true": float((real[:, 0] / real[:, 1]).mean()),
        "called trailing off": float(np.mean(fades)),
        "in noise, found and false": {
            f"{snr} dB": np.mean(pairs, axis=0).round(3).tolist()
            for snr, pairs in agreement.items()
        },
    }


def _in_noise(
    samples: Floats, clean: NDArray[np.bool_], snr: float, generator: np.random.Generator
) -> tuple[float, float]:
    """Return the share of speech that is still found, and of silence that is taken for speech."""
    spoken = np.repeat(clean, 160)[: len(samples)]
    level = np.sqrt(np.mean(np.square(samples[: len(spoken)][spoken])))
    noise = generator.standard_normal(len(samples)).astype(np.float32)
    speech, _, frames = analyse(samples + noise * level * np.float32(10 ** (-snr / 20)))
    noisy = speaking(speech, frames)
    return float(noisy[clean].mean()), float(noisy[~clean].mean()) if (~clean).any() else 0.0


def main() -> None:
    """Print the figures of both corpora."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds speech/")
    parser.add_argument("--clips", type=int, default=400, help="clips drawn of each corpus")
    options = parser.parse_args()
    for dataset in ("ravdess", "cremad"):
        clips = sample(options.data, dataset, options.clips)
        figures = check(clips, read_sounds(options.data, clips, processes=1))
        print(dataset)  # noqa: T201
        for name, value in figures.items():
            shown = f"{value:.3f}" if isinstance(value, float) else value
            print(f"  {name:34} {shown}")  # noqa: T201


if __name__ == "__main__":
    main()
