"""Slack's rules for images: their words, their size, and whether Slack can fetch them.

Source: docs.slack.dev, image block, image element, and Slack file object.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sandbox.refusals import Json

Broken = Iterator[tuple[str, str]]
"""What is wrong with a block or element: the place inside of it, and a sentence about it, Slack's where it is known."""

WEB_ADDRESS = re.compile(r"https?://[^\s/?#]+([/?#].*)?", re.IGNORECASE | re.DOTALL)
LONGEST_ADDRESS, LONGEST_ALT_TEXT, LONGEST_TITLE = 3000, 2000, 2000


@dataclass(frozen=True)
class Images:
    """The images that the pretend Slack can fetch.

    `address` is the start of those that it serves itself, "" for none. `is_shared` says whether an image with that file id
    was shared in the workspace.
    """

    address: str = ""
    is_shared: Callable[[str], bool] = lambda file_id: False


NO_IMAGES = Images()


def broken_image_rules(image: Json, images: Images) -> Broken:
    """Slack downloads an image before it takes the message, and refuses the message where that fails.

    Source: python-slack-sdk#1782, where Slack's sentence is cited. That there is either an address or a file is in the schema.
    """
    if not image["alt_text"].strip():
        yield "alt_text", "must be more than 0 characters"
    elif len(image["alt_text"]) > LONGEST_ALT_TEXT:
        yield "alt_text", f"must be less than {LONGEST_ALT_TEXT + 1} characters"
    if len(image.get("title", {}).get("text", "")) > LONGEST_TITLE:
        yield "title/text", f"must be less than {LONGEST_TITLE + 1} characters"
    if "image_url" in image:
        yield from _broken_address_rules(image["image_url"], images)
    elif not images.is_shared(image["slack_file"].get("id", "")):
        yield "slack_file", "invalid slack file"


def _broken_address_rules(address: str, images: Images) -> Broken:
    if len(address) > LONGEST_ADDRESS:
        yield "image_url", f"must be less than {LONGEST_ADDRESS + 1} characters"
    elif not WEB_ADDRESS.fullmatch(address):
        yield "image_url", "invalid url"
    elif not images.address or not address.startswith(f"{images.address}/"):
        yield "image_url", "downloading image failed"
