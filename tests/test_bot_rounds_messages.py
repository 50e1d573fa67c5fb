"""What a coordinator reads before the start and while a self-assessment is open."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.blocks import Message, View
from bot.rounds import messages, preview, views
from bot.rounds.audience import Audience
from bot.rounds.flow import Closing
from bot.rounds.following import Status
from bot.rounds.form import Form
from instrument.definition import builtin
from instrument.participation import Picture
from storage.rounds import Source, SourceKind
from storage.terms import Terms
from test_bot_messages import ROUND

HTA = builtin()
ZONE = ZoneInfo("America/New_York")
ALL_STAFF, NIGHT_SHIFT = Source(SourceKind.CHANNEL, "C1"), Source(SourceKind.GROUP, "S1")
PICTURE = Picture(date(2026, 11, 27), 12, 7, None, (), ())


def reviewed(**terms: Any) -> str:
    form = Form((ALL_STAFF, NIGHT_SHIFT), date(2026, 12, 10), "C9", 5, terms=Terms(**terms))
    people = tuple((f"U{number}", "C1") for number in range(14))
    return words_of(views.review(form, Audience(people, {}), ZONE))


def words_of(view: View) -> str:
    return " ".join(block["text"]["text"] for block in view["blocks"] if block["type"] == "section")


def status(picture: Picture | None, *, gathered: bool = True, close_now_after: int = 3600) -> Message:
    gathered_at = datetime(2026, 11, 26, 14, tzinfo=UTC) if gathered else None
    starts_at = None if gathered else datetime(2026, 11, 26, 14, tzinfo=UTC)
    round_ = replace(ROUND, gathered_at=gathered_at)
    shown = Status(round_, Terms(starts_at=starts_at), 14, ((ALL_STAFF, 14),), (), picture, enough=True)
    return messages.status(shown, HTA, ZONE, close_now_after)


def test_a_group_inside_a_channel_is_said_to_bring_nobody_else() -> None:
    assert "14 from <#C1> and nobody else from <!subteam^S1>." in reviewed()


def test_help_contacts_are_shown_once_more_before_the_start() -> None:
    assert "*Help contacts:* Chaplain &lt;4455&gt;. Are they right today?" in reviewed(contacts="Chaplain <4455>.")
    assert "Help contacts" not in reviewed()


def test_who_started_is_left_out_where_the_number_is_held_back() -> None:
    held_back = Picture(PICTURE.as_of, None, 7, None, (), ())

    assert "): 12 started, 7 finished, fewer than" in status(PICTURE).text
    assert "): 7 finished, fewer than" in status(held_back).text


def test_nothing_is_said_of_how_far_it_is_before_the_invitations() -> None:
    assert "How far it is" in status(PICTURE).text
    assert "How far it is" not in status(PICTURE, gathered=False).text


def test_close_now_offers_time_to_cancel_only_where_there_is_some() -> None:
    assert "It closes in an hour. Until then you can cancel." in str(status(None).blocks)
    assert "It closes at once. A closed self-assessment" in str(status(None, close_now_after=0).blocks)


def test_results_are_promised_where_they_are_found_however_they_are_shared() -> None:
    told = messages.closing(Closing(ROUND, enough=True), ROUND.closing_at, ZONE)

    assert told.text == "It closes now. In a moment, /hta-results shows what came out."


def test_the_preview_counts_its_first_section_as_done() -> None:
    finished = next(one for one in preview.previews(HTA, ROUND, ZONE) if "is finished" in one.text)

    assert "About 16 minutes left." in finished.text
