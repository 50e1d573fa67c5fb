"""Does docs/architecture.md show the machine that runs?"""

from instrument.progress import TRANSITIONS, as_mermaid
from places import ROOT

ARCHITECTURE = ROOT / "docs" / "architecture.md"


def test_the_diagram_in_the_docs_is_the_one_drawn_from_the_table() -> None:
    page = ARCHITECTURE.read_text("utf-8")
    drawn = page.split("<!-- states -->")[1].split("<!-- /states -->")[0]

    assert drawn.strip() == f"```mermaid\n{as_mermaid()}\n```"


def test_the_diagram_has_a_line_for_every_transition_a_beginning_and_an_end() -> None:
    head, begin, *lines, end = as_mermaid().splitlines()

    assert (head, begin, end) == ("stateDiagram-v2", "    [*] --> invited", "    closed --> [*]")
    assert lines == [f"    {state} --> {target}: {event}" for (state, event), target in TRANSITIONS.items()]
