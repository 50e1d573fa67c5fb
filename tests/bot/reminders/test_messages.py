"""What a reminder says, and what it never says."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.blocks import NEUTRAL, Message
from bot.payloads import Press, Who
from bot.reminders import messages
from bot.reminders.buttons import PATTERN, Do, ReminderPressed
from bot.reminders.service import Picked, Preferred, Resumed, Stopped, TooLate
from bot.reminders.times import BestTime
from bot.survey.service import Answering, Finished, Invited, Over
from said import ROUND, everything_said, labels
from storage.invitations import Standing

CHICAGO = ZoneInfo("America/Chicago")
NOT_BEGUN = Invited(ROUND, Standing.ASKED)
UNDER_WAY = Answering(ROUND, "012nd3" * 4 + "." * 38)
AT = datetime(2026, 3, 20, 0, 30, tzinfo=UTC)
NOW = datetime(2026, 3, 18, 15, tzinfo=UTC)

SAID = {
    "reminder to someone who has not begun": messages.reminder(NOT_BEGUN, CHICAGO),
    "reminder to someone who has": messages.reminder(UNDER_WAY, CHICAGO),
    "picked": messages.picked(Picked(UNDER_WAY, AT, CHICAGO, None), NOW),
    "picked with a best time": messages.picked(Picked(NOT_BEGUN, AT, CHICAGO, BestTime.NIGHT), NOW),
    "too late": messages.too_late(TooLate(NOT_BEGUN, CHICAGO), NOW),
    "too late after one in time": messages.too_late(TooLate(NOT_BEGUN, CHICAGO, AT), NOW),
    "preferred after picking": messages.preferred(Preferred(NOT_BEGUN, BestTime.NIGHT, CHICAGO, AT), NOW),
    "resumed": messages.resumed(Resumed(NOT_BEGUN)),
    "stopped": messages.stopped(Stopped(UNDER_WAY)),
    "stopped after finishing": messages.stopped(Stopped(Finished(ROUND, "0" * 62))),
    "stopped after closing": messages.stopped(Stopped(Over(ROUND))),
} | {f"preferred {best}": messages.preferred(Preferred(NOT_BEGUN, best, CHICAGO), NOW) for best in BestTime}


@pytest.mark.parametrize("name", SAID)
def test_the_first_hundred_characters_say_nothing_of_the_topic_and_need_no_blanks(name: str) -> None:
    text = SAID[name].text
    lead = text[:NEUTRAL].lower()

    assert "   " not in text
    assert not [word for word in ("traffick", "trauma", "survivor", "competenc", "risk") if word in lead]


@pytest.mark.parametrize("name", SAID)
def test_all_that_is_shown_is_in_the_text(name: str) -> None:
    message = SAID[name]

    for block in message.blocks:
        if block["type"] == "section" and "accessory" not in block:
            assert block["text"]["text"] in message.text
    if name.startswith("reminder"):
        assert f"Buttons: {', '.join(labels(message)[0])}." in message.text


@pytest.mark.parametrize("name", SAID)
def test_nothing_is_said_of_others_or_of_progress(name: str) -> None:
    said = everything_said(SAID[name]).lower()

    for word in ("!", "watch", "have not answered", "haven't", "colleague", "others", "% ", " of 62", "24 of"):
        assert word not in said


def test_a_reminder_says_how_long_it_takes_and_until_when_by_the_persons_clock() -> None:
    text = SAID["reminder to someone who has not begun"].text

    assert "<@U0COORD> asks for your view of this organization" in text
    assert "about 20 minutes in all" in text
    assert "open until Tuesday 31 March, 08:00, your time" in text


def test_a_reminder_leads_on_and_offers_the_ways_out() -> None:
    assert labels(SAID["reminder to someone who has not begun"]) == [
        ["Start", "Not now", "No thanks", "Stop these messages"]
    ]
    assert labels(SAID["reminder to someone who has"]) == [["Continue", "Not now", "Stop these messages"]]


def test_a_reminder_does_not_depend_on_what_was_answered_or_how_much() -> None:
    assert messages.reminder(UNDER_WAY, CHICAGO) == messages.reminder(replace(UNDER_WAY, strip="3" * 62), CHICAGO)


def test_who_picked_a_time_reads_when_by_her_own_clock_and_how_to_change_it() -> None:
    text = SAID["picked"].text

    assert (
        "HTA Bot will write to you on Thursday 19 March at 19:30, your time. To change that, press another time" in text
    )


@pytest.mark.parametrize("name", ["preferred after picking", "too late after one in time"])
def test_a_time_that_was_picked_stays_in_sight_whatever_is_chosen_after_it(name: str) -> None:
    assert "HTA Bot will write to you on Thursday 19 March at 19:30, your time." in SAID[name].text


def test_a_picked_time_in_another_year_says_which() -> None:
    new_year = datetime(2027, 1, 1, 15, tzinfo=UTC)

    said = messages.picked(Picked(UNDER_WAY, new_year, CHICAGO, None), datetime(2026, 12, 30, 15, tzinfo=UTC)).text

    assert "HTA Bot will write to you on Friday 1 January 2027 at 09:00, your time." in said


def test_the_best_time_is_asked_where_it_is_asked_and_shows_what_was_chosen() -> None:
    asked = messages.times(7, ask_best_time=True)
    not_asked = messages.times(7, ask_best_time=False)
    chosen = messages.times(7, ask_best_time=True, chosen=BestTime.NIGHT)

    assert "Best time for a reminder: morning, afternoon, evening, night." in asked.text
    assert "Best time" not in str(not_asked)
    assert "initial_option" not in str(asked.blocks)
    assert chosen.blocks[-1]["accessory"]["initial_option"]["text"]["text"] == "Night"


def test_who_stopped_reads_that_the_next_invitation_still_comes_once() -> None:
    for name in ("stopped", "stopped after finishing", "stopped after closing"):
        assert "its invitation still comes, once" in SAID[name].text
    assert labels(SAID["stopped"]) == [["Continue", "Remind me after all"]]
    assert labels(SAID["stopped after closing"]) == []


def press(action_id: str, value: str | None) -> Press:
    return Press(Who("T1", "U1", "T1"), action_id, value, "", None, None, None, None)


@pytest.mark.parametrize(
    "pressed",
    [ReminderPressed(do, 7) for do in Do if do is not Do.BEST_TIME]
    + [ReminderPressed(Do.BEST_TIME, 7, best) for best in BestTime],
    ids=lambda pressed: pressed.value + pressed.do,
)
def test_what_is_drawn_is_read_as_it_was_meant(pressed: ReminderPressed) -> None:
    assert PATTERN.search(pressed.do.action_id)
    assert ReminderPressed.read(press(pressed.do.action_id, pressed.value)) == pressed


@pytest.mark.parametrize(
    ("action_id", "value"),
    [
        ("reminders.v1.dance", "1:7"),
        ("reminders.v1.stop", "9:7"),
        ("reminders.v1.stop", "1:seven"),
        ("reminders.v1.stop", "1:7:night"),
        ("reminders.v1.best_time", "1:7"),
        ("reminders.v1.best_time", "1:7:teatime"),
        ("reminders.v1.tomorrow", None),
    ],
)
def test_what_was_never_drawn_is_nothing(action_id: str, value: str | None) -> None:
    assert ReminderPressed.read(press(action_id, value)) is None


def test_no_label_is_longer_than_slack_shows() -> None:
    def buttons(message: Message) -> list[str]:
        return [label for row in labels(message) for label in row]

    assert all(len(label) <= 30 for message in SAID.values() for label in buttons(message))
