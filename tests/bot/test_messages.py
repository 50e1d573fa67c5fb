"""What the bot says to people who answer: complete for a screen reader, neutral on a lock screen, and free of answers."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import NEUTRAL, escape
from bot.home.views import home
from bot.reminders import messages as reminders
from bot.survey import invitation, items, messages, receipts, replies, views
from bot.survey.buttons import Drawn
from bot.survey.service import Answering, Finished
from instrument.definition import builtin
from instrument.progress import MARKS, OPEN
from said import ROUND, everything_said, labels

INSTRUMENT = builtin()
ZONE = ZoneInfo("America/New_York")
STRIP = "012nd3" * 10 + "01"
SECTION = INSTRUMENT.sections[2]

TO_RESPONDENTS = {
    "invitation": invitation.invitation(ROUND, ZONE),
    "not now": invitation.not_now(ROUND, ZONE),
    "declined": invitation.declined(ROUND),
    "start again": invitation.start_again(ROUND, ZONE),
    "kind of work": invitation.kind_of_work(INSTRUMENT, ROUND),
    "under way": invitation.under_way(INSTRUMENT, ROUND),
    "section finished": receipts.section_finished(INSTRUMENT, ROUND, STRIP[:30] + "." * 32, SECTION),
    "paused": receipts.paused(INSTRUMENT, ROUND, STRIP[:22] + "." * 40),
    "review": items.review(INSTRUMENT, ROUND),
    "submitted": receipts.submitted(ROUND, STRIP, ZONE),
    "submitted with open statements": receipts.submitted(ROUND, STRIP[:22] + "." * 40, ZONE),
    "withdrawn": receipts.withdrawn(ROUND, ZONE),
    "over": messages.over(ROUND, ZONE),
} | {f"item {item.id}": items.item(INSTRUMENT, ROUND, item) for item in INSTRUMENT.items}


@pytest.mark.parametrize("name", TO_RESPONDENTS)
def test_the_first_hundred_characters_of_a_notification_say_nothing_of_the_topic(name: str) -> None:
    lead = TO_RESPONDENTS[name].text[:NEUTRAL].lower()

    assert len(lead) == NEUTRAL
    assert not [word for word in ("traffick", "trauma", "survivor", "competenc", "risk") if word in lead]


@pytest.mark.parametrize("name", TO_RESPONDENTS)
def test_no_lead_needs_to_be_filled_up_with_blanks(name: str) -> None:
    assert "   " not in TO_RESPONDENTS[name].text


@pytest.mark.parametrize("item", INSTRUMENT.items, ids=lambda item: item.id)
def test_an_item_is_said_in_full_in_blocks_and_in_text(item) -> None:  # type: ignore[no-untyped-def]
    message = items.item(INSTRUMENT, ROUND, item)
    section = INSTRUMENT.section_of(item)

    shown = [block["text"]["text"] for block in message.blocks if block["type"] == "section"]
    assert item.text in shown
    for words in (
        f"Item {item.position + 1} of 62",
        section.heading,
        INSTRUMENT.sub_competency_of(item).title,
        item.text,
        "Never, Occasionally, Often, Always, Doesn't apply and Don't know",
    ):
        assert escape(words) in message.text
    assert f"Item {item.position + 1} of 62 · {escape(section.heading)}" in str(message.blocks)


def test_the_buttons_of_an_item_stand_as_promised() -> None:
    item = INSTRUMENT.items[1]

    asked = items.item(INSTRUMENT, ROUND, item)
    drawn_by_back = items.item(INSTRUMENT, ROUND, item, Drawn.BACK)

    first = ["Never", "Occasionally", "Often", "Always"]
    assert labels(asked) == [first, ["Back", "Doesn't apply", "Don't know", "Pause"]]
    assert labels(drawn_by_back) == [first, ["Back", "Next", "Doesn't apply", "Don't know", "Pause"]]
    assert "Back" not in labels(items.item(INSTRUMENT, ROUND, INSTRUMENT.items[0]))[1]


@pytest.mark.parametrize("drawn", Drawn)
def test_dont_know_for_the_rest_stands_from_the_fourth_item_of_a_section_on(drawn: Drawn) -> None:
    for where in INSTRUMENT.sections:
        offered = [
            ["Don't know for the rest"] in labels(items.item(INSTRUMENT, ROUND, item, drawn)) for item in where.items
        ]
        assert offered == [False, False, False, *[True] * len(where.items)][: len(where.items)]


@st.composite
def two_strips(draw: st.DrawFn) -> tuple[str, str]:
    """Two people have answered the same items, each in their own way."""
    answered = draw(st.lists(st.booleans(), min_size=62, max_size=62))
    alike = st.sampled_from([mark * 62 for mark in MARKS])
    one, two = (draw(alike | st.text(MARKS, min_size=62, max_size=62)) for _ in range(2))
    return tuple(
        "".join(mark if done else OPEN for mark, done in zip(marks, answered, strict=True)) for marks in (one, two)
    )  # type: ignore[return-value]


@given(strips=two_strips(), note=st.sampled_from(["", items.ALREADY]))
def test_no_message_depends_on_what_was_answered(strips: tuple[str, str], note: str) -> None:
    """Slack keeps them, and a workspace can keep what was edited: text, blocks, buttons with their values."""

    def said(strip: str) -> list[object]:
        answering = Answering(ROUND, strip)
        return [
            items.current(INSTRUMENT, ROUND, strip, note),
            *(receipts.section_finished(INSTRUMENT, ROUND, strip, one, note) for one in INSTRUMENT.sections),
            *(receipts.paused(INSTRUMENT, ROUND, strip, ask_best_time=ask) for ask in (True, False)),
            receipts.submitted(ROUND, strip, ZONE, note),
            *(replies.one_back(answering, item.id) for item in INSTRUMENT.items[::7]),
            reminders.reminder(answering, ZONE),
            *(home(here, ZONE, [], is_coordinator=False) for here in (answering, Finished(ROUND, strip))),
        ]

    one, two = strips
    assert said(one) == said(two)


def test_a_pause_says_that_it_was_not_needed() -> None:
    said = receipts.paused(INSTRUMENT, ROUND, "0" * 22 + "." * 40).text

    assert "Paused. Your place is kept. 22 of 62 done, about 13 minutes left. You never have to press Pause" in said


def test_the_invitation_keeps_its_order() -> None:
    text = TO_RESPONDENTS["invitation"].text
    order = [
        "<@U0COORD>",
        "62 short statements, about 20 minutes, in as many sittings as you like, open until Tuesday 31 March, 09:00",
        "You rate the organization, not yourself, and Don't know is a real answer",
        "confidential, not anonymous",
        "5 or more people",
        "Whoever runs the server holds the key",
        "At closing the key is destroyed",
        "one exception from showing groups only: after closing, whoever runs the server can take out the answers, a row a person",
        "no effect on your job",
        "at most three reminders, and none if you say no",
        "nobody reads along",
        "911",
        "988",
        "1-888-373-7888",
    ]

    places = [text.find(words) for words in order]

    assert -1 not in places
    assert places == sorted(places)


def test_help_contacts_that_the_coordinator_names_stand_in_the_invitations_last_paragraph() -> None:
    message = invitation.invitation(ROUND, ZONE, contacts="Chaplain <4455>, *day* and night.")

    *_, last, _ = message.blocks
    assert last["text"] == {
        "type": "plain_text",
        "text": "Help here: Chaplain <4455>, *day* and night.",
        "emoji": False,
    }
    assert "Help here: Chaplain &lt;4455&gt;, *day* and night." in message.text
    assert "Help here" not in TO_RESPONDENTS["invitation"].text


def test_an_invitation_says_the_year_of_its_closing_where_it_is_not_that_of_its_start() -> None:
    next_year = replace(ROUND, closes_at=datetime(2027, 1, 5, 14, tzinfo=UTC))

    assert "open until Tuesday 5 January 2027, 09:00" in invitation.invitation(next_year, ZONE).text
    assert "open until Tuesday 5 January 2027, 09:00" in invitation.not_now(next_year, ZONE).text
    assert "until Tuesday 5 January 2027, 09:00" in invitation.start_again(next_year, ZONE).text


def test_with_nothing_open_a_coordinator_reads_how_to_start_one() -> None:
    assert "/hta-round" in messages.nothing_open(is_coordinator=True).text
    assert "/hta-round" not in messages.nothing_open().text


def test_before_the_people_are_listed_nobody_is_told_that_they_are_not_among_them() -> None:
    listed = replace(ROUND, gathered_at=ROUND.opened_at)

    assert "If you are asked, you get a message here" in messages.not_asked(ROUND, ["U1"]).text
    assert "you are not among those who were asked" in messages.not_asked(listed, ["U1"]).text


def test_no_message_shouts() -> None:
    assert [name for name, message in TO_RESPONDENTS.items() if "!" in everything_said(message)] == []


def test_own_scores_have_the_documents_maxima_and_a_note_on_the_printed_22() -> None:
    view = str(views.scores(INSTRUMENT, "3" * 62))

    assert "Total: 186 of 186" in view
    assert "33 of 33 points, 100 %" in view
    assert "out of 22" in view


def test_own_percents_are_whole() -> None:
    view = str(views.scores(INSTRUMENT, "3" * 14 + "11" + "3" * 46))

    assert "2 of 6 points, 33 %" in view


def test_own_scores_say_where_answers_are_too_few() -> None:
    strip = "3" * 14 + "d." + "3" * 46

    view = str(views.scores(INSTRUMENT, strip))

    assert "not enough answers (0 of 2)" in view
    assert "Total: not shown." in view
