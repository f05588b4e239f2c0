"""What others read faces with, trained like ours and measured beside it, for the card only.

Small networks of the literature, a mini-Xception (Arriaga et al. 2017) and a kernel machine on
histograms of gradients (Dalal & Triggs 2005). None of them is shipped.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from interview.analysis.report import EMOTIONS
from interview.analysis.video.network import standardise
from interview.analysis.video.shape import OUTPUTS, SIZE, head
from interview.training.faces import fitting
from interview.training.faces.card import COMPARISON
from interview.training.faces.data import FaceSet
from interview.training.faces.settings import Fit, Plan
from interview.training.faces.shipping import Run
from interview.training.normalising import precision

FIT = Fit(epochs=12, small=0.0, rate=1e-3, mixup=0.0, strength=0.5)
"""The networks' training: like the later parts of ours."""
HOG = cv2.HOGDescriptor((SIZE, SIZE), (16, 16), (8, 8), (8, 8), 9)
COMPONENTS, COST = 200, 10.0


def three_convolutions() -> keras.Model:
    """Network A: three convolutions and two dense layers."""
    entry, value = _entry()
    for filters in (32, 64, 128):
        value = layers.Conv2D(filters, 3, padding="same", activation="relu")(value)
        value = layers.MaxPooling2D(2)(value)
    value = layers.Dropout(0.3)(layers.Flatten()(value))
    value = layers.Dropout(0.5)(layers.Dense(256, activation="relu")(value))
    return _leave(entry, value)


def reduced_alexnet() -> keras.Model:
    """Network B: AlexNet's five convolutions (Krizhevsky et al. 2012), narrowed to small faces."""
    entry, value = _entry()
    for filters, size, pooled in ((48, 5, True), (96, 5, True), (128, 3, False), (128, 3, False)):
        value = layers.Conv2D(filters, size, padding="same", activation="relu")(value)
        value = layers.MaxPooling2D(3, 2, padding="same")(value) if pooled else value
    value = layers.Conv2D(96, 3, padding="same", activation="relu")(value)
    value = layers.Flatten()(layers.MaxPooling2D(3, 2, padding="same")(value))
    for _ in range(2):
        value = layers.Dropout(0.5)(layers.Dense(512, activation="relu")(value))
    return _leave(entry, value)


def two_convolutions(*, narrowed: bool = False) -> keras.Model:
    """Network C: two convolutions and one dense layer.

    ``narrowed`` puts a convolution with a kernel of 1 before the dense layer, whose weights are
    nearly all there are.
    """
    entry, value = _entry()
    for filters in (32, 64):
        value = layers.Conv2D(filters, 5, padding="same", activation="relu")(value)
        value = layers.MaxPooling2D(2)(value)
    if narrowed:
        value = layers.Conv2D(16, 1, activation="relu")(value)
    value = layers.Dropout(0.5)(layers.Flatten()(value))
    value = layers.Dropout(0.5)(layers.Dense(512, activation="relu")(value))
    return _leave(entry, value)


def mini_xception() -> keras.Model:
    """Separable convolutions with shortcuts, and no dense layer (Arriaga et al. 2017)."""
    entry, value = _entry()
    for _ in range(2):
        value = layers.Conv2D(8, 3, use_bias=False)(value)
        value = layers.Activation("relu")(layers.BatchNormalization()(value))
    for filters in (16, 32, 64, 128):
        aside = layers.Conv2D(filters, 1, strides=2, padding="same", use_bias=False)(value)
        aside = layers.BatchNormalization()(aside)
        for place in range(2):
            value = layers.Activation("relu")(value) if place else value
            value = layers.SeparableConv2D(filters, 3, padding="same", use_bias=False)(value)
            value = layers.BatchNormalization()(value)
        value = layers.MaxPooling2D(3, 2, padding="same")(value)
        value = layers.Add()([value, aside])
    return _leave(entry, layers.GlobalAveragePooling2D()(value))


NETWORKS: dict[str, Callable[[], keras.Model]] = {
    "A: three convolutions, two dense layers": three_convolutions,
    "B: reduced AlexNet": reduced_alexnet,
    "C: two convolutions, one dense layer": two_convolutions,
    "C, narrowed by a convolution": lambda: two_convolutions(narrowed=True),
    "mini-Xception": mini_xception,
}


def _entry() -> tuple[keras.KerasTensor, keras.KerasTensor]:
    entry = keras.Input((SIZE, SIZE), name="faces")
    return entry, standardise(entry)


def _leave(entry: keras.KerasTensor, value: keras.KerasTensor) -> keras.Model:
    """Return the network with our heads, so that all learn the same."""
    return keras.Model(entry, layers.Dense(OUTPUTS, name="heads", dtype="float32")(value))


def compare(
    data: Path,
    out: Path,
    *,
    runs: Path,
    plan: Plan | None = None,
    settings: Fit = FIT,
    log: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Train and measure each of them; write ``comparison.json`` beside the model's card.

    Goes on from what an interrupted run left in ``runs``. Raises ``DataError``.
    """
    run = Run(data, plan or Plan())
    runs.mkdir(parents=True, exist_ok=True)
    found = {}
    for number, (name, build) in enumerate(NETWORKS.items()):
        found[name] = _network(run, build, settings, runs / f"rival-{number}.npz", log)
        log(f"{name}: {found[name]['accuracy']:.3f}")
    found["HOG and kernel machine"] = _kernel_machine(run)
    log(f"HOG and kernel machine: {found['HOG and kernel machine']['accuracy']:.3f}")
    text = json.dumps({"epochs": settings.epochs, "rivals": found}, indent=1)
    (out / COMPARISON).write_text(text + "\n", encoding="utf-8")
    return found


def _network(
    run: Run,
    build: Callable[[], keras.Model],
    settings: Fit,
    checkpoint: Path,
    log: Callable[[str], None],
) -> dict[str, Any]:
    """Train one network on what trains ours; return its figures and its curves."""
    lessons, always = run.lessons()
    keras.utils.set_random_seed(run.plan.seed)
    with precision(run.plan.precision):
        network = build()
    curve_file = checkpoint.with_suffix(".json")
    curve = json.loads(curve_file.read_text("utf-8")) if curve_file.exists() else []

    def watch(epoch: int) -> None:
        curve[epoch:] = [accuracy(network.predict(run.public.faces, verbose=0), run.public)]
        curve_file.write_text(json.dumps(curve), encoding="utf-8")

    rows = fitting.Rows(always, len(lessons), run.plan.smiles, settings.batch, run.plan.seed)
    losses = fitting.fit(
        network,
        lessons,
        rows,
        settings,
        run.plan.seed,
        checkpoint=checkpoint,
        watch=watch,
        log=log,
    )
    whole = build()
    whole.set_weights(network.get_weights())
    return {
        "accuracy": accuracy(fitting.predict(whole, run.public.faces), run.public),
        "parameters": int(whole.count_params()),
        "milliseconds": fitting.milliseconds(whole),
        "losses": losses,
        "accuracies": curve,
    }


def _kernel_machine(run: Run) -> dict[str, Any]:
    """Train an RBF machine on the main components of histograms of gradients."""
    fer = run.fer.take(run.rows["fer"])
    labels = np.array([EMOTIONS.index(name) for name in fer.emotions()])
    main = PCA(min(COMPONENTS, len(labels) - 1), random_state=run.plan.seed)
    machine = make_pipeline(StandardScaler(), main, SVC(C=COST, gamma="scale", cache_size=2000))
    machine.fit(hog(fer.faces), labels)
    began = time.perf_counter()
    said = machine.predict(hog(run.public.faces))
    took = time.perf_counter() - began
    true = np.array([EMOTIONS.index(name) for name in run.public.emotions()])
    return {
        "accuracy": float((said == true).mean()),
        "parameters": int(machine[-1].support_vectors_.size),
        "milliseconds": 1000 * took / len(true),
    }


def hog(faces: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return histograms of oriented gradients of faces of 48x48 pixels, shape ``(n, 900)``."""
    return np.stack([HOG.compute(face).ravel() for face in faces])


def accuracy(outputs: NDArray, faces: FaceSet) -> float:
    """Return the share of faces whose likeliest emotion is their label."""
    said = np.array(EMOTIONS)[np.asarray(outputs)[:, head("emotion")].argmax(axis=1)]
    return float((said == np.array(faces.emotions())).mean())
