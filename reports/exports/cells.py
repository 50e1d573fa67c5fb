"""Values in cells, written so that no program takes them for more than they are.

A text that begins like a formula is run by spreadsheets when the file is opened, whoever wrote it: a kind of work or a
goal is typed by people. So every writer passes what it writes through here. Source: OWASP, CSV injection.
"""

import csv
import io
from collections.abc import Iterable, Sequence

RUNS = frozenset("=+-@\t\r\n＝＋－＠")
"""What a cell never begins with; the wide ones are taken for the others in East Asian versions."""
BOM = "\ufeff"

Value = str | float | int | None


def text(words: str) -> str:
    """`words` on one line, with an apostrophe before what a spreadsheet would run; nothing that can't be printed is left."""
    line = "".join(c if c.isprintable() else " " for c in words)
    begins = words[:1], line.lstrip()[:1]
    return f"'{line}" if any(one and one in RUNS for one in begins) else line


def number(value: float) -> str:
    """The shortest text that reads back as the same number; whole numbers without a point."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def written(value: Value) -> str:
    """`value` as a cell of a text file; None is an empty one."""
    match value:
        case None:
            return ""
        case str():
            return text(value)
        case _:
            return number(value)


def csv_file(rows: Iterable[Sequence[Value]], *, bom: bool) -> bytes:
    """RFC 4180 in UTF-8. `bom`: with the mark by which Excel knows UTF-8."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerows([written(value) for value in row] for row in rows)
    return ((BOM if bom else "") + lines.getvalue()).encode()
