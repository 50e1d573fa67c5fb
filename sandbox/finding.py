"""Where is the button, field or option with this label?"""

from typing import Any

from sandbox.refusals import Json
from sandbox.states import acting_in, elements_of, options_of


class NotThere(AssertionError):
    """There is no such button, field or option for this person; the message says what there is."""


def found_button(blocks: list[Json], label: str) -> tuple[Json, str]:
    """The button with this label, and the id of its block. Raises NotThere."""
    buttons = [
        (element, block["block_id"])
        for block in blocks
        for element in elements_of(block)
        if element["type"] == "button"
    ]
    for element, block_id in buttons:
        if element["text"]["text"] == label:
            return element, block_id
    raise NotThere(f"no button {label!r}; there are {[element['text']['text'] for element, _ in buttons]}")


def found_choice(blocks: list[Json], label: str) -> tuple[Json, str, Json]:
    """The select, radio buttons or overflow menu that acts at once and offers this label, its block's id, and the option."""
    offered = []
    for block in blocks:
        for element in acting_in(block):
            for option in options_of(element):
                if option["text"]["text"] == label:
                    return element, block["block_id"], option
                offered.append(option["text"]["text"])
    raise NotThere(f"no option {label!r}; there are {offered}")


def found_field(blocks: list[Json], label: str) -> Json:
    """The input block with this label. Raises NotThere."""
    fields = {block["label"]["text"]: block for block in blocks if block["type"] == "input"}
    if label not in fields:
        raise NotThere(f"no field {label!r}; there are {sorted(fields)}")
    return fields[label]


def as_chosen(element: Json, chosen: Any) -> Any:
    """A choice as the element's state has it: options by their labels; all else (ids, dates, text) as it is."""
    options = {option["text"]["text"]: option for option in options_of(element)}
    if not options:
        return chosen
    labels = chosen if isinstance(chosen, list) else [chosen]
    for label in labels:
        if label is not None and label not in options:
            raise NotThere(f"no option {label!r}; there are {sorted(options)}")
    found = [options[label] for label in labels if label is not None]
    return found if isinstance(chosen, list) else found[0] if found else None
