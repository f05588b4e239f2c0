"""Prints the figures: ``python -m interview.training.star [--set measure|develop] [--json]``."""

import argparse
import json
import sys

from interview.training.star.measure import FOLDER, SETS, as_markdown, measure


def main() -> None:
    """Measure the rules on one set; JSON first, then a Markdown table."""
    parser = argparse.ArgumentParser(prog="python -m interview.training.star")
    parser.add_argument("--set", choices=SETS, default="measure", help="which answers")
    parser.add_argument("--json", action="store_true", help="JSON only")
    arguments = parser.parse_args()
    result = measure(FOLDER / f"{arguments.set}.jsonl")
    sys.stdout.write(json.dumps(result, indent=1) + "\n")
    if not arguments.json:
        sys.stdout.write("\n" + as_markdown(result) + "\n")


if __name__ == "__main__":
    main()
