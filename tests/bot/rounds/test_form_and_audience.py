"""What a coordinator fills in, and whom that asks."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.payloads import Submission, Who
from bot.rounds import form, views
from bot.rounds.audience import Audience, LeftOut, audience, reason_left_out
from bot.rounds.form import Form
from bot.rounds.review import review, started
from bot.slack import Identity
from sandbox.strictness import complaints
from storage.rounds import Source, SourceKind
from storage.terms import Terms

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
WHO = Who("T1", "U1", "T1")
FILLED: dict[str, str | tuple[str, ...] | None] = {
    "channels": ("C1",),
    "people": ("U2",),
    "groups": ("S1",),
    "closes_on": "2026-12-10",
    "results": "C9",
    "minimum": "7",
}


def submitted(**changed: str | tuple[str, ...] | None) -> Submission:
    return Submission(WHO, "V1", "", FILLED | changed)


def test_a_filled_form_is_read_whole() -> None:
    read = form.read(submitted(), ZONE, NOW)

    assert read == Form(
        (Source(SourceKind.CHANNEL, "C1"), Source(SourceKind.GROUP, "S1"), Source(SourceKind.PERSON, "U2")),
        date(2026, 12, 10),
        "C9",
        7,
    )


def test_it_closes_at_nine_in_the_organizations_zone() -> None:
    summer = Form((), date(2026, 7, 1), "C9", 5)
    winter = Form((), date(2026, 12, 10), "C9", 5)

    assert summer.closes_at(ZONE) == datetime(2026, 7, 1, 13, tzinfo=UTC)
    assert winter.closes_at(ZONE) == datetime(2026, 12, 10, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "block", "said"),
    [
        ({"channels": (), "people": (), "groups": ()}, "channels", "at least one"),
        ({"closes_on": None}, "closes_on", "Choose the day"),
        ({"closes_on": "2026-11-24"}, "closes_on", "has passed"),
        ({"closes_on": "0001-01-01"}, "closes_on", "has passed"),
        ({"closes_on": "2027-11-25"}, "closes_on", "within the next twelve months"),
        ({"closes_on": "9999-12-31"}, "closes_on", "within the next twelve months"),
        ({"results": None}, "results", "Choose the channel"),
        ({"minimum": "4"}, "minimum", "5 to 20"),
        ({"minimum": "21"}, "minimum", "5 to 20"),
        ({"minimum": None}, "minimum", "5 to 20"),
        ({"target": "101"}, "target", "from 1 to 100"),
        ({"target": "½"}, "target", "from 1 to 100"),
        ({"staff": "0"}, "staff", "whole number"),
        ({"remind": "hourly"}, "remind", "one of the list"),
        ({"announcement": "javascript:x"}, "announcement", "https://"),
        ({"starts_on": "2026-12-10"}, "starts_on", "before the day"),
        ({"starts_on": "2026-11-23"}, "starts_on", "has passed"),
        ({"starts_on": "2026-11-24"}, "starts_on", "has passed"),
        ({"starts_on": "2027-11-25"}, "starts_on", "within the next twelve months"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(changed: dict[str, Any], block: str, said: str) -> None:
    wrong = form.read(submitted(**changed), ZONE, NOW)

    assert isinstance(wrong, dict)
    assert said in wrong[block]


@pytest.mark.parametrize("day", ["2026-11-25", "2027-11-24"])
def test_it_can_close_from_tomorrow_on_and_a_year_ahead_at_most(day: str) -> None:
    read = form.read(submitted(closes_on=day), ZONE, NOW)

    assert isinstance(read, Form)
    assert read.closes_on == date.fromisoformat(day)


def test_it_can_start_today_while_it_is_not_yet_nine() -> None:
    early = datetime(2026, 11, 24, 13, 59, tzinfo=UTC)

    read = form.read(submitted(starts_on="2026-11-24"), ZONE, early)

    assert isinstance(read, Form)
    assert read.terms.starts_at == datetime(2026, 11, 24, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "starts_at", "said"),
    [
        (date(2026, 12, 1), None, None),
        (None, None, "Choose the day"),
        (date(2026, 11, 24), None, "has passed"),
        (date(2028, 1, 1), None, "within the next twelve months"),
        (date(2026, 12, 1), datetime(2026, 12, 1, 14, tzinfo=UTC), "have not gone out by then"),
        (date(2026, 12, 2), datetime(2026, 12, 1, 14, tzinfo=UTC), None),
        (date(2026, 12, 1), datetime(2026, 11, 24, 14, tzinfo=UTC), None),
    ],
)
def test_a_closing_moves_to_a_day_after_the_start_within_a_year(
    day: date | None, starts_at: datetime | None, said: str | None
) -> None:
    fault = form.moving_fault(day, starts_at, ZONE, NOW)

    assert (fault is None) is (said is None)
    assert said is None or said in (fault or "")


def test_a_review_that_was_left_open_past_its_days_says_so() -> None:
    filled = Form((), date(2026, 12, 10), "C9", 5)
    planned = replace(filled, terms=Terms(starts_at=datetime(2026, 11, 25, 14, tzinfo=UTC)))

    assert form.outdated(filled, ZONE, NOW) is None
    assert form.outdated(filled, ZONE, datetime(2026, 12, 10, 15, tzinfo=UTC)) == form.TOO_EARLY
    assert form.outdated(planned, ZONE, NOW) is None
    assert form.outdated(planned, ZONE, datetime(2026, 11, 25, 14, tzinfo=UTC)) == form.STARTED_MEANWHILE


ids = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=9, max_size=11)
sources = st.builds(Source, st.sampled_from(SourceKind), ids)
terms = st.builds(
    Terms,
    guests_too=st.booleans(),
    after_look=st.booleans(),
    target_percent=st.none() | st.integers(1, 100),
    announcement=st.none() | st.just("https://example.org/" + "x" * (form.LONGEST_ADDRESS - 20)),
    contacts=st.none() | st.just("é" * form.LONGEST_CONTACTS),
    starts_at=st.none() | st.just(NOW),
)
forms = st.builds(
    Form, st.lists(sources, max_size=140).map(tuple), st.dates(), ids, st.integers(5, 20), st.just(4), terms
)
full = Form(
    tuple(Source(SourceKind.PERSON, f"U{number:010d}") for number in range(form.MOST_PEOPLE))
    + tuple(Source(SourceKind.CHANNEL, f"C{number:010d}") for number in range(2 * form.MOST_CHANNELS)),
    NOW.date(),
    "C0123456789",
    20,
    4,
    Terms(True, True, True, 100, form.MOST_STAFF, "https://" + "x" * 192, "é" * form.LONGEST_CONTACTS, NOW),
)


@example(full)
@given(forms)
def test_a_form_travels_with_the_review_within_slacks_limit(filled: Form) -> None:
    packed = filled.packed()

    assert Form.unpacked(packed) == filled
    assert len(packed) <= 3000


def member(**said: Any) -> dict[str, Any]:
    return {"id": "U1", "team_id": "T1"} | said


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (member(), None),
        (member(is_bot=True), LeftOut.BOT),
        (member(id="USLACKBOT"), LeftOut.BOT),
        (member(deleted=True), LeftOut.DEACTIVATED),
        (member(is_restricted=True), LeftOut.GUEST),
        (member(is_restricted=True, is_ultra_restricted=True), LeftOut.GUEST),
        (member(team_id="T2"), LeftOut.STRANGER),
        (member(is_stranger=True), LeftOut.STRANGER),
        (member(team_id="E1"), LeftOut.STRANGER),
    ],
)
def test_bots_deactivated_people_guests_and_strangers_are_not_asked(
    told: dict[str, Any], reason: LeftOut | None
) -> None:
    assert reason_left_out(told, Identity("T1", "UBOT", "B1", "hta")) is reason


def of_enterprise(enterprise_id: str, *teams: str) -> dict[str, Any]:
    return {"id": "W1", "enterprise_id": enterprise_id, "teams": [*teams]}


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (member(enterprise_user=of_enterprise("E1", "T1")), None),
        (member(team_id="T2", enterprise_user=of_enterprise("E1", "T1", "T2")), None),
        (member(team_id="E1", enterprise_user=of_enterprise("E1", "T1")), None),
        (member(team_id="E1"), None),
        ({"id": "W1", "enterprise_user": of_enterprise("E1", "T1")}, None),
        (member(team_id="T7"), None),
        (member(team_id="T2"), LeftOut.STRANGER),
        (member(team_id="T9", enterprise_user=of_enterprise("E9", "T9")), LeftOut.STRANGER),
        (member(enterprise_user=of_enterprise("E9", "T1")), LeftOut.STRANGER),
        (member(is_stranger=True, enterprise_user=of_enterprise("E1", "T1")), LeftOut.STRANGER),
        (member(team_id="T2", is_restricted=True, enterprise_user=of_enterprise("E1", "T1")), LeftOut.GUEST),
    ],
)
def test_on_a_grid_everybody_of_the_organization_is_one_of_us_whichever_team_is_named(
    told: dict[str, Any], reason: LeftOut | None
) -> None:
    us = Identity("T1", "UBOT", "B1", "hta", enterprise_id="E1")

    assert reason_left_out(told, us, teams={"T7"}) is reason


def test_everybody_is_asked_once_and_the_first_source_counts() -> None:
    one, two = Source(SourceKind.CHANNEL, "C1"), Source(SourceKind.GROUP, "S1")
    roster = {"U1": None, "U2": None, "U3": LeftOut.GUEST}

    found = audience(roster, [(one, ["U1", "U3", "UELSEWHERE"]), (two, ["U1", "U2", "U3"])])

    assert found.people == (("U1", "C1"), ("U2", "S1"))
    assert found.left_out == {LeftOut.GUEST: 1, LeftOut.STRANGER: 1}
    assert (found.from_source(one), found.from_source(two)) == (1, 1)


def test_the_review_counts_who_is_asked_and_who_is_left_out() -> None:
    filled = Form((Source(SourceKind.CHANNEL, "C1"), Source(SourceKind.PERSON, "U9")), date(2026, 12, 10), "C9", 5)
    people = (*((f"U{n}", "C1") for n in range(11)), ("U9", "U9"))

    view = review(filled, Audience(people, {LeftOut.GUEST: 1, LeftOut.BOT: 2}), ZONE, NOW)

    said = str(view["blocks"])
    assert "People who work here" not in said
    assert "12 people will be asked:* 11 from <#C1> and 1 chosen by name" in said
    assert "2 bots and 1 guest." in said
    assert "Thursday 10 December, 09:00" in said
    assert view["submit"]["text"] == "Start now"


ASKED = Audience(tuple((f"U{n}", "C1") for n in range(13)), {})
OPTIONAL = Terms(target_percent=50, staff_count=1200, announcement="https://example.org/?a=1&b=2", contacts="Chaplain.")


def test_the_review_shows_all_that_was_filled_in() -> None:
    said = str(review(Form((), date(2026, 12, 10), "C9", 5, terms=OPTIONAL), ASKED, ZONE, NOW)["blocks"])

    assert "*Target:* 50 % of those asked, that is 7 people." in said
    assert "*People who work here:* 1,200." in said
    assert "<https://example.org/?a=1&amp;b=2>" in said
    assert "*Help contacts.* Are they right today?" in said


def test_with_a_start_in_the_future_it_is_scheduled_and_the_years_are_said_where_they_change() -> None:
    terms = Terms(starts_at=datetime(2026, 12, 28, 14, tzinfo=UTC))
    filled = Form((), date(2027, 1, 11), "C9", 5, terms=terms)

    view = review(filled, ASKED, ZONE, NOW)

    assert view["submit"]["text"] == "Schedule"
    assert "*Open until* Monday 11 January 2027, 09:00. Invitations go out on Monday 28 December, 09:00" in str(view)
    assert "The invitations go out on Monday 28 December, 09:00" in str(started(filled, ZONE, NOW))


def test_a_review_that_comes_late_asks_for_a_number_of_staff_that_is_too_small_once_more() -> None:
    filled = Form((), date(2026, 12, 10), "C9", 5, terms=Terms(staff_count=5, target_percent=40))

    view = review(filled, ASKED, ZONE, NOW)
    again = Submission(WHO, "V1", filled.packed(), {"staff": "40"})
    emptied = Submission(WHO, "V1", filled.packed(), {"staff": None})

    assert complaints("modal", view) == []
    assert "You typed 5 for those who work here. 13 people will be asked, so at least that many work here." in str(view)
    assert [block["element"]["min_value"] for block in view["blocks"] if block["type"] == "input"] == ["13"]
    assert form.corrected(filled, again) == replace(filled, terms=Terms(staff_count=40, target_percent=40))
    assert form.corrected(filled, emptied) == replace(filled, terms=Terms(target_percent=40))
    assert form.corrected(filled, Submission(WHO, "V1", filled.packed())) == filled
    assert form.corrected(filled, Submission(WHO, "V1", "", {"staff": "none"})) == {"staff": form.NO_NUMBER_OF_STAFF}


def test_too_few_people_are_refused_with_the_number_that_is_needed() -> None:
    assert "9 people could be asked. With a smallest group of 5 at least 10 are needed" in views.too_few(9, 5, {})
