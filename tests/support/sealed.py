"""For tests of sealed responses: a key that is not secret, and whole responses put in with it."""

from collections.abc import Iterable

from sqlalchemy import Connection

from instrument.collation import Answers
from instrument.progress import State
from storage import responses
from storage.sealing import RoundCipher, Sheet

CIPHER = RoundCipher(bytes(range(32)))


def submit_all(connection: Connection, round_id: int, answers: Iterable[Answers]) -> None:
    """Begun and submitted, by people of the names "0", "1" and so on."""
    for number, one in enumerate(answers):
        begun = responses.begin(connection, round_id, CIPHER, str(number), one.function, one.strip)
        responses.save(connection, CIPHER, begun, Sheet(State.SUBMITTED, one.function, one.strip))
