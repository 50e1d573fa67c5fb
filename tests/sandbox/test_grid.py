"""On an Enterprise Grid people, payloads and calls name workspaces, organization and ids as Slack does there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError

from conversation import world
from places import ROOT
from sandbox import api_people
from sandbox.people import BOT_ID, ENTERPRISE_ID, OTHER_TEAM_ID, SISTER_TEAM_ID, TEAM_ID, Home, grid
from sandbox.refusals import Json
from sandbox_calls import control
from sandbox_counterpart import (
    ALL_STAFF,
    COORDINATOR,
    NURSE,
    RESULTS,
    STRANGER,
    Counterpart,
    counterpart,
    field_of,
    message,
    modal,
    typed,
)

ENTERPRISE = {"id": ENTERPRISE_ID, "name": "Riverside Health System"}
NAMED = {"enterprise_id": ENTERPRISE_ID, "enterprise_name": "Riverside Health System"}
WITH_TWO_IDS, GLOBAL = "U03BEN", "W03BEN"
"""Somebody whom payloads name by the organization's id, and that id."""
OF_EACH_HOME = {"U02AMARA": TEAM_ID, "U04CHIDI": SISTER_TEAM_ID, "U06ELENA": ENTERPRISE_ID, "U09HUGO": None}
"""People, and what Slack names as their team."""


@asynccontextmanager
async def on_a_grid(*, is_org_install: bool = False) -> AsyncIterator[Counterpart]:
    async with counterpart() as made:
        assert (await control(made, "grid", {"on": True, "org_install": is_org_install}))[0] == 200
        yield made


@pytest.fixture
async def bot() -> AsyncIterator[Counterpart]:
    async with on_a_grid() as made:
        yield made


@pytest.fixture
async def of_all() -> AsyncIterator[Counterpart]:
    """The app is installed for the organization."""
    async with on_a_grid(is_org_install=True) as made:
        yield made


async def pressed(bot: Counterpart, person_id: str) -> Json:
    """The payload of a press of this person's."""
    await bot.client.chat_postMessage(channel=person_id, **message("Never"))
    await bot.sandbox.person(person_id).press("Never")
    return bot.heard[-1].payload


def test_the_cast_has_people_of_every_kind() -> None:
    cast = grid()
    ours = [one for one in cast.people if not (one.is_bot or one.is_guest or one.is_deactivated or one.is_stranger)]

    assert len(ours) >= 14
    assert {one.home for one in ours} == set(Home)
    assert {one.id[0] for one in ours} == {"U", "W"}
    assert any(one.global_id and not one.goes_by_global_id for one in ours)
    assert {one.home for one in ours if one.goes_by_global_id} >= {Home.OURS, Home.UNNAMED}
    assert any(one.is_guest for one in cast.people)
    assert any(one.is_deactivated for one in cast.people)


def test_the_page_about_the_sandbox_says_who_is_who() -> None:
    people = [one for one in grid().people if not one.is_bot]
    ours = [one for one in people if not one.is_stranger]
    differing = [
        *([one for one in ours if one.home is home] for home in Home),
        [one for one in people if one.id.startswith("W")],
        [one for one in people if one.global_id],
        [one for one in people if one.goes_by_global_id],
        [one for one in people if one.is_stranger],
    ]
    page = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")
    table = page.partition("| what differs from person to person | who |\n|---|---|\n")[2].partition("\n\n")[0]

    told = [row.split("|")[2].strip().split(", ") for row in table.splitlines()]

    assert told == [[one.name.split()[0] for one in people] for people in differing]


async def test_the_bot_learns_its_organization(bot: Counterpart) -> None:
    told = await bot.client.auth_test()

    assert (told["team_id"], told["enterprise_id"], told["is_enterprise_install"]) == (TEAM_ID, ENTERPRISE_ID, False)


async def test_without_a_grid_there_is_no_organization() -> None:
    async with counterpart() as bot:
        told = await bot.client.auth_test()

    assert (told.get("enterprise_id"), told["is_enterprise_install"]) == (None, False)


async def test_to_a_token_of_the_organization_the_organization_is_the_team(of_all: Counterpart) -> None:
    told = await of_all.client.auth_test()

    assert (told["team_id"], told["team"]) == (ENTERPRISE_ID, "Riverside Health System")
    assert (told["enterprise_id"], told["is_enterprise_install"]) == (ENTERPRISE_ID, True)
    assert api_people.workspaces(of_all.sandbox.workspace, {})["teams"] == [
        {"id": TEAM_ID, "name": "Riverside Hospital"}
    ]


async def test_a_workspace_says_to_which_organization_it_belongs(bot: Counterpart) -> None:
    bot.sandbox.workspace.scopes |= {"team:read"}

    team = (await bot.client.team_info())["team"]

    assert {name: team[name] for name in ("id", *NAMED)} == {"id": TEAM_ID} | NAMED


@pytest.mark.parametrize(("person_id", "team_id"), OF_EACH_HOME.items())
async def test_a_profile_names_any_team_of_a_person_or_none_and_then_all(
    bot: Counterpart, person_id: str, team_id: str | None
) -> None:
    members = {one["id"]: one for one in (await bot.client.users_list(limit=200))["members"]}
    user = (await bot.client.users_info(user=person_id))["user"]

    assert user == members[person_id]
    assert user.get("team_id") == team_id
    assert ("team_id" in user) == (team_id is not None)
    inner = user["enterprise_user"]
    assert inner | NAMED == inner
    assert (inner["is_admin"], inner["is_owner"]) == (False, False)
    assert TEAM_ID in inner["teams"]
    assert user.get("teams") == (inner["teams"] if team_id is None else None)


async def test_a_profile_tells_the_organizations_id_of_a_person_beside_the_rosters(bot: Counterpart) -> None:
    user = (await bot.client.users_info(user=WITH_TWO_IDS))["user"]

    assert (user["id"], user["enterprise_user"]["id"]) == (WITH_TWO_IDS, GLOBAL)


async def test_a_partner_of_another_organization_stays_one_and_is_no_stranger_where_we_meet(bot: Counterpart) -> None:
    user = (await bot.client.users_info(user=STRANGER))["user"]
    await bot.client.chat_postMessage(channel=ALL_STAFF, **message("Never"))
    await bot.sandbox.person(STRANGER).press("Never", bot.sandbox.channel(ALL_STAFF)[-1])

    assert (user["team_id"], user["is_stranger"], "enterprise_user" in user) == (OTHER_TEAM_ID, False, False)
    assert bot.heard[-1].payload["user"]["team_id"] == OTHER_TEAM_ID


async def test_channels_and_groups_list_people_by_the_ids_of_the_roster(bot: Counterpart) -> None:
    members = (await bot.client.conversations_members(channel=ALL_STAFF))["members"]
    group = (await bot.client.usergroups_list())["usergroups"][0]["id"]
    night = (await bot.client.usergroups_users_list(usergroup=group))["users"]

    assert {WITH_TWO_IDS, "W14MINA", "W15OMAR", STRANGER} <= set(members)
    assert GLOBAL not in members
    assert "W14MINA" in night


async def test_either_id_of_a_person_is_good_in_a_call(bot: Counterpart) -> None:
    await bot.client.chat_postMessage(channel=GLOBAL, text="To you")
    await bot.client.chat_postEphemeral(channel=ALL_STAFF, user=GLOBAL, text="Only you")
    await bot.client.views_publish(user_id=GLOBAL, view={"type": "home", "blocks": message()["blocks"]})
    user = (await bot.client.users_info(user=GLOBAL))["user"]

    person = bot.sandbox.person(WITH_TWO_IDS)
    assert [one.text for one in (*person.dm, *person.ephemerals)] == ["To you", "Only you"]
    assert person.home
    assert user["id"] == WITH_TWO_IDS


@pytest.mark.parametrize(("person_id", "team_id"), OF_EACH_HOME.items())
async def test_a_press_names_our_workspace_its_organization_and_any_team_of_the_person(
    bot: Counterpart, person_id: str, team_id: str | None
) -> None:
    sent = await pressed(bot, person_id)

    assert sent["team"] == {"id": TEAM_ID, "domain": "sandbox"} | NAMED
    assert sent["enterprise"] == ENTERPRISE
    assert sent["is_enterprise_install"] is False
    assert sent["user"].get("team_id", "none") == (team_id or "none")
    assert sent["user"]["id"] == person_id


async def test_payloads_can_name_a_person_by_the_organizations_id(bot: Counterpart) -> None:
    person = bot.sandbox.person(WITH_TWO_IDS)
    press = await pressed(bot, WITH_TWO_IDS)
    told = await bot.respond(text="Thank you", replace_original=True)
    await person.command("/echo")
    command = bot.heard[-1].payload
    await person.open_home()

    assert (press["user"]["id"], command["user_id"], bot.heard[-1].payload["event"]["user"]) == (GLOBAL,) * 3
    assert told[0] == 200
    assert person.dm[-1].text == "Thank you"


async def test_a_command_names_our_workspace_and_its_organization(bot: Counterpart) -> None:
    await bot.sandbox.person("U04CHIDI").command("/echo")

    sent = bot.heard[-1].payload
    assert {name: sent[name] for name in ("team_id", *NAMED)} == {"team_id": TEAM_ID} | NAMED
    assert sent["is_enterprise_install"] == "false"


async def test_an_event_is_for_our_workspace_in_its_organization(bot: Counterpart) -> None:
    await bot.sandbox.person(NURSE).open_home()

    sent = bot.heard[-1].payload
    assert (sent["team_id"], sent["enterprise_id"]) == (TEAM_ID, ENTERPRISE_ID)
    assert (sent["context_team_id"], sent["context_enterprise_id"]) == (TEAM_ID, ENTERPRISE_ID)
    assert sent["authorizations"] == [
        {
            "enterprise_id": ENTERPRISE_ID,
            "team_id": TEAM_ID,
            "user_id": BOT_ID,
            "is_bot": True,
            "is_enterprise_install": False,
        }
    ]


async def test_installed_for_the_organization_a_press_names_no_team_but_the_persons(of_all: Counterpart) -> None:
    sent = await pressed(of_all, "U04CHIDI")

    assert (sent["team"], sent["enterprise"], sent["is_enterprise_install"]) == (None, ENTERPRISE, True)
    assert sent["user"]["team_id"] == SISTER_TEAM_ID


async def test_installed_for_the_organization_commands_and_events_say_so(of_all: Counterpart) -> None:
    await of_all.sandbox.person(NURSE).command("/echo")
    command = of_all.heard[-1].payload
    await of_all.sandbox.person(NURSE).open_home()
    event = of_all.heard[-1].payload

    assert (command["team_id"], command["enterprise_id"]) == (TEAM_ID, ENTERPRISE_ID)
    assert command["is_enterprise_install"] == "true"
    assert (event["team_id"], event["enterprise_id"]) == (TEAM_ID, ENTERPRISE_ID)
    (authorized,) = event["authorizations"]
    assert (authorized["enterprise_id"], authorized["team_id"]) == (ENTERPRISE_ID, None)
    assert authorized["is_enterprise_install"] is True


async def test_a_view_says_where_the_app_is_installed(bot: Counterpart, of_all: Counterpart) -> None:
    select = {"type": "external_select", "action_id": "chosen", "min_query_length": 1}
    form = modal(
        field_of("Name", typed()), field_of("Unit", select, optional=True), notify_on_close=True, callback_id="form"
    )
    told = []
    for one in (bot, of_all):
        await one.open_modal(form)
        nurse = one.sandbox.person(NURSE)
        await nurse.suggestions("Unit", "e")
        told.append(one.heard[-1].payload["view"])
        await nurse.submit({"Name": "Amara"})
        told.append(one.heard[-1].payload["view"])
        await one.open_modal(form)
        await nurse.close_modal()
        told.append(one.heard[-1].payload["view"])

    assert [view["app_installed_team_id"] for view in told] == [TEAM_ID] * 3 + [ENTERPRISE_ID] * 3
    assert {view["team_id"] for view in told} == {TEAM_ID}


async def test_what_is_pressed_on_home_says_where_the_app_is_installed(of_all: Counterpart) -> None:
    await of_all.client.views_publish(user_id=NURSE, view={"type": "home", "blocks": message("Go")["blocks"]})

    await of_all.sandbox.person(NURSE).press_on_home("Go")
    pressed_view = of_all.heard[-1].payload["view"]
    await of_all.sandbox.person(NURSE).open_home()

    opened_view = of_all.heard[-1].payload["event"]["view"]
    assert {view["app_installed_team_id"] for view in (pressed_view, opened_view)} == {ENTERPRISE_ID}


LISTS = {
    "users.list": {},
    "conversations.list": {},
    "usergroups.list": {},
    "usergroups.users.list": {"usergroup": "S01NIGHT"},
}


@pytest.mark.parametrize(("method", "asked"), LISTS.items())
async def test_a_token_of_the_organization_has_to_name_the_workspace_that_it_lists(
    of_all: Counterpart, method: str, asked: Json
) -> None:
    with pytest.raises(SlackApiError) as missing:
        await of_all.client.api_call(method, params=asked)
    with pytest.raises(SlackApiError) as elsewhere:
        await of_all.client.api_call(method, params=asked | {"team_id": SISTER_TEAM_ID})

    assert missing.value.response.data == {"ok": False, "error": "missing_argument", "arg": "team_id"}
    assert elsewhere.value.response["error"] == "team_access_not_granted"
    assert (await of_all.client.api_call(method, params=asked | {"team_id": TEAM_ID}))["ok"]


async def test_a_token_of_the_workspace_need_not_and_may(bot: Counterpart) -> None:
    told = [await bot.client.users_list(limit=200), await bot.client.users_list(limit=200, team_id=SISTER_TEAM_ID)]

    assert told[0]["members"] == told[1]["members"]


async def test_the_people_change_only_before_anything_was_posted(bot: Counterpart) -> None:
    await bot.client.chat_postMessage(channel=RESULTS, text="x")

    assert (await control(bot, "grid", {"on": False}))[0] == 400
    assert (await bot.client.auth_test())["enterprise_id"] == ENTERPRISE_ID


async def test_the_people_change_only_before_anything_was_opened(bot: Counterpart) -> None:
    await bot.client.views_publish(user_id=NURSE, view={"type": "home", "blocks": message()["blocks"]})

    assert (await control(bot, "grid", {"on": False}))[0] == 400


async def test_the_grid_can_be_switched_off_again(bot: Counterpart) -> None:
    bot.sandbox.person(WITH_TWO_IDS).dm  # noqa: B018  (the conversation is there)

    assert (await control(bot, "grid", {"on": False}))[0] == 200

    assert "enterprise_id" not in (await bot.client.auth_test())
    assert (await pressed(bot, WITH_TWO_IDS))["user"]["id"] == WITH_TWO_IDS


async def test_our_bot_meets_a_grid(tmp_path: Path) -> None:
    async with world(tmp_path, cast=grid()) as here:
        status = await here.command(here.person(COORDINATOR), "/hta-round", "help")

    assert "/hta-round" in status.text
