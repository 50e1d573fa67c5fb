"""Does a broken file say what is wrong, where, and how to mend it?

Each file in data/broken has one fault and is named after it.
"""

from pathlib import Path

import pytest

from instrument.definition import BrokenInstrument, load
from places import DATA

SENTENCES = {
    "empty_text": 'item "c1_02": "text" is empty; write the text or remove the table',
    "function_named_merged": ('function id "merged" is taken by answers stored without their function; choose another'),
    "gloss_in_no_item": 'gloss "gate" stands in no item; correct its spelling or remove it',
    "item_of_another_section": (
        'item "c2_02": it stands in section "c1"; its id must be c1_ and two digits, rename it'
    ),
    "item_twice": 'item id "c1_01" appears twice; ids must be unique, rename one',
    "item_without_id": 'item 2 of sub-competency "c1_a": "id" is missing; add id = "..."',
    "items_no_tables": ('sub-competency "c1_a": entry 1 of "items" is no table; write each item as a table'),
    "missing_key": 'item "c1_02": "short" is missing; add short = "..."',
    "missing_key_at_the_top": '"version" is missing; add version = "..."',
    "negative_number": '"minutes" must be a whole number of 0 or more; write minutes = 0',
    "no_functions": '"functions" is empty; name at least one',
    "no_sections": "it has no section; add one",
    "no_toml": ("Expected '=' after a key in a key/value pair (at line 2, column 6): this is no TOML; mend that line"),
    "no_utf_8": "byte 15 is no UTF-8; save the file as UTF-8",
    "section_twice": 'section id "c1" appears twice; ids must be unique, rename one',
    "short_too_long": 'item "c1_02": "short" has 74 characters; shorten it to 70',
    "sub_competency_of_another_section": (
        'sub-competency "c2_a": it stands in section "c1"; its id must be c1_ and a letter, rename it'
    ),
    "sub_competency_without_items": 'sub-competency "c1_b": it has no item; add one or remove it',
    "three_choices": ('"choices" has 3 labels; name the four for 0, 1, 2 and 3 points, in this order'),
    "true_is_no_number": '"minutes" must be a whole number of 0 or more; write minutes = 0',
    "unknown_key": 'item "c1_02": "shrot" is no key here; the keys are id, short, text',
    "unknown_key_at_the_top": (
        '"subtitle" is no key here; the keys are version, title, source, credit, minutes, introduction, instructions, '
        "choices, functions, glosses, sections, closing, obstacles, horizons, partners, oddities"
    ),
    "wrong_type": 'section "c1": "title" is of the wrong type (int); write title = "..."',
    "wrong_type_in_a_list": 'entry 2 of "introduction" is no text; write introduction = ["..."]',
}


@pytest.mark.parametrize(("name", "sentence"), SENTENCES.items())
def test_a_broken_file_is_refused_with_place_fault_and_fix(name: str, sentence: str) -> None:
    with pytest.raises(BrokenInstrument) as refusal:
        load(DATA / "broken" / f"{name}.toml")

    assert str(refusal.value) == f"{name}.toml: {sentence}"


def test_every_broken_file_has_its_sentence() -> None:
    assert {path.stem for path in (DATA / "broken").iterdir()} == set(SENTENCES)


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(
        BrokenInstrument, match=r"^nowhere\.toml: there is no such file; check its name and its folder$"
    ):
        load(DATA / "nowhere.toml")


def test_a_folder_is_refused() -> None:
    with pytest.raises(BrokenInstrument, match=r"^broken: it cannot be read \(.+\); check what it is$"):
        load(DATA / "broken")


def test_a_section_that_would_overflow_the_collation_is_refused(tmp_path: Path) -> None:
    tiny = (DATA / "tiny.toml").read_text("utf-8")
    more = "".join(
        f'\n[[sections.sub_competencies.items]]\nid = "c3_{place:02}"\nshort = "Weed"\ntext = "Weed bed {place}."\n'
        for place in range(6, 87)
    )
    path = tmp_path / "long.toml"
    path.write_text(tiny + more, "utf-8")

    with pytest.raises(BrokenInstrument, match=r'section "c3": it has 86 items; split it into sections of at most 85$'):
        load(path)


def test_line_breaks_in_a_text_only_keep_lines_short(tmp_path: Path) -> None:
    tiny = (DATA / "tiny.toml").read_text("utf-8")
    path = tmp_path / "folded.toml"
    path.write_text(tiny.replace('"Keep the gates closed."', '"""\nKeep the\n  gates\tclosed."""'), "utf-8")

    assert load(path).items[0].text == "Keep the gates closed."
