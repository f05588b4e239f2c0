"""Trains the networks and nothing else, where there is an accelerator but no Flask or PyAV.

    KERAS_BACKEND=jax python -m interview.training.speech DATA --network wide --runs RUNS

``RUNS`` holds ``store.npz``, which ``--store`` writes where PyAV is; of ``DATA`` only the table of
clips is read then. ``flask train speech`` goes on from the same folder of runs.
"""

import argparse
import sys
from pathlib import Path

from interview.training.speech.network_settings import NETWORKS
from interview.training.speech.shipping import Plan, Run, runs_of


def main() -> None:
    """Write the table of spectrograms, or train every network that is not there yet."""
    parser = argparse.ArgumentParser(prog="python -m interview.training.speech")
    parser.add_argument("data", type=Path, help="folder that holds speech/manifest.csv")
    parser.add_argument("--network", choices=NETWORKS, default="gru")
    parser.add_argument("--precision", default="float32", help="or mixed_bfloat16, with PyTorch")
    parser.add_argument("--start", type=Path, help="folder of shipped networks: only last cycle")
    parser.add_argument("--runs", type=Path, help="where the networks are kept")
    parser.add_argument("--store", action="store_true", help="only write store.npz")
    arguments = parser.parse_args()
    plan = Plan(
        network=NETWORKS[arguments.network],
        start=arguments.start,
        precision=arguments.precision,
    )
    runs = arguments.runs or runs_of(arguments.network)
    run = Run(arguments.data, runs, plan, lambda line: sys.stdout.write(line + "\n"))
    run.store()
    if not arguments.store:
        for name, (rows, _) in run.networks().items():
            run.trained(name, rows)


if __name__ == "__main__":
    main()
