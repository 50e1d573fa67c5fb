"""Where do the README's pictures of results come from? `python -m benchmarks.example_pictures` draws them anew.

The answers are made up, by a fixed seed: the same version of the bot draws the same files.
"""

from pathlib import Path

from benchmarks.made_up import results
from instrument.definition import builtin
from reports.charts.how_often import how_often
from reports.charts.kinds_of_work import kinds_of_work
from reports.typeset import picture

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
PEOPLE, SEED, CLOSED_ON = 112, 9, "3 December 2026"
PIXELS_PER_INCH = 120
"""Fewer than in Slack: a README is no larger than it needs."""


def main() -> None:
    hta = builtin()
    snapshot = results(hta, PEOPLE, seed=SEED)
    drawn = {
        "stacked.png": how_often(hta, snapshot, CLOSED_ON),
        "kinds_of_work.png": kinds_of_work(hta, snapshot, CLOSED_ON),
    }
    for name, one in drawn.items():
        if one:
            (FOLDER / name).write_bytes(picture(one.source, PIXELS_PER_INCH))


if __name__ == "__main__":
    main()
