"""Who somebody is on Enterprise Grid: one of us or a stranger, under one id, also right after a restart."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.clock import Clock
from bot.insiders import Insiders
from bot.slack import Slack
from conversation import migrated
from places import ROOT
from sandbox.driver import Sandbox
from sandbox.faults import SlackError
from sandbox.manifest import read as read_manifest
from sandbox.people import ENTERPRISE_ID, OTHER_TEAM_ID, SISTER_TEAM_ID, TEAM_ID, grid, hospital
from storage.database import Database

NURSE, SISTER, UNNAMED, PARTNER = "U02AMARA", "U04CHIDI", "W15OMAR", "U22PAT"
BEN, BENS_OTHER_ID = "U03BEN", "W03BEN"
ASKED = "users.info"


@dataclass(frozen=True)
class Here:
    sandbox: Sandbox
    insiders: Insiders
    database: Database

    def afresh(self) -> Insiders:
        """As a process knows people that has just started."""
        return Insiders(self.insiders._slack, self.database)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Here]:
    (tmp_path / "hta.db").write_bytes(migrated())
    database = Database(f"sqlite:///{tmp_path / 'hta.db'}")
    await database.open()
    manifest = read_manifest(ROOT / "manifest.yml")
    async with Sandbox(grid(), manifest) as sandbox, aiohttp.ClientSession() as session:
        slack = Slack(sandbox.tokens.bot, sandbox.api_url, session, Clock())
        yield Here(sandbox, Insiders(slack, database), database)
    await database.close()


def pressed(person_id: str, home: str | None, team: dict[str, Any] | None) -> dict[str, Any]:
    user = {"id": person_id} | ({"team_id": home} if home else {})
    return {"type": "block_actions", "user": user, "team": team, "enterprise": {"id": ENTERPRISE_ID}}


OURS = {"id": TEAM_ID, "domain": "sandbox", "enterprise_id": ENTERPRISE_ID}


@pytest.mark.parametrize("team", [OURS, None, {"id": SISTER_TEAM_ID}], ids=["ours", "null", "the sister's"])
@pytest.mark.parametrize(
    ("person_id", "home"),
    [(NURSE, TEAM_ID), (NURSE, ENTERPRISE_ID), (NURSE, None), (SISTER, SISTER_TEAM_ID), (UNNAMED, None)],
)
async def test_who_belongs_to_the_organization_is_one_of_us_whatever_is_named(
    here: Here, person_id: str, home: str | None, team: dict[str, Any] | None
) -> None:
    body = pressed(person_id, home, team)

    await here.insiders.settle(body)

    assert (body["user"]["team_id"], body["team"]["id"]) == (TEAM_ID, TEAM_ID)


@pytest.mark.parametrize("home", [OTHER_TEAM_ID, None])
async def test_a_partner_who_shares_a_channel_stays_a_stranger(here: Here, home: str | None) -> None:
    body = pressed(PARTNER, home, OURS)

    await here.insiders.settle(body)

    assert body["user"]["team_id"] != TEAM_ID
    assert body["team"]["id"] == TEAM_ID


async def test_where_slack_does_not_say_somebody_unknown_is_a_stranger_for_this_once(here: Here) -> None:
    here.sandbox.faults.plan(ASKED, SlackError("internal_error"))
    first, second = pressed(SISTER, SISTER_TEAM_ID, OURS), pressed(SISTER, SISTER_TEAM_ID, OURS)

    await here.insiders.settle(first)
    await here.insiders.settle(second)

    assert first["user"]["team_id"] == SISTER_TEAM_ID
    assert second["user"]["team_id"] == TEAM_ID


async def test_one_profile_tells_of_a_workspace_and_nobody_else_of_it_is_asked_about(here: Here) -> None:
    await here.insiders.settle(pressed(SISTER, SISTER_TEAM_ID, OURS))
    here.sandbox.faults.plan(ASKED, SlackError("internal_error"), times=9)
    other = pressed(NURSE, SISTER_TEAM_ID, OURS)

    await here.insiders.settle(other)

    assert other["user"]["team_id"] == TEAM_ID
    assert not here.sandbox.faults.applied_so_far


async def test_a_person_has_one_id_whichever_slack_names_and_a_process_that_starts_knows_it(here: Here) -> None:
    await here.insiders.learn([{"id": BEN, "enterprise_user": _of_ours(BENS_OTHER_ID)}])
    body = pressed(BENS_OTHER_ID, TEAM_ID, OURS)
    command = {"command": "/hta", "user_id": BENS_OTHER_ID, "team_id": TEAM_ID}
    opened = {"event": {"type": "app_home_opened", "user": BENS_OTHER_ID}, "team_id": TEAM_ID}
    values: dict[str, Any] = {"a": {"b": {"selected_user": BENS_OTHER_ID}}}
    values["c"] = {"d": {"selected_users": [BENS_OTHER_ID]}}
    chosen = pressed(NURSE, TEAM_ID, OURS) | {"view": {"state": {"values": values}}}

    for payload in (body, command, opened, chosen):
        await here.afresh().settle(payload)

    assert body["user"]["id"] == BEN
    assert command["user_id"] == BEN
    assert opened["event"]["user"] == BEN  # type: ignore[index]
    assert (values["a"]["b"]["selected_user"], values["c"]["d"]["selected_users"]) == (BEN, [BEN])


async def test_without_a_grid_a_payload_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "hta.db").write_bytes(migrated())
    database = Database(f"sqlite:///{tmp_path / 'hta.db'}")
    async with Sandbox(hospital(), read_manifest(ROOT / "manifest.yml")) as sandbox, aiohttp.ClientSession() as session:
        insiders = Insiders(Slack(sandbox.tokens.bot, sandbox.api_url, session, Clock()), database)
        ours, theirs = pressed(NURSE, TEAM_ID, {"id": TEAM_ID}), pressed(PARTNER, OTHER_TEAM_ID, {"id": TEAM_ID})

        await insiders.settle(ours)
        await insiders.settle(theirs)

        assert ours == pressed(NURSE, TEAM_ID, {"id": TEAM_ID})
        assert theirs == pressed(PARTNER, OTHER_TEAM_ID, {"id": TEAM_ID})


def _of_ours(person_id: str) -> dict[str, Any]:
    return {"id": person_id, "enterprise_id": ENTERPRISE_ID, "teams": [TEAM_ID]}
