"""Slack's rules for blocks, and for all blocks of a message or view together, beyond the published shapes.

Each function names its page under docs.slack.dev, blocks, where that isn't the block's own.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sandbox.image_rules import WEB_ADDRESS, Broken
from sandbox.refusals import Json

Placed = tuple[str, Json]
"""A block, and the place where it is."""

ONE_TABLE = "only_one_table_allowed"
LONGEST_BLOCK_ID = 255
LONGEST_CELLS = {"table": 10_000, "data_table": 20_000}
"""Characters over all cells of all such blocks of a message or view."""
MOST_CHARTS = 2
LONGEST_IN_VIDEO = (("title", 200), ("description", 200))
LONGEST_AUTHOR = 50


def broken_rules_of_all(surface: str, blocks: Sequence[Placed]) -> Broken:
    """What Slack would refuse about blocks that are each good."""
    for kind, most in LONGEST_CELLS.items():
        tables = [(place, block) for place, block in blocks if block["type"] == kind]
        if tables and (length := sum(_length_of_cells(block) for _, block in tables)) > most:
            yield tables[-1][0], f"{length:,} characters over all cells, no more than {most:,} allowed"
        if kind == "table":
            yield from _broken_rules_of_tables(surface, tables)
    charts = [place for place, block in blocks if block["type"] == "data_visualization"]
    for place in charts[MOST_CHARTS:]:
        yield place, f"no more than {MOST_CHARTS} data_visualization blocks allowed"


def _broken_rules_of_tables(surface: str, tables: list[Placed]) -> Broken:
    """Source: table block: a message has one at most; Home takes none."""
    if surface == "home":
        for place, _ in tables:
            yield place, "unsupported type: table"
    else:
        for place, _ in tables[1:]:
            yield place, ONE_TABLE


def block_id_is_short(block: Json) -> Broken:
    """The schema leaves out this one limit of the image block."""
    if len(block.get("block_id", "")) > LONGEST_BLOCK_ID:
        yield "block_id", f"must be less than {LONGEST_BLOCK_ID + 1} characters"


def header_cells_are_plain(table: Json) -> Broken:
    """Source: data table block: the first row is the header, and takes no rich text."""
    for number, cell in enumerate(table["rows"][0]):
        if cell["type"] == "rich_text":
            yield f"rows/0/{number}", "rich_text is not supported in the header"


def row_header_exists(table: Json) -> Broken:
    if table.get("row_header_column_index", 0) >= len(table["rows"][0]):
        yield "row_header_column_index", "there is no such column"


def chart_is_whole(block: Json) -> Broken:
    """Source: data visualization block: names of series differ, and each has one point for each category."""
    chart = block["chart"]
    if chart["type"] == "pie":
        return
    categories = chart["axis_config"]["categories"]
    names = set()
    for number, series in enumerate(chart["series"]):
        if series["name"] in names:
            yield f"chart/series/{number}/name", "series names must be unique"
        names.add(series["name"])
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            yield f"chart/series/{number}/data", "must have one point for each category of the axis"


def video_is_short_and_safe(video: Json) -> Broken:
    """Addresses of a video are https."""
    for name, most in LONGEST_IN_VIDEO:
        if len(video.get(name, {}).get("text", "")) > most:
            yield f"{name}/text", f"must be less than {most + 1} characters"
    if len(video.get("author_name", "")) > LONGEST_AUTHOR:
        yield "author_name", f"must be less than {LONGEST_AUTHOR + 1} characters"
    for name in ("video_url", "title_url"):
        address = video.get(name, "https://-")
        if not (WEB_ADDRESS.fullmatch(address) and address.lower().startswith("https:")):
            yield name, "invalid url"


RULES: dict[str, tuple[Callable[[Json], Broken], ...]] = {
    "image": (block_id_is_short,),
    "data_table": (header_cells_are_plain, row_header_exists),
    "data_visualization": (chart_is_whole,),
    "video": (video_is_short_and_safe,),
}
"""By type of block."""


def _length_of_cells(table: Json) -> int:
    return sum(len(text) for row in table["rows"] for cell in row for text in _texts_of(cell))


def _texts_of(cell: Json) -> Iterator[Any]:
    """The text of a plain cell, or of each element of a rich one."""
    if "text" in cell:
        yield cell["text"]
    for element in cell.get("elements", ()):
        yield from _texts_of(element)
