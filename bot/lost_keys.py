"""Looks at the keys of open self-assessments: whether each is there and the right one, and what to do where it is not."""

import logging
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from bot.kit import Kit
from storage import people, responses, rounds
from storage.keys import Fault, Keyring, LostKey
from storage.rounds import Round

log = logging.getLogger(__name__)


async def look_at_keys(kit: Kit) -> None:
    """At a start: what is lost is named, with the way out, and the rest of the bot runs."""
    for round_ in await kit.unhurried.read(rounds.all_open):
        if not round_.key_check:
            await kit.unhurried.write(partial(_adopt, keyring=kit.keyring, round_id=round_.id))
    for round_, fault in await lost(kit):
        log.error(
            "the key of an open self-assessment is lost: put HTA_KEY_DIR back as it was, or give it up with hta-bot abandon",
            extra={"round": round_.id, "key": fault.value},
        )


async def lost(kit: Kit) -> list[tuple[Round, Fault]]:
    """The open rounds whose key can't be made."""
    open_ = [(one, one.key) for one in await kit.database.read(rounds.all_open)]
    found = [(round_, kit.keyring.fault(key)) for round_, key in open_ if key]
    return [(round_, fault) for round_, fault in found if fault]


def _adopt(connection: Connection, keyring: Keyring, round_id: int) -> None:
    """Keeps the check value of a round from before there were any, where the key finds a response; or there is none yet.

    Where it finds none of those that there are, it is the wrong one, and an empty check value says so.
    """
    round_ = rounds.by_id(connection, round_id)
    if round_ is None or round_.key is None or round_.key_check:
        return
    key = replace(round_.key, check=None)
    asked = [person_id for person_id, _ in people.asked_by(connection, round_id)]
    try:
        check = keyring.check(key)
        finds_one = any(responses.find(connection, round_id, keyring.tag(key, one), for_update=False) for one in asked)
    except LostKey:
        return
    is_right = finds_one or not responses.count(connection, round_id)
    rounds.keep_check(connection, round_id, check if is_right else "")
