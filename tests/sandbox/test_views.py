"""A modal belongs to one person, opens with a fresh trigger only, and keeps what was typed."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError

from sandbox.driver import NotThere
from sandbox.refusals import Json
from sandbox_counterpart import (
    NURSE,
    OTHER,
    RESULTS,
    Counterpart,
    button,
    counterpart,
    field_of,
    message,
    modal,
    options,
    typed,
)


@pytest.fixture
async def bot() -> AsyncIterator[Counterpart]:
    async with counterpart() as made:
        yield made


def answering(**body: Any) -> Any:
    """A bot that acknowledges everything with this."""

    async def says(payload: Json) -> web.Response:
        return web.json_response(body) if payload.get("type") == "view_submission" else web.Response()

    return says


async def error_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


NAME = field_of("Name", typed())
KIND = field_of("Kind", {"type": "static_select", "action_id": "kind", "options": options("A", "B")}, optional=True)


async def test_a_modal_is_one_persons(bot: Counterpart) -> None:
    await bot.open_modal(modal(NAME))

    assert bot.sandbox.person(NURSE).modal is not None
    assert bot.sandbox.person(OTHER).modal is None


async def test_a_trigger_opens_one_modal(bot: Counterpart) -> None:
    await bot.open_modal(modal(NAME))

    again = bot.client.views_open(trigger_id=bot.heard[-1].payload["trigger_id"], view=modal(NAME))

    assert await error_of(again) == "exchanged_trigger_id"


async def test_a_trigger_lives_three_seconds(bot: Counterpart) -> None:
    await bot.sandbox.person(NURSE).command("/echo")
    bot.sandbox.clock.advance(4)

    late = bot.client.views_open(trigger_id=bot.heard[-1].payload["trigger_id"], view=modal(NAME))

    assert await error_of(late) == "expired_trigger_id"


async def test_a_modal_that_slack_would_not_show_is_refused_with_the_reason(bot: Counterpart) -> None:
    await bot.sandbox.person(NURSE).command("/echo")

    with pytest.raises(SlackApiError) as caught:
        await bot.client.views_open(
            trigger_id=bot.heard[-1].payload["trigger_id"],
            view=modal(NAME, title={"type": "plain_text", "text": "x" * 25}),
        )

    assert caught.value.response["error"] == "invalid_arguments"
    assert "/view/title/text" in caught.value.response["response_metadata"]["messages"][0]


async def test_an_update_keeps_the_id_and_what_was_typed(bot: Counterpart) -> None:
    nurse = bot.sandbox.person(NURSE)
    select = {"type": "static_select", "action_id": "pick", "options": options("Short", "Long")}
    await bot.open_modal(
        modal(NAME, KIND, {"type": "actions", "block_id": "how", "elements": [select]}, external_id="mine")
    )
    bot.says = answering(response_action="errors", errors={"name": "No such name"})
    await nurse.submit({"Name": "Amara"})
    await nurse.choose_in_modal("Long")

    told = bot.heard[-1].payload
    assert told["actions"][0]["selected_option"]["value"] == "long"
    assert told["view"]["state"]["values"]["name"]["typed"]["value"] == "Amara"
    assert told["view"]["state"]["values"]["how"]["pick"]["selected_option"]["value"] == "long"
    await bot.client.views_update(
        external_id="mine", hash=told["view"]["hash"], view=modal(NAME, field_of("New", typed()))
    )

    after = nurse.modal or {}
    assert after["id"] == told["view"]["id"]
    assert after["hash"] != told["view"]["hash"]
    assert after["state"]["values"] == {
        "name": {"typed": {"type": "plain_text_input", "value": "Amara"}},
        "new": {"typed": {"type": "plain_text_input", "value": None}},
    }


async def test_an_update_of_an_older_state_is_refused(bot: Counterpart) -> None:
    await bot.open_modal(modal(NAME))
    view = dict(bot.sandbox.person(NURSE).modal or {})
    await bot.client.views_update(view_id=view["id"], view=modal(KIND))

    late = bot.client.views_update(view_id=view["id"], hash=view["hash"], view=modal(NAME))

    assert await error_of(late) == "hash_conflict"


async def test_a_closed_modal_cannot_be_updated(bot: Counterpart) -> None:
    await bot.open_modal(modal(NAME))
    view = bot.sandbox.person(NURSE).modal or {}
    await bot.sandbox.person(NURSE).close_modal()

    assert await error_of(bot.client.views_update(view_id=view["id"], view=modal(NAME))) == "not_found"


async def test_modals_lie_on_each_other_three_high_and_show_again(bot: Counterpart) -> None:
    nurse = bot.sandbox.person(NURSE)
    more = {"type": "actions", "elements": [button("More")]}
    await bot.open_modal(modal(more, callback_id="1"))
    for height in ("2", "3"):
        await nurse.press_in_modal("More")
        await bot.client.views_push(
            trigger_id=bot.heard[-1].payload["trigger_id"], view=modal(more, callback_id=height)
        )
    await nurse.press_in_modal("More")

    fourth = bot.client.views_push(trigger_id=bot.heard[-1].payload["trigger_id"], view=modal(more))

    assert await error_of(fourth) == "push_limit_reached"
    await nurse.close_modal()
    assert (nurse.modal or {})["callback_id"] == "2"


async def test_only_from_a_modal_can_one_push(bot: Counterpart) -> None:
    await bot.sandbox.person(NURSE).command("/echo")

    pushed = bot.client.views_push(trigger_id=bot.heard[-1].payload["trigger_id"], view=modal(NAME))

    assert await error_of(pushed) == "invalid_trigger_id"


async def test_two_open_modals_cannot_share_an_external_id(bot: Counterpart) -> None:
    await bot.open_modal(modal(NAME, external_id="mine"))
    await bot.sandbox.person(OTHER).command("/echo")

    second = bot.client.views_open(trigger_id=bot.heard[-1].payload["trigger_id"], view=modal(NAME, external_id="mine"))

    assert await error_of(second) == "duplicate_external_id"


async def test_a_submission_has_every_field_null_where_nothing_was_chosen(bot: Counterpart) -> None:
    date = field_of("Day", {"type": "datepicker", "action_id": "day", "initial_date": "2027-03-01"})
    rooms = field_of("Rooms", {"type": "multi_channels_select", "action_id": "rooms"}, optional=True)
    await bot.open_modal(modal(NAME, KIND, date, rooms, private_metadata="kept"))

    done = await bot.sandbox.person(NURSE).submit({"Name": "Amara"})

    view = bot.heard[-1].payload["view"]
    assert done.error is None
    assert bot.sandbox.person(NURSE).modal is None
    assert view["private_metadata"] == "kept"
    assert view["state"]["values"] == {
        "name": {"typed": {"type": "plain_text_input", "value": "Amara"}},
        "kind": {"kind": {"type": "static_select", "selected_option": None}},
        "day": {"day": {"type": "datepicker", "selected_date": "2027-03-01"}},
        "rooms": {"rooms": {"type": "multi_channels_select", "selected_channels": []}},
    }


@pytest.mark.parametrize(
    ("element", "entered"),
    [
        (typed(), None),
        (typed(), ""),
        (typed(min_length=3), "ab"),
        (typed(max_length=3), "abcd"),
        ({"type": "number_input", "action_id": "n", "is_decimal_allowed": False}, "one"),
        ({"type": "number_input", "action_id": "n", "is_decimal_allowed": False}, "1.5"),
        ({"type": "number_input", "action_id": "n", "is_decimal_allowed": True, "max_value": "20"}, "20.5"),
        ({"type": "datepicker", "action_id": "d"}, "31 March"),
        ({"type": "email_text_input", "action_id": "e"}, "nobody"),
        ({"type": "url_text_input", "action_id": "u"}, "nowhere"),
        ({"type": "multi_static_select", "action_id": "m", "options": options("A", "B"), "max_selected_items": 1}, ["A", "B"]),
    ],
)  # fmt: skip
async def test_slacks_own_client_sends_no_field_that_is_wrong(bot: Counterpart, element: Json, entered: Any) -> None:
    await bot.open_modal(modal(field_of("Field", element)))
    heard = len(bot.heard)

    done = await bot.sandbox.person(NURSE).submit({"Field": entered})

    assert done.errors is not None
    assert list(done.errors) == ["field"]
    assert len(bot.heard) == heard


async def test_errors_stand_at_their_fields_and_the_modal_stays(bot: Counterpart) -> None:
    await bot.open_modal(modal(NAME))
    bot.says = answering(response_action="errors", errors={"name": "No such name"})

    done = await bot.sandbox.person(NURSE).submit({"Name": "Amara"})

    assert done.errors == {"name": "No such name"}
    assert bot.sandbox.person(NURSE).modal is not None
    assert bot.sandbox.refusals == []


@pytest.mark.parametrize(
    "body",
    [
        {"response_action": "errors", "errors": {"nickname": "There is no such field"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "explode"},
        {"response_action": "errors", "errors": "No such name"},
        {"response_action": "update", "view": modal(title={"type": "plain_text", "text": "x" * 25})},
        {"response_action": "push"},
        {"ok": True},
        {"text": "Thank you"},
    ],
)
async def test_an_acknowledgement_that_slack_would_not_understand_is_refused(bot: Counterpart, body: Json) -> None:
    await bot.open_modal(modal(NAME, callback_id="form"))
    bot.says = answering(**body)

    done = await bot.sandbox.person(NURSE).submit({"Name": "Amara"})

    assert (done.error, done.errors) == ("We had some trouble connecting. Try again?", None)
    assert [one.method for one in bot.sandbox.refusals] == ["acknowledgement of view_submission"]
    assert (bot.sandbox.person(NURSE).modal or {})["callback_id"] == "form"


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ({"response_action": "update", "view": modal(KIND, callback_id="next")}, "next"),
        ({"response_action": "push", "view": modal(KIND, callback_id="next")}, "next"),
        ({"response_action": "clear"}, None),
        ({}, "first"),
    ],
)
async def test_an_acknowledgement_says_what_the_person_sees_next(
    bot: Counterpart, body: Json, title: str | None
) -> None:
    nurse = bot.sandbox.person(NURSE)
    more = {"type": "actions", "elements": [button("More")]}
    await bot.open_modal(modal(more, callback_id="first"))
    await nurse.press_in_modal("More")
    await bot.client.views_push(trigger_id=bot.heard[-1].payload["trigger_id"], view=modal(NAME, callback_id="second"))
    bot.says = answering(**body)

    await nurse.submit({"Name": "Amara"})

    assert (nurse.modal or {}).get("callback_id") == title


async def test_closing_is_told_where_the_bot_asked_for_it(bot: Counterpart) -> None:
    await bot.open_modal(modal(NAME))
    await bot.sandbox.person(NURSE).close_modal()
    await bot.open_modal(modal(NAME, notify_on_close=True))
    await bot.sandbox.person(NURSE).close_modal()

    told = [one.payload.get("type") for one in bot.heard]
    assert told == [None, None, "view_closed"]


async def test_a_modal_that_clears_on_close_takes_those_below_with_it(bot: Counterpart) -> None:
    nurse = bot.sandbox.person(NURSE)
    await bot.open_modal(modal({"type": "actions", "elements": [button("More")]}, notify_on_close=True))
    await nurse.press_in_modal("More")
    top = modal(NAME, clear_on_close=True, notify_on_close=True)
    await bot.client.views_push(trigger_id=bot.heard[-1].payload["trigger_id"], view=top)

    await nurse.close_modal()

    assert nurse.modal is None
    told = [one.payload for one in bot.heard if one.payload.get("type") == "view_closed"]
    assert [(one["is_cleared"], one["view"]["clear_on_close"]) for one in told] == [(True, True), (True, False)]
    assert not any("trigger_id" in one for one in told)


async def test_a_modal_without_a_submit_button_cannot_be_submitted(bot: Counterpart) -> None:
    await bot.open_modal(
        {"type": "modal", "title": {"type": "plain_text", "text": "Read me"}, "blocks": [{"type": "divider"}]}
    )

    with pytest.raises(NotThere, match="no button"):
        await bot.sandbox.person(NURSE).submit()


async def test_a_text_that_is_made_empty_is_null(bot: Counterpart) -> None:
    await bot.open_modal(modal(field_of("Name", typed(initial_value="Amara"), optional=True)))

    await bot.sandbox.person(NURSE).submit({"Name": ""})

    assert bot.heard[-1].payload["view"]["state"]["values"]["name"]["typed"]["value"] is None


async def test_home_opens_with_an_event_and_keeps_its_id(bot: Counterpart) -> None:
    nurse = bot.sandbox.person(NURSE)
    await nurse.open_home()
    assert bot.heard[-1].payload["event"]["type"] == "app_home_opened"
    home = {"type": "home", "blocks": message("Go on")["blocks"]}

    first = await bot.client.views_publish(user_id=NURSE, view=home)
    second = await bot.client.views_publish(user_id=NURSE, view=home, hash=first["view"]["hash"])
    late = bot.client.views_publish(user_id=NURSE, view=home, hash=first["view"]["hash"])

    assert first["view"]["id"] == second["view"]["id"]
    assert await error_of(late) == "hash_conflict"
    await nurse.press_on_home("Go on")
    assert bot.heard[-1].payload["view"]["type"] == "home"
    assert "response_url" not in bot.heard[-1].payload


async def test_what_a_person_does_not_see_she_cannot_press(bot: Counterpart) -> None:
    nurse, other = bot.sandbox.person(NURSE), bot.sandbox.person(OTHER)
    await bot.client.chat_postMessage(channel=NURSE, **message("Never"))
    await bot.client.chat_postMessage(channel=RESULTS, **message("Often"))
    in_channel = bot.sandbox.channel(RESULTS)[-1]

    for press in (nurse.press("Seldom"), other.press("Never"), other.press("Never", nurse.dm[-1])):
        with pytest.raises(NotThere):
            await press
    with pytest.raises(NotThere):
        await nurse.press("Often", in_channel)
    with pytest.raises(NotThere):
        await nurse.submit({})
    assert bot.heard == []


async def test_a_field_asks_the_bot_for_options_while_one_types(bot: Counterpart) -> None:
    await bot.open_modal(modal(field_of("Ward", {"type": "external_select", "action_id": "ward"})))

    async def offers(payload: Json) -> web.Response:
        return web.json_response({"options": options(f"{payload['value']} North", f"{payload['value']} South")})

    bot.says = offers

    assert await bot.sandbox.person(NURSE).suggestions("Ward", "West") == ["West North", "West South"]
    assert bot.heard[-1].payload["type"] == "block_suggestion"
