"""What was answered: the answers' side. A response is found by its tag while the round is open, and by nothing later.

While the round is open a row is a tag and a sealed value, and only the round's key opens it (REVIEW, 47). No row carries a
time, and none tells in which order rows came (REVIEW, 3).
"""

import logging
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from instrument.collation import Answers
from instrument.progress import State
from storage import tables
from storage.inserting import insert_unless_there
from storage.prepared import Prepared
from storage.sealing import BrokenSeal, RoundCipher, Sheet

log = logging.getLogger(__name__)

RESPONSE = tables.table(tables.Response)
SETTLED = tables.table(tables.SettledResponse)


@dataclass(frozen=True)
class Response:
    """One respondent's pass, opened."""

    round_id: int
    tag: str
    sheet: Sheet


FIND = select(RESPONSE.c.sealed).where(RESPONSE.c.round_id == bindparam("round_id"), RESPONSE.c.tag == bindparam("tag"))
TO_READ, TO_WRITE = Prepared(FIND), Prepared(FIND.with_for_update())
# An update's bindparam may not be named like a column.
SAVE = Prepared(
    update(RESPONSE)
    .where(RESPONSE.c.round_id == bindparam("of_round"), RESPONSE.c.tag == bindparam("of_tag"))
    .values(sealed=bindparam("new_sealed"))
)


def find(
    connection: Connection, round_id: int, cipher: RoundCipher, person_id: str, *, for_update: bool
) -> Response | None:
    """The person's response; None: they have not begun. `for_update`: ours until the transaction ends. Raises BrokenSeal."""
    tag = cipher.tag(person_id)
    row = (TO_WRITE if for_update else TO_READ).first(connection, round_id=round_id, tag=tag)
    return Response(round_id, tag, cipher.open(row[0], round_id, tag)) if row else None


def begin(
    connection: Connection, round_id: int, cipher: RoundCipher, person_id: str, function: str, strip: str
) -> Response:
    """A new response; where the person has one already, that one, unchanged."""
    new = Response(round_id, cipher.tag(person_id), Sheet(State.ANSWERING, function, strip))
    row = {"round_id": round_id, "tag": new.tag, "sealed": cipher.seal(new.sheet, round_id, new.tag)}
    written = connection.execute(insert_unless_there(connection, RESPONSE).values(row).returning(RESPONSE.c.tag))
    if written.first():
        return new
    # None: the first one was deleted in between.
    found = find(connection, round_id, cipher, person_id, for_update=True)
    return found or begin(connection, round_id, cipher, person_id, function, strip)


def save(connection: Connection, cipher: RoundCipher, response: Response, sheet: Sheet) -> None:
    """The response is now so."""
    sealed = cipher.seal(sheet, response.round_id, response.tag)
    SAVE.run(connection, of_round=response.round_id, of_tag=response.tag, new_sealed=sealed)


def remove(connection: Connection, response: Response) -> None:
    """Deletes the response for good."""
    connection.execute(delete(RESPONSE).where(RESPONSE.c.round_id == response.round_id, RESPONSE.c.tag == response.tag))


def count(connection: Connection, round_id: int) -> int:
    """How many have begun in an open round."""
    return connection.execute(select(func.count()).where(RESPONSE.c.round_id == round_id)).scalar_one()


def sheets(connection: Connection, round_id: int, cipher: RoundCipher) -> Iterator[Sheet]:
    """The open round's responses, opened one after the other, in no order. One that is damaged is logged and left out."""
    query = select(RESPONSE.c.tag, RESPONSE.c.sealed).where(RESPONSE.c.round_id == round_id)
    for tag, sealed in connection.execute(query):
        try:
            yield cipher.open(sealed, round_id, tag)
        except BrokenSeal:
            log.error("a response is damaged, can't be opened, and does not count", extra={"round": round_id})


def by_function(connection: Connection, round_id: int, cipher: RoundCipher) -> tuple[dict[str, int], dict[str, int]]:
    """How many of each function have begun in an open round, and how many of them have submitted."""
    started, finished = Counter[str](), Counter[str]()
    for sheet in sheets(connection, round_id, cipher):
        started[sheet.function] += 1
        finished[sheet.function] += sheet.state is State.SUBMITTED
    return dict(started), {function: number for function, number in finished.items() if number}


def submitted(connection: Connection, round_id: int, cipher: RoundCipher) -> tuple[Answers, ...]:
    """What an open round's submitted responses say."""
    return tuple(
        Answers(sheet.function, sheet.strip)
        for sheet in sheets(connection, round_id, cipher)
        if sheet.state is State.SUBMITTED
    )


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
