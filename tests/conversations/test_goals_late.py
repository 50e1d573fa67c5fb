"""Goals after an absence, or changed at the last moment, through the sandbox: nothing comes in a heap, and nothing untrue."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from conversation import COORDINATOR, World
from goals_world import (
    AMARA,
    BEN,
    CHANNEL,
    WORDS,
    asked,
    at,
    channel,
    digests,
    drafts,
    plan,
    set_goal,
    with_results,
)

YEAR = {"Due in": "1 year: Wed 29 March 2028", "Goal": "All wards screen"}


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with with_results(tmp_path) as made:
        yield made


async def test_late_ones_say_so_wait_for_the_day_and_the_latest_speaks_for_all(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await set_goal(here, **YEAR)

    # From the day before the first date to a Saturday night after the second.
    await at(here, "2027-05-01", "23:00")
    assert channel(here) == []
    assert asked(here, AMARA, "Due soon") == []
    await at(here, "2027-05-02", "12:00")
    assert channel(here) == []
    await at(here, "2027-05-03")

    assert len(channel(here)) == 1
    said = channel(here)[0].text
    assert "Check-in of Thu 29 April" in said
    assert "This check-in was due on Thu 29 April. It comes late" in said
    assert "Due now. 2 Risk" in said
    assert len(asked(here, AMARA, "Nobody has answered")) == 1, "the second follow-up speaks for the first"


async def test_after_months_away_one_draft_comes_and_it_tells_of_everything_so_far(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await set_goal(here, Owner=AMARA, **YEAR)

    await at(
        here, "2027-07-10", "12:00"
    )  # a Saturday; three of the five dates have passed, with draft and reminder each
    assert drafts(here) == []
    for day in ("2027-07-12", "2027-07-13", "2027-07-14"):
        await at(here, day)

    (only,) = drafts(here)
    assert "The date for 3 months in your plan has come" in only.text
    assert f"“{WORDS}” (running later than planned); “All wards screen” (by Wed 29 March 2028)" in only.text


async def test_a_draft_and_its_reminder_that_are_both_late_are_one(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await set_goal(here, Owner=AMARA, **YEAR)

    await at(here, "2027-04-15", "09:00")
    before = len(drafts(here))
    await at(here, "2027-04-15")

    assert (before, len(drafts(here))) == (0, 1)


async def test_whoever_owns_several_goals_is_asked_about_all_of_them_in_one_late_message(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await set_goal(here, Owner=AMARA, **{"Due in": "1 month: Thu 29 April", "Goal": "Posters are up"})

    await at(here, "2027-05-10")

    (late,) = asked(here, AMARA, "Nobody has answered")
    assert WORDS in late.text
    assert "Posters are up" in late.text
    await answer_in(here, late.text.index(WORDS) < late.text.index("Posters are up"))
    await at(here, "2027-05-11")
    assert len(asked(here, AMARA, "Nobody has answered")) == 1


async def answer_in(here: World, is_first: bool) -> None:
    """Answers the first goal of the late message, which keeps both."""
    assert is_first
    message = asked(here, AMARA, "Nobody has answered")[0]
    await here.press(here.person(AMARA), "On track", message)
    (redrawn,) = asked(here, AMARA, "Nobody has answered")
    assert f"On track, says <@{AMARA}>" in redrawn.text
    assert "Posters are up" in redrawn.text


async def test_two_late_messages_before_the_date_are_one_that_has_both_goals(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await here.coordinator.choose("Move date", await plan(here))
    await here.rest()
    await here.coordinator.submit({"New date": "2027-04-30"})
    await here.rest()
    await set_goal(here, Owner=AMARA, **{"Due in": "1 month: Thu 29 April", "Goal": "Posters are up"})

    await at(here, "2027-04-28")

    (late,) = asked(here, AMARA, "Due soon")
    assert WORDS in late.text
    assert "Posters are up" in late.text


async def test_what_an_owner_gets_a_day_later_for_another_message_is_not_called_late(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await set_goal(here, Owner=AMARA, **{"Due in": "1 month: Thu 29 April", "Goal": "Posters are up"})

    await at(here, "2027-04-23")  # a Friday: five days before the second date, and after both follow-ups of the first
    on_friday = len(asked(here, AMARA, "Nobody has answered")), len(asked(here, AMARA, "Due soon"))
    await at(here, "2027-04-26")

    assert on_friday == (1, 0)
    (heads_up,) = asked(here, AMARA, "Due soon")
    assert "late" not in heads_up.text


async def test_an_owner_of_more_goals_than_a_message_holds_reads_how_many_more(here: World) -> None:
    for number in range(6):
        await set_goal(here, Owner=AMARA, Goal=f"Goal number {number}")

    await at(here, "2027-04-06")

    (heads_up,) = asked(here, AMARA, "Due soon")
    assert "Goal number 4" in heads_up.text
    assert "And 1 more: check-ins in the channel have all of them." in heads_up.text


async def test_a_coordinator_who_owns_goals_gets_one_message_a_day_and_what_asks_comes_first(here: World) -> None:
    await set_goal(here)
    await set_goal(here, **{"Due in": "1 month: Thu 29 April", "Goal": "Posters are up"})
    came: list[tuple[str, str]] = []
    for day in ("2027-05-06", "2027-05-07", "2027-05-10", "2027-05-11"):
        before = len(here.coordinator.dm)
        await at(here, day)
        came += [(day, one.text.split(".")[0]) for one in here.coordinator.dm[before:]]

    asks = "A short message about what you own in your organization's plan"
    assert came == [
        ("2027-05-06", asks),
        ("2027-05-07", "The date for 1 month in your plan has come"),
        ("2027-05-10", asks),
    ]


async def test_a_digest_gives_way_to_a_check_in_and_does_not_call_itself_late(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await here.coordinator.choose("Move date", await plan(here))
    await here.rest()
    await here.coordinator.submit({"New date": "2027-04-05"})  # a Monday
    await here.rest()

    await at(here, "2027-04-05")
    assert (len(channel(here)), len(digests(here))) == (1, 0)
    await at(here, "2027-04-06")

    (only,) = digests(here)
    assert f"Overdue “{WORDS}”, since Mon 5 April" in only.replace("\n", " ")
    assert "late" not in only


async def test_goals_that_were_handed_over_at_a_weekend_are_told_in_one_message(here: World) -> None:
    await set_goal(here, Goal="Posters are up")
    await at(here, "2027-04-03", "11:00")
    await set_goal(here, Owner=AMARA)
    await set_goal(here, Owner=AMARA, **YEAR)
    await at(here, "2027-04-04", "11:00")
    assert here.person(AMARA).dm == []

    await at(here, "2027-04-05")

    (told,) = here.person(AMARA).dm
    assert f"<@{COORDINATOR}> made you the owner of 2 goals. Details below." in told.text
    assert told.text.index(WORDS) < told.text.index("All wards screen")


COMES = [
    ("2027-04-05", "Due Thu 8 April. HTA Bot writes to you 2 days before, and asks in <#C> on that day how it goes."),
    ("2027-04-07", "Due Thu 8 April. HTA Bot asks in <#C> on that day how it goes."),
    (
        "2027-04-08",
        "Due today. HTA Bot asks in <#C> again on Thu 29 April; you can answer in the last check-in before that.",
    ),
    (
        "2027-04-13",
        "Was due Thu 8 April. HTA Bot asks in <#C> again on Thu 29 April; you can answer in the last check-in before that.",
    ),
    ("2028-03-30", "Was due Thu 8 April 2027. You can still answer in the last check-in in <#C>."),
]


@pytest.mark.parametrize(("day", "coming"), COMES)
async def test_a_new_owner_is_told_only_what_is_still_to_come(here: World, day: str, coming: str) -> None:
    await set_goal(here, Owner=AMARA)
    await at(here, day, "10:30")
    await here.coordinator.choose("Hand over", await plan(here))
    await here.rest()
    await here.coordinator.submit({"New owner": BEN})
    await here.rest()
    await at(here, day, "10:31")

    told = here.person(BEN).dm[-1].text

    assert f"{WORDS} {coming.replace('<#C>', f'<#{CHANNEL}>')} If it isn't yours" in told


async def test_on_the_morning_of_its_day_the_check_in_is_today(here: World) -> None:
    await set_goal(here, Owner=AMARA)
    await at(here, "2027-04-08", "09:00")
    await here.coordinator.choose("Hand over", await plan(here))
    await here.rest()
    await here.coordinator.submit({"New owner": BEN})
    await here.rest()
    await at(here, "2027-04-08", "09:01")

    assert f"Due today. HTA Bot asks in <#{CHANNEL}> today how it goes." in here.person(BEN).dm[-1].text


async def test_each_place_that_cannot_be_reached_is_told_once_and_none_is_forgotten(here: World) -> None:
    workspace = here.sandbox.workspace
    for owner in (AMARA, BEN):
        for number in range(3):
            await set_goal(here, Owner=owner, Goal=f"Goal {number} of {owner}")
    await at(here, "2027-04-05")
    for owner in (AMARA, BEN):
        workspace.people[owner] = replace(workspace.person(owner), is_deactivated=True)
    workspace.channels[CHANNEL].members.remove(workspace.bot.id)

    await at(here, "2027-04-06")
    await at(here, "2027-04-08")
    here.sandbox.refusals.clear()

    told = [one.text for one in here.coordinator.dm]
    assert [sum(f"can't be sent to <@{owner}>" in one for one in told) for owner in (AMARA, BEN)] == [1, 1]
    assert sum(f"can't be posted to <#{CHANNEL}>" in one for one in told) == 1, "of two parts of one check-in"


async def test_the_owner_in_place_of_one_who_left_reads_one_message(here: World) -> None:
    workspace = here.sandbox.workspace
    await set_goal(here, Owner=AMARA)
    await at(here, "2027-04-05")
    workspace.people[AMARA] = replace(workspace.person(AMARA), is_deactivated=True)
    await at(here, "2027-04-06")
    here.sandbox.refusals.clear()

    await here.coordinator.choose("Hand over", await plan(here))
    await here.rest()
    await here.coordinator.submit({"New owner": BEN})
    await here.rest()
    await at(here, "2027-04-06", "11:00")
    await at(here, "2027-04-07")

    (told,) = here.person(BEN).dm
    assert "HTA Bot asks in" in told.text


async def test_marks_that_somebody_types_are_shown_as_they_were_typed(here: World) -> None:
    typed = "> *Screen* _all_ ~or none~ `x` https://example.org :tada:"
    await set_goal(here, Goal=typed, Measure=typed, Owner=AMARA)
    await at(here, "2027-04-08")
    await here.press(here.person(BEN), "Add note", channel(here)[-1])
    await here.person(BEN).submit({"Progress in a line": "*Two* of three"})
    await here.rest()

    shown = channel(here)[-1].blocks
    plain = [part for part in text_objects(shown) if part["type"] == "plain_text"]
    assert f"{typed}\nMeasure: {typed}" in [part["text"] for part in plain]
    assert "“*Two* of three”" in [part["text"] for part in plain]
    assert not [part for part in text_objects(shown) if part["type"] == "mrkdwn" and "Screen" in part["text"]]
    thread = here.sandbox.thread(channel(here)[0])[-1]
    assert not [part for part in text_objects(thread.blocks) if part["type"] == "mrkdwn" and "Two" in part["text"]]


def text_objects(blocks: list[dict[str, object]]) -> list[dict[str, str]]:
    """All text objects of sections and contexts."""
    found: list[object] = []
    for block in blocks:
        if block["type"] == "section":
            found.append(block["text"])
        if block["type"] == "context":
            elements = block["elements"]
            assert isinstance(elements, list)
            found += elements
    return [one for one in found if isinstance(one, dict)]
