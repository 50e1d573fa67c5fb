"""Messages that say what is no longer so: they are shown anew when a self-assessment closes, or its closing moves.

Only those that this process knows; pressing any other leads to where the person is.
"""

from bot.context import Context
from bot.payloads import Who
from bot.survey import messages
from bot.survey.living import Place
from bot.survey.replies import place_of, standing
from bot.survey.service import Finished, Invited
from storage.rounds import Round


async def closed(context: Context, round_: Round) -> None:
    """None of them leads on any more. They say so one after the other, as fast as Slack lets us."""
    message = messages.over(round_, context.settings.zone, pressed=False)
    for place in context.living.forget(round_.id).values():
        await context.slack.update(*place, message)


async def moved(context: Context, round_: Round) -> None:
    """The messages that name the closing name the new one."""
    for person_id, place in context.living.of_round(round_.id).items():
        await context.tasks.start(_show(context, round_, person_id, place), after=person_id)


async def _show(context: Context, round_: Round, person_id: str, place: Place) -> None:
    who = Who(round_.team_id, person_id, round_.team_id)
    here = await place_of(context, who, round_.id)
    if isinstance(here, Finished | Invited) and context.living.of(round_.id, person_id) == place:
        await context.slack.update(*place, await standing(context, who, here))
