"""The command `hta-bot rehearse`: reads the goals beside a bot that may run, and lists what will come of them."""

from datetime import date

from sqlalchemy import Connection

from bot.clock import Clock
from bot.config import Settings
from bot.goals import rehearsal
from bot.goals.calendar import Moment
from bot.goals.days_off import DaysOff
from storage import goals
from storage.database import read_once

EXAMPLE = "There is no open goal. This is what a plan that began today, with a goal for each date, would bring:"


def rehearse(settings: Settings, until: date) -> list[str]:
    """A line for each post to come, by workspace. Raises DatabaseProblem where the database can't be read."""
    at = Moment(Clock(settings.hta_clock_file).now(), settings.zone, DaysOff(settings.hta_holidays))
    return read_once(settings.database_url, lambda connection: _listed(connection, at, until))


def _listed(connection: Connection, at: Moment, until: date) -> list[str]:
    told: list[str] = []
    for team_id in goals.teams(connection) or ("",):
        if not any(goal.status.is_open for goal in goals.of_team(connection, team_id)):
            told.append(EXAMPLE)
        told += rehearsal.lines(rehearsal.of_team(connection, team_id, at, until))
    return told
