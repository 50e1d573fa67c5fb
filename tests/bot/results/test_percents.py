"""Percents are whole wherever people read results, by one rule, and figures side by side don't contradict each other."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import Message
from bot.results import messages
from bot.results.by_function import by_function
from bot.results.closed import Closed
from bot.results.compare import compare
from bot.results.details import FIRST, TALK, details, rows
from bot.results.huddle import huddle
from example_results import CLOSED, EARLIER, LARGE, LAST_YEAR, ZONE, table
from instrument.definition import builtin
from instrument.growth import Grown, growth
from instrument.snapshot import Cell, Finding, FunctionRow, SectionResult, Snapshot
from reports import figures, sentences
from reports.charts.growth import since_last_time
from reports.charts.how_often import how_often
from reports.charts.kinds_of_work import kinds_of_work
from reports.charts.paper import Chart
from reports.exports.long import csv
from reports.leaders_page.page import said as report
from reports.round_report import round_report

HTA = builtin()
FIGURE, SHOWN = 62.9, "63 %"
FRACTION = re.compile(r"\d\.\d+(?: %|,? (?:Never|Often|before|now|points))")


def with_section(snapshot: Snapshot, section: str, **changed: Any) -> Snapshot:
    """The snapshot with other figures of one section."""
    return replace(
        snapshot,
        sections=tuple(replace(one, **changed) if one.section == section else one for one in snapshot.sections),
    )


def everywhere(snapshot: Snapshot) -> Snapshot:
    """The snapshot with the figure wherever one can be."""
    first = snapshot.priorities[0].section
    return replace(
        with_section(snapshot, first, mean=FIGURE, low=FIGURE, high=100 - FIGURE, never=FIGURE, often=30.1, always=7.0),
        items=tuple(replace(one, low=FIGURE, dont_know=FIGURE, doesnt_apply=FIGURE) for one in snapshot.items),
        sub_competencies=tuple(replace(one, low=FIGURE) for one in snapshot.sub_competencies),
        dont_know=(Finding("c2_02", FIGURE),),
        doesnt_apply=(Finding("c3_01", FIGURE),),
        by_function=(FunctionRow("nursing", (Cell(30, FIGURE),) * 7), FunctionRow(None, (Cell(30, FIGURE),) * 7)),
        gaps=(),
    )


NOW, THEN = everywhere(LARGE), everywhere(LAST_YEAR)
GROWTH = growth(HTA, THEN, NOW)


def strings(value: Any) -> Iterator[str]:
    """All that is text in blocks, or in what a layout is handed."""
    match value:
        case str():
            yield value
        case dict():
            for one in value.values():
                yield from strings(one)
        case list() | tuple():
            for one in value:
                yield from strings(one)
        case _:
            return


def of_message(message: Message) -> str:
    return " ".join([message.text, *strings(list(message.blocks))])


def of_chart(chart: Chart | None) -> str:
    assert chart is not None
    return " ".join([chart.alt_text, *re.findall(r'"((?:[^"\\]|\\.)*)"', chart.source)])


FIRST_SECTION = LARGE.priorities[0].section
FILED = replace(round_report(CLOSED, NOW, 300, ZONE), earlier=round_report(EARLIER, THEN, 300, ZONE))
SURFACES = {
    "results": of_message(messages.results(HTA, CLOSED, NOW, ZONE, private=True)),
    "results in the channel": of_message(messages.results(HTA, CLOSED, NOW, ZONE, private=False)),
    "what came out": of_message(messages.what_came_out(HTA, CLOSED, NOW, ZONE)),
    "by function": of_message(by_function(HTA, NOW)),
    **{
        f"details, {page}": of_message(details(HTA, CLOSED, NOW, page, private=True))
        for page in (FIRST, TALK, FIRST_SECTION)
    },
    "rows of statements": " ".join(rows(HTA, NOW)),
    "compare": of_message(compare(HTA, Closed(CLOSED, NOW), Closed(EARLIER, THEN), GROWTH, ZONE)),
    "huddle": of_message(huddle(HTA, CLOSED, NOW, ZONE)),
    "picture of how often": of_chart(how_often(HTA, NOW, "today")),
    "picture of kinds of work": of_chart(kinds_of_work(HTA, NOW, "today")).replace("63", SHOWN),
    "picture of growth": of_chart(since_last_time(HTA, GROWTH, (THEN, "then"), (NOW, "now"))),
    "leaders' page": " ".join(strings(report(FILED, None))),
}


@pytest.mark.parametrize("surface", SURFACES)
def test_what_is_62_point_9_is_shown_as_63_percent_on_every_surface(surface: str) -> None:
    said = SURFACES[surface]

    assert SHOWN in said
    assert FRACTION.findall(said) == []


def test_files_keep_their_digits() -> None:
    assert f"mean,{FIGURE},exact" in csv(round_report(CLOSED, NOW, 300, ZONE)).content.decode()


# What stands side by side


def test_a_difference_is_that_of_the_two_figures_beside_it() -> None:
    now, then = with_section(LARGE, "c2", mean=62.6), with_section(LAST_YEAR, "c2", mean=62.4)
    moved = growth(HTA, then, now)

    compared = table(compare(HTA, Closed(CLOSED, now), Closed(EARLIER, then), moved, ZONE))
    since = report(replace(round_report(CLOSED, now, 300, ZONE), earlier=round_report(EARLIER, then, 300, ZONE)), None)[
        "growth"
    ]

    assert compared[3][1:4] == ["63 %", "62 %", "+1"]
    assert since["rows"][2][1:3] == ["62 %", "+1"]


@given(st.integers(0, 3000), st.integers(0, 3000), st.floats(0.01, 40))
def test_a_difference_lies_in_its_likely_range_as_both_are_shown(now: int, before: int, reach: float) -> None:
    means = now / 30, before / 30
    difference = means[0] - means[1]
    is_now, was = (SectionResult("c2", 20, mean) for mean in means)

    shown = figures.moved(is_now, was)
    low, high = figures.likely_move((difference - reach, difference + reach)).split(" to ")

    assert number(low) <= number(shown) <= number(high)


def number(shown: str) -> int:
    return int(shown.replace("−", "-"))


@pytest.mark.parametrize("now", [55.0, 54.96, 54.5, 55.4, 59.99, 60.0])
def test_a_word_is_never_that_of_another_difference_than_is_shown(now: float) -> None:
    """Five points or more are shown as five or more; less than five, as five at most."""
    moved = growth(HTA, with_section(LAST_YEAR, "c2", mean=50.0), with_section(LARGE, "c2", mean=now))
    (risk,) = (one for one in moved if isinstance(one, Grown) and one.section == "c2")

    shown = number(figures.moved(risk.now, risk.before))

    assert shown <= 5 if now < 55 else shown >= 5
    assert (risk.word == "about the same") == (now < 55)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (49.7, 74.6, ["50 % Never", "None quite reaches half", "75 % Often", "None quite reaches three quarters"]),
        (48.9, 73.2, ["49 % Never", "None reaches half; this", "73 % Often", "None reaches three quarters; this"]),
    ],
)
def test_a_share_just_below_a_mark_is_not_said_to_miss_what_it_shows(
    low: float, high: float, expected: list[str]
) -> None:
    ranked = replace(LARGE.priorities[0], relative=True)
    strong = replace(LARGE.priorities[1], relative=True)
    snapshot = with_section(with_section(LARGE, ranked.section, low=low), strong.section, high=high)
    snapshot = replace(snapshot, priorities=(ranked,), strengths=(strong,), near_tie=None)

    in_slack = f"{messages.work_on(HTA, snapshot)} {messages.share(HTA, snapshot)}"
    on_paper = f"{sentences.work_on(HTA, snapshot)} {sentences.share(HTA, snapshot)}"

    for said in (in_slack, on_paper):
        assert [words for words in expected if words not in said] == []


@pytest.mark.parametrize(("work_here", "is_said"), [(89, False), (90, True), (300, True), (None, False)])
def test_fewer_people_than_were_asked_are_not_said_to_work_here(work_here: int | None, *, is_said: bool) -> None:
    slip = figures.of_how_many(LARGE, work_here)
    file = round_report(CLOSED, LARGE, work_here, ZONE)

    assert ("work here" in slip) is is_said
    assert file.work_here == (work_here if is_said else None)
