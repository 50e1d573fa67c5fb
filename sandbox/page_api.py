"""What the page asks, and what a person does there: JSON on the sandbox's own port, for this machine only."""

import json
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from sandbox.arguments import json_object, needed
from sandbox.client import Client, Done, may_choose
from sandbox.files import File
from sandbox.local import Handler, local
from sandbox.people import Channel, Person
from sandbox.refusals import Json, Refused
from sandbox.states import acting_in, is_offered
from sandbox.walk import Walk
from sandbox.workspace import Message, Workspace

PAGE = Path(__file__).parent / "page"
LONGEST_WAIT = 25.0
GONE = "This is not there any more. What you see now is the newest."
MOVING = "Time is moving already. Stop that first."
NOTHING = Done()
FRESH = {"Cache-Control": "no-store"}


def add_routes(app: web.Application, workspace: Workspace, client: Client) -> None:
    """Adds the page and its JSON to `app`."""
    api = PageApi(workspace, client)
    app.router.add_get("/", local(api.index, is_linked_to=True))
    gets: dict[str, Handler] = {
        "/page/{file}": api.file,
        "/people": api.people,
        "/view/{person}": api.view,
        "/files/{person}/{file}": api.uploaded,
        "/changes": api.changes,
        "/clock": api.clock,
    }
    posts: dict[str, Handler] = {
        "/clock": api.move_clock,
        "/act/{person}/command": api.command,
        "/act/{person}/press": api.press,
        "/act/{person}/submit": api.submit,
        "/act/{person}/close": api.close,
        "/act/{person}/home": api.home,
        "/act/{person}/read": api.read,
    }
    for path, handler in gets.items():
        app.router.add_get(path, local(handler))
    for path, handler in posts.items():
        app.router.add_post(path, local(handler))


class PageApi:
    """The page's questions and acts."""

    def __init__(self, workspace: Workspace, client: Client) -> None:
        self._workspace, self._client = workspace, client
        self._walk = Walk(workspace.clock, workspace.pulse)

    # What is there.

    async def index(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / "index.html", headers=FRESH | {"X-Frame-Options": "DENY"})

    async def file(self, request: web.Request) -> web.StreamResponse:
        path = PAGE / request.match_info["file"]
        if path.parent != PAGE or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=FRESH)

    async def people(self, request: web.Request) -> web.Response:
        people = sorted(self._workspace.cast.people, key=lambda person: not may_choose(person))
        return web.json_response({"team": self._workspace.cast.team, "people": [_person(one) for one in people]})

    async def view(self, request: web.Request) -> web.Response:
        """All that one person sees."""
        workspace, me = self._workspace, self._me(request)
        modals = workspace.modals.get(me.id)
        return web.json_response(
            {
                "version": workspace.version,
                "me": _person(me),
                "commands": [asdict(command) for command in workspace.manifest.commands],
                "conversations": self._conversations(me),
                "modal": modals[-1] if modals else None,
                "home": workspace.homes.get(me.id),
                "people": {person.id: person.name for person in workspace.people.values()},
                "channels": {channel.id: channel.name for channel in workspace.channels.values() if _sees(me, channel)},
                "groups": {group.id: group.handle for group in workspace.groups.values()},
            }
        )

    async def uploaded(self, request: web.Request) -> web.Response:
        """A file that was shared where this person sees it: a picture to be shown, all else to be kept."""
        me = self._me(request)
        for channel_id, messages in self._workspace.messages.items():
            for message in messages:
                for file in message.files:
                    if file.id == request.match_info["file"] and self._is_open_to(me, channel_id):
                        return _sent(file)
        raise web.HTTPNotFound

    async def changes(self, request: web.Request) -> web.Response:
        """Answers as soon as something is newer than `after`, or after a while."""
        after = request.query.get("after", "0")
        if not after.isdecimal():
            raise Refused("invalid_arguments", "after is a version")
        await self._workspace.pulse.until(lambda: self._workspace.version > int(after), LONGEST_WAIT)
        return web.json_response({"version": self._workspace.version})

    # What a person does.

    async def command(self, request: web.Request) -> web.Response:
        asked, me = await json_object(request), self._me(request)
        channel_id, word = needed(asked, "channel"), needed(asked, "command")
        return _done(await self._client.command(me.id, channel_id, word, str(asked.get("text", ""))))

    async def press(self, request: web.Request) -> web.Response:
        asked, me = await json_object(request), self._me(request)
        container, block_id = _inner(asked, "container"), needed(asked, "block_id")
        try:
            if container.get("type") == "message":
                message = self._seen(me, needed(container, "channel"), needed(container, "ts"))
                element, chosen = _pressed(message.blocks, block_id, asked)
                return _done(await self._client.press(me.id, message, element, block_id, chosen))
            view, values = self._workspace.views.own(me.id, needed(container, "view_id")), _inner(asked, "values")
            element, chosen = _pressed(view["blocks"], block_id, asked)
            return _done(await self._client.press_in_view(me.id, view, element, block_id, chosen, values))
        except Refused as refused:
            return _done(_gone(refused))

    async def submit(self, request: web.Request) -> web.Response:
        asked, me = await json_object(request), self._me(request)
        try:
            view = self._workspace.views.top(me.id, needed(asked, "view_id"))
        except Refused as refused:
            return _done(_gone(refused))
        if not view["submit"]:
            raise Refused("invalid_arguments", "view_id: the modal has no button to submit it")
        return _done(await self._client.submit(me.id, view, _inner(asked, "values")))

    async def close(self, request: web.Request) -> web.Response:
        asked, me = await json_object(request), self._me(request)
        try:
            view = self._workspace.views.top(me.id, needed(asked, "view_id"))
        except Refused:
            return _done(NOTHING)  # it is closed
        return _done(await self._client.close(me.id, view))

    async def home(self, request: web.Request) -> web.Response:
        return _done(await self._client.open_home(self._me(request).id))

    async def read(self, request: web.Request) -> web.Response:
        asked, me = await json_object(request), self._me(request)
        channel_id = needed(asked, "channel")
        if seen := self._workspace.seen_by(me.id, channel_id):
            self._workspace.read_until[me.id, channel_id] = seen[-1].ts
            self._workspace.touch()
        return _done(NOTHING)

    # The bot's clock.

    async def clock(self, request: web.Request) -> web.Response:
        if self._workspace.clock.file is None:
            raise web.HTTPNotFound
        return web.json_response(self._time())

    async def move_clock(self, request: web.Request) -> web.StreamResponse:
        """Jumps by `advance_seconds`; or walks `walk_seconds` in steps, so that all that is due comes in its time."""
        asked = await json_object(request)
        name = "walk_seconds" if "walk_seconds" in asked else "advance_seconds"
        seconds = asked.get(name)
        if not isinstance(seconds, int) or seconds < 0:
            raise Refused("invalid_arguments", f"{name} is a number of seconds; the clock goes forward only")
        if self._workspace.clock.file is None:
            raise web.HTTPNotFound
        if self._walk.is_under_way:
            raise web.HTTPConflict(text=MOVING)
        if name == "walk_seconds":
            return await self._walked(request, seconds)
        self._workspace.clock.advance(seconds)
        self._workspace.touch()
        return web.json_response(self._time())

    async def _walked(self, request: web.Request, seconds: int) -> web.StreamResponse:
        """The time after each step, a line of JSON each. Who stops reading ends the walk."""
        answer = web.StreamResponse(headers=FRESH | {"Content-Type": "application/x-ndjson"})

        async def is_read() -> bool:
            with suppress(ConnectionError):
                if not answer.prepared:
                    await answer.prepare(request)
                await answer.write(json.dumps(self._time()).encode() + b"\n")
                return request.transport is not None and not request.transport.is_closing()
            return False

        await self._walk.forward(seconds, is_read)
        self._workspace.touch()
        return answer

    def _time(self) -> Json:
        clock = self._workspace.clock
        now = datetime.fromtimestamp(clock.now(), UTC)
        return {"now": now.isoformat(), "offset_seconds": int(clock.offset_seconds)}

    # Who sees what.

    def _me(self, request: web.Request) -> Person:
        person = self._workspace.people.get(request.match_info["person"])
        if person is None or not may_choose(person):
            raise web.HTTPNotFound
        return person

    def _seen(self, me: Person, channel_id: str, ts: str) -> Message:
        """A message that this person sees. Raises Refused: nobody presses in another's conversation."""
        message = self._workspace.message(channel_id, ts)
        if not self._is_open_to(me, channel_id) or message.only_for not in (None, me.id):
            raise Refused("message_not_found")
        return message

    def _is_open_to(self, me: Person, channel_id: str) -> bool:
        channel = self._workspace.channels.get(channel_id)
        return _sees(me, channel) if channel else self._workspace.is_member(me.id, channel_id)

    def _conversations(self, me: Person) -> list[Json]:
        """The channels that the person is in or could join, and her own conversation with the bot."""
        workspace = self._workspace
        channels = [
            self._conversation(me, channel.id, channel.name, "private" if channel.is_private else "channel")
            | {"member": me.id in channel.members, "bot_is_member": workspace.bot.id in channel.members}
            for channel in workspace.channels.values()
            if not channel.is_archived and _sees(me, channel)
        ]
        direct = self._conversation(me, workspace.direct_channel(me.id), workspace.bot.name, "dm")
        return [*channels, direct | {"member": True, "bot_is_member": True}]

    def _conversation(self, me: Person, channel_id: str, name: str, kind: str) -> Json:
        seen = self._workspace.seen_by(me.id, channel_id)
        read_until = self._workspace.read_until.get((me.id, channel_id), "")
        return {
            "id": channel_id,
            "name": name,
            "kind": kind,
            "unread": bool(seen) and seen[-1].ts > read_until,
            "messages": [self._message(me, one) for one in seen],
        }

    def _message(self, me: Person, message: Message) -> Json:
        author = self._workspace.person(message.author_id)
        return {
            "ts": message.ts,
            "author": {"id": author.id, "name": author.name, "is_bot": author.is_bot},
            "text": message.text,
            "blocks": message.blocks,
            "ephemeral": message.only_for is not None,
            "edited": message.is_edited,
            "replies": [self._message(me, one) for one in self._workspace.thread(message)],
            "files": [_shared(me, file) for file in message.files],
        }


def _sees(person: Person, channel: Channel) -> bool:
    """Public channels are open to members of the workspace; guests and people of other organizations see their own only."""
    is_open = not (channel.is_private or person.is_stranger or person.is_guest)
    return is_open or person.id in channel.members


def _shared(me: Person, file: File) -> Json:
    told = {"title": file.title, "name": file.name, "alt_text": file.alt_text, "is_picture": file.is_picture}
    return told | {"size": file.length, "address": f"/files/{me.id}/{file.id}"}


def _sent(file: File) -> web.Response:
    where = "inline" if file.is_picture else "attachment"
    headers = FRESH | {
        "Content-Type": file.mimetype,
        "Content-Disposition": f"{where}; filename*=UTF-8''{quote(file.name)}",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=file.content, headers=headers)


def _inner(asked: Json, name: str) -> Json:
    """An object within what was asked; empty where there is none. Raises Refused."""
    inner = asked.get(name) or {}
    if not isinstance(inner, dict):
        raise Refused("invalid_arguments", f"{name} must be an object")
    return inner


def _pressed(blocks: list[Json], block_id: str, asked: Json) -> tuple[Json, Json]:
    """The element that is pressed, as it stands there, and what is chosen: the page can't make them up. Raises Refused."""
    chosen = _inner(asked, "selection")
    for block in blocks:
        for element in acting_in(block) if block["block_id"] == block_id else ():
            if element.get("action_id") == asked.get("action_id") and is_offered(element, chosen):
                return element, chosen
    raise Refused("not_found")


def _gone(refused: Refused) -> Done:
    if refused.error == "invalid_arguments":
        raise refused
    return Done(GONE)


def _person(person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "title": person.title,
        "is_coordinator_hint": person.is_coordinator,
        "is_bot": person.is_bot,
        "deleted": person.is_deactivated,
        "guest": person.is_guest,
        "stranger": person.is_stranger,
    }


def _done(done: Done) -> web.Response:
    body = {"ok": not done.error and not done.errors, "error": done.error, "errors": done.errors}
    return web.json_response(body)
