"""The pictures say what the snapshot holds, to eyes and to screen readers, and nothing else."""

import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest

from bot.blocks import LONGEST_ALT_TEXT
from instrument.collation import Answers, collate
from instrument.definition import builtin
from instrument.growth import Growth, growth
from instrument.snapshot import Cell, Coded, FunctionRow, Gap, Ranked, SectionResult, Snapshot
from reports.charts import paper
from reports.charts.colours import CHOICES, CIVIDIS, SMALL, cividis, contrast, text_on
from reports.charts.growth import since_last_time
from reports.charts.how_often import how_often
from reports.charts.kinds_of_work import kinds_of_work
from reports.charts.paper import Chart
from rounding import rounded

HTA = builtin()
DAY, LATER = "3 December 2026", "6 June 2027"


def people(count: int, seed: int, weights: Sequence[int] = (2, 3, 3, 2)) -> Snapshot:
    """What so many people of all kinds of work came to."""
    chance = Random(seed)  # noqa: S311 -- the same answers at each run
    functions = [function.id for function in HTA.functions]
    strips = ["".join(chance.choices("0123", weights, k=62)) for _ in range(count)]
    answers = [Answers(functions[place % len(functions)], strip) for place, strip in enumerate(strips)]
    return collate(HTA, answers, asked=count + 20, minimum=5)


def with_sections(*results: SectionResult) -> Snapshot:
    """A snapshot with these sections, and nobody else's figures."""
    given = {one.section: one for one in results}
    sections = tuple(given.get(one.id, SectionResult(one.id)) for one in HTA.sections)
    return Snapshot(HTA.version, 5, asked=30, finished=20, sections=sections)


def with_rows(*rows: FunctionRow, gaps: tuple[Gap, ...] | None = ()) -> Snapshot:
    return Snapshot(HTA.version, 5, asked=90, finished=71, by_function=rows, gaps=gaps)


def drawn(picture: Chart | None) -> Chart:
    assert picture is not None
    return picture


def printed(picture: Chart) -> list[str]:
    """What stands in the picture as text."""
    return re.findall(r'text\(size: [^"]*"[a-z]+", fill: rgb\("#[0-9a-f]{6}"\), "((?:[^"\\]|\\.)*)"', picture.source)


FULL, BEFORE = people(120, seed=1), people(90, seed=2, weights=(4, 3, 2, 1))
FEW_RATED = SectionResult("c1", 8, 50.0, 3.0)
SOME_FEW = replace(FULL, sections=tuple(FEW_RATED if one.section == "c1" else one for one in FULL.sections))
GROWTH = growth(HTA, BEFORE, FULL)
PICTURES = {
    "how often": drawn(how_often(HTA, FULL, DAY)),
    "how often, some with few": drawn(how_often(HTA, SOME_FEW, DAY)),
    "kinds of work": drawn(kinds_of_work(HTA, FULL, DAY)),
    "growth": drawn(since_last_time(HTA, GROWTH, (BEFORE, DAY), (FULL, LATER))),
}

# How they look


@pytest.mark.parametrize("made", PICTURES.values(), ids=PICTURES)
def test_a_picture_is_as_wide_as_a_phone_at_twice_its_pixels_and_not_much_taller_than_its_screen(made: Chart) -> None:
    png = made.png()

    width, height = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    assert width == 875
    assert 0.8 < height / width < 1.6
    assert len(png) < 300_000


@pytest.mark.parametrize("made", PICTURES.values(), ids=PICTURES)
def test_no_text_is_smaller_than_11_pixels_of_a_phone(made: Chart) -> None:
    sizes = [float(size) for size in re.findall(r"size: ([0-9.]+)pt, weight", made.source)]

    assert len(sizes) > 10
    assert min(sizes) >= 11 >= 11 * 375 / paper.WIDTH


def test_text_can_be_read_on_every_colour() -> None:
    colours = [*CHOICES, SMALL, *map(cividis, range(101))]

    assert min(contrast(colour, text_on(colour)) for colour in colours) >= 4.5


def test_the_measure_of_contrast_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)
    assert contrast("#e66101", "#e66101") == 1


def test_the_heat_map_gets_brighter_from_0_to_100_so_that_it_survives_greyscale() -> None:
    brightness = [contrast(cividis(percent), "#000000") for percent in range(101)]

    assert brightness == sorted(brightness)
    assert [cividis(percent) for percent in (0, 100, -1, 101)] == [CIVIDIS[0], CIVIDIS[-1]] * 2


def test_no_name_becomes_markup_and_long_ones_are_drawn_whole() -> None:
    long = ' and all that belongs to it, "#panic()" \\ $x$ *so*'
    sections = tuple(replace(one, title=one.title + long, heading=one.heading + long) for one in HTA.sections)
    functions = tuple(replace(one, label=one.label + long) for one in HTA.functions)
    wordy = replace(HTA, sections=sections, functions=functions)

    made = [drawn(how_often(wordy, FULL, DAY)), drawn(kinds_of_work(wordy, FULL, DAY))]

    for one in made:
        assert one.png().startswith(b"\x89PNG")
        assert len(one.alt_text) <= LONGEST_ALT_TEXT
    assert made[1].alt_text.endswith("The rest stands under By function.")


# How often


def test_the_four_shares_stand_in_the_bars_and_in_words() -> None:
    exact = SectionResult("c2", 20, 44.0, deviation=9.0, low=42.4, high=57.6, never=7.6, often=40.2, always=17.4)
    first = Ranked("c2", relative=True, about_equal_to_next=False, sub_competencies=(), items=())

    made = drawn(how_often(HTA, replace(with_sections(exact), priorities=(first,)), DAY))

    assert "2 Risk 8, 35, 40, 17." in made.alt_text
    assert "Most Never or Occasionally: 2 Risk, 42 %." in made.alt_text
    assert "20 of 30 people asked finished, closed 3 December 2026." in printed(made)
    assert {"8", "35", "40", "17", "42 %", "58 %", "Most Never or Occasionally: 2 Risk, 42 %."} <= set(printed(made))


def test_every_share_of_a_whole_snapshot_is_said() -> None:
    said = PICTURES["how often"].alt_text

    for one in FULL.sections:
        assert isinstance(one.low, float)
        shares = [one.never or 0, one.low - (one.never or 0), one.often or 0, one.always or 0]
        assert f"{HTA.heading(one.section)} {', '.join(f'{rounded(share)}' for share in shares)}." in said


@pytest.mark.parametrize(
    ("mean", "said"), [(50.0, "50 %"), (Coded.UNDER_25, "under 25 %"), (Coded.OVER_90, "over 90 %")]
)
def test_of_a_section_with_its_score_only_that_stands_in_words(mean: float | Coded, said: str) -> None:
    exact = SectionResult("c2", 20, 44.0, deviation=9.0, low=42.4, high=57.6, never=7.6, often=40.2, always=17.4)

    made = drawn(how_often(HTA, with_sections(exact, SectionResult("c1", 8, mean)), DAY))

    assert {f"score {said}, shares not shown", "8 people"} <= set(printed(made))
    assert f"1 Nature and Epidemiology score {said}, shares not shown." in made.alt_text
    assert "Gray: too few people rated the section, or one of its statements." in made.source


def test_what_is_hidden_is_striped_and_said() -> None:
    one_short = with_sections(
        SectionResult("c1", 20, 50.0, deviation=9.0, low=40.0, high=60.0, never=10.0, often=45.0, always=15.0)
    )

    made = drawn(how_often(HTA, one_short, DAY))

    assert printed(made).count("not shown") == printed(made).count("fewer than 5 people") == 6
    assert made.alt_text.count("not shown, fewer than 5 people.") == 6
    assert made.source.count("fill: stripes") == 6


def test_a_share_too_narrow_for_its_number_has_it_below_unless_the_sum_says_it() -> None:
    narrow = SectionResult("c1", 20, 50.0, deviation=9.0, low=52.0, high=48.0, never=2.0, often=48.0, always=0.0)
    alone = replace(narrow, low=98.0, high=2.0, never=50.0, often=2.0)

    below, said_by_the_sum = (printed(drawn(how_often(HTA, with_sections(one), DAY))) for one in (narrow, alone))

    assert "2" in below
    assert "2" not in said_by_the_sum
    assert "2 %" in said_by_the_sum


@pytest.mark.parametrize(
    "empty", [Snapshot(HTA.version, 5, 30, None), with_sections(), with_sections(SectionResult("c1", 6, 20.0))]
)
def test_nothing_is_drawn_of_nothing(empty: Snapshot) -> None:
    assert how_often(HTA, empty, DAY) is None
    assert kinds_of_work(HTA, empty, DAY) is None


# Kinds of work


def test_each_cell_has_its_number_and_hidden_ones_are_striped() -> None:
    nurses = FunctionRow(
        "nursing", (Cell(12, 41.0), Cell(5, Coded.UNDER_10), None, None, Cell(12, 62.0), Cell(5, Coded.OVER_90), None)
    )
    others = FunctionRow(None, tuple(Cell(9, float(number)) for number in range(30, 37)))

    made = drawn(kinds_of_work(HTA, with_rows(nurses, others), DAY))

    assert {"41", "<10", "62", ">90", *map(str, range(30, 37))} <= set(printed(made))
    assert "Nursing 41, under 10, hidden, hidden, 62, over 90, hidden." in made.alt_text
    assert "Not shown separately 30, 31, 32, 33, 34, 35, 36." in made.alt_text
    assert made.source.count("fill: stripes") == 3 + 1, "three cells and the key"


def test_the_widest_gap_is_the_takeaway_and_gaps_are_framed() -> None:
    row = FunctionRow("security", tuple(Cell(12, 30.0) for _ in HTA.sections))
    gaps = (Gap("c1", "security", 16), Gap("c2", "security", -21))

    framed, plain, unknown = (drawn(kinds_of_work(HTA, with_rows(row, gaps=found), DAY)) for found in (gaps, (), None))

    assert "Furthest apart: Security in 2 Risk, 21 points below the others." in printed(framed)
    assert framed.source.count("stroke: 1.5pt") == 2
    assert "stroke: 1.5pt" not in plain.source
    assert "No kind of work stands clearly apart from the others." in plain.alt_text
    assert "apart" not in unknown.alt_text


def test_every_cell_of_a_whole_snapshot_is_said() -> None:
    for row in FULL.by_function:
        label = HTA.function(row.function or "")
        means = [f"{cell.mean:.0f}" for cell in row.cells if cell and isinstance(cell.mean, float)]
        assert f"{label.label if label else ''} {', '.join(means)}." in PICTURES["kinds of work"].alt_text


# Growth


def compared(before: SectionResult, now: SectionResult) -> Chart:
    earlier, later = with_sections(before), with_sections(now)
    return drawn(since_last_time(HTA, growth(HTA, earlier, later), (earlier, DAY), (later, LATER)))


def test_both_means_their_ranges_and_the_word_are_drawn_and_said() -> None:
    before = SectionResult("c2", 20, 40.0, deviation=5.0, interval=(37.7, 42.3))
    now = SectionResult("c2", 20, 60.0, deviation=5.0, interval=(57.7, 62.3))

    made = compared(before, now)

    assert "2 Risk: 40 % before, 60 % now: higher." in made.alt_text
    assert "40 % before, 60 % now: higher" in printed(made)
    assert "Higher: 2 Risk." in printed(made)
    for percent in (37.7, 42.3, 57.7, 62.3):
        assert f"({4 + percent * 3.43:.2f}pt" in made.source
    assert "they know more" not in made.source


def test_a_coded_mean_has_no_dot_and_few_people_no_range() -> None:
    made = compared(SectionResult("c2", 7, Coded.UNDER_10), SectionResult("c2", 8, 35.0))

    assert "Under 10 % before, 35 % now" in printed(made)
    assert made.source.count("circle(") == 2 + 1, "two keys, and now"
    assert "Where few people answered there is none." in made.alt_text + made.source


def test_a_section_that_cannot_be_compared_is_said_to_be_so() -> None:
    made = compared(SectionResult("c2", 20, 60.0, deviation=5.0), SectionResult("c2", 20, 40.0, deviation=5.0))

    assert printed(made).count("Too few people, not compared") == 6
    assert "after training, people may rate lower because they know more" in made.source


def test_without_a_section_to_compare_there_is_no_picture() -> None:
    nothing: tuple[Growth, ...] = growth(HTA, with_sections(), with_sections())

    assert since_last_time(HTA, nothing, (with_sections(), DAY), (with_sections(), LATER)) is None


def test_the_takeaway_names_a_section_that_moved_alone_and_counts_several() -> None:
    assert re.search(r"Higher: [2-7] sections\.", PICTURES["growth"].alt_text)
    few = compared(SectionResult("c2", 12, 60.0, deviation=5.0), SectionResult("c2", 12, 40.0, deviation=5.0))
    assert "No section has 15 people or more in both, so no word is given." in printed(few)


# Words


def test_words_for_screen_readers_end_in_time_and_say_where_the_rest_is() -> None:
    fits = paper.fitting("Lead.", ["One.", "Two."], "More elsewhere.")
    cut = paper.fitting("Lead.", ["x" * 500, "y" * 500], "More elsewhere.")

    assert fits == "Lead. One. Two."
    assert cut == f"Lead. {'x' * 500} More elsewhere."
