"""What a coordinator reads before the start and while a self-assessment is open."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.blocks import Message, View
from bot.results import messages as results
from bot.rounds import messages, press_replies, preview
from bot.rounds.audience import Audience
from bot.rounds.following import Status
from bot.rounds.form import Form
from bot.rounds.review import review
from bot.rounds.service import Closing, MoreAsked, Shared
from instrument.definition import builtin
from instrument.participation import Picture
from said import ROUND
from storage.rounds import Source, SourceKind
from storage.terms import Terms

HTA = builtin()
ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
ALL_STAFF, NIGHT_SHIFT = Source(SourceKind.CHANNEL, "C1"), Source(SourceKind.GROUP, "S1")
PICTURE = Picture(date(2026, 11, 27), 10, 5, None)


def reviewed(**terms: Any) -> str:
    form = Form((ALL_STAFF, NIGHT_SHIFT), date(2026, 12, 10), "C9", 5, terms=Terms(**terms))
    people = tuple((f"U{number}", "C1") for number in range(14))
    return words_of(review(form, Audience(people, {}), ZONE, NOW))


def words_of(view: View) -> str:
    return " ".join(block["text"]["text"] for block in view["blocks"] if block["type"] == "section")


STARTS = datetime(2026, 11, 26, 14, tzinfo=UTC)


def shown(picture: Picture | None, *, asked: int = 14, starts_at: datetime | None = None) -> Status:
    round_ = replace(ROUND, gathered_at=STARTS if asked else None)
    return Status(round_, Terms(starts_at=starts_at), asked, ((ALL_STAFF, asked),), (), picture, enough=True)


def status(picture: Picture | None, *, close_now_after: int = 3600) -> Message:
    return messages.status(shown(picture), HTA, ZONE, close_now_after)


def planned(now: datetime | None) -> str:
    """Before the people are listed."""
    return messages.status(shown(PICTURE, asked=0, starts_at=STARTS), HTA, ZONE, 0, now=now).text


def test_a_group_inside_a_channel_is_said_to_bring_nobody_else() -> None:
    assert "14 from <#C1> and nobody else from <!subteam^S1>." in reviewed()


def test_help_contacts_are_shown_once_more_before_the_start() -> None:
    assert "*Help contacts.* Are they right today? Chaplain <4455>, *day* and night." in reviewed(
        contacts="Chaplain <4455>, *day* and night."
    )
    assert "Help contacts" not in reviewed()


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((None, None, None), "): too few to tell, fewer than 5 each have started, finished or said no thanks."),
        ((5, None, None), "): 5 or more started; finished and said no thanks: fewer than 5 each."),
        ((None, None, 5), "): 5 or more said no thanks; started and finished: fewer than 5 each."),
        ((10, None, 5), "): 10 or more started, 5 or more said no thanks, fewer than 5 finished."),
        ((10, 5, 5), "): 10 or more started, 5 or more finished, 5 or more said no thanks."),
    ],
)
def test_that_few_stand_behind_a_count_is_said_once_and_when_the_next_counts_come(
    counts: tuple[int | None, int | None, int | None], expected: str
) -> None:
    said = status(Picture(PICTURE.as_of, *counts)).text

    assert expected in said
    assert said.count("fewer than 5") == ("fewer than 5" in expected)
    assert "Next update: in the morning, at 06:00." in said


def test_a_picture_of_another_year_than_that_of_the_start_says_its_year() -> None:
    assert "picture of 27 November, drawn" in status(PICTURE).text
    assert "picture of 2 January 2027, drawn" in status(replace(PICTURE, as_of=date(2027, 1, 2))).text


def test_before_its_start_it_is_planned_and_from_then_on_open() -> None:
    before, after = STARTS - timedelta(seconds=1), STARTS + timedelta(seconds=1)

    for said in (planned(before), planned(None)):
        assert "A self-assessment is planned: invitations go out on Thursday 26 November, 09:00." in said
        assert "is open until" not in said
        assert "asked" not in said
    assert "A self-assessment is open until" in planned(after)
    assert "The people are being listed now" in planned(after)


def test_it_is_open_and_not_planned_once_somebody_was_asked() -> None:
    """Invite more lists the people anew, long after the start."""
    listed_anew = replace(shown(PICTURE, starts_at=STARTS), round=ROUND)

    said = messages.status(listed_anew, HTA, ZONE, 0).text

    assert "A self-assessment is open until" in said
    assert "planned" not in said


def test_results_are_said_to_come_after_a_start_that_is_still_to_come() -> None:
    before = STARTS - timedelta(days=1)

    alone = results.still_open(shown(None, asked=0, starts_at=STARTS), ZONE, before, [])
    beside_older = results.newer_one_open(shown(None, asked=0, starts_at=STARTS), ZONE, before)

    assert "A self-assessment is planned: invitations go out on Thursday 26 November, 09:00." in alone.text
    assert "A newer self-assessment is planned from Thursday 26 November, 09:00 until" in beside_older
    assert "A newer self-assessment is open until" in results.newer_one_open(shown(None), ZONE, before)


def test_nothing_is_said_of_how_far_it_is_before_the_invitations() -> None:
    assert "How far it is" in status(PICTURE).text
    assert "How far it is" not in planned(None)


def test_close_now_offers_time_to_cancel_only_where_there_is_some() -> None:
    assert "It closes in an hour. Until then you can cancel." in str(status(None).blocks)
    assert "It closes at once. A closed self-assessment" in str(status(None, close_now_after=0).blocks)


def test_a_second_close_now_says_that_the_first_one_counts() -> None:
    soon = replace(ROUND, closes_at=NOW + timedelta(days=5), close_now_at=NOW + timedelta(minutes=40))
    asked_twice = press_replies.closing(Closing(soon, enough=True, again=True), NOW, ZONE)

    assert asked_twice.text.startswith("Close now was pressed before, and this press changed nothing. It closes on ")
    assert "pressed before" not in press_replies.closing(Closing(soon, enough=True), NOW, ZONE).text


def test_shared_twice_says_when_they_were_shared() -> None:
    first = press_replies.shared(Shared(ROUND, before=None), NOW, ZONE)
    second = press_replies.shared(Shared(ROUND, before=NOW), NOW, ZONE)

    assert first.text == "The results go out, once, to <#C0RESULTS> and to everyone asked who did not say no."
    assert second.text == (
        "The results were shared with <#C0RESULTS> on Tuesday 24 November, 10:00 already, so this press changed nothing."
    )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (MoreAsked(2), "3 people found: 3 from <#C1>. 2 people who were not asked yet get an invitation now"),
        (MoreAsked(3), "They get their invitation now; that takes about a minute."),
        (MoreAsked(1), "1 person who was not asked yet gets an invitation now; that takes about a minute. The others"),
        (MoreAsked(0), "All of them were asked already, so nothing was changed."),
        (MoreAsked(0, later=True), "Those who are not on the list yet get their invitation when all others do."),
    ],
)
def test_invite_more_says_how_many_are_new(asked: MoreAsked, expected: str) -> None:
    found = Audience(tuple((f"U{number}", "C1") for number in range(3)), {})

    said = press_replies.more_invited(found, [ALL_STAFF], asked)

    assert expected in said


def test_results_are_promised_where_they_are_found_however_they_are_shared() -> None:
    told = press_replies.closing(Closing(ROUND, enough=True), ROUND.closing_at, ZONE)

    assert told.text == "It closes now. In a moment, /hta-results shows what came out."


def test_the_preview_counts_its_first_section_as_done() -> None:
    finished = next(one for one in preview.previews(HTA, ROUND, ZONE) if "is finished" in one.text)

    assert "About 16 minutes left." in finished.text
