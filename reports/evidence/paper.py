"""Prints a paper of the pack: title, parts, and in them paragraphs, points and tables."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from reports.typeset import literal, pages

LAYOUT = Path(__file__).parent / "paper.typ"


@dataclass(frozen=True)
class Points:
    points: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """`widths` are shares of the page's width, one a column."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


Piece = str | Points | Table
"""What a part is made of; a string is a paragraph."""


@dataclass(frozen=True)
class Part:
    title: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Paper:
    """`lead` stands under the title, `foot` on every page."""

    title: str
    lead: str
    foot: str
    parts: tuple[Part, ...]


def printed(paper: Paper) -> bytes:
    """The paper as a tagged PDF, US Letter, as many pages as it takes."""
    said = {
        "title": paper.title,
        "lead": paper.lead,
        "foot": paper.foot,
        "parts": [{"title": part.title, "pieces": [_piece(one) for one in part.pieces]} for part in paper.parts],
    }
    return pages(f"#let said = {literal(said)}\n{LAYOUT.read_text('utf-8')}")


def _piece(piece: Piece) -> dict[str, object]:
    match piece:
        case str():
            return {"kind": "paragraph", "text": piece}
        case Points():
            return {"kind": "points", **asdict(piece)}
        case Table():
            return {"kind": "table", **asdict(piece)}


def points(said: Sequence[str]) -> Points:
    return Points(tuple(said))
