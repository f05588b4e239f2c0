"""Speed of the analysis of sound, beside openSMILE's features on the same recordings."""

import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from interview.analysis.audio import features
from interview.analysis.audio.emotion import SpeechEmotionModel
from interview.analysis.audio.pipeline import analyse_audio
from interview.settings import ROOT
from interview.training.speech.corpus import read_manifest, read_sounds

RATE = 16_000
LENGTHS = {15: 1.0, 60: 3.0}
"""Seconds of an answer, and seconds that its analysis may take."""
LONG = 600
"""Seconds of the recording that shows how memory grows."""
ROUNDS = 5


def run(data: Path) -> None:
    """Print times, memory and the rival's time. Raises ``ClickException`` when a bar is missed."""
    speech = _speech(data)
    model = SpeechEmotionModel.load(ROOT / "models" / "speech")
    missed = []
    analyse_audio(speech[: 5 * RATE], speech_model=model)
    for seconds, bar in LENGTHS.items():
        sound = speech[: seconds * RATE]
        took = _times(lambda sound=sound: analyse_audio(sound, speech_model=model))
        middle = statistics.median(took)
        click.echo(
            f"analysis of {seconds} s: median {middle:.2f} s, slowest {max(took):.2f} s "
            f"(bar {bar:.1f} s)"
        )
        if middle > bar:
            missed.append(f"{seconds} s in {middle:.2f} s")
    before = _peak()
    analyse_audio(speech[: LONG * RATE], speech_model=model)
    click.echo(f"peak memory: {before:.0f} MiB after 60 s, {_peak():.0f} MiB after {LONG} s")
    ours, rival = _features(speech)
    click.echo(f"features: {ours:.4f} s per second of sound, openSMILE ComParE {_shown(rival)}")
    if rival is not None and ours > rival:
        missed.append("features are slower than openSMILE")
    if missed:
        raise click.ClickException("bars missed: " + ", ".join(missed))


def _speech(data: Path) -> NDArray[np.float32]:
    """Return ten minutes of clips, one after the other."""
    clips = read_manifest(data)[:300]
    sound = np.concatenate(read_sounds(data, clips))
    return np.tile(sound, int(np.ceil(LONG * RATE / len(sound))))[: LONG * RATE]


def _times(work: Callable[[], object]) -> list[float]:
    """Return the seconds of each round."""
    found = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return found


def _features(speech: NDArray[np.float32]) -> tuple[float, float | None]:
    """Return seconds per second of sound: our statistics and, where installed, openSMILE's."""
    clips = [speech[first : first + 3 * RATE] for first in range(0, 60 * RATE, 3 * RATE)]
    seconds = sum(map(len, clips)) / RATE
    ours = statistics.median(_times(lambda: [features.utterance(clip) for clip in clips]))
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        rival = pool.submit(_rival, clips).result()
    return ours / seconds, rival and rival / seconds


def _rival(clips: list[NDArray[np.float32]]) -> float | None:
    """Return openSMILE's seconds for the clips.

    In a process of its own: its library and TensorFlow's do not share one.
    """
    try:
        import opensmile
    except ImportError:
        return None
    smile = opensmile.Smile(
        feature_set=opensmile.FeatureSet.ComParE_2016,
        feature_level=opensmile.FeatureLevel.Functionals,
    )
    return statistics.median(_times(lambda: [smile.process_signal(clip, RATE) for clip in clips]))


def _shown(rival: float | None) -> str:
    return "is not installed" if rival is None else f"{rival:.4f} s"


def _peak() -> float:
    """Return the most memory that the process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
