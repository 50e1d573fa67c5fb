"""The page sees what its person sees, presses what she could press, and no other page can."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from sandbox.refusals import Json
from sandbox_counterpart import (
    ALL_STAFF,
    ARCHIVED,
    COORDINATOR,
    GUEST,
    LEADERS,
    NURSE,
    OTHER,
    RESULTS,
    STRANGER,
    Counterpart,
    button,
    counterpart,
    field_of,
    message,
    modal,
    options,
    typed,
)

JSON = "application/json"


class Page:
    """What the browser's page does, without the browser."""

    def __init__(self, bot: Counterpart) -> None:
        assert bot.client.session is not None
        self.bot, self.session, self.address = bot, bot.client.session, bot.sandbox.address

    async def ask(self, path: str, **how: Any) -> tuple[int, Any]:
        async with self.session.get(self.address + path, **how) as answer:
            return answer.status, await (answer.json() if answer.content_type == JSON else answer.text())

    async def tell(self, path: str, body: Any, **how: Any) -> tuple[int, Any]:
        async with self.session.post(self.address + path, json=body, **how) as answer:
            return answer.status, await (answer.json() if answer.content_type == JSON else answer.text())

    async def view(self, person_id: str) -> Json:
        _, told = await self.ask(f"/view/{person_id}")
        assert isinstance(told, dict)
        return told

    async def act(self, person_id: str, deed: str, **body: Any) -> Json:
        _, told = await self.tell(f"/act/{person_id}/{deed}", body)
        assert isinstance(told, dict), told
        return told


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with counterpart() as bot:
        yield Page(bot)


def conversation(view: Json, channel_id: str) -> Json:
    return next(one for one in view["conversations"] if one["id"] == channel_id)


async def test_those_one_can_be_come_first(page: Page) -> None:
    _, told = await page.ask("/people")

    barred = [one["is_bot"] or one["deleted"] for one in told["people"]]
    assert barred == sorted(barred)
    assert told["team"] == "Riverside Hospital"
    assert [one["id"] for one in told["people"] if one["is_coordinator_hint"]] == [COORDINATOR]


@pytest.mark.parametrize(
    ("person_id", "channels"),
    [
        (NURSE, {ALL_STAFF, "C02EMERGENCY", RESULTS}),
        (COORDINATOR, {ALL_STAFF, "C02EMERGENCY", RESULTS, LEADERS}),
        (GUEST, {ALL_STAFF}),
        (STRANGER, {ALL_STAFF}),
    ],
)
async def test_everybody_sees_their_own_channels(page: Page, person_id: str, channels: set[str]) -> None:
    view = await page.view(person_id)

    shown = {one["id"] for one in view["conversations"] if one["kind"] != "dm"}
    assert shown == channels
    assert set(view["channels"]) - {ARCHIVED} == channels
    assert [one["name"] for one in view["conversations"] if one["kind"] == "dm"] == ["Echo Bot"]


async def test_what_is_shown_is_all_that_a_page_needs(page: Page) -> None:
    await page.bot.client.chat_postMessage(channel=NURSE, **message("Never"))
    await page.bot.client.chat_postEphemeral(channel=ALL_STAFF, user=NURSE, text="For you")

    view = await page.view(NURSE)

    said = conversation(view, f"D{NURSE[1:]}")["messages"][-1]
    assert said["author"] == {"id": "U0HTABOT", "name": "Echo Bot", "is_bot": True}
    assert (said["text"], said["ephemeral"], said["edited"]) == ("Press one", False, False)
    assert said["blocks"][1]["elements"][0]["text"]["text"] == "Never"
    assert conversation(view, ALL_STAFF)["messages"][-1]["ephemeral"] is True
    assert conversation(await page.view(OTHER), ALL_STAFF)["messages"] == []
    assert view["commands"] == [{"command": "/echo", "description": "Says it again", "usage_hint": "what to say"}]
    assert (view["modal"], view["home"], view["me"]["name"]) == (None, None, "Amara Okafor")


async def test_a_conversation_is_unread_until_it_was_read(page: Page) -> None:
    await page.bot.client.chat_postMessage(channel=NURSE, text="Hello")
    dm = f"D{NURSE[1:]}"
    assert conversation(await page.view(NURSE), dm)["unread"] is True

    await page.act(NURSE, "read", channel=dm)

    assert conversation(await page.view(NURSE), dm)["unread"] is False


async def test_a_page_waits_for_the_next_change(page: Page) -> None:
    version = (await page.view(NURSE))["version"]
    waiting = asyncio.create_task(page.ask(f"/changes?after={version}"))
    await page.bot.client.chat_postMessage(channel=NURSE, text="Hello")

    _, told = await waiting

    assert told["version"] > version


async def test_pressing_in_a_message(page: Page) -> None:
    posted = await page.bot.client.chat_postMessage(channel=NURSE, **message("Never"))
    container = {"type": "message", "channel": posted["channel"], "ts": posted["ts"]}
    press = {"container": container, "block_id": "row", "action_id": "never", "selection": None}

    assert await page.act(NURSE, "press", **press) == {"ok": True, "error": None, "errors": None}
    assert page.bot.heard[-1].payload["actions"][0]["action_id"] == "never"


@pytest.mark.parametrize(
    ("person_id", "change"),
    [
        (OTHER, {}),
        (NURSE, {"action_id": "often"}),
        (NURSE, {"block_id": "other"}),
        (NURSE, {"container": {"type": "view", "view_id": "V9"}}),
        (NURSE, {"container": {"type": "message", "channel": RESULTS, "ts": "1.0"}}),
    ],
)
async def test_what_is_not_there_cannot_be_pressed(page: Page, person_id: str, change: Json) -> None:
    posted = await page.bot.client.chat_postMessage(channel=NURSE, **message("Never"))
    container = {"type": "message", "channel": posted["channel"], "ts": posted["ts"]}

    done = await page.act(
        person_id, "press", **{"container": container, "block_id": "row", "action_id": "never"} | change
    )

    assert done["error"] == "This is not there any more. What you see now is the newest."
    assert page.bot.heard == []


async def test_only_what_is_offered_can_be_chosen(page: Page) -> None:
    select = {"type": "static_select", "action_id": "it", "options": options("A", "B")}
    blocks = [{"type": "actions", "block_id": "row", "elements": [select]}]
    posted = await page.bot.client.chat_postMessage(channel=NURSE, text="Which?", blocks=blocks)
    container = {"type": "message", "channel": posted["channel"], "ts": posted["ts"]}
    press = {"container": container, "block_id": "row", "action_id": "it"}

    done = [await page.act(NURSE, "press", selection={"selected_option": one}, **press) for one in options("B", "C")]

    assert [one["ok"] for one in done] == [True, False]
    assert [one.payload["actions"][0]["selected_option"]["value"] for one in page.bot.heard] == ["b"]


async def test_a_field_that_waits_for_submit_is_not_pressed(page: Page) -> None:
    kind = {"type": "static_select", "action_id": "kind", "options": options("A", "B")}
    await page.bot.open_modal(modal(field_of("Kind", kind), field_of("Type", kind, dispatch_action=True)))
    container = {"type": "view", "view_id": (await page.view(NURSE))["modal"]["id"]}
    chosen = {"container": container, "action_id": "kind", "selection": {"selected_option": options("A")[0]}}

    waits = await page.act(NURSE, "press", block_id="kind", **chosen)
    acts = await page.act(NURSE, "press", block_id="type", **chosen)

    assert (waits["ok"], acts["ok"]) == (False, True)


async def test_what_others_see_cannot_be_pressed(page: Page) -> None:
    page.bot.sandbox.workspace.channels[LEADERS].members.append(page.bot.sandbox.workspace.bot.id)
    told = await page.bot.client.chat_postEphemeral(channel=ALL_STAFF, user=OTHER, **message("Never"))
    secret = await page.bot.client.chat_postMessage(channel=LEADERS, **message("Never"))
    places = [(ALL_STAFF, told["message_ts"]), (LEADERS, secret["ts"])]

    for channel_id, ts in places:
        container = {"type": "message", "channel": channel_id, "ts": ts}
        assert not (await page.act(NURSE, "press", container=container, block_id="row", action_id="never"))["ok"]
    assert page.bot.heard == []


async def test_a_modal_of_somebody_else_is_neither_pressed_nor_submitted_nor_closed(page: Page) -> None:
    await page.bot.open_modal(modal({"type": "actions", "block_id": "row", "elements": [button("Never")]}))
    view_id, heard = (await page.view(NURSE))["modal"]["id"], len(page.bot.heard)
    container = {"type": "view", "view_id": view_id}

    assert not (await page.act(OTHER, "press", container=container, block_id="row", action_id="never"))["ok"]
    assert not (await page.act(OTHER, "submit", view_id=view_id))["ok"]
    await page.act(OTHER, "close", view_id=view_id)

    assert (await page.view(NURSE))["modal"]["id"] == view_id
    assert len(page.bot.heard) == heard


async def test_a_button_that_was_replaced_meanwhile_cannot_be_pressed(page: Page) -> None:
    posted = await page.bot.client.chat_postMessage(channel=NURSE, **message("Never"))
    await page.bot.client.chat_update(channel=posted["channel"], ts=posted["ts"], **message("Often"))
    container = {"type": "message", "channel": posted["channel"], "ts": posted["ts"]}

    done = await page.act(NURSE, "press", container=container, block_id="row", action_id="never")

    assert done["error"] == "This is not there any more. What you see now is the newest."
    assert page.bot.heard == []


async def test_only_a_modal_with_a_button_for_it_is_submitted_and_home_is_none(page: Page) -> None:
    home = await page.bot.client.views_publish(user_id=NURSE, view={"type": "home", "blocks": message("Go")["blocks"]})
    read_me = {"type": "modal", "title": {"type": "plain_text", "text": "Read me"}, "blocks": [{"type": "divider"}]}
    await page.bot.open_modal(read_me)
    modal_id, heard = (await page.view(NURSE))["modal"]["id"], len(page.bot.heard)

    assert (await page.act(NURSE, "submit", view_id=home["view"]["id"]))["ok"] is False
    assert (await page.tell(f"/act/{NURSE}/submit", {"view_id": modal_id}))[0] == 400
    assert (await page.act(NURSE, "close", view_id=home["view"]["id"]))["ok"] is True
    assert (await page.view(NURSE))["modal"]["id"] == modal_id, "only she closes her modal"
    assert len(page.bot.heard) == heard


async def test_filling_in_a_modal(page: Page) -> None:
    await page.bot.open_modal(modal(field_of("Name", typed())))
    shown = (await page.view(NURSE))["modal"]
    assert (await page.view(OTHER))["modal"] is None

    empty = await page.act(NURSE, "submit", view_id=shown["id"], values={})
    filled_in = {"name": {"typed": {"type": "plain_text_input", "value": "Amara"}}}
    filled = await page.act(NURSE, "submit", view_id=shown["id"], values=filled_in)

    assert empty == {"ok": False, "error": None, "errors": {"name": "Please complete this required field."}}
    assert filled["ok"] is True
    assert page.bot.heard[-1].payload["view"]["state"]["values"] == filled_in
    assert (await page.view(NURSE))["modal"] is None
    assert (await page.act(NURSE, "submit", view_id=shown["id"], values={}))["ok"] is False
    assert (await page.act(NURSE, "close", view_id=shown["id"]))["ok"] is True


async def test_typing_a_command_and_opening_home(page: Page) -> None:
    said = await page.act(NURSE, "command", channel=ALL_STAFF, command="/echo", text="hello")
    unknown = await page.act(NURSE, "command", channel=ALL_STAFF, command="/dance", text="")
    home = await page.act(NURSE, "home")

    assert [one["ok"] for one in (said, unknown, home)] == [True, False, True]
    assert unknown["error"] == "/dance is not a valid command."
    assert [one.payload.get("text", "home") for one in page.bot.heard] == ["hello", "home"]


@pytest.mark.parametrize("person_id", ["U99", "U21OLD", "U23TIDE", "U0HTABOT"])
async def test_nobody_can_be_a_bot_or_somebody_who_left(page: Page, person_id: str) -> None:
    assert (await page.ask(f"/view/{person_id}"))[0] == 404
    assert (await page.tell(f"/act/{person_id}/home", {}))[0] == 404


@pytest.mark.parametrize("path", ["/act/U02AMARA/command", "/act/U02AMARA/press", "/act/U02AMARA/submit", "/clock"])
@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"channel": 7, "block_id": 7, "view_id": 7, "values": 7, "advance_seconds": -1},
        {"walk_seconds": -1},
        {"walk_seconds": "long"},
    ],
)
async def test_what_makes_no_sense_is_told_as_such(page: Page, path: str, body: Any) -> None:
    assert (await page.tell(path, body))[0] == 400


async def test_the_clock_is_moved_in_the_file_that_the_bot_reads(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("60")
    async with counterpart(clock_file=file) as bot:
        page = Page(bot)
        before = (await page.ask("/clock"))[1]["offset_seconds"]
        _, moved = await page.tell("/clock", {"advance_seconds": 86_400})

    assert (before, moved["offset_seconds"]) == (60, 86_460)
    assert float(file.read_text()) == 86_460


async def test_without_a_clock_file_there_is_no_clock(page: Page) -> None:
    assert (await page.ask("/clock"))[0] == 404
    assert (await page.tell("/clock", {"advance_seconds": 1}))[0] == 404
    assert (await page.tell("/clock", {"walk_seconds": 1}))[0] == 404


@pytest.fixture
async def with_clock(tmp_path: Path) -> AsyncIterator[Page]:
    (tmp_path / "clock").write_text("0")
    async with counterpart(clock_file=tmp_path / "clock") as bot:
        yield Page(bot)


async def test_a_walk_tells_the_time_after_each_step(with_clock: Page) -> None:
    status, told = await with_clock.tell("/clock", {"walk_seconds": 2 * 86_400 + 60})

    steps = [json.loads(line) for line in told.splitlines()]
    assert (status, [one["offset_seconds"] for one in steps]) == (200, [86_400, 172_800, 172_860])
    moved = datetime.fromisoformat(steps[1]["now"]) - datetime.fromisoformat(steps[0]["now"])
    assert timedelta(days=1) <= moved < timedelta(days=1, minutes=5)


async def test_while_it_walks_nothing_else_moves_the_clock_and_who_stops_reading_ends_it(with_clock: Page) -> None:
    async with with_clock.session.post(f"{with_clock.address}/clock", json={"walk_seconds": 365 * 86_400}) as walking:
        first = json.loads(await walking.content.readline())
        refused = [await with_clock.tell("/clock", {name: 60}) for name in ("walk_seconds", "advance_seconds")]
    async with asyncio.timeout(10):
        while (await with_clock.tell("/clock", {"advance_seconds": 0}))[0] == 409:
            pass
    _, now = await with_clock.ask("/clock")

    assert first["offset_seconds"] == 86_400
    assert refused == [(409, "Time is moving already. Stop that first.")] * 2
    assert now["offset_seconds"] < 100 * 86_400


@pytest.mark.parametrize("path", ["/", "/page/page.js"])
async def test_the_page_itself_is_served(page: Page, path: str) -> None:
    assert (await page.ask(path))[0] == 200


@pytest.mark.parametrize("path", ["/page/nothing.js", "/page/..%2Fpeople.py", "/page/%2E%2E%2F__init__.py"])
async def test_nothing_else_is_served(page: Page, path: str) -> None:
    assert (await page.ask(path))[0] == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:8400"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/view/U02AMARA", "/people", "/control/seen"])
async def test_a_page_elsewhere_sees_nothing(page: Page, path: str, headers: dict[str, str]) -> None:
    assert (await page.ask(path, headers=headers))[0] == 403
    assert (await page.tell("/act/U02AMARA/home", {}, headers=headers))[0] == 403
    assert (await page.tell("/control/limits", {"on": True}, headers=headers))[0] == 403


async def test_a_link_elsewhere_leads_to_the_page_but_no_frame_holds_it(page: Page) -> None:
    assert page.bot.client.session is not None
    linked = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    async with page.bot.client.session.get(page.bot.sandbox.address, headers=linked) as answer:
        assert (answer.status, answer.headers["X-Frame-Options"]) == (200, "DENY")
    assert (await page.ask("/", headers={"Host": "evil.example"}))[0] == 403


async def test_a_form_on_a_page_elsewhere_presses_nothing(page: Page) -> None:
    session = page.bot.client.session
    assert session is not None
    async with session.post(f"{page.bot.sandbox.address}/act/{NURSE}/home", data="{}") as answer:
        assert answer.status == 415
    assert page.bot.heard == []


async def test_the_pages_own_requests_are_let_in(page: Page) -> None:
    own = {"Origin": page.bot.sandbox.address, "Sec-Fetch-Site": "same-origin"}

    assert (await page.tell(f"/act/{NURSE}/home", {}, headers=own))[0] == 200


async def test_a_page_that_waits_does_not_keep_the_workspace_from_ending() -> None:
    async with counterpart() as bot:
        address = urlsplit(bot.sandbox.address)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(b"GET /changes?after=1000 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        await writer.drain()
        await Page(bot).ask("/people")  # what was sent before has been heard
        began = asyncio.get_running_loop().time()
    writer.close()

    assert asyncio.get_running_loop().time() - began < 10
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
