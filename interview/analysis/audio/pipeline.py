"""From a spoken answer to its report.

The same sound, models, transcript and rules always give the identical report.
"""

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from interview.analysis.audio.activity import Energy, find_speech, measure_energy, speaking
from interview.analysis.audio.delivery import DELIVERY_RULES, describe_delivery
from interview.analysis.audio.pitch import track_pitch
from interview.analysis.audio.waveform import outline
from interview.analysis.decode import RATE, Limits, read_sound
from interview.analysis.report import (
    EMOTIONS,
    MEASURES,
    PIPELINES,
    AudioReport,
    Delivery,
    Moment,
    Notice,
    Provenance,
    Sound,
    Stretch,
    TextReport,
)
from interview.analysis.text.pipeline import TraitModel, analyse_text

Floats = NDArray[np.float32]
Progress = Callable[[str, float], None]
"""Called with the step that begins and the share (0 to 1) of the work done before it."""

STEPS = ("decoding", "speech", "delivery", "emotions", "transcript")
"""The steps in order, as given to ``Progress``."""

MAXIMUM_SECONDS = 900
"""What comes after is left out, and a notice says so."""
MINIMUM_SPEECH = 3.0
"""Seconds of speech below which nothing is said about voice and delivery."""
SILENCE_DB = -55.0
"""A recording whose loudest frame stays below this level, in dBFS, is silent."""
QUIET_DB = -50.0
"""Speech below this level is very quiet."""
LEAST_SNR_DB = 6.0
"""Decibels of speech above the noise below which no emotions are told from it."""
CLIPPED_AT = 0.985
CLIPPED_SHARE = 0.001
"""Share of the samples of speech that may lie at the limit before a notice is given."""

_READ_LIMITS = Limits(max_bytes=2**34, max_seconds=4 * MAXIMUM_SECONDS, seconds=120.0)
"""A file may be as large as whoever accepted it allowed."""
_UNSCORED = frozenset({"silence", "music_or_noise", "too_little_speech", "too_noisy"})


class Heard(Protocol):
    """What a model heard in a recording."""

    @property
    def overall(self) -> Mapping[str, float] | None:
        """Distribution over ``EMOTIONS`` of the whole; ``None`` when it heard no speech."""

    @property
    def seconds(self) -> Sequence[tuple[float, float, Mapping[str, float]]]:
        """Start, end and distribution of passages."""

    @property
    def reason(self) -> str | None:
        """Code of a notice that says why there is nothing."""


class EmotionModel(Protocol):
    """What the pipeline needs of a model of emotions in speech."""

    @property
    def version(self) -> str:
        """Version of the weights, for the report's provenance."""

    def listen(self, samples: Floats, speech: Sequence[tuple[float, float]]) -> Heard:
        """Tell the emotions in 16 kHz sound, whose stretches of speech are given in seconds."""


class Transcriber(Protocol):
    """What the pipeline needs of a speech recogniser."""

    @property
    def version(self) -> str:
        """Version of the model."""

    def transcribe(self, samples: Floats) -> str:
        """Return the words in 16 kHz sound."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The transcript and where it comes from."""

    transcript: str | None = None
    source: Literal["typed", "recognised"] | None = None
    text: TextReport | None = None


def analyse_audio(
    recording: Floats | str | os.PathLike[str],
    *,
    speech_model: EmotionModel | None,
    text_model: TraitModel | None = None,
    transcript: str = "",
    recogniser: Transcriber | None = None,
    progress: Progress | None = None,
) -> AudioReport:
    """Analyse one spoken answer: mono 16 kHz samples in -1..1, or a file.

    A typed transcript comes before a recognised one; with a text model its words are reported as
    well. Without a speech model nothing is told of emotions, and no notice speaks of it. Raises
    ``decode.MediaError`` when a file cannot be used.
    """
    tell = _teller(progress)
    tell("decoding")
    is_sound = isinstance(recording, np.ndarray)
    whole = recording if is_sound else read_sound(recording, _READ_LIMITS)
    samples = whole[: MAXIMUM_SECONDS * RATE]
    tell("speech")
    energy = measure_energy(samples)
    pitch = track_pitch(samples, len(energy))
    speech = find_speech(energy, pitch.voiced)
    sound = _describe_sound(samples, energy, speech)
    notices = _notices(samples, energy, sound, speech)
    if speech_model is None:
        notices = [notice for notice in notices if notice.code != "too_noisy"]
    if len(whole) > len(samples):
        notices.append(Notice("cut_to_limit", {"limit": MAXIMUM_SECONDS}))
    tell("delivery")
    told = sound.speech_seconds >= MINIMUM_SPEECH
    delivery = describe_delivery(samples, speech, pitch) if told else None
    tell("emotions")
    heard = _listen(speech_model, samples, speech, notices)
    tell("transcript")
    words = _find_words(transcript, recogniser if speech else None, samples, text_model)
    emotions = _rounded(heard.overall) if heard and heard.overall else None
    return AudioReport(
        pipeline=PIPELINES["audio"],
        notices=tuple(notices),
        scored=emotions is not None,
        sound=sound,
        speech=speech,
        emotions=emotions,
        timeline=_timeline(heard, sound.duration),
        waveform=outline(samples),
        delivery=delivery,
        transcript=words.transcript,
        transcript_source=words.source,
        text=words.text,
        measures=_measures(emotions, delivery, words.text),
        provenance=_provenance(speech_model, heard, delivery, words, recogniser),
    )


def _teller(progress: Progress | None) -> Callable[[str], None]:
    """Return a function that reports the step that begins."""

    def tell(step: str) -> None:
        if progress is not None:
            progress(step, STEPS.index(step) / len(STEPS))

    return tell


def _describe_sound(samples: Floats, energy: Energy, speech: tuple[Stretch, ...]) -> Sound:
    """Return the length of a recording and its levels."""
    spoken = speaking(speech, len(energy))
    return Sound(
        duration=round(len(samples) / RATE, 3),
        speech_seconds=round(sum(stretch.end - stretch.start for stretch in speech), 2),
        level_db=_level(energy.level[spoken]),
        noise_db=_level(energy.level[~spoken]),
    )


def _level(levels: Floats) -> float | None:
    """Return the level of frames together, in dBFS; ``None`` for less than 0.2 s."""
    if len(levels) < 20:
        return None
    return round(10 * math.log10(float(np.mean(10 ** (levels / 10)))), 1)


def _notices(
    samples: Floats, energy: Energy, sound: Sound, speech: tuple[Stretch, ...]
) -> list[Notice]:
    """Say what keeps emotions from being told, the first that holds, and what else to know."""
    if not speech:
        silent = float(energy.level.max()) < SILENCE_DB
        return [Notice("silence" if silent else "music_or_noise")]
    found = []
    if sound.speech_seconds < MINIMUM_SPEECH:
        found.append(_too_little(sound.speech_seconds))
    elif sound.level_db is not None and sound.noise_db is not None:
        above = round(_above_noise(sound.level_db, sound.noise_db), 1)
        if above < LEAST_SNR_DB:
            found.append(Notice("too_noisy", {"above_db": above, "needed_db": LEAST_SNR_DB}))
    if sound.level_db is not None and sound.level_db < QUIET_DB:
        found.append(Notice("too_quiet", {"level_db": sound.level_db}))
    share = float(np.mean(np.abs(samples) >= CLIPPED_AT)) * sound.duration / sound.speech_seconds
    if share > CLIPPED_SHARE:
        found.append(Notice("clipped", {"share": round(share, 4)}))
    return found


def _above_noise(level: float, noise: float) -> float:
    """Return the ratio of speech to noise in dB; what is measured as speech holds noise too."""
    return 10 * math.log10(max(10 ** ((level - noise) / 10) - 1, 0.1))


def _listen(
    model: EmotionModel | None, samples: Floats, speech: tuple[Stretch, ...], notices: list[Notice]
) -> Heard | None:
    """Ask the model, unless a notice speaks against it; its own objection becomes a notice."""
    if model is None or _UNSCORED & {notice.code for notice in notices}:
        return None
    heard = model.listen(samples, [(stretch.start, stretch.end) for stretch in speech])
    if heard.overall is None:
        seconds = round(sum(stretch.end - stretch.start for stretch in speech), 2)
        is_little = heard.reason == "too_little_speech"
        notices.insert(
            0, _too_little(seconds) if is_little else Notice(heard.reason or "music_or_noise")
        )
    return heard


def _too_little(seconds: float) -> Notice:
    return Notice("too_little_speech", {"seconds": seconds, "needed": MINIMUM_SPEECH})


def _timeline(heard: Heard | None, duration: float) -> tuple[Moment, ...]:
    """Return what was heard in each second of the recording; silent seconds stay gaps."""
    passages = heard.seconds if heard and heard.overall is not None else ()
    moments = []
    for second in range(math.ceil(duration)):
        end = min(second + 1.0, duration)
        parts = [
            (min(stop, end) - max(start, second), emotions)
            for start, stop, emotions in passages
            if start < end and stop > second
        ]
        moments.append(Moment(float(second), end, _mixed(parts)))
    return tuple(moments)


def _mixed(parts: Sequence[tuple[float, Mapping[str, float]]]) -> dict[str, float] | None:
    """Return the mean of distributions, weighted by their seconds."""
    total = sum(weight for weight, _ in parts)
    if not total:
        return None
    return _rounded(
        {
            name: sum(weight * emotions[name] for weight, emotions in parts) / total
            for name in EMOTIONS
        }
    )


def _rounded(emotions: Mapping[str, float]) -> dict[str, float]:
    """Return a distribution in the order of ``EMOTIONS``."""
    return {name: round(float(emotions[name]), 4) for name in EMOTIONS}


def _find_words(
    typed: str, recogniser: Transcriber | None, samples: Floats, model: TraitModel | None
) -> _Words:
    """Return the transcript, typed or recognised, and the report on its text."""
    source: Literal["typed", "recognised"] = "typed" if typed.strip() else "recognised"
    transcript = typed
    if source == "recognised":
        transcript = recogniser.transcribe(samples) if recogniser else ""
    if not transcript.strip():
        return _Words()
    return _Words(transcript, source, analyse_text(transcript, model=model) if model else None)


def _measures(
    emotions: Mapping[str, float] | None, delivery: Delivery | None, text: TextReport | None
) -> dict[str, float]:
    """Collect what is compared between candidates, in the order of ``MEASURES``."""
    found: dict[str, float | None] = dict(text.measures) if text else {}
    found |= {f"emotion.{name}": value for name, value in (emotions or {}).items()}
    if delivery:
        total = delivery.speaking_seconds + delivery.silent_seconds
        found |= {
            "delivery.speaking_share": round(delivery.speaking_seconds / total, 4),
            "delivery.articulation_rate": delivery.articulation_rate,
            "delivery.speech_rate": delivery.speech_rate,
            "delivery.pauses_per_minute": round(len(delivery.pauses) / total * 60, 2),
            "delivery.longest_pause": delivery.longest_pause,
            "delivery.pitch_range": delivery.pitch_range_semitones,
            "delivery.loudness_variation": delivery.loudness_variation_db,
        }
    ordered = ((measure.key, found.get(measure.key)) for measure in MEASURES["audio"])
    return {key: value for key, value in ordered if value is not None}


def _provenance(
    model: EmotionModel | None,
    heard: Heard | None,
    delivery: Delivery | None,
    words: _Words,
    recogniser: Transcriber | None,
) -> Provenance:
    """Name the models and rules that had a part in the report."""
    models = dict(words.text.provenance.models) if words.text else {}
    rules = dict(words.text.provenance.rules) if words.text else {}
    if model is not None and heard is not None:
        models["speech"] = model.version
    if words.source == "recognised" and recogniser is not None:
        models["recogniser"] = recogniser.version
    if delivery is not None:
        rules["delivery"] = DELIVERY_RULES
    return Provenance(models=models, rules=rules)
