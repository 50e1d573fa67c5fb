"""The page for leaders: one page, whatever stands in it; tagged; and every figure as the snapshot has it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest

from closed_rounds import closed_round
from instrument.collation import Answers, collate
from instrument.definition import builtin
from instrument.snapshot import Cell, Coded, FunctionRow, Ranked, SectionResult, Snapshot
from printed import opened, tags_of, words_of
from reports.leaders_page.page import LONGEST_GOAL, report_pdf, said, shortened
from reports.round_report import Planned, RoundReport
from rounding import rounded

INSTRUMENT = builtin()
FUNCTIONS = [function.id for function in INSTRUMENT.functions]
LOW = {"u": (6, 4, 2, 1), "c5": (7, 4, 1, 1), "c6": (8, 4, 1, 1)}


def answers(people: int, seed: int, functions: Sequence[str] = FUNCTIONS) -> list[Answers]:
    chance = Random(seed)  # noqa: S311 -- the same answers at each run
    return [
        Answers(
            functions[person % len(functions)],
            "".join(
                chance.choices("0123nd", weights=(*LOW.get(section.id, (1, 2, 6, 5)), 0.3, 0.5))[0]
                for section in INSTRUMENT.sections
                for _ in section.items
            ),
        )
        for person in range(people)
    ]


MANY = collate(INSTRUMENT, answers(120, seed=1), asked=300, minimum=5)
FEW = collate(INSTRUMENT, answers(8, seed=2), asked=40, minimum=5)
NOBODY = collate(INSTRUMENT, answers(4, seed=3), asked=30, minimum=5)
UNANIMOUS = collate(INSTRUMENT, [Answers("nursing", "0" * 14 + "3" * 48)] * 7, asked=9, minimum=5)


def closed(snapshot: Snapshot, year: int = 2027) -> RoundReport:
    some = closed_round(5)
    at = datetime(year, 3, 30, 13, tzinfo=UTC)
    round_ = replace(some.round, minimum=snapshot.minimum, opened_at=at.replace(day=1), closed_at=at)
    return replace(some, round=round_, snapshot=snapshot, work_here=1200)


def page(snapshot: Snapshot, *goals: Planned, organization: str | None = None, **more: Any) -> bytes:
    return report_pdf(replace(closed(snapshot), planned=goals, **more), organization=organization)


def goal(words: str, owner: str = "Marisol Vega", status: str = "On track", days: int = 9) -> Planned:
    return Planned("10 days", date(2027, 4, days), "6 Prevention", words, None, owner, status)


@pytest.fixture(scope="module")
def usual() -> bytes:
    return page(MANY, organization="St. Brigid's Hospital")


def longest() -> Snapshot:
    """Three priorities with the longest items of the instrument, each split, three strengths, and a near tie."""
    items = {one.id: sorted(one.items, key=lambda item: -len(item.text))[:3] for one in INSTRUMENT.sections}
    by_length = sorted(items, key=lambda section: -sum(len(item.text) for item in items[section]))
    ranked = [
        Ranked(section, False, True, (), tuple(item.id for item in items[section]) if place < 3 else ())
        for place, section in enumerate(by_length)
    ]
    return replace(
        MANY,
        items=tuple(replace(item, split=True) for item in MANY.items),
        priorities=tuple(ranked[:3]),
        strengths=tuple(ranked[3:6]),
        near_tie=ranked[6].section,
    )


def test_it_is_one_page_of_us_letter(usual: bytes) -> None:
    (only,) = opened(usual).pages

    assert (float(only.mediabox.width), float(only.mediabox.height)) == (612, 792)


def test_it_stays_one_page_with_the_longest_of_everything() -> None:
    plan = [goal("Agree on training days " * 13, owner="W" * 80, status="Not started, and overdue")] * 12

    printed = page(longest(), *plan, work_here=123_456, organization="M" * 300)

    said = words_of(printed)
    named = [INSTRUMENT.item(item) for ranked in longest().priorities for item in ranked.items]
    assert len(MANY.by_function) == len(FUNCTIONS)
    assert len(opened(printed).pages) == 1
    assert [item.label for item in named if item and letters(item.text) not in letters(said)] == []
    assert "Not endorsed by HHS" in said
    assert "And 7 more in the plan." in said


def letters(text: str) -> str:
    """`text` without spaces: a reader of PDF takes the end of a line for one."""
    return "".join(text.split())


def test_screen_readers_find_headings_tables_and_the_bars_in_words(usual: bytes) -> None:
    tags = tags_of(usual)
    kinds = [kind for kind, _ in tags]

    assert [kind for kind in kinds if kind in ("H1", "H2")] == ["H1", "H2", "H2", "H2", "H2", "H2", "H2"]
    assert kinds.count("H3") == len(MANY.priorities) == 3
    assert (kinds.count("Table"), kinds.count("THead")) == (2, 2)
    assert kinds.count("TR") == 1 + 7 + 1 + len(FUNCTIONS)
    (alt,) = [alt for kind, alt in tags if kind == "Figure"]
    worst = min(MANY.sections, key=lambda one: one.mean if isinstance(one.mean, float) else 100)
    assert isinstance(worst.mean, float)
    assert f"Shortest: {INSTRUMENT.heading(worst.section)}, {rounded(worst.mean)} %. Longest: " in alt


def test_it_has_a_title_and_a_language(usual: bytes) -> None:
    reader = opened(usual)

    assert reader.metadata is not None
    assert reader.metadata.title == "Human trafficking response: results for leaders"
    assert str(reader.root_object["/Lang"]) == "en"


def test_every_figure_of_a_section_stands_there_as_it_was_frozen_in_whole_percents(usual: bytes) -> None:
    said = words_of(usual)

    missing = []
    for one in MANY.sections:
        assert isinstance(one.mean, float)
        assert isinstance(one.low, float)
        assert one.interval
        low_end, high_end = map(rounded, one.interval)
        row = f"{rounded(one.mean)} % {low_end} to {high_end} % {one.n} {rounded(one.low)} %"
        if row not in said:
            missing.append((one.section, row))
    assert missing == []


def test_every_cell_stands_in_the_row_of_its_kind_of_work(usual: bytes) -> None:
    said = words_of(usual)

    assert len(MANY.by_function) == len(FUNCTIONS)
    for row in MANY.by_function:
        assert row.function is not None
        function = INSTRUMENT.function(row.function)
        assert function is not None
        figures = " ".join(f"{cell.mean:.0f}" for cell in row.cells if cell and isinstance(cell.mean, float))
        assert f"{function.label} {figures}" in said


def test_it_says_of_how_many_and_what_to_do(usual: bytes) -> None:
    said = words_of(usual)

    for words in (
        "120 of 300 people asked finished",
        "1,200 people work here. Staff without Slack were not asked.",
        "St. Brigid's Hospital · Self-assessment, 1 March 2027 to 30 March 2027",
        "Work on first: 6 Prevention (",
        "Share with others: ",
        "out of 22",
        "it is scored out of 33 here",
        "Groups of fewer than 5 people are never shown",
        "Confidential, not anonymous",
        "Not endorsed by HHS",
        "None are set yet. The document asks for one each in 10 days, 1 month, 3 months, 6 months and 1 year.",
        "Buy-in.",
        "Resources.",
        "Bandwidth.",
    ):
        assert words in said


def test_the_lowest_items_stand_in_full_with_their_share(usual: bytes) -> None:
    said = words_of(usual)
    results = {one.item: one for one in MANY.items}

    for ranked in MANY.priorities:
        assert len(ranked.items) == 3
        for item in map(INSTRUMENT.item, ranked.items):
            assert item is not None
            assert f"{item.label} {rounded(results[item.id].low)} % Never or Occasionally" in said
            assert letters(item.text) in letters(said)


def test_small_groups_have_whole_percents_and_neither_ranges_nor_items() -> None:
    said = words_of(page(FEW, work_here=None))

    assert "How many people work here was not stated." in said
    for one in FEW.sections:
        mean = one.mean.value if isinstance(one.mean, Coded) else f"{one.mean:.0f}"
        assert f"{mean} % – 8 –" in said
    assert [item.text for item in INSTRUMENT.items if letters(item.text) in letters(said)] == []
    assert "Fewer than 10 people rated it, or one of its items. Take the section as a whole." in said
    assert "No kind of work had enough people to stand alone." in said


def test_what_is_coded_is_told_as_that_only() -> None:
    printed = page(UNANIMOUS)
    said = words_of(printed)

    assert "U Trauma-Informed Approach under 25 % – 7 –" in said
    assert "6 Prevention over 75 % – 7 –" in said
    assert "Nursing < 25 > 75" in said
    (alt,) = [alt for kind, alt in tags_of(printed) if kind == "Figure"]
    assert "Shortest: Universal: Trauma-Informed Approach, under 25 %." in alt
    assert " 0 %" not in said.replace("0 to 100 %", "")
    assert " 100 %" not in said.replace("0 to 100 %", "")


def test_what_is_hidden_is_seen_as_hidden() -> None:
    sections = (replace(MANY.sections[0], n=None, mean=None, low=None, high=None, interval=None), *MANY.sections[1:])
    rows = (FunctionRow("security", (None, *[Cell(5, 61.0)] * 6)), FunctionRow(None, (Cell(9, Coded.OVER_90),) * 7))

    said = words_of(page(replace(MANY, sections=sections, by_function=rows, priorities=(), strengths=())))

    assert "U Trauma-Informed Approach not shown not shown under 5 not shown" in said
    assert "Security – 61 61 61 61 61 61" in said
    assert "Not shown separately > 90 > 90 > 90 > 90 > 90 > 90 > 90" in said
    assert "Where to begin" not in said


def test_where_fewer_than_the_minimum_finished_it_says_so_and_nothing_else() -> None:
    printed = page(NOBODY)
    said = words_of(printed)

    assert len(opened(printed).pages) == 1
    assert "under 5 of 30 people asked finished" in said
    assert "Nothing can be shown. Fewer than 5 people finished" in said
    assert "Never or Occasionally (" not in said
    assert "Table" not in [kind for kind, _ in tags_of(printed)]


def test_growth_takes_the_place_of_kinds_of_work() -> None:
    before = collate(INSTRUMENT, answers(100, seed=9), asked=200, minimum=5)
    higher = replace(
        MANY,
        sections=tuple(
            replace(one, mean=(one.mean if isinstance(one.mean, float) else 0) + 20) for one in before.sections
        ),
    )

    said = words_of(page(higher, earlier=closed(before, 2026)))
    fallen = words_of(page(before, earlier=closed(higher, 2026)))

    assert "Since 30 March 2026" in said
    mean = before.sections[0].mean
    assert isinstance(mean, float)
    assert f"U {rounded(mean)} % +20" in said
    assert said.count("higher") == 7
    assert "By kind of work" not in said
    assert "because they know more" not in said
    assert fallen.count("−20") == 7
    assert "rate lower because they know more" in fallen


def test_a_section_that_cannot_be_compared_has_neither_a_change_nor_a_circle() -> None:
    before = replace(MANY, sections=(SectionResult("u"), *MANY.sections[1:]))

    page_says = said(replace(closed(MANY), earlier=closed(before, 2026)), None)

    assert page_says["growth"]["rows"][0] == ["U", "–", "–", "–", "can't be compared"]
    assert [row["before"] is None for row in page_says["bars"]["rows"]] == [True] + [False] * 6


def test_goals_stand_in_their_order() -> None:
    said = words_of(page(MANY, goal("First this", days=9), goal("Then that", days=19)))

    heads, row = "Due in Goal Owner Status", "10 days {} April 2027 {} Marisol Vega On track"
    assert f"{heads} {row.format(9, 'First this')} {row.format(19, 'Then that')}" in said
    assert "None are set yet" not in said


@pytest.mark.parametrize("hostile", ['#panic("no")', '"), #read("/etc/passwd")', "= *bold* $x$ <a> @b"])
def test_no_name_and_no_goal_is_markup(hostile: str) -> None:
    said = words_of(page(NOBODY, goal(hostile), organization=hostile))

    assert said.count(hostile) >= 2


def test_long_texts_end_between_words() -> None:
    assert shortened("a b", 3) == "a b"
    assert shortened("one two three", 10) == "one two…"
    assert shortened("x" * 300, LONGEST_GOAL) == "x" * (LONGEST_GOAL - 1) + "…"


def test_the_same_facts_make_the_same_bytes(usual: bytes) -> None:
    assert page(MANY, organization="St. Brigid's Hospital") == usual
