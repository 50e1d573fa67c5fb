"""Looks at the keys of open self-assessments: whether each is there and the right one, and what to do where it is not."""

import logging

from bot.context import Context
from storage import rounds
from storage.keys import Fault
from storage.rounds import Round

log = logging.getLogger(__name__)


async def look_at_keys(context: Context) -> None:
    """At a start: what is lost is named, with the way out, and the rest of the bot runs."""
    for round_, fault in await lost(context):
        log.error(
            "the key of an open self-assessment is lost: put HTA_KEY_DIR back as it was, or give it up with hta-bot abandon",
            extra={"round": round_.id, "key": fault.value},
        )


async def lost(context: Context) -> list[tuple[Round, Fault]]:
    """The open rounds whose key can't be made."""
    open_ = [(one, one.key) for one in await context.database.read(rounds.all_open)]
    found = [(round_, context.keyring.fault(key)) for round_, key in open_ if key]
    return [(round_, fault) for round_, fault in found if fault]
