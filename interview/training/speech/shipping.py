"""The training run: folds by speaker, the shipped machines, and the figures of their card."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interview.analysis.audio import features
from interview.analysis.audio.crnn import clip_odds, weights_key
from interview.analysis.audio.emotion import CLASSES, Combination
from interview.analysis.audio.frames import trim
from interview.analysis.audio.logmel import log_mel, normalise
from interview.analysis.audio.svm import Svm
from interview.analysis.report import PIPELINES
from interview.training.speech import comparing, figures_of
from interview.training.speech.corpus import (
    FOLDS,
    classes_of,
    folds,
    random_rows,
    read_manifest,
    read_sounds,
)
from interview.training.speech.machines import SvmSettings, fit_combination, fit_svm
from interview.training.speech.network_settings import NetworkSettings
from interview.training.speech.store import Store

Floats = NDArray[np.float32]
RUNS = Path(__file__).parents[3] / "runs" / "speech"
"""Not from the settings, whose packages a machine for training need not have."""
WEIGHTS = "networks.npz"
STRANGE_QUANTILE, STRANGE_MARGIN = 0.999, 1.15
"""What counts as unlike speech lies so much further than this share of the training clips.

The margin is for voices in rooms, in noise and on narrow lines, of which all of 150 held-out
variants lay below the quantile times 1.02.
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run. ``random_split`` adds the networks' run on the split of older work.

    ``start`` is a folder of a shipped model whose networks are trained for the last cycle only:
    each was trained without the same fifth of the speakers. ``precision`` is Keras' policy.
    """

    seed: int = 20
    svm: SvmSettings = field(default_factory=SvmSettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    random_split: bool = True
    start: Path | None = None
    precision: str = "float32"


def runs_of(network: str) -> Path:
    """Return where the runs of a network of ``NETWORKS`` are kept."""
    return RUNS if network == "gru" else RUNS / network


class Run:
    """Corpora, folds and what is computed once; everything slow is kept in ``runs``."""

    def __init__(self, data: Path, runs: Path, plan: Plan, log: Callable[[str], None]) -> None:
        self.data, self.runs, self.plan, self.log = data, runs, plan, log
        self.clips = read_manifest(data)
        self.folds = folds(self.clips, plan.seed)
        self.labels = np.array([CLASSES.index(clip.emotion) for clip in self.clips])
        self.datasets = np.array([clip.dataset for clip in self.clips])
        self.known = classes_of(self.clips, CLASSES)
        self.weights = np.where(self.datasets == "ravdess", plan.svm.ravdess_weight, 1.0)
        self._sounds: list[Floats] | None = None
        self._store: Store | None = None
        runs.mkdir(parents=True, exist_ok=True)

    @property
    def sounds(self) -> list[Floats]:
        """The clips, without the silence around the speech."""
        if self._sounds is None:
            self.log("decoding")
            self._sounds = [trim(sound) for sound in read_sounds(self.data, self.clips)]
        return self._sounds

    def features(self) -> Floats:
        """Return each clip's statistics."""
        path = self.runs / "features.npy"
        if not path.exists():
            self.log("statistics of the clips")
            np.save(path, np.stack([features.utterance(sound) for sound in self.sounds]))
        return np.load(path)

    def network(self, name: str, rows: NDArray, held: NDArray) -> Floats:
        """Train a network on ``rows`` unless that was done, and return the log odds of ``held``."""
        path = self.runs / f"{name}.npz"
        if not path.exists():
            model = self.trained(name, rows)
            clean = [normalise(log_mel(self.sounds[row])) for row in held]
            odds = clip_odds(model, clean, self.plan.network.shape.window)
            np.savez(path, held=held, odds=odds)
        with np.load(path) as stored:
            if not np.array_equal(stored["held"], held):
                raise ValueError(f"{path} belongs to other folds; remove it")
            return stored["odds"]

    def networks(self) -> dict[str, tuple[NDArray, NDArray]]:
        """Return the rows to train on and to hold out, by name of the network."""
        found = {
            f"fold{fold}": (np.flatnonzero(self.folds != fold), np.flatnonzero(self.folds == fold))
            for fold in range(FOLDS)
        }
        if self.plan.random_split:
            found[comparing.RANDOM] = random_rows(self.clips, self.plan.seed)
        return found

    def store(self) -> Store:
        """Return the spectrograms of all clips."""
        path = self.runs / "store.npz"
        if self._store is None:
            if not path.exists():
                Store.of([log_mel(sound) for sound in self.sounds]).save(path)
            self._store = Store.load(path)
        return self._store

    def trained(self, name: str, rows: NDArray) -> Any:
        """Return the network after its last cycle; finished cycles are not trained again."""
        import keras

        from interview.training.speech import fitting

        settings = self.plan.network
        keras.utils.set_random_seed(self.plan.seed)
        model = self._built()
        last = len(settings.cycles) - 1
        first = last if self._begun(name, model) else 0
        for index, cycle in enumerate(settings.cycles[first:], first):
            path = self.runs / f"{name}-{index}"
            weights = path.with_suffix(".weights.h5")
            if not weights.exists():
                losses = fitting.fit(
                    model,
                    self.store(),
                    self.clips,
                    rows,
                    settings,
                    cycle,
                    self.plan.seed + index,
                    path,
                    lambda line, path=path: self.log(f"{path.name}: {line}"),
                )
                model.save_weights(weights)
                path.with_suffix(".json").write_text(json.dumps(losses), encoding="utf-8")
            model.load_weights(weights)
        return model

    def _built(self) -> Any:
        """Return an untrained network."""
        from interview.analysis.audio.network import build
        from interview.training.normalising import FusedBatchNormalization, precision

        with precision(self.plan.precision):
            return build(self.plan.network.shape, FusedBatchNormalization)

    def _begun(self, name: str, model: Any) -> bool:
        """Give a fold's network the weights it was shipped with, if the plan starts there."""
        if self.plan.start is None or not name.startswith("fold"):
            return False
        fold = int(name.removeprefix("fold"))
        with np.load(self.plan.start / WEIGHTS) as arrays:
            model.set_weights(
                [arrays[weights_key(fold, k)].astype(np.float32) for k in range(len(model.weights))]
            )
        return True

    def network_arrays(self) -> dict[str, NDArray[np.float16]]:
        """Return the arrays of every fold's network, in the shipped precision."""
        found = {}
        model = self._built()
        last = len(self.plan.network.cycles) - 1
        for fold in range(FOLDS):
            model.load_weights(self.runs / f"fold{fold}-{last}.weights.h5")
            for place, array in enumerate(model.get_weights()):
                found[weights_key(fold, place)] = array.astype(np.float16)
        return found


def train(
    data: Path,
    out: Path,
    *,
    plan: Plan | None = None,
    runs: Path = RUNS,
    log: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Cross-validate by speaker, fit what is shipped, and write weights, norms and card.

    Each finished network stays in ``runs``, and an unfinished one goes on from its last epoch.
    Raises ``DataError`` when the corpora are not there.
    """
    run = Run(data, runs, plan or Plan(), log)
    table = run.features()
    odds, scores = np.zeros((2, len(run.clips), len(CLASSES)), np.float32)
    strange = np.zeros(len(run.clips), bool)
    for fold in range(FOLDS):
        rows, held = run.networks()[f"fold{fold}"]
        odds[held] = run.network(f"fold{fold}", rows, held)
        machine = fit_svm(table[rows], run.labels[rows], run.weights[rows], run.plan.svm)
        scores[held] = machine.scores(table[held])
        spread, distances = _distances(machine, table[rows])
        strange[held] = _distances(machine, table[held], spread)[1] > _limit(distances)
        log(f"fold {fold} done")
    held_out = {name: _crossed(run, odds, scores, use) for name, use in figures_of.MACHINES.items()}
    svm = fit_svm(table, run.labels, run.weights, run.plan.svm)
    mixtures = {
        name: fit_combination(odds, scores, run.labels, run.known, balance(run.datasets), use)
        for name, use in figures_of.MACHINES.items()
    }
    compared = comparing.compare(run, table)
    card = _card(run, held_out, mixtures, svm, table)
    card |= {"strange_share": float(strange.mean()), "compared": compared}
    _write(out, run, card, svm, table, held_out)
    return card


def balance(datasets: NDArray[np.str_]) -> NDArray[np.float64]:
    """Return weights with which every corpus counts the same."""
    sizes = {name: (datasets == name).sum() for name in set(datasets)}
    return np.array([1 / sizes[name] for name in datasets])


def _crossed(run: Run, odds: Floats, scores: Floats, use: Sequence[str]) -> Floats:
    """Return held-out chances, combined by what the other folds say."""
    found = np.zeros_like(odds)
    for fold in range(FOLDS):
        rest, held = run.folds != fold, run.folds == fold
        mixture = fit_combination(
            odds[rest],
            scores[rest],
            run.labels[rest],
            run.known[rest],
            balance(run.datasets[rest]),
            use,
        )
        found[held] = mixture.chances(odds[held], scores[held])
    return found


def _distances(svm: Svm, table: Floats, spread: Floats | None = None) -> tuple[Floats, Floats]:
    """Return the components' deviations, unless given, and each clip's distance in them."""
    places = svm.components(table)
    spread = places.std(axis=0) + 1e-6 if spread is None else spread
    return spread, np.sqrt(((places / spread) ** 2).mean(axis=1))


def _limit(distances: Floats) -> float:
    """Return the distance beyond which a window is unlike the voices of these clips."""
    return float(np.quantile(distances, STRANGE_QUANTILE)) * STRANGE_MARGIN


def _card(
    run: Run,
    held_out: dict[str, Floats],
    mixtures: dict[str, Combination],
    svm: Svm,
    table: Floats,
) -> dict[str, Any]:
    """Return what the card says, and what the model reads from it."""
    _, distances = _distances(svm, table)
    return {
        "name": "speech",
        "version": PIPELINES["audio"].replace("audio", "speech"),
        "format": 1,
        "shape": asdict(run.plan.network.shape),
        "networks": FOLDS,
        "classes": list(CLASSES),
        "combinations": {
            name: {
                "crnn": mixture.crnn,
                "svm": mixture.svm,
                "offsets": [round(float(value), 5) for value in mixture.offsets],
            }
            for name, mixture in mixtures.items()
        },
        "strangeness": _limit(distances),
        "settings": {
            "seed": run.plan.seed,
            "svm": asdict(run.plan.svm),
            "network": asdict(run.plan.network),
        },
        "figures": figures_of.by_corpus(run.clips, held_out),
        "fairness": figures_of.fairness(run.clips, held_out["ensemble"]),
    }


def _write(
    out: Path,
    run: Run,
    card: dict[str, Any],
    svm: Svm,
    table: Floats,
    held_out: dict[str, Floats],
) -> None:
    """Write the folder of the model."""
    from interview.training.speech.card import write_card

    out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out / WEIGHTS, **run.network_arrays())
    spread, _ = _distances(svm, table)
    half = {name: getattr(svm, name).astype(np.float16) for name in ("axes", "vectors")}
    whole = {name: getattr(svm, name) for name in ("mean", "scale", "duals", "intercepts", "sizes")}
    np.savez_compressed(
        out / "svm.npz", **half, **whole, width=np.float64(svm.width), spread=spread
    )
    (out / "norms.json").write_text(
        json.dumps(figures_of.norms(run.clips, held_out["ensemble"])) + "\n", encoding="utf-8"
    )
    speakers = sorted({f"{clip.dataset}/{clip.speaker}" for clip in run.clips})
    (out / "training_speakers.json").write_text(json.dumps(speakers) + "\n", encoding="utf-8")
    (out / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    write_card(out, card, _losses(run), run.clips, held_out["ensemble"])


def _losses(run: Run) -> dict[int, list[float]]:
    """Return the networks' training losses, epoch by epoch through all cycles."""
    return {
        fold: [
            value
            for index in range(len(run.plan.network.cycles))
            for value in json.loads(
                (run.runs / f"fold{fold}-{index}.json").read_text(encoding="utf-8")
            )
        ]
        for fold in range(FOLDS)
    }
