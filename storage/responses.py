"""What was answered? The answers' side: a response is found by its tag while the round is open, and by nothing later.

No row carries a time, and none tells in which order rows came (REVIEW, 3).
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from instrument.collation import Answers
from instrument.progress import State
from storage import tables
from storage.inserting import insert_unless_there
from storage.prepared import Prepared

RESPONSE = tables.table(tables.Response)
SETTLED = tables.table(tables.SettledResponse)


@dataclass(frozen=True)
class Response:
    """One respondent's pass. `strip` has a mark for each item of the round's instrument."""

    id: str
    round_id: int
    function: str
    state: State
    strip: str


FIND = select(RESPONSE.c.id, RESPONSE.c.function, RESPONSE.c.state, RESPONSE.c.strip).where(
    RESPONSE.c.round_id == bindparam("round_id"), RESPONSE.c.tag == bindparam("tag")
)
TO_READ, TO_WRITE = Prepared(FIND), Prepared(FIND.with_for_update())
# An update's bindparam may not be named like a column.
SAVE = Prepared(
    update(RESPONSE)
    .where(RESPONSE.c.id == bindparam("response_id"))
    .values(state=bindparam("new_state"), strip=bindparam("new_strip"))
)


def find(connection: Connection, round_id: int, tag: str, *, for_update: bool) -> Response | None:
    """The response with this tag; None: the person has not begun. `for_update`: ours until the transaction ends."""
    row = (TO_WRITE if for_update else TO_READ).first(connection, round_id=round_id, tag=tag)
    if row is None:
        return None
    response_id, function, state, strip = row
    return Response(response_id, round_id, function, State(state), strip)


def begin(connection: Connection, round_id: int, tag: str, function: str, strip: str) -> Response:
    """A new response; where the tag has one already, that one, unchanged."""
    new = Response(_new_id(), round_id, function, State.ANSWERING, strip)
    row = {
        "id": new.id,
        "round_id": round_id,
        "tag": tag,
        "function": function,
        "state": new.state.value,
        "strip": strip,
    }
    written = connection.execute(insert_unless_there(connection, RESPONSE).values(row).returning(RESPONSE.c.id))
    if written.first():
        return new
    # None: the first one was deleted in between.
    return find(connection, round_id, tag, for_update=True) or begin(connection, round_id, tag, function, strip)


def save(connection: Connection, response_id: str, state: State, strip: str) -> None:
    """The response is now so."""
    SAVE.run(connection, response_id=response_id, new_state=state.value, new_strip=strip)


def remove(connection: Connection, response_id: str) -> None:
    """Deletes the response for good."""
    connection.execute(delete(RESPONSE).where(RESPONSE.c.id == response_id))


def count(connection: Connection, round_id: int) -> int:
    """How many have begun in an open round."""
    return connection.execute(select(func.count()).where(RESPONSE.c.round_id == round_id)).scalar_one()


def finished(connection: Connection, round_id: int) -> int:
    """How many have submitted in an open round."""
    query = select(func.count()).where(RESPONSE.c.round_id == round_id, RESPONSE.c.state == State.SUBMITTED.value)
    return connection.execute(query).scalar_one()


def by_function(connection: Connection, round_id: int) -> tuple[dict[str, int], dict[str, int]]:
    """How many of each function have begun in an open round, and how many of them have submitted."""
    query = select(RESPONSE.c.function, RESPONSE.c.state, func.count()).where(RESPONSE.c.round_id == round_id)
    started: dict[str, int] = {}
    finished: dict[str, int] = {}
    for function, state, number in connection.execute(query.group_by(RESPONSE.c.function, RESPONSE.c.state)):
        started[function] = started.get(function, 0) + number
        if state == State.SUBMITTED.value:
            finished[function] = number
    return started, finished


def submitted(connection: Connection, round_id: int) -> tuple[Answers, ...]:
    """What an open round's submitted responses say."""
    query = select(RESPONSE.c.function, RESPONSE.c.strip).where(
        RESPONSE.c.round_id == round_id, RESPONSE.c.state == State.SUBMITTED.value
    )
    return tuple(Answers(function, strip) for function, strip in connection.execute(query))


def settle(connection: Connection, round_id: int, kept: Iterable[Answers]) -> None:
    """Deletes every response of the round, and writes what is kept to the closed rounds' table, with new ids.

    The ids are random, and the rows are written in their order: so that is as good as shuffled.
    """
    connection.execute(delete(RESPONSE).where(RESPONSE.c.round_id == round_id))
    rows = [
        {"id": _new_id(), "round_id": round_id, "function": answers.function, "strip": answers.strip}
        for answers in kept
    ]
    rows.sort(key=itemgetter("id"))
    if rows:
        connection.execute(insert(SETTLED), rows)


def settled(connection: Connection, round_id: int) -> tuple[Answers, ...]:
    """What is kept of a closed round's responses."""
    query = select(SETTLED.c.function, SETTLED.c.strip).where(SETTLED.c.round_id == round_id)
    return tuple(Answers(function, strip) for function, strip in connection.execute(query))


def _new_id() -> str:
    return secrets.token_hex(16)
