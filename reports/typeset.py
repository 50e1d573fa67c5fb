"""Sets pictures as PNG and pages as tagged PDF, with Typst.

The compiler is loaded only here, when something is drawn. It releases the interpreter's lock, so a thread of its own is
enough to keep presses going. Fonts come with the packages that are installed: the system's are left out, so that a picture
looks the same everywhere.
"""

from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

FONT = "Source Sans Pro"
EPOCH = datetime(2021, 9, 1, tzinfo=UTC)
"""No file says when it was made: the instrument's month stands there."""


def words(text: str) -> str:
    """`text` as a string of Typst's, whatever stands in it: nothing in a name or a goal is ever markup."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def picture(source: str, pixels_per_inch: int = 144) -> bytes:
    """`source` drawn as a PNG; its first page, as large as the source says."""
    return _set(source, format="png", ppi=pixels_per_inch)


def pages(source: str) -> bytes:
    """`source` printed as a PDF with tags that a screen reader follows (PDF/UA-1)."""
    return _set(source, format="pdf", pdf_standards=["ua-1"])


def _set(source: str, **how: Any) -> bytes:
    import typst

    style = f'#set text(font: "{FONT}", lang: "en")\n'
    made = typst.compile(
        (style + source).encode(),
        font_paths=[_fonts()],
        ignore_system_fonts=True,
        timestamp=int(EPOCH.timestamp()),
        **how,
    )
    return bytes(made[0] if isinstance(made, list) else made)


def _fonts() -> Path:
    return Path(str(resources.files("font_source_sans_pro") / "files"))


def literal(value: object) -> str:
    """`value` as Typst writes it: texts, numbers, truths, None, and lists and dictionaries of these.

    Raises TypeError for anything else.
    """
    match value:
        case None:
            return "none"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return words(value)
        case dict():
            pairs = ", ".join(f"{words(str(key))}: {literal(one)}" for key, one in value.items())
            return f"({pairs or ':'})"
        case list() | tuple():
            # With one in it, only the comma makes it a list.
            return "(" + "".join(f"{literal(one)}, " for one in value) + ")"
        case _:
            raise TypeError(f"Typst has no {type(value).__name__} of ours")
