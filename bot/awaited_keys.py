"""Holds back messages whose round has lost its key, and lets them go when it is back."""

import logging
from datetime import timedelta
from functools import partial

from bot.context import Context
from bot.delivery import NotBefore
from bot.lost_keys import lost
from storage import postings
from storage.rounds import Round

log = logging.getLogger(__name__)

KEY_AGAIN = timedelta(minutes=10)
"""When a message is tried again whose key is missing. It is due at once when a tick finds the key; there may be thousands."""


def until_its_key_is_back(context: Context, round_: Round) -> NotBefore:
    """When a message goes out of which nobody can tell whether its reader wants it."""
    context.without_key.add(round_.id)
    return NotBefore(context.now() + KEY_AGAIN)


async def let_go(context: Context) -> None:
    """What waits for a key is due at once where the key is back."""
    if not context.without_key:
        return
    still_lost = {round_.id for round_, _ in await lost(context)}
    for round_id in context.without_key - still_lost:
        free = partial(postings.wait_no_longer, round_id=round_id, until=context.now() + KEY_AGAIN)
        await context.unhurried.write(free)
        context.without_key.discard(round_id)
        log.info("what waited for a key goes on", extra={"round": round_id})
