"""What charts are drawn on: a page as wide as a phone, and the few Typst shapes that all charts use.

One point is one CSS pixel of a phone 375 wide, so no text is below 11. Whatever is text goes through `words`. Functions
give an expression of Typst's code; `row`, `space` and `drawing` what stands on the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from instrument.snapshot import Snapshot
from reports.charts.colours import INK, LINE, PAPER, SOFT
from reports.typeset import picture, words
from reports.wording import people

WIDTH, MARGIN = 375, 12
INNER = WIDTH - 2 * MARGIN
SMALLEST = 11
LONGEST_ALT_TEXT = 1000
"""Characters: what Slack takes for a picture's words, and as much as anybody wants to hear."""
PIXELS_PER_INCH = 168
"""875 pixels wide: sharp on a phone, and a small file."""
DIGIT = 0.5
"""How wide a digit of the font is, for its size."""
DASHED = f'(paint: rgb("{LINE}"), thickness: 0.8pt, dash: "dashed")'
STRIPES = (
    f'#let stripes = tiling(size: (6pt, 6pt), {{ place(rect(width: 6pt, height: 6pt, fill: rgb("{PAPER}"))); '
    f'place(line(start: (0pt, 6pt), end: (6pt, 0pt), stroke: 0.8pt + rgb("{LINE}"))) }})'
)


@dataclass(frozen=True)
class Chart:
    """A chart that can be drawn as a picture: `source` is Typst's, `name` the file's.

    alt_text: its type, what it shows, and the numbers.
    """

    name: str
    title: str
    source: str
    alt_text: str

    def png(self) -> bytes:
        """It takes a tenth of a second and more: call it on a thread of its own."""
        return picture(self.source, PIXELS_PER_INCH)


def titled(name: str, title: str, alt_text: str, page: Iterable[str]) -> Chart:
    """The page under its title."""
    style = (
        f'#set page(width: {WIDTH}pt, height: auto, margin: {MARGIN}pt, fill: rgb("{PAPER}"))',
        "#set block(spacing: 0pt)",
        "#set par(spacing: 0pt, leading: 3.5pt)",
        STRIPES,
    )
    head = (row(text(title, 16, "bold")), space(7))
    return Chart(name, title, "\n".join([*style, *head, *page]), alt_text)


def fitting(lead: str, parts: Iterable[str], otherwise: str) -> str:
    """Words for screen readers: `lead` and then the parts, as many as Slack takes; `otherwise` where some are left out."""
    said = lead
    each = list(parts)
    for place, part in enumerate(each):
        rest = otherwise if place < len(each) - 1 else ""
        if len(f"{said} {part} {rest}") > LONGEST_ALT_TEXT:
            return f"{said} {otherwise}"
        said = f"{said} {part}"
    return said


def of_how_many(snapshot: Snapshot, closed_on: str) -> str:
    """Of how many people a chart is, and of when."""
    return f"{snapshot.finished or 0:,} of {people(snapshot.asked)} asked finished, closed {closed_on}."


# On the page.


def row(content: str) -> str:
    """Something as wide as the page, as tall as it needs."""
    return f"#block(width: 100%, {content})"


def space(height: float) -> str:
    return f"#v({height}pt)"


def beside(left: str, right: str) -> str:
    """Two things in a row, the right one at the right."""
    return f"#grid(columns: (1fr, auto), column-gutter: 8pt, {left}, align(right + bottom, {right}))"


def drawing(height: float, shapes: Iterable[str]) -> str:
    """A piece of the page on which shapes have their places, from its left upper corner."""
    return f"#block(width: {INNER}pt, height: {height}pt, {{ {'; '.join(shapes)} }})"


# Expressions.


def text(said: str, size: float = 12, weight: str = "regular", fill: str = INK) -> str:
    return f'text(size: {max(size, SMALLEST)}pt, weight: "{weight}", fill: rgb("{fill}"), {words(said)})'


def soft(said: str) -> str:
    return text(said, SMALLEST, fill=SOFT)


def box(x: float, y: float, width: float, height: float, fill: str, *, dashed: bool = False) -> str:
    """A rectangle with a dark outline. `fill` is a colour, or `stripes`."""
    stroke = DASHED if dashed else f'0.8pt + rgb("{INK}")'
    colour = fill if fill == "stripes" else f'rgb("{fill}")'
    return _placed(x, y, f"rect(width: {width:.2f}pt, height: {height:.2f}pt, fill: {colour}, stroke: {stroke})")


def line(x1: float, y1: float, x2: float, y2: float, thickness: float = 1, colour: str = INK, dash: str = "") -> str:
    style = f'(paint: rgb("{colour}"), thickness: {thickness}pt' + (f', dash: "{dash}")' if dash else ")")
    return _placed(0, 0, f"line(start: ({x1:.2f}pt, {y1:.2f}pt), end: ({x2:.2f}pt, {y2:.2f}pt), stroke: {style})")


def dot(x: float, y: float, radius: float, fill: str, thickness: float = 1.5) -> str:
    shape = f'circle(radius: {radius}pt, fill: rgb("{fill}"), stroke: {thickness}pt + rgb("{INK}"))'
    return _placed(x - radius, y - radius, shape)


def label(x: float, y: float, content: str, at: str = "center") -> str:
    """Text whose middle (or left or right end, as `at` says) is at x, and whose middle is at y."""
    wide, tall = 2 * INNER, 20
    left = {"left": x, "center": x - wide / 2, "right": x - wide}[at]
    return _placed(left, y - tall / 2, f"box(width: {wide}pt, height: {tall}pt, align({at} + horizon, {content}))")


def plate(x: float, y: float, content: str) -> str:
    """Text on a piece of plain paper, so that it can be read on stripes."""
    return label(x, y, f'box(fill: rgb("{PAPER}"), inset: (x: 5pt, y: 2pt), outset: 0pt, {content})')


def swatch(fill: str, said: str) -> str:
    """A key to a colour: a small box of it, and what it stands for."""
    colour = fill if fill == "stripes" else f'rgb("{fill}")'
    square = f'box(width: 11pt, height: 11pt, baseline: 1.5pt, fill: {colour}, stroke: 0.8pt + rgb("{INK}"))'
    return f"box({{ {square}; h(4pt); {text(said, SMALLEST)} }})"


def _placed(x: float, y: float, shape: str) -> str:
    return f"place(dx: {x:.2f}pt, dy: {y:.2f}pt, {shape})"
