"""How long does a closing count, and how much memory does it take?

The whole collation from strips, with nothing but the standard library; beside it, in turn, duckdb on its own columns (one
thread) and SQLite's GROUP BY on a table with a row an answer, both with the same counts of choices and the same section
statistics by kind of work. All three are seen to find the same figures. What is hidden, ranked and rounded is in ours only.
"""

import asyncio
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from benchmarks.report import say, show
from instrument.collation import Answers, collate
from instrument.definition import Section, builtin
from instrument.tally import tally

SIZES = (1_000, 10_000, 100_000)
TURNS = 5
MARKS = "0123nd"
OFTEN_ENOUGH = (18, 25, 27, 18, 4, 8)
INSTRUMENT = builtin()

Figures = dict[str, tuple[int, float]]
"""By section id: how many are scored, and their mean in percent of maximum."""


@dataclass(frozen=True)
class Contender:
    name: str
    seconds: list[float]
    count: Callable[[], Figures]

    def turn(self) -> Figures:
        began = time.perf_counter()
        figures = self.count()
        self.seconds.append(time.perf_counter() - began)
        return figures

    @property
    def median(self) -> float:
        return median(self.seconds)


async def main() -> None:
    say(f"Collating a closed self-assessment, medians of {TURNS} turns (SQLite at 100,000: of 1)")
    table = [
        [
            "people",
            "ours, s",
            "duckdb, s",
            "SQLite, s",
            "ours : duckdb",
            "ours : SQLite",
            "ours, MB",
            "a click waits, ms",
        ]
    ]
    for size in SIZES:
        responses = answered(size)
        with tempfile.TemporaryDirectory(prefix="hta-bench-") as folder:
            ours, duck, lite = _raced(responses, Path(folder))
            megabytes = _peak(responses, Path(folder))
        waits = median([await _longest_wait(responses) for _ in range(TURNS)])
        table.append(
            [
                f"{size:,}",
                *(f"{one.median:.3f}" for one in (ours, duck, lite)),
                f"{ours.median / duck.median:.2f}",
                f"{ours.median / lite.median:.3f}",
                f"{megabytes:.0f}",
                f"{1000 * waits:.0f}",
            ]
        )
    table.append(["aim", "", "", "", "2.50", "", "150", ""])
    show(table)


def answered(people: int) -> list[Answers]:
    chance = random.Random(people)  # noqa: S311 -- the same answers at each run
    functions = [one.id for one in INSTRUMENT.functions]
    return [
        Answers(functions[number % len(functions)], "".join(chance.choices(MARKS, OFTEN_ENOUGH, k=62)))
        for number in range(people)
    ]


def _raced(responses: Sequence[Answers], folder: Path) -> list[Contender]:
    """All three, in turn. Raises RuntimeError where they don't find the same."""
    columns, rows = _in_columns(responses), _in_rows(responses, folder / "rows.db")
    contenders = [
        Contender("ours", [], lambda: _ours(responses)),
        Contender("duckdb", [], lambda: _by_duckdb(columns)),
        Contender("SQLite", [], lambda: _by_sqlite(rows)),
    ]
    expected = _exact(responses)
    for turn in range(TURNS):
        for one in contenders:
            if turn and one.name == "SQLite" and len(responses) == SIZES[-1]:
                continue
            if not _are_alike(one.turn(), expected):
                raise RuntimeError(f"{one.name} finds other figures than the rest")
    columns.close()
    rows.close()
    return contenders


def _ours(responses: Sequence[Answers]) -> Figures:
    snapshot = collate(INSTRUMENT, responses, asked=len(responses), minimum=5)
    return {it.section: (it.n, it.mean) for it in snapshot.sections if it.n is not None and isinstance(it.mean, float)}


def _exact(responses: Sequence[Answers]) -> Figures:
    counted = tally(INSTRUMENT, responses).scores
    people = {id: sum(each.people for each in scores.values()) for id, scores in counted.items()}
    return {
        id: (people[id], float(sum(it.sum for it in scores.values()) / people[id])) for id, scores in counted.items()
    }


def _are_alike(one: Figures, other: Figures) -> bool:
    return one.keys() == other.keys() and all(
        one[id][0] == other[id][0] and abs(one[id][1] - other[id][1]) < 1e-6 for id in one
    )


# duckdb: a column an item, a byte each. Of the ways to say it that were tried, these are the fastest.


def _in_columns(responses: Sequence[Answers]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("CREATE TABLE strips (function VARCHAR, strip VARCHAR)")
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.writelines(f"{it.function},{it.strip}\n" for it in responses)
        file.flush()
        connection.execute(f"COPY strips FROM '{file.name}' (HEADER false)")
    functions = ", ".join(f"'{one.id}'" for one in INSTRUMENT.functions)
    connection.execute(f"CREATE TYPE kind AS ENUM ({functions})")
    each = ", ".join(
        f"(strpos('{MARKS}', strip[{it.position + 1}]) - 1)::UTINYINT AS {it.id}" for it in INSTRUMENT.items
    )
    connection.execute(f"CREATE TABLE answers AS SELECT function::kind AS function, {each} FROM strips")  # noqa: S608
    connection.execute("DROP TABLE strips")
    return connection


def _by_duckdb(connection: duckdb.DuckDBPyConnection) -> Figures:
    counts = [
        f"SELECT {it.position}, {it.id}, count(*) FROM answers GROUP BY {it.id}"  # noqa: S608
        for it in INSTRUMENT.items
    ]
    connection.execute(" UNION ALL ".join(counts)).fetchall()
    found = {}
    for section in INSTRUMENT.sections:
        (of_all,) = [row for row in connection.execute(_duckdb_section(section)).fetchall() if row[0] is None]
        found[section.id] = (of_all[1], of_all[2])
    return found


def _duckdb_section(section: Section) -> str:
    raw = " + ".join(f"(CASE WHEN {it.id} < 4 THEN {it.id} ELSE 0 END)" for it in section.items)
    rated = " + ".join(f"({it.id} < 4)::UTINYINT" for it in section.items)
    return (
        "SELECT function, count(*), avg(score), median(score), var_samp(score) FROM "  # noqa: S608
        "(SELECT function, 100::DOUBLE * raw / (3 * rated) AS score FROM "
        f"(SELECT function, {raw} AS raw, {rated} AS rated FROM answers) WHERE 2 * rated >= {len(section.items)}) "
        "GROUP BY GROUPING SETS ((function), ())"
    )


# SQLite: a row an answer.


def _in_rows(responses: Sequence[Answers], path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("CREATE TABLE response (id INTEGER PRIMARY KEY, function TEXT)")
    connection.execute(
        "CREATE TABLE answer (response INTEGER, item INTEGER, mark TEXT, PRIMARY KEY (response, item)) WITHOUT ROWID"
    )
    connection.executemany("INSERT INTO response VALUES (?, ?)", ((id, it.function) for id, it in enumerate(responses)))
    connection.executemany(
        "INSERT INTO answer VALUES (?, ?, ?)",
        ((id, item, mark) for id, it in enumerate(responses) for item, mark in enumerate(it.strip)),
    )
    connection.execute("CREATE TABLE item (position INTEGER PRIMARY KEY, section TEXT, items INTEGER)")
    connection.executemany(
        "INSERT INTO item VALUES (?, ?, ?)",
        ((it.position, one.id, len(one.items)) for one in INSTRUMENT.sections for it in one.items),
    )
    connection.commit()
    return connection


def _by_sqlite(connection: sqlite3.Connection) -> Figures:
    connection.execute("SELECT item, mark, count(*) FROM answer GROUP BY item, mark").fetchall()
    scores = (
        "SELECT response.function AS function, item.section AS section, "
        "100.0 * sum(CAST(mark AS INTEGER)) / (3 * count(*)) AS score FROM answer "
        "JOIN item ON item.position = answer.item JOIN response ON response.id = answer.response "
        "WHERE mark < 'a' GROUP BY answer.response, item.section HAVING 2 * count(*) >= item.items"
    )
    rows: list[Any] = connection.execute(
        "SELECT section, function, count(*), sum(score), sum(score * score) "  # noqa: S608
        f"FROM ({scores}) GROUP BY section, function"
    ).fetchall()
    found: Figures = {}
    for section in INSTRUMENT.sections:
        own = [row for row in rows if row[0] == section.id]
        people = sum(row[2] for row in own)
        found[section.id] = (people, sum(row[3] for row in own) / people)
    return found


# Memory, and who waits meanwhile.


COLLATING = r"""
import re, sys
from pathlib import Path
from instrument.collation import Answers, collate
from instrument.definition import builtin

with Path(sys.argv[1]).open() as file:
    responses = [Answers(*line.split()) for line in file]
collate(builtin(), responses, asked=len(responses), minimum=5)
print(int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) * 1024 / 1e6)
"""


def _peak(responses: Sequence[Answers], folder: Path) -> float:
    """Megabytes at most, of a process that reads the strips and collates them, and does nothing else."""
    path = folder / "strips"
    path.write_text("\n".join(f"{it.function} {it.strip}" for it in responses))
    done = subprocess.run([sys.executable, "-c", COLLATING, str(path)], check=True, capture_output=True, text=True)  # noqa: S603
    return float(done.stdout)


async def _longest_wait(responses: Sequence[Answers]) -> float:
    """Seconds that the event loop had to wait at most, while another thread collated: as long would a click."""
    collating = asyncio.create_task(asyncio.to_thread(collate, INSTRUMENT, responses, asked=len(responses), minimum=5))
    longest = 0.0
    while not collating.done():
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        longest = max(longest, time.perf_counter() - began - 0.001)
    await collating
    return longest
