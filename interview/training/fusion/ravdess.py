"""RAVDESS' own folder of video files (Livingstone & Russo 2018), 24 GB from its authors.

A file is named ``modality-channel-emotion-intensity-statement-repetition-actor.mp4``, two digits
each, usually in a folder ``Actor_XX``; folders above it do not matter.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from interview.training.speech.corpus import RAVDESS_FOLDS, DataError

_NAME = re.compile(r"(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)\.mp4")
MODALITIES = {1: "both", 2: "picture", 3: "sound"}
CHANNELS = {1: "speech", 2: "song"}
EMOTION_OF = {
    1: "neutral",
    2: "neutral",
    3: "happy",
    4: "sad",
    5: "angry",
    6: "fear",
    7: "disgust",
    8: "surprise",
}
"""What is shown for each of the corpus' emotions; 2 is "calm"."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One video with sound of an actor who speaks."""

    path: Path
    emotion: str
    intensity: int
    statement: int
    repetition: int
    actor: int

    @property
    def fold(self) -> int:
        """The fold, 0 to 4, in which the actor is held out (Luna-Jiménez et al. 2021)."""
        return next(fold for fold, actors in enumerate(RAVDESS_FOLDS) if self.actor in actors)


def read_folder(data: Path) -> tuple[list[Clip], dict[str, int]]:
    """Return the spoken clips with picture and sound, and how many others were left out.

    Raises ``DataError`` when there are none, or when a name says what the corpus does not hold.
    """
    clips, skipped = [], {}
    for path in sorted(data.rglob("*.mp4"), key=lambda path: (path.name, str(path))):
        match = _NAME.fullmatch(path.name)
        if match is None:
            continue
        modality, channel, emotion, *rest = (int(part) for part in match.groups())
        if modality not in MODALITIES or channel not in CHANNELS or emotion not in EMOTION_OF:
            raise DataError(f"{path.name} is not named as RAVDESS names its files")
        if (MODALITIES[modality], CHANNELS[channel]) == ("both", "speech"):
            clips.append(_clip(path, EMOTION_OF[emotion], *rest))
            continue
        kind = f"{CHANNELS[channel]}, {MODALITIES[modality]}"
        skipped[kind] = skipped.get(kind, 0) + 1
    if not clips:
        raise DataError(f"{data} holds no videos of RAVDESS with picture, sound and speech")
    return clips, skipped


def _clip(
    path: Path, emotion: str, intensity: int, statement: int, repetition: int, actor: int
) -> Clip:
    if not any(actor in actors for actors in RAVDESS_FOLDS):
        raise DataError(f"{path.name}: RAVDESS has no actor {actor}")
    return Clip(path, emotion, intensity, statement, repetition, actor)
