"""What is heard when somebody opens Home."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import coordinators, payloads
from bot.home import views
from bot.kit import Kit
from bot.payloads import Who
from bot.survey import flow


def listen(app: AsyncApp, kit: Kit) -> None:
    """Registers what this room hears."""

    @app.event("app_home_opened")
    async def on_home_opened(body: dict[str, Any], ack: AsyncAck) -> None:
        who = payloads.opened_home(body)
        await ack()
        if who:
            kit.tasks.start(_publish(kit, who), after=who.person_id)


async def _publish(kit: Kit, who: Who) -> None:
    here = await kit.database.read(partial(flow.place, keyring=kit.keyring, who=who))
    known = await coordinators.everyone(kit, who.team_id)
    view = views.home(here, kit.settings.zone, known, is_coordinator=who.person_id in known)
    await kit.slack.publish_home(who.person_id, view)
