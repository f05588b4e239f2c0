"""A model trained once on a small invented corpus."""

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest

from interview.training.text.heads import Settings
from interview.training.text.plan import Plan
from interview.training.text.shipping import train

_spec = importlib.util.spec_from_file_location("corpus", Path(__file__).with_name("corpus.py"))
corpus = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(corpus)

TINY = Plan(
    settings=Settings(
        seed=3,
        fold_count=3,
        token_minimum=2,
        spelling_minimum=5,
        axes=6,
        letters_minimum=5,
        landmarks=20,
        lengths=(20, 60),
    ),
    more_seeds=(4,),
    baselines=False,
    network_folds=0,
)


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """A folder laid out like the training data."""
    return corpus.write_corpus(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def trained(data, tmp_path_factory):
    """The written folder, its card, the checkpoints and what was logged."""
    folder = tmp_path_factory.mktemp("models") / "text"
    checkpoints = tmp_path_factory.mktemp("checkpoints")
    logged = []
    card = train(data, folder, plan=TINY, checkpoints=checkpoints, log=logged.append)
    return SimpleNamespace(folder=folder, card=card, checkpoints=checkpoints, log=logged)
