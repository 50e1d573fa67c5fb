"""Does a snapshot come back from its text as it was?"""

import json
from dataclasses import replace
from random import Random

import pytest

from instrument.collation import Answers, collate
from instrument.definition import builtin
from instrument.snapshot import Cell, Coded, FunctionRow, Gap, SectionResult, Snapshot, UnknownFormat

INSTRUMENT = builtin()


@pytest.mark.parametrize("people", [3, 7, 12, 60])
def test_a_snapshot_comes_back_as_it_was(people: int) -> None:
    chance = Random(people)  # noqa: S311 -- the same answers at each run
    responses = [
        Answers(chance.choice(["nursing", "security", "leadership"]), "".join(chance.choices("0123nd", k=62)))
        for _ in range(people)
    ]
    snapshot = collate(INSTRUMENT, responses, asked=99, minimum=5)

    assert Snapshot.from_json(snapshot.to_json()) == snapshot


def test_coded_figures_come_back_coded() -> None:
    row = FunctionRow("nursing", (Cell(5, Coded.UNDER_10), None))
    section = SectionResult("u", 7, Coded.OVER_90, low=Coded.UNDER_10, high=Coded.OVER_90)
    snapshot = Snapshot("2021-09", 5, 9, 7, sections=(section,), by_function=(row,))

    back = Snapshot.from_json(snapshot.to_json())

    assert back == snapshot
    assert back.sections[0].mean is Coded.OVER_90
    assert back.by_function[0].cells[0] is not None
    assert back.by_function[0].cells[0].mean is Coded.UNDER_10


@pytest.mark.parametrize("finished", [None, 12])
def test_a_snapshot_that_was_stored_before_there_were_gaps_is_read(finished: int | None) -> None:
    snapshot = Snapshot("2021-09", 5, 20, finished, by_function=(FunctionRow("nursing", (Cell(12, 50.0),)),))
    stored = json.loads(snapshot.to_json()) | {"format": 1}
    del stored["gaps"]

    back = Snapshot.from_json(json.dumps(stored))

    assert back == replace(snapshot, gaps=None)
    assert Snapshot.from_json(back.to_json()) == back


def test_gaps_come_back() -> None:
    snapshot = Snapshot("2021-09", 5, 20, 12, gaps=(Gap("c2", "leadership", 22), Gap("c2", "security", -18)))

    assert Snapshot.from_json(snapshot.to_json()) == snapshot


def test_the_text_names_its_format() -> None:
    assert json.loads(Snapshot("2021-09", 5, 9, None).to_json())["format"] == 2


@pytest.mark.parametrize("format", [None, 3])
def test_an_unknown_format_is_refused(format: int | None) -> None:
    stored = json.loads(Snapshot("2021-09", 5, 9, None).to_json()) | {"format": format}

    with pytest.raises(UnknownFormat, match=f"has format {format}; this version reads 1 and 2, install a newer one"):
        Snapshot.from_json(json.dumps(stored))
