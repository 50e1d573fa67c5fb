"""What is wrong with the bot itself, as coordinators read it: why nothing is posted, or a self-assessment can't go on."""

from functools import partial

from bot.context import Context
from bot.lost_keys import lost
from bot.stoppages import stopped
from storage import stoppages

LOST_KEY = (
    "*This self-assessment can't go on right now:* a key on HTA Bot's server is lost, and nobody can answer or close it. "
    "Please tell the person who runs the server: they can put the key back, or give this self-assessment up."
)


async def troubles(context: Context, team_id: str) -> list[str]:
    """Each as mrkdwn, with what to do about it; empty where all is well."""
    stoppage = await context.database.read(partial(stoppages.of, team_id=team_id))
    keys = [fault for round_, fault in await lost(context) if round_.team_id == team_id]
    return [*([stopped(stoppage, context.settings.zone)] if stoppage else []), *([LOST_KEY] if keys else [])]
