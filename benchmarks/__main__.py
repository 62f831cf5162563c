"""`python benchmarks [--rounds N] [--only WORD] [--svg FILE]`: every figure beside its goal; 1 if one falls short."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from goals import GOALS
from picture import picture

__all__ = ["main"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="pairs of measurements for each figure")
    parser.add_argument("--only", default="", help="goals with this in their name")
    parser.add_argument("--svg", type=Path, help="where to write a picture of the comparisons")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)  # odata-query warns of every field
    short, bars = 0, []
    print(f"{'':36}{'beside':36}{'measured':>10}{'goal':>12}")
    for goal in GOALS:
        if asked.only not in f"{goal.what} {goal.other}":
            continue
        figure = goal.measure(asked.rounds)
        wanted = f"{'≤' if goal.is_most else '≥'} {goal.bound:g}{goal.unit}"
        if figure is None:
            print(f"{goal.what:36}{goal.other:36}{'–':>10}{wanted:>12}  the texts are not there", flush=True)
            continue
        falls_short = not goal.is_met(figure)
        short += falls_short
        shown = f"{figure:.2f}{goal.unit}"
        print(
            f"{goal.what:36}{goal.other:36}{shown:>10}{wanted:>12}{'  short' if falls_short else ''}",
            flush=True,
        )
        if not goal.is_most and goal.unit == "×":
            bars.append((f"{goal.what}, beside {goal.other}", figure))
    if asked.svg is not None:
        asked.svg.write_text(picture(bars), encoding="utf-8")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
