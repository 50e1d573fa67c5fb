"""What is drawn and printed."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from reports.typeset import literal, pages, picture, words


def test_a_picture_is_a_png_of_the_size_that_was_asked_for() -> None:
    drawn = picture("#set page(width: 100pt, height: 50pt, margin: 0pt)\nHello", pixels_per_inch=144)

    assert drawn.startswith(b"\x89PNG")
    assert (int.from_bytes(drawn[16:20], "big"), int.from_bytes(drawn[20:24], "big")) == (200, 100)


def test_pages_are_a_tagged_pdf_in_our_font() -> None:
    printed = pages('#set document(title: "Results")\n= Results\nSaid plainly.')

    reader = PdfReader(BytesIO(printed))
    catalog = reader.root_object
    assert "/StructTreeRoot" in catalog
    assert "'/Marked': True" in str(catalog["/MarkInfo"])
    assert "Said plainly." in reader.pages[0].extract_text()
    assert b"SourceSansPro" in printed


@pytest.mark.parametrize(
    "hostile", ['#panic("no")', '"; #read("/etc/passwd")', "\\u{41}", "$x$ *bold* <a> @b", "a\nb\tc"]
)
def test_no_name_is_ever_markup(hostile: str) -> None:
    printed = pages(f'#set document(title: "x")\n#text({words(hostile)})')

    said = PdfReader(BytesIO(printed)).pages[0].extract_text()
    assert " ".join(said.split()) == " ".join(hostile.split())


def test_values_are_written_as_typst_writes_them() -> None:
    source = literal({"a b": ["x", 1, 2.5, None, True, []], "one": ("#",), "none": {}})

    assert source == '("a b": ("x", 1, 2.5, none, true, (), ), "one": ("#", ), "none": (:))'
    assert opened_with(f"#repr({source})").startswith('( "a b": ("x", 1, 2.5, none, true, ()),')


def test_what_typst_has_no_word_for_is_refused() -> None:
    with pytest.raises(TypeError, match="no object"):
        literal({"a": object()})


def opened_with(source: str) -> str:
    printed = pages(f'#set document(title: "x")\n{source}')
    return " ".join(PdfReader(BytesIO(printed)).pages[0].extract_text().split())
