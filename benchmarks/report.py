"""How do the figures look? As columns in a terminal."""

import sys
from collections.abc import Iterable, Sequence


def say(words: str = "") -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def show(rows: Iterable[Sequence[str]]) -> None:
    """Prints a table: the first column at the left, the others at the right."""
    table = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for name, *figures in table:
        cells = (figure.rjust(width) for figure, width in zip(figures, widths[1:], strict=True))
        say(f"  {name.ljust(widths[0])}  {'  '.join(cells)}")
