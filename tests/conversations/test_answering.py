"""Whole conversations, played through Slack's protocols: what a person types, presses and reads."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from conversation import COORDINATOR, ITEMS, STAFF, World, world
from sandbox.client import Done
from sandbox.driver import Actor, NotThere, found_button
from sandbox.workspace import Json, Message

STRIP = ("0123" * 16)[:62]


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


@pytest.fixture
async def nurse(here: World) -> Actor:
    await here.start_round()
    return here.person("U02AMARA")


def all_that_was_shown(here: World) -> str:
    """Everything that stands in any message of the workspace, for anybody."""
    messages = [one for every in here.sandbox.workspace.messages.values() for one in every]
    return json.dumps([[one.text, one.blocks] for one in messages])


async def press_as_it_travels(here: World, person: Actor, message: Message, element: Json, block_id: str) -> Done:
    """Presses an element that need not be the one that was drawn: old, foreign, made up."""
    done = await here.sandbox.client.press(person.id, message, element, block_id)
    await here.rest()
    return done


async def test_a_person_answers_everything_and_sees_the_right_total_in_a_modal(here: World, nurse: Actor) -> None:
    await here.answer_all(nurse, STRIP)
    await here.press(nurse, "See my scores")

    expected = sum(map(int, STRIP))
    assert nurse.modal is not None
    assert nurse.modal["title"]["text"] == "How you see us"
    assert f"Total: {expected} of 186" in str(nurse.modal["blocks"])
    assert "186" not in all_that_was_shown(here)


async def test_each_section_ends_in_a_receipt_and_the_next_begins_in_a_new_message(here: World, nurse: Actor) -> None:
    await here.begin(nurse)
    await here.answer(nurse, STRIP[:14])

    receipt, current = nurse.dm[-2:]
    assert "The universal section is finished. Good place to stop. About 16 minutes left." in receipt.text
    assert "Item 15 of 62" in current.text


async def test_two_people_who_answer_differently_leave_the_same_messages(here: World, nurse: Actor) -> None:
    other = here.person("U03BEN")
    for person, mark in ((nurse, "0"), (other, "3")):
        await here.begin(person)
        await here.answer(person, mark * 20)
        await here.press(person, "Pause")

    def said(person: Actor) -> list[str]:
        return [message.text for message in person.dm]

    assert said(nurse) == said(other)


async def test_back_shows_the_item_unmarked_and_next_goes_on(here: World, nurse: Actor) -> None:
    await here.begin(nurse)
    first_drawn = nurse.dm[-1].text
    await here.press(nurse, "Never")
    await here.press(nurse, "Back")

    assert nurse.dm[-1].text == first_drawn
    await here.press(nurse, "Next")
    assert "Item 2 of 62" in nurse.dm[-1].text


async def test_an_answer_after_back_takes_the_place_of_the_first(here: World, nurse: Actor) -> None:
    await here.begin(nurse)
    await here.answer(nurse, "0" * 13)
    await here.press(nurse, "Back")
    await here.press(nurse, "Always")
    await here.answer(nurse, "0" * 49)
    await here.press(nurse, "Submit")
    await here.press(nurse, "See my scores")

    assert "Total: 3 of 186" in str(nurse.modal)


async def test_the_first_of_two_presses_stands(here: World, nurse: Actor) -> None:
    await here.begin(nurse)
    message = nurse.dm[-1]
    always, block_id = found_button(message.blocks, "Always")
    await here.press(nurse, "Never")
    await press_as_it_travels(here, nurse, message, always, block_id)

    assert "Already answered. Press Back to change it." in nurse.dm[-1].text
    assert "Item 2 of 62" in nurse.dm[-1].text
    await here.answer(nurse, "0" * 61)
    await here.press(nurse, "Submit")
    await here.press(nurse, "See my scores")
    assert "Total: 0 of 186" in str(nurse.modal)


async def test_two_buttons_at_once_and_a_press_delivered_twice_leave_one_answer(here: World, nurse: Actor) -> None:
    await here.begin(nurse)
    for position in range(20):
        message = nurse.dm[-1]
        never, block_id = found_button(message.blocks, "Never")
        often, _ = found_button(message.blocks, "Often")
        both = [here.sandbox.client.press(nurse.id, message, one, block_id) for one in (never, often, often)]
        done = await asyncio.gather(*both)
        await here.rest()

        assert [one.error for one in done] == [None, None, None]
        current = [one for one in nurse.dm if f"Item {position + 2} of 62" in one.text]
        assert len(current) == 1, "each item stands in one message"


async def test_a_double_press_at_the_end_of_a_section_leaves_its_receipt(here: World, nurse: Actor) -> None:
    await here.begin(nurse)
    await here.answer(nurse, "0" * 13)
    message = nurse.dm[-1]
    often, block_id = found_button(message.blocks, "Often")
    await asyncio.gather(*(here.sandbox.client.press(nurse.id, message, often, block_id) for _ in range(2)))
    await here.rest()

    assert "finished" in nurse.dm[-2].text
    assert "Item 15 of 62" in nurse.dm[-1].text


async def test_a_press_on_an_old_message_shows_where_one_stands(here: World, nurse: Actor) -> None:
    await here.begin(nurse)
    old = nurse.dm[-1]
    never, block_id = found_button(old.blocks, "Never")
    await here.answer(nurse, "1" * 5)
    await here.command(nurse, "/hta")
    await press_as_it_travels(here, nurse, old, never, block_id)

    assert "Already answered" in old.text
    assert "Item 6 of 62" in old.text


async def test_a_value_from_another_persons_message_is_ones_own_press(here: World, nurse: Actor) -> None:
    ben = here.person("U03BEN")
    await here.begin(nurse)
    await here.begin(ben)
    of_amara, block_id = found_button(nurse.dm[-1].blocks, "Always")
    await press_as_it_travels(here, ben, ben.dm[-1], of_amara, block_id)

    assert "Item 1 of 62" in nurse.dm[-1].text
    assert "Item 2 of 62" in ben.dm[-1].text


NEVER_DRAWN = [
    ("answer.v9.2", "9:1:u_01:f"),
    ("answer.v1.2", "9:1:u_01:f"),
    ("answer.v1.2", "1:1:u_01"),
    ("answer.v1.2", "1:99999999999999999999:u_01:f"),
    ("answer.v1.2", "1:²:u_01:f"),
    ("answer.v1.2", ""),
    ("survey.v1.dance", "1:1"),
    ("survey.v1.submit", "nonsense"),
    ("results.v1.by_function", "x"),
    ("something.else", "1"),
]


async def test_what_we_never_drew_is_answered_and_changes_nothing(here: World, nurse: Actor) -> None:
    await here.begin(nurse)
    message = nurse.dm[-1]
    element, block_id = found_button(message.blocks, "Never")
    for told, (action_id, value) in enumerate(NEVER_DRAWN, start=1):
        pressed = element | {"action_id": action_id, "value": value}
        done = await press_as_it_travels(here, nurse, message, pressed, block_id)

        assert done.error is None, (action_id, value)
        beside = [one for one in nurse.dm if one.only_for == nurse.id]
        assert len(beside) == told, (action_id, value)
        assert "Item 1 of 62" in message.text, (action_id, value)


async def test_an_item_that_does_not_exist_and_a_round_that_does_not_change_nothing(here: World, nurse: Actor) -> None:
    await here.begin(nurse)
    message = nurse.dm[-1]
    element, block_id = found_button(message.blocks, "Never")
    for value in ("1:1:zz_99:f", "1:77:u_01:f"):
        done = await press_as_it_travels(here, nurse, message, element | {"value": value}, block_id)
        assert done.error is None

    assert "Item 1 of 62" in message.text


async def test_pause_keeps_the_place_and_continue_and_hta_lead_back(here: World, nurse: Actor) -> None:
    await here.begin(nurse)
    await here.answer(nurse, "2" * 22)
    await here.press(nurse, "Pause")

    assert "Paused. Your place is kept. 22 of 62 done, about 13 minutes left." in nurse.dm[-1].text
    assert "Item" not in nurse.dm[-1].text
    await here.press(nurse, "Continue")
    assert "Item 23 of 62" in nurse.dm[-1].text
    said = await here.command(nurse, "/hta")
    assert said.only_for == nurse.id
    assert "Item 23 of 62" in nurse.dm[-1].text


async def test_who_finishes_with_what_she_has_counts_and_can_add_to_it_later(here: World, nurse: Actor) -> None:
    await here.begin(nurse)
    await here.press(nurse, "Pause")
    assert "Finish with what I have" not in json.dumps(nurse.dm[-1].blocks), "there is nothing yet"
    await here.press(nurse, "Continue")
    await here.answer(nurse, "3" * 16 + "2")
    await here.press(nurse, "Pause")
    await here.press(nurse, "Finish with what I have")

    assert "45 of 62 statements count as not answered; Change an answer adds to them." in nurse.dm[-1].text
    await here.press(nurse, "See my scores")
    scores = json.dumps(nurse.modal)
    assert "42 of 42 points" in scores
    assert "not enough answers (1 of 6)" in scores
    await nurse.close_modal()

    await here.press(nurse, "Change an answer")
    await nurse.choose_in_modal("2 Risk")
    await here.rest()
    added = {f"{item.label} {item.text}": "Often" for item in ITEMS[17:19]}
    assert (await nurse.submit(added)).errors is None
    await here.press(nurse, "See my scores")
    assert "not enough answers (1 of 6)" not in json.dumps(nurse.modal)


async def test_dont_know_for_the_rest_ends_the_section(here: World, nurse: Actor) -> None:
    await here.begin(nurse)
    await here.answer(nurse, "ddd")
    await here.press(nurse, "Don't know for the rest")

    assert "finished" in nurse.dm[-2].text
    assert "Item 15 of 62" in nurse.dm[-1].text


async def test_what_slack_keeps_is_the_same_whatever_was_answered(here: World) -> None:
    await here.start_round()
    kept = []
    for person, strip in (("U02AMARA", "d" * 17), ("U03BEN", "0123nd" * 2 + "33000")):
        answering = here.person(person)
        await here.begin(answering)
        await here.answer(answering, strip)
        await here.press(answering, "Back")
        await here.press(answering, "Next")
        seen = [(one.text, one.blocks) for one in answering.dm]
        await here.press(answering, "Pause")
        seen.append((answering.dm[-1].text, answering.dm[-1].blocks))
        # Slack makes up a block_id where we give none.
        kept.append([(text, [block | {"block_id": ""} for block in blocks]) for text, blocks in seen])

    assert kept[0] == kept[1]


async def test_an_answer_is_changed_in_one_modal_before_and_after_submitting(here: World, nurse: Actor) -> None:
    await here.begin(nurse)
    await here.answer(nurse, "0" * 62)
    item = ITEMS[14]
    for label, total in (("Often", 2), ("Always", 3)):
        await here.press(nurse, "Change an answer")
        await nurse.choose_in_modal("1 Nature and Epidemiology")
        await here.rest()
        done = await nurse.submit({f"{item.label} {item.text}": label})
        assert (done.error, nurse.modal) == (None, None)
        if label == "Often":
            await here.press(nurse, "Submit")
        await here.press(nurse, "See my scores")
        assert f"Total: {total} of 186" in str(nurse.modal)
        await here.sandbox.client.close(nurse.id, nurse.modal or {})


async def test_withdrawing_deletes_and_one_can_start_again(here: World, nurse: Actor) -> None:
    await here.answer_all(nurse, "3" * 62)
    await here.press(nurse, "Withdraw")

    assert "Your answers are deleted" in nurse.dm[-1].text
    await here.press(nurse, "Start again")
    await nurse.choose("Security")
    await here.rest()
    assert "Item 1 of 62" in nurse.dm[-1].text


async def test_no_thanks_ends_it_and_hta_offers_to_start_again(here: World, nurse: Actor) -> None:
    await here.press(nurse, "No thanks")

    assert "You will get nothing more about this one" in nurse.dm[-1].text
    await here.command(nurse, "/hta")
    await here.begin(nurse)
    assert "Item 1 of 62" in nurse.dm[-1].text


async def test_somebody_who_was_not_asked_is_told_whom_to_ask(here: World) -> None:
    await here.start_round(**{"Who should answer": [], "People": STAFF[:10]}, expect=STAFF[:10])
    liam = here.person("U13LIAM")

    said = await here.command(liam, "/hta")

    assert "you are not among those who were asked" in said.text
    assert f"<@{COORDINATOR}>" in said.text


async def test_with_nothing_open_hta_says_so(here: World) -> None:
    said = await here.command(here.person("U02AMARA"), "/hta")

    assert "No self-assessment is open right now" in said.text


async def test_every_command_answers_help_and_an_unknown_word(here: World) -> None:
    for word in ("/hta", "/hta-round", "/hta-results", "/hta-goals"):
        for text in ("help", "dance <!channel>"):
            said = await here.command(here.coordinator, word, text)

            assert word in said.text
            assert "<!channel>" not in said.text


async def test_others_are_kindly_refused_and_told_who_the_coordinators_are(here: World) -> None:
    for word in ("/hta-round", "/hta-results", "/hta-goals"):
        said = await here.command(here.person("U02AMARA"), word)

        assert f"the coordinator is <@{COORDINATOR}>" in said.text
        assert ("under the results there" in said.text) is (word == "/hta-results"), (
            "where the results are, they may be seen"
        )


async def test_a_stranger_of_another_organization_can_press_nothing(here: World, nurse: Actor) -> None:
    stranger = here.person("U22PAT")
    element, block_id = found_button(nurse.dm[-1].blocks, "Start")

    await press_as_it_travels(here, stranger, nurse.dm[-1], element, block_id)

    assert "for people of this workspace only" in stranger.sees(nurse.dm[-1].channel_id)[-1].text
    assert stranger.dm == []


async def test_home_shows_where_one_stands_and_leads_on(here: World, nurse: Actor) -> None:
    await here.begin(nurse)
    await here.answer(nurse, "0" * 3)
    await nurse.open_home()
    await here.rest()

    assert "3 of 62 done" in str(nurse.home)
    await nurse.press_on_home("Continue")
    await here.rest()
    assert "Item 4 of 62" in nurse.dm[-1].text


async def test_guests_bots_deactivated_people_and_strangers_are_not_asked(here: World) -> None:
    await here.coordinator.command("/hta-round")
    await here.rest()
    await here.coordinator.submit({"Who should answer": ["C01ALLSTAFF"], "Results channel": "C03RESULTS"})

    said = str(here.coordinator.modal)
    assert "13 people will be asked:* 13 from <#C01ALLSTAFF>" in said
    assert "2 bots, 1 deactivated account, 1 guest and 1 person of another organization" in said


AT_FAULT: list[tuple[Json, str, str]] = [
    ({"Who should answer": ["C02EMERGENCY"]}, "channels", "With a smallest group of 5 at least 10 are needed"),
    ({"Who should answer": []}, "channels", "at least one"),
    ({"Who should answer": ["C04LEADERS"]}, "channels", "has to be invited to it"),
    ({"Results channel": "C02EMERGENCY"}, "results", "Invite @HTA Bot to #emergency-dept first"),
    ({"Results channel": "C05OLD"}, "results", "archived"),
    ({"Results channel": "C01ALLSTAFF"}, "results", "People of other organizations are in this channel"),
    ({"Closes on": "2020-01-01"}, "closes_on", "has passed"),
]


async def test_a_form_that_cannot_work_says_so_at_the_field_and_can_be_mended(here: World) -> None:
    await here.coordinator.command("/hta-round")
    await here.rest()
    in_two_weeks = (here.bot.context.now() + timedelta(days=14)).date().isoformat()
    right = {"Who should answer": ["C01ALLSTAFF"], "Results channel": "C03RESULTS", "Closes on": in_two_weeks}
    for wrong, block, said in AT_FAULT:
        done = await here.coordinator.submit(right | wrong)

        assert done.errors is not None, wrong
        assert said in done.errors[block]
    assert (await here.coordinator.submit(right)).errors is None
    here.sandbox.refusals[:] = [one for one in here.sandbox.refusals if one[1] != "channel_not_found"]


async def test_one_self_assessment_at_a_time(here: World) -> None:
    await here.coordinator.command("/hta-round")
    await here.rest()
    form = here.coordinator.modal
    await here.start_round()
    here.sandbox.workspace.modals[COORDINATOR] = [form] if form else []

    done = await here.coordinator.submit({"Who should answer": ["C01ALLSTAFF"], "Results channel": "C03RESULTS"})

    assert done.errors is not None
    assert "open already" in done.errors["channels"]


async def test_while_it_is_open_there_are_no_results_for_anyone(here: World, nurse: Actor) -> None:
    await here.answer_all(nurse, "3" * 62)

    results = await here.command(here.coordinator, "/hta-results")
    status = await here.command(here.coordinator, "/hta-round")

    assert "While it is open there are no results, for anyone" in results.text
    assert "13 people asked" in status.text
    assert "1 " not in status.text.replace("13 ", ""), "how many have finished is not told"


async def test_a_press_after_closing_is_answered_kindly(here: World, nurse: Actor) -> None:
    await here.begin(nurse)
    message = nurse.dm[-1]
    as_it_was = message.blocks
    await here.close_now()
    await here.press_late(nurse, "Often", message, as_it_was)

    assert "This self-assessment closed on" in message.text
    assert "so this press changed nothing" in message.text


async def test_with_fewer_than_the_smallest_group_nothing_is_shown(here: World, nurse: Actor) -> None:
    for person_id in STAFF[:4]:
        await here.answer_all(here.person(person_id), "3" * 62)

    posted = await here.close_now()

    assert "Fewer than 5 people finished, so nothing can be shown." in posted.text
    assert posted.blocks[0]["type"] == "section"


async def test_close_now_can_be_cancelled(here: World, nurse: Actor) -> None:
    object.__setattr__(here.bot.context.settings, "hta_close_now_after", 3600)
    status = await here.command(here.coordinator, "/hta-round")
    await here.press(here.coordinator, "Close now", status)
    assert "Until then you can cancel" in status.text
    assert "fewer than 5 people have finished" in status.text
    await here.press(here.coordinator, "Cancel", status)
    here.move_clock(7200)
    await here.begin(nurse)

    assert "Cancelled. It stays open until" in status.text
    assert "Item 1 of 62" in nurse.dm[-1].text


async def test_it_closes_by_itself_at_nine_on_its_day(here: World, nurse: Actor) -> None:
    here.move_clock(15 * 86_400)

    posted = await here.sandbox.until(lambda: here.sandbox.channel("C03RESULTS"))

    assert "Fewer than 5 people finished" in posted[-1].text


def gappy(seed: int) -> str:
    """Somebody's answers, gaps included."""
    chance = Random(seed)  # noqa: S311
    return "".join(chance.choices("0123nd", weights=(3, 3, 3, 3, 1, 1), k=62))


def section_strips(strips: list[str]) -> list[list[str]]:
    bounds = [(0, 14), (14, 16), (16, 22), (22, 30), (30, 40), (40, 51), (51, 62)]
    return [[strip[first:last] for strip in strips] for first, last in bounds]


def mean_of(parts: list[str]) -> tuple[int, float]:
    """People scored and their mean percent of maximum: the half rule, prorated; written here anew."""
    percents = []
    for part in parts:
        points = [int(mark) for mark in part if mark.isdigit()]
        if points and 2 * len(points) >= len(part):
            percents.append(100 * sum(points) / (3 * len(points)))
    return len(percents), sum(percents) / len(percents)


async def test_twelve_people_with_gaps_and_every_mean_in_the_channel_is_right(here: World, nurse: Actor) -> None:
    strips = [gappy(seed) for seed in range(12)]
    works = ["Nursing"] * 6 + ["Security"] * 3 + ["Front office"] * 2 + ["Leadership"]
    for person_id, strip, work in zip(STAFF, strips, works, strict=True):
        await here.answer_all(here.person(person_id), strip, work)

    posted = await here.close_now()

    table = next(block for block in posted.blocks if block["type"] == "table")
    rows = [[cell["text"] for cell in row] for row in table["rows"]]
    assert "12 of 13 people asked finished" in posted.text
    for row, parts in zip(rows[1:], section_strips(strips), strict=True):
        people, mean = mean_of(parts)
        assert row[4] == str(people)
        assert abs(float(row[1].removesuffix(" %")) - mean) <= 0.5, row
        assert ", ".join([row[0]]) in posted.text

    shown = await here.command(here.coordinator, "/hta-results")
    await here.press(here.coordinator, "By function", shown)
    by_function = here.coordinator.sees("C01ALLSTAFF")[-1]
    grid = next(block for block in by_function.blocks if block["type"] == "table")
    kinds = [row[0]["text"] for row in grid["rows"]]
    assert "Security" not in kinds
    assert "Front office" not in kinds
    assert "Leadership" not in kinds


async def test_after_closing_nothing_links_a_person_to_answers(here: World, nurse: Actor, tmp_path: Path) -> None:
    for person_id in STAFF[:6]:
        await here.answer_all(here.person(person_id), gappy(1))
    assert list((tmp_path / "keys").iterdir())

    receipt = nurse.dm[-1]
    as_it_was = receipt.blocks
    await here.close_now()
    await here.sandbox.until(lambda: not list((tmp_path / "keys").iterdir()))

    await here.press_late(nurse, "See my scores", receipt, as_it_was)
    assert "no longer knows which answers are whose" in receipt.text
    with pytest.raises(NotThere):
        found_button(receipt.blocks, "Withdraw")


async def test_every_acknowledgement_comes_while_the_trigger_lives(here: World, nurse: Actor) -> None:
    await here.answer_all(nurse, STRIP)

    assert {ack.status for ack in here.sandbox.acks} == {200}
