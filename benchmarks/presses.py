"""What reaches a bot when somebody presses a button? Slack's payload of it, signed, with the whole message that was pressed."""

import secrets

import orjson

from benchmarks.prepared import INSTRUMENT
from benchmarks.servers import ROOT
from bot.blocks import Message as Drawn
from bot.survey import buttons, items
from instrument.progress import DOES_NOT_APPLY, DONT_KNOW
from sandbox import manifest, payloads
from sandbox.acks import Kind
from sandbox.finding import found_button
from sandbox.http_link import FORM, encoded, signed
from sandbox.payloads import Act
from sandbox.people import Cast
from sandbox.refusals import Json
from sandbox.workspace import Message, Workspace
from storage.rounds import Round

ITEM = INSTRUMENT.items[19]
LABELS = {str(choice.points): choice.label for choice in INSTRUMENT.choices}
LABELS |= {DOES_NOT_APPLY: "Doesn't apply", DONT_KNOW: "Don't know"}


class Presses:
    """Everybody has the same item before her, drawn as by Back: each press overwrites, and so each is written."""

    def __init__(self, cast: Cast, round_: Round, secret: str, slack_address: str) -> None:
        """`secret` is what Slack signs with."""
        self._workspace = Workspace(cast, manifest.read(ROOT / "manifest.yml"))
        self._item = items.item(INSTRUMENT, round_, ITEM, buttons.Drawn.BACK)
        self._secret, self._slack_address = secret, slack_address
        self._shown: dict[str, Message] = {}
        self._bodies: dict[tuple[str, str], bytes] = {}

    @property
    def edit(self) -> bytes:
        """What a bot posts to a response_url to show an item."""
        return _edit(self._item)

    def request(self, person_id: str, mark: str) -> bytes:
        """The request, signed just now: good for five minutes."""
        if (person_id, mark) not in self._bodies:
            self._bodies[person_id, mark], _ = encoded(Kind.INTERACTION, self._payload(person_id, mark))
        body = self._bodies[person_id, mark]
        headers = {"Host": "127.0.0.1", "Content-Type": FORM, "Content-Length": str(len(body))}
        headers |= {"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)", **signed(self._secret, body)}
        lines = ["POST /slack/events HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def _payload(self, person_id: str, mark: str) -> Json:
        message = self._message(person_id)
        element, block_id = found_button(message.blocks, LABELS[mark])
        act = Act(person_id, f"1.{secrets.token_hex(8)}", f"{self._slack_address}/response/{secrets.token_hex(12)}")
        return payloads.press_in_message(self._workspace, act, message, element, block_id, None)

    def _message(self, person_id: str) -> Message:
        if person_id not in self._shown:
            channel_id = self._workspace.direct_channel(person_id)
            self._shown[person_id] = self._workspace.post(channel_id, self._item.payload())
        return self._shown[person_id]


def _edit(shown: Drawn) -> bytes:
    return orjson.dumps({"replace_original": True, **shown.payload()})
