"""What every feature is handed: settings, clock, database, keys, Slack, and what goes on in the background."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from bot.clock import Clock
from bot.config import Settings
from bot.insiders import Insiders
from bot.slack import Slack
from bot.survey.living import Living
from bot.tasks import Tasks
from storage.database import Database, Unhurried
from storage.keys import Keyring


@dataclass(frozen=True)
class Context:
    settings: Settings
    clock: Clock
    database: Database
    keyring: Keyring
    slack: Slack
    tasks: Tasks
    insiders: Insiders
    living: Living = field(default_factory=Living)
    due: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when something may be due before the next tick."""
    without_key: set[int] = field(default_factory=set)
    """The rounds whose messages wait for their key."""

    def now(self) -> datetime:
        return self.clock.now()

    @property
    def unhurried(self) -> Unhurried:
        """The database for ticks, messages and what follows a press: work that nobody waits for."""
        return self.database.unhurried
