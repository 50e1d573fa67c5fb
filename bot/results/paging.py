"""Pages of one long message, and the buttons that turn them."""

from collections.abc import Iterable, Mapping, Sequence

from bot.blocks import Block, actions, button, option, select
from bot.results.buttons import Do, ResultsPressed

LONGEST = 3_300
"""Characters that a page says at most: Slack takes 4,000 of a `text`, and its title and lead come on top."""

Page = tuple[str, list[Block]]
"""Its title, and what it says."""


def parts(id: str, title: str, head: list[Block], blocks: Sequence[Block]) -> dict[str, Page]:
    """The blocks on as many pages as it takes, each under `head`."""
    filled: list[list[Block]] = [[]]
    for block in blocks:
        if filled[-1] and len(spoken([*head, *filled[-1], block])) > LONGEST:
            filled.append([])
        filled[-1].append(block)
    if len(filled) == 1:
        return {id: (title, [*head, *blocks])}
    return {
        id if number == 1 else f"{id}_{number}": (f"{title}, {number} of {len(filled)}", [*head, *part])
        for number, part in enumerate(filled, start=1)
    }


def turning(round_id: int, titles: Mapping[str, str], page: str) -> Block:
    """Previous, Next, and a list of all pages."""
    order = list(titles)
    place = order.index(page)

    def to(do: Do, id: str) -> str:
        return ResultsPressed(do, round_id, id).value

    drawn = []
    if place > 0:
        drawn.append(button("Previous", Do.PREVIOUS.action_id, to(Do.PREVIOUS, order[place - 1])))
    if place < len(order) - 1:
        drawn.append(button("Next", Do.NEXT.action_id, to(Do.NEXT, order[place + 1])))
    options = {id: option(title, to(Do.SECTION, id)) for id, title in titles.items()}
    return actions(*drawn, select(Do.SECTION.action_id, "Go to a page", options.values(), options[page]))


def spoken(blocks: Iterable[Block]) -> str:
    """What blocks say, for a screen reader: without marks of form."""
    texts = [
        text for block in blocks for text in (block["elements"] if block["type"] == "context" else [block["text"]])
    ]
    return " ".join(" ".join(text["text"].replace("*", "").replace("_", "").split()) for text in texts)
