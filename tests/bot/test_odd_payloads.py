"""What Slack has signed and never sends is answered with a 400 or does nothing: it is never a 500, and never an ERROR line."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.app import running
from bot.config import Settings
from bot.server import Front
from bot.shapes import is_whole
from conversation import COORDINATOR, migrated
from places import ROOT
from sandbox.driver import Sandbox
from sandbox.http_link import FORM, signed
from sandbox.manifest import read as read_manifest
from sandbox.people import TEAM_ID, hospital
from sandbox.refusals import Json

ANSWERS = "http://127.0.0.1:1/response/x"
"""Stands for an address of the Slack beside the bot."""
Place = tuple[str | int, ...]

WHO: Json = {
    "api_app_id": "A1",
    "token": "old",
    "trigger_id": "1.2.abc",
    "team": {"id": TEAM_ID, "domain": "riverside"},
    "user": {"id": COORDINATOR, "name": "marisol", "team_id": TEAM_ID},
    "enterprise": None,
    "is_enterprise_install": False,
}
BUTTON: Json = {
    "type": "button",
    "action_id": "answer.v1.2",
    "block_id": "b",
    "value": "1:1:u_01:f",
    "action_ts": "1.2",
}
PRESS: Json = WHO | {
    "type": "block_actions",
    "channel": {"id": "D1", "name": "directmessage"},
    "container": {"type": "message", "message_ts": "1.2", "channel_id": "D1", "is_ephemeral": False},
    "message": {"type": "message", "user": "U1", "ts": "1.2", "thread_ts": "1.1", "text": "x", "blocks": []},
    "state": {"values": {}},
    "response_url": ANSWERS,
    "actions": [BUTTON],
}
ACTIONS = {
    "survey.v1.start": "1:1",
    "change.v1.section": "1:1:none",
    "reminders.v1.tomorrow": "1:1",
    "rounds.v1.close_now": "1:1",
    "results.v1.item_details": "1:1:none",
    "results.v1.export": "1:1",
    "results.v1.set_goal": "1:1:none",
    "goals.v1.done": "1:1:20270301:c0",
    "home.v1.remove": "U02AMARA",
    "nobody.knows": "",
}
PRESSES = {name: PRESS | {"actions": [BUTTON | {"action_id": name, "value": value}]} for name, value in ACTIONS.items()}
PRESS_ON_HOME: Json = WHO | {
    "type": "block_actions",
    "container": {"type": "view", "view_id": "V1"},
    "view": {"id": "V1", "type": "home", "private_metadata": "", "app_installed_team_id": TEAM_ID},
    "actions": [{"type": "static_select", "action_id": "home.v1.add", "selected_option": {"value": "x"}}],
}
SELECT: Json = PRESS | {
    "actions": [
        {"type": "overflow", "action_id": "goals.v1.more", "selected_option": {"value": "1:1:20270301:c0:done"}}
    ]
}
CHOSEN: Json = {
    "typed": {"a": {"type": "plain_text_input", "value": "words"}},
    "one": {"a": {"type": "static_select", "selected_option": {"value": "x"}}},
    "many": {"a": {"type": "checkboxes", "selected_options": [{"value": "x"}]}},
    "people": {"a": {"type": "multi_users_select", "selected_users": ["U02AMARA"]}},
    "person": {"a": {"type": "users_select", "selected_user": "U02AMARA"}},
    "day": {"a": {"type": "datepicker", "selected_date": "2027-03-01"}},
}


def submission(callback_id: str) -> Json:
    view = {"id": "V1", "type": "modal", "callback_id": callback_id, "private_metadata": "1:1", "hash": "1.a"}
    return WHO | {
        "type": "view_submission",
        "view": view | {"state": {"values": CHOSEN}},
        "response_urls": [{"response_url": ANSWERS, "channel_id": "C1"}],
    }


FORMS = ("change.v1", "rounds.form.v1", "rounds.move.v1", "goals.note.v1", "goals.new.v1", "results.export.v1", "x")
COMMAND: Json = {
    "team_id": TEAM_ID,
    "channel_id": "C01ALLSTAFF",
    "user_id": COORDINATOR,
    "command": "/hta",
    "text": "help",
    "response_url": ANSWERS,
    "trigger_id": "1.2.abc",
}
EVENT: Json = {
    "type": "event_callback",
    "team_id": TEAM_ID,
    "event": {"type": "app_home_opened", "user": COORDINATOR, "channel": "D1", "tab": "home"},
    "authorizations": [{"enterprise_id": None, "team_id": TEAM_ID, "user_id": "U1", "is_bot": True}],
    "is_ext_shared_channel": True,
}
MESSAGE: Json = EVENT | {
    "event": {"type": "message", "user": "U1", "message": {"user": "U1"}, "item": {"channel": "C1"}}
}
GOOD: list[Json] = [
    PRESS,
    *PRESSES.values(),
    PRESS_ON_HOME,
    SELECT,
    *map(submission, FORMS),
    COMMAND,
    *(COMMAND | {"command": word} for word in ("/hta-round", "/hta-results", "/hta-goals", "/other")),
    EVENT,
    MESSAGE,
    {"type": "url_verification", "challenge": "x"},
]
KINDS = [
    PRESS,
    PRESS_ON_HOME,
    SELECT,
    submission("change.v1"),
    COMMAND,
    EVENT,
    MESSAGE,
    {"type": "url_verification", "challenge": "x"},
]


def nested(key: str) -> Any:
    made: Any = {"id": "x"}
    for _ in range(900):
        made = {key: made}
    return made


MISSING = object()
ODD: list[Any] = [
    MISSING,
    None,
    True,
    0,
    1e300,
    "",
    "x",
    "\0",
    "é" * 1_000,
    [],
    [[]],
    [None],
    ["x"],
    [{"x": 1}],
    {},
    {"id": None},
    {"id": ["x"]},
    {"type": "x", "id": {}},
    {"event": {"event": {}}},
]
EXTRA: list[tuple[str, Any]] = [
    *((key, odd) for key in ("event", "command", "view", "user", "team", "authorizations", "message") for odd in ODD),
    *(("message", nested(key)) for key in ("message", "previous_message", "event", "item", "assistant_thread")),
    ("event", nested("event")),
    ("authorizations", [nested("authorizations")]),
    ("enterprise", nested("enterprise")),
    ("function_data", ["x"]),
    ("response_urls", [1]),
    ("payload", "x"),
]


LEAVES = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=5) | st.sampled_from(ODD[1:])
NAMES = st.sampled_from(sorted({name for payload in KINDS for name in payload})) | st.text(max_size=5)
ANYTHING = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5))


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Where something stands in a payload."""
    if at:
        yield at
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield from places(inner, (*at, key))


def changed(payload: Json, at: Place, odd: Any) -> Json:
    """The payload with something odd in one place; where another change took that place away, as it is."""
    made: Any = deepcopy(payload)
    holder = made
    try:
        for key in at[:-1]:
            holder = holder[key]
        if odd is MISSING:
            del holder[at[-1]]
        else:
            holder[at[-1]] = odd
    except (KeyError, IndexError, TypeError):
        return made  # type: ignore[no-any-return]
    return made  # type: ignore[no-any-return]


@dataclass
class Entrance:
    """The bot's own entrance, with a Slack behind it; what was logged at ERROR."""

    runner: asyncio.Runner
    front: Front
    secret: str
    address: str
    errors: list[logging.LogRecord] = field(default_factory=list)

    def status(self, payload: Any) -> int:
        """What the payload is answered with, signed, in the form that it has."""
        return self.runner.run(self._status(payload))

    def is_calm(self) -> None:
        """Nothing was logged at ERROR since the last look."""
        logged = [(record.name, record.getMessage(), record.exc_text or record.exc_info) for record in self.errors]
        self.errors.clear()
        assert logged == []

    async def _status(self, payload: Any) -> int:
        raw = json.dumps(payload).replace(ANSWERS, f"{self.address}/response/x").encode()
        content_type = "application/json"
        if isinstance(payload, dict) and payload.get("type") in ("block_actions", "view_submission"):
            raw, content_type = b"payload=" + quote_plus(raw).encode(), FORM
        headers = {"content-type": content_type} | signed(self.secret, raw)
        scope = {"type": "http", "method": "POST", "path": "/slack/events", "query_string": b""}
        scope |= {"headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()]}
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": raw, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        await self.front(scope, receive, send)
        return int(sent[0]["status"])


class Errors(logging.Handler):
    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__(logging.ERROR)
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)


@asynccontextmanager
async def opened(folder: Path, runner: asyncio.Runner) -> AsyncIterator[Entrance]:
    clock_file = folder / "clock"
    clock_file.write_text("0")
    (folder / "hta.db").write_bytes(migrated())
    async with Sandbox(hospital(), read_manifest(ROOT / "manifest.yml")) as sandbox:
        secret = sandbox.tokens.signing_secret
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            slack_bot_token=SecretStr(sandbox.tokens.bot),
            slack_signing_secret=SecretStr(secret),
            slack_api_url=sandbox.api_url,
            database_url=f"sqlite:///{folder / 'hta.db'}",
            hta_coordinators=COORDINATOR,
            hta_key_dir=folder / "keys",
            hta_clock_file=clock_file,
        )
        async with running(settings) as bot:
            yield Entrance(runner, Front(bot.bolt, secret, nothing), secret, sandbox.address)
            # What goes on in the background has no time to wait for Slack's pace.
            resting = asyncio.create_task(bot.context.tasks.drain(60))
            while not resting.done():
                clock_file.write_text(str(float(clock_file.read_text()) + 60))
                await asyncio.wait([resting], timeout=0.01)


async def nothing() -> tuple[str, ...]:
    return ()


@pytest.fixture(scope="module")
def entrance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Entrance]:
    with asyncio.Runner() as runner:
        context = opened(tmp_path_factory.mktemp("odd"), runner)
        made = runner.run(context.__aenter__())
        handler = Errors(made.errors)
        logging.getLogger().addHandler(handler)
        yield made
        runner.run(context.__aexit__(None, None, None))
        logging.getLogger().removeHandler(handler)
        made.is_calm()


def test_what_slack_sends_is_whole_and_answered(entrance: Entrance) -> None:
    for payload in GOOD:
        assert is_whole(payload), payload
        assert entrance.status(payload) in (200, 400), payload

    assert entrance.status(PRESS) == entrance.status(COMMAND) == entrance.status(EVENT) == 200
    entrance.is_calm()


@pytest.mark.parametrize("payload", KINDS, ids=lambda payload: payload.get("type", "command"))
def test_one_odd_thing_anywhere_is_no_error_of_ours(entrance: Entrance, payload: Json) -> None:
    for at in places(payload):
        for odd in ODD:
            assert entrance.status(changed(payload, at, odd)) in (200, 400), (at, odd)
    for key, odd in EXTRA:
        assert entrance.status(changed(payload, (key,), odd)) in (200, 400), (key, odd)

    entrance.is_calm()


@pytest.mark.parametrize(
    "kind",
    ["block_suggestion", "shortcut", "message_action", "view_closed", "interactive_message", "dialog_submission", "x"],
)
def test_kinds_that_this_bot_does_not_hear_are_refused(entrance: Entrance, kind: str) -> None:
    for payload in KINDS:
        odd = payload | {"type": kind, "callback_id": "change.v1", "action_id": "answer.v1.2"}
        assert entrance.status(odd) == 400, odd

    entrance.is_calm()


@pytest.mark.parametrize(
    ("payload", "at", "odd"),
    [
        (EVENT, ("authorizations", 0, "team_id"), ["x"]),
        (EVENT, ("team",), "T0ELSEWHERE"),
        (COMMAND, ("trigger_id",), ["x"]),
        (COMMAND, ("text",), "\0"),
        (COMMAND, ("response_url",), "file:///etc/passwd"),
        (COMMAND, ("response_url",), "http://127.0.0.1:65536/"),
        (COMMAND, ("response_url",), "http://x/ y"),
        (PRESS, ("user", "id"), "U1 OR 1=1"),
        (PRESS, ("user", "id"), "U" * 65),
        (PRESS | {"enterprise": None, "team": None}, ("user", "team_id"), None),
        (submission("x"), ("response_urls",), ["x"]),
        (submission("x"), ("view", "state", "values", "typed", "a", "value"), "\0"),
        (submission("x"), ("view", "type"), "home"),
    ],
)
def test_the_least_that_is_wrong_makes_it_another_thing(payload: Json, at: Place, odd: Any) -> None:
    assert not is_whole(changed(payload, at, odd))


@given(st.sampled_from(GOOD), st.lists(st.tuples(st.integers(0, 99), ANYTHING), min_size=1, max_size=4))
def test_several_odd_things_are_no_error_of_ours(
    entrance: Entrance, payload: Json, changes: list[tuple[int, Any]]
) -> None:
    for number, odd in changes:
        everywhere = list(places(payload))
        payload = changed(payload, everywhere[number % len(everywhere)], odd)

    assert entrance.status(payload) in (200, 400)
    entrance.is_calm()


@given(st.dictionaries(NAMES, ANYTHING) | ANYTHING)
def test_whatever_else_is_json_is_no_error_of_ours(entrance: Entrance, payload: Any) -> None:
    assert entrance.status(payload) in (200, 400)
    entrance.is_calm()
