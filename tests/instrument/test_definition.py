"""Is the shipped instrument the document, to the letter and in its order?

The document's text is read here by a small parser of its own, which knows nothing of the TOML.
"""

import pytest

from instrument.definition import UnknownVersion, builtin
from places import DATA
from sections import named

SOURCE = (DATA / "hta_2021_09_source.txt").read_text("utf-8")
INSTRUMENT = builtin()


def plain(text: str) -> str:
    return " ".join(text.replace("**", "").split())


def printed_lines() -> list[str]:
    """The lines between the first section's heading and the closing page, as they are printed."""
    body = SOURCE[SOURCE.index("Universal Competency") : SOURCE.index("Congratulations!")]
    return [line for line in map(plain, body.splitlines()) if line]


def is_item(line: str) -> bool:
    """Items are sentences, and the two that lack their full stop are long. Headings are neither."""
    return not line.startswith(("Instructions:", "Total Score")) and (line.endswith(".") or len(line) > 80)


def is_heading(line: str) -> bool:
    furniture = ("Instructions:", "Total Score", "Never", "---", "Universal Competency", "Competency ")
    return not is_item(line) and not line.startswith(furniture)


def test_all_62_items_are_the_documents_to_the_letter_and_in_its_order() -> None:
    printed = [line for line in printed_lines() if is_item(line)]

    assert len(printed) == 62
    assert [item.text for item in INSTRUMENT.items] == printed


def test_each_item_stands_under_the_heading_that_was_printed_last() -> None:
    printed: list[tuple[str, list[str]]] = []
    for line in printed_lines():
        if is_heading(line):
            printed.append((line, []))
        elif is_item(line):
            printed[-1][1].append(line)

    assert len(printed) == 20
    assert [
        (sub.title, [item.text for item in sub.items])
        for section in INSTRUMENT.sections
        for sub in section.sub_competencies
    ] == printed


def test_each_section_keeps_the_maximum_that_is_printed_for_it() -> None:
    printed = [int(line.split()[-1]) for line in printed_lines() if line.startswith("Total Score")]

    assert [section.printed_maximum for section in INSTRUMENT.sections] == printed


@pytest.mark.parametrize(
    ("id", "heading", "shape", "maximum", "printed"),
    [
        ("u", "Universal: Trauma-Informed Approach", (5, 3, 6), 42, 42),
        ("c1", "1 Nature and Epidemiology", (1, 1), 6, 6),
        ("c2", "2 Risk", (2, 4), 18, 18),
        ("c3", "3 Needs Evaluation", (2, 4, 2), 24, 24),
        ("c4", "4 Patient-Centered Care", (6, 1, 3), 30, 30),
        ("c5", "5 Legal/Ethical Standards", (4, 3, 1, 3), 33, 33),
        ("c6", "6 Prevention", (5, 4, 2), 33, 22),
    ],
)
def test_sections_have_the_shape_that_methods_lists(
    id: str, heading: str, shape: tuple[int, ...], maximum: int, printed: int
) -> None:
    section = named(INSTRUMENT, id)

    assert section.heading == heading
    assert tuple(len(sub.items) for sub in section.sub_competencies) == shape
    assert (section.maximum, section.printed_maximum) == (maximum, printed)


def test_a_section_that_there_is_not_is_none_as_an_item_is_and_has_words_for_a_heading() -> None:
    assert (INSTRUMENT.section("c9"), INSTRUMENT.item("c9_01")) == (None, None)
    assert INSTRUMENT.heading("c9") == "a section that this version doesn't have"
    assert INSTRUMENT.heading("c2") == "2 Risk"


def test_everything_adds_up_to_186() -> None:
    assert INSTRUMENT.maximum == 186


@pytest.mark.parametrize(
    "quoted",
    [
        *INSTRUMENT.introduction,
        INSTRUMENT.instructions,
        INSTRUMENT.closing.opening,
        *INSTRUMENT.closing.guidance,
        INSTRUMENT.closing.plan,
        INSTRUMENT.closing.thanks,
        *INSTRUMENT.partners,
    ],
)
def test_what_is_quoted_stands_in_the_document(quoted: str) -> None:
    assert quoted in plain(SOURCE)


def test_the_closing_page_is_whole() -> None:
    closing = INSTRUMENT.closing
    page = plain(SOURCE[SOURCE.index("Congratulations!") : SOURCE.index("In Partnership")])

    assert page == plain(f"{closing.opening} - {' - '.join(closing.guidance)} {closing.plan} {closing.thanks}")


def test_obstacles_horizons_and_minutes_are_those_of_the_document() -> None:
    assert all(words in INSTRUMENT.closing.plan for words in INSTRUMENT.obstacles)
    assert INSTRUMENT.horizons == ("10 days", "1 month", "3 months", "6 months", "1 year")
    assert "10 days, 1 month, 3 months, 6 months, and 1 year" in INSTRUMENT.closing.plan
    assert f"only {INSTRUMENT.minutes} minutes" in INSTRUMENT.introduction[-1]


def test_the_title_is_the_documents_in_lower_case() -> None:
    first, second = INSTRUMENT.title.upper().split(": ")

    assert first in SOURCE
    assert second in SOURCE


def test_choices_are_the_four_of_the_form() -> None:
    assert [(choice.points, choice.label) for choice in INSTRUMENT.choices] == [
        (0, "Never"),
        (1, "Occasionally"),
        (2, "Often"),
        (3, "Always"),
    ]


def test_kinds_of_work_are_in_the_order_of_the_question() -> None:
    assert [function.label for function in INSTRUMENT.functions] == [
        "Health care provider",
        "Nursing",
        "Behavioral health",
        "Case management or social work",
        "Leadership",
        "Front office",
        "Security",
        "Other",
    ]


def test_ids_run_through_each_section_and_labels_follow_them() -> None:
    for section in INSTRUMENT.sections:
        places = range(1, len(section.items) + 1)

        assert [item.id for item in section.items] == [f"{section.id}_{place:02}" for place in places]
        assert [item.label for item in section.items] == [f"{section.number}.{place}" for place in places]


def test_positions_count_through_the_whole_document() -> None:
    assert [item.position for item in INSTRUMENT.items] == list(range(62))
    assert all(INSTRUMENT.items[section.positions] == section.items for section in INSTRUMENT.sections)


def test_short_labels_are_short_and_no_two_are_alike() -> None:
    shorts = [item.short for item in INSTRUMENT.items]

    assert max(map(len, shorts)) <= 70
    assert len(set(shorts)) == 62


@pytest.mark.parametrize(
    ("id", "terms"),
    [
        ("c1_02", ["ACEs", "social determinants"]),
        ("c6_03", ["ACES", "HCPs", "intergenerational trauma"]),
        ("c6_02", ["anticipatory guidance", "psychoeducation"]),
        ("c5_09", ["ICD-10"]),
        ("c2_02", []),
    ],
)
def test_an_item_explains_the_terms_that_stand_in_it(id: str, terms: list[str]) -> None:
    item = INSTRUMENT.item(id)

    assert item is not None
    assert [gloss.term for gloss in item.glosses] == terms


def test_oddities_name_the_printed_22() -> None:
    assert any("22" in oddity.printed and "33" in oddity.here for oddity in INSTRUMENT.oddities)


def test_oddities_quote_what_is_printed() -> None:
    quotes = [part.split("”")[0] for oddity in INSTRUMENT.oddities for part in oddity.printed.split("“")[1:]]

    assert len(quotes) >= 8
    assert all(quote in plain(SOURCE) for quote in quotes)


def test_an_item_knows_its_section_and_its_sub_competency() -> None:
    item = INSTRUMENT.item("c5_11")

    assert item is not None
    assert INSTRUMENT.section_of(item).id == "c5"
    assert INSTRUMENT.sub_competency_of(item).title == "Documentation Considerations"


def test_what_is_not_there_is_none() -> None:
    assert INSTRUMENT.item("c7_01") is None
    assert INSTRUMENT.function("astronaut") is None


def test_a_function_is_found_by_its_id() -> None:
    found = INSTRUMENT.function("front_office")

    assert found is not None
    assert found.label == "Front office"


def test_an_instrument_is_read_once() -> None:
    assert builtin() is builtin()


def test_a_version_that_is_not_shipped_is_refused_with_those_that_are() -> None:
    with pytest.raises(UnknownVersion, match=r'no instrument "1999-12"; the versions are 2021-09'):
        builtin("1999-12")


def test_the_version_stands_in_the_file() -> None:
    assert builtin("2021-09").version == "2021-09"
