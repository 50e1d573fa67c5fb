"""What a reader of PDF finds: the words on the pages, and the tags that a screen reader follows."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader


def opened(printed: bytes) -> PdfReader:
    return PdfReader(BytesIO(printed))


def words_of(printed: bytes) -> str:
    """All that is written, with single spaces."""
    return " ".join(
        " ".join(page.extract_text() for page in opened(printed).pages).replace("\N{NO-BREAK SPACE}", " ").split()
    )


def tags_of(printed: bytes) -> list[tuple[str, str]]:
    """The structure's tags in reading order, each with its alternative text or nothing."""
    return [*_tags(opened(printed).root_object["/StructTreeRoot"])]


def _tags(node: Any) -> Iterator[tuple[str, str]]:
    node = node.get_object()
    if isinstance(node, list):
        for one in node:
            yield from _tags(one)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"])[1:], str(node.get("/Alt", ""))
        if "/K" in node:
            yield from _tags(node["/K"])
