"""Finds what Slack refuses about a message or view although it has Slack's published shape.

Each block and element is given to the rules for its type. Sources: docs.slack.dev, Block Kit reference, and the public threads
in which Slack's answer is cited. What is only advised there, or where sources differ, is let through.
"""

from collections.abc import Iterator, Sequence

from sandbox import block_rules, element_rules
from sandbox.block_rules import Placed, broken_rules_of_all
from sandbox.image_rules import Broken, Images, broken_image_rules
from sandbox.refusals import Json

NESTED_BLOCKS = {"container": "child_blocks", "carousel": "elements"}
ELEMENTS = {"actions": "elements", "context": "elements", "context_actions": "elements", "card": "actions"}
ELEMENT = ("element", "accessory", "hero_image", "icon")
NOT_BLANK = ("text", "label", "placeholder", "hint", "title", "submit", "close")
RULES = element_rules.RULES | block_rules.RULES


def broken_rules(surface: str, payload: Json, images: Images) -> list[str]:
    """Like "blocks/3/element/initial_date: is not a date…", for a payload that fits the schema."""
    blocks = list(_all_blocks(payload.get("blocks") or (), "blocks"))
    complaints = [f"{field}: {wrong}" for field, wrong in _broken_view_rules(surface, payload)]
    for place, block in blocks:
        for field, shown in _parts_of(block):
            complaints += [f"{place}/{field}{inside}: {wrong}" for inside, wrong in _broken_in(shown, images)]
    return complaints + [f"{place}: {wrong}" for place, wrong in broken_rules_of_all(surface, blocks)]


def _all_blocks(blocks: Sequence[Json], place: str) -> Iterator[Placed]:
    """The blocks, and those inside of them."""
    for number, block in enumerate(blocks):
        here = f"{place}/{number}"
        yield here, block
        if name := NESTED_BLOCKS.get(block["type"]):
            yield from _all_blocks(block[name], f"{here}/{name}")


def _parts_of(block: Json) -> Iterator[Placed]:
    """The block itself, at "", and its elements, each at its place in the block with a slash behind."""
    yield "", block
    for name in ELEMENT:
        if name in block:
            yield f"{name}/", block[name]
    if name := ELEMENTS.get(block["type"], ""):
        for number, element in enumerate(block.get(name, ())):
            yield f"{name}/{number}/", element


def _broken_in(shown: Json, images: Images) -> list[tuple[str, str]]:
    broken = _blank_texts(shown)
    for rule in RULES.get(shown["type"], ()):
        broken += rule(shown)
    if shown["type"] == "image":
        broken += broken_image_rules(shown, images)
    return broken


def _blank_texts(shown: Json) -> list[tuple[str, str]]:
    """Blanks are no text for what a person reads first: labels, headers, buttons, sections, titles.

    Fields, context and options are left out: a blank there is a known way to leave room, and nobody cites a refusal.
    """
    broken = []
    for name in NOT_BLANK:
        if name in shown:
            text = shown[name]
            if isinstance(text, dict) and text["text"].isspace():
                broken.append((f"{name}/text", "must be more than 0 characters"))
    return broken


def _broken_view_rules(surface: str, payload: Json) -> Broken:
    """Source: slackblocks#36, where Slack's sentence about submit_disabled is cited."""
    yield from _blank_texts(payload)
    if surface == "modal" and "submit_disabled" in payload:
        yield "submit_disabled", "invalid additional property: submit_disabled"
