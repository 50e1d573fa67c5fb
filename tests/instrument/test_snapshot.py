"""Does a snapshot come back from its text as it was?"""

import json
from dataclasses import asdict, replace
from random import Random

import pytest

from instrument.collation import Answers, collate
from instrument.definition import builtin
from instrument.snapshot import (
    Cell,
    Coded,
    FunctionRow,
    Gap,
    ItemResult,
    Ranked,
    SectionResult,
    Snapshot,
    UnknownFormat,
)

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
    section = SectionResult("u", 7, Coded.OVER_90)
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
    assert json.loads(Snapshot("2021-09", 5, 9, None).to_json())["format"] == 3


@pytest.mark.parametrize("format", [None, 4])
def test_an_unknown_format_is_refused(format: int | None) -> None:
    stored = json.loads(Snapshot("2021-09", 5, 9, None).to_json()) | {"format": format}

    with pytest.raises(UnknownFormat, match=f"has format {format}; this version reads 1 to 3, install a newer one"):
        Snapshot.from_json(json.dumps(stored))


# Formats 1 and 2 told more. These are snapshots as they were stored then.


def stored_by_format_2(people: int, sections: list[dict[str, object]], **more: object) -> str:
    nothing: dict[str, object] = {
        "sub_competencies": [],
        "items": [],
        "priorities": [],
        "near_tie": None,
        "strengths": [],
    }
    nothing |= {"dont_know": [], "doesnt_apply": [], "by_function": [], "gaps": []}
    head = {"format": 2, "instrument_version": "2021-09", "minimum": 5, "asked": 20, "finished": people}
    return json.dumps(head | nothing | {"sections": sections} | more)


def section_of_format_2(section: str, people: int, **figures: object) -> dict[str, object]:
    return asdict(SectionResult(section, people)) | figures


def test_of_an_older_small_section_only_its_score_is_left() -> None:
    """The share below 10 % and the list by it said that nobody had answered Never or Occasionally."""
    small = section_of_format_2("c1", 7, mean=88.0, points=5.0, low="under 10", high="over 90")
    ranked = asdict(Ranked("c1", relative=False, about_equal_to_next=False, sub_competencies=(), items=()))
    row = {"function": "nursing", "cells": [None, {"n": 7, "mean": "over 90"}]}

    back = Snapshot.from_json(stored_by_format_2(7, [small], priorities=[ranked], by_function=[row]))

    assert back.sections == (SectionResult("c1", 7, Coded.OVER_75),)
    assert (back.priorities, [one.section for one in back.strengths]) == ((), ["c1"])
    assert back.by_function == (FunctionRow("nursing", (None, Cell(7, Coded.OVER_75))),)
    assert Snapshot.from_json(back.to_json()) == back


def test_of_an_older_section_with_a_hidden_item_only_its_score_is_left() -> None:
    exact = {"mean": 51.25, "points": 3.075, "median": 50.0, "deviation": 20.0, "interval": [37.0, 66.0]}
    shares = {"low": 40.0, "high": 60.0, "never": 10.0, "often": 30.0, "always": 30.0}
    item = asdict(ItemResult("c1_01", 12, (1, 4, 4, 3), 58.3, 41.7, 0.0, 0.0, split=False))
    gap = asdict(Gap("c1", "leadership", 22))
    section = section_of_format_2("c1", 12, **exact, **shares)

    back = Snapshot.from_json(stored_by_format_2(12, [section], items=[item], gaps=[gap]))

    assert back.sections == (SectionResult("c1", 12, 51.0, 3.0),)
    assert (back.items, back.gaps) == ((), ())


def test_an_older_snapshot_that_told_no_more_than_is_shown_today_stays_as_it_was() -> None:
    strips = ["".join(Random(number).choices("0123", k=62)) for number in range(12)]  # noqa: S311 -- the same each time
    snapshot = collate(INSTRUMENT, [Answers("nursing", strip) for strip in strips], asked=20, minimum=5)
    stored = json.loads(snapshot.to_json()) | {"format": 2}

    assert Snapshot.from_json(json.dumps(stored)) == snapshot
