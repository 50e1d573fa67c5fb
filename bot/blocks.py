"""Slack's messages, and the few Block Kit shapes that the bot uses."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]
View = dict[str, Any]

NEUTRAL = 100
"""So many characters of `text` say nothing of the topic: a locked phone beside a patient shows them."""

A_SECTION = 2900
"""Characters of a section; Slack takes 3,000."""

LONGEST_ALT_TEXT = 1000
"""Characters that Slack takes for a picture's words (docs.slack.dev, files.getUploadURLExternal)."""


@dataclass(frozen=True)
class Message:
    """What a message shows, and `text`: the same, complete, for screen readers. `text` never holds an answer."""

    text: str
    blocks: tuple[Block, ...]

    def payload(self) -> dict[str, Any]:
        return {"text": self.text, "blocks": list(self.blocks)}

    @property
    def has_table(self) -> bool:
        return any(block["type"] == "table" for block in self.blocks)

    def without_tables(self) -> "Message":
        """The same with each table's rows as lines, for where Slack takes none."""
        return Message(self.text, tuple(one for block in self.blocks for one in _without_table(block)))


@dataclass(frozen=True)
class Upload:
    """A file for a conversation. `alt_text` says a picture to screen readers: its type, what it shows, and the numbers.

    name: what it is called where it is kept, like "sections.png". comment: what the bot says beside it, as mrkdwn.
    """

    name: str
    title: str
    content: bytes
    alt_text: str = ""
    comment: str = ""

    def __post_init__(self) -> None:
        if len(self.alt_text) > LONGEST_ALT_TEXT:
            raise ValueError(f"{self.name}: Slack takes {LONGEST_ALT_TEXT} characters for a picture's words at most")


def escape(words: str) -> str:
    """`words` as mrkdwn in which no mention, link or channel can hide. Slack still renders *marks* in it: see `literal`."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def neutral(lead: str, rest: str) -> str:
    """`lead`, then `rest`, with `rest` beginning after the first hundred characters, which a lock screen may show."""
    return f"{lead.ljust(NEUTRAL)} {rest}"


def mrkdwn(words: str) -> Block:
    return {"type": "mrkdwn", "text": words}


def plain(words: str) -> Block:
    return {"type": "plain_text", "text": words, "emoji": False}


def literal(words: str) -> Block:
    """What somebody typed, shown as it was typed: no *bold*, quote, link, mention or :emoji: comes of it.

    mrkdwn has no escape for its marks, and a zero-width space beside one makes it count even inside a word, so that only a
    plain_text object is safe (docs.slack.dev, text object; github.com/yhatt/jsx-slack, docs/about-escape-and-exact-mode.md).
    """
    return plain(words)


def header(words: str) -> Block:
    return {"type": "header", "text": plain(words)}


def section(words: str, accessory: Block | None = None) -> Block:
    return {"type": "section", "text": mrkdwn(words)} | ({"accessory": accessory} if accessory else {})


def paragraph(words: str) -> Message:
    """A message that says just this."""
    return Message(words, (section(words),))


def plain_section(words: str, accessory: Block | None = None) -> Block:
    return {"type": "section", "text": literal(words)} | ({"accessory": accessory} if accessory else {})


def plain_paragraph(words: str) -> Message:
    """A message that says just this, which quotes what somebody typed."""
    return Message(escape(words), (plain_section(words),))


def context(*words: str | Block) -> Block:
    """Small print: mrkdwn, or text objects such as those of `literal`."""
    return {"type": "context", "elements": [mrkdwn(one) if isinstance(one, str) else one for one in words]}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def divider() -> Block:
    return {"type": "divider"}


def button(label: str, action_id: str, value: str, *, style: str | None = None, confirm: Block | None = None) -> Block:
    """A button. `style` is primary or danger; at most one primary in a message."""
    # A label is ours and has no :emoji: in it; Slack refuses blocks of about 13,000 characters, and half of a check-in is buttons.
    text = {"type": "plain_text", "text": label}
    drawn: Block = {"type": "button", "text": text, "action_id": action_id, "value": value}
    if style:
        drawn["style"] = style
    if confirm:
        drawn["confirm"] = confirm
    return drawn


def confirm(title: str, words: str, yes: str, no: str) -> Block:
    """The question before what can't be undone."""
    return {"title": plain(title), "text": plain(words), "confirm": plain(yes), "deny": plain(no)}


def option(label: str, value: str) -> Block:
    return {"text": plain(label), "value": value}


def select(action_id: str, placeholder: str, options: Iterable[Block], initial: Block | None = None) -> Block:
    drawn: Block = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder),
        "options": list(options),
    }
    return drawn | ({"initial_option": initial} if initial else {})


def field(label: str, block_id: str, element: Block, *, optional: bool = False, hint: str | None = None) -> Block:
    """An input of a modal."""
    drawn: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        "optional": optional,
    }
    return drawn | ({"hint": plain(hint)} if hint else {})


def table(rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> Block:
    """A native table; `right` are the columns that stand at the right, as figures do."""
    aligned = set(right)
    return {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": cell or "–"} for cell in row] for row in rows],
        "column_settings": [
            {"align": "right" if column in aligned else "left", "is_wrapped": column == 0}
            for column in range(len(rows[0]))
        ],
    }


def table_lines(drawn: Block) -> Iterator[str]:
    """A table's rows as mrkdwn, some in each piece: a piece fits a section."""
    heads, *rows = [[cell["text"] for cell in row] for row in drawn["rows"]]
    cells = (", ".join(f"{head}: {cell}" for head, cell in zip(heads[1:], row[1:], strict=True)) for row in rows)
    yield from in_pieces(f"*{escape(row[0])}*: {escape(words)}" for row, words in zip(rows, cells, strict=True))


def in_pieces(lines: Iterable[str]) -> Iterator[str]:
    """The lines together, as many as a section takes."""
    piece = ""
    for line in lines:
        if piece and len(piece) + len(line) >= A_SECTION:
            yield piece
            piece = ""
        piece = f"{piece}\n{line}" if piece else line
    if piece:
        yield piece


def _without_table(block: Block) -> Iterator[Block]:
    if block["type"] == "table":
        yield from map(section, table_lines(block))
    else:
        yield block


def modal(
    title: str,
    blocks: Iterable[Block],
    *,
    callback_id: str = "read",
    submit: str | None = None,
    close: str = "Close",
    metadata: str = "",
) -> View:
    drawn: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "close": plain(close),
        "blocks": list(blocks),
        "private_metadata": metadata,
    }
    return drawn | ({"submit": plain(submit)} if submit else {})
