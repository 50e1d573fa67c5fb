"""What is said about goals: within Slack's limits at its longest, escaped, and the same for eyes and ears."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.blocks import Block, Message
from bot.goals import digest, form, grown, handing, messages, plan, retake, story, views
from bot.goals.asking import Asked, Line
from bot.goals.buttons import Do, GoalPressed, Kind, SetGoal, Surface, Telling
from bot.goals.calendar import A_MESSAGE, Moment
from bot.goals.service import Setting
from bot.payloads import Press, Submission, Unreadable, Who
from instrument.collation import Answers, collate
from instrument.definition import builtin
from instrument.goals import Horizon, Obstacle, Status
from instrument.growth import growth
from sandbox.strictness import complaints
from storage.goals import Details, Event, Goal, Plan, Story
from storage.rounds import Round

NEW_YORK = ZoneInfo("America/New_York")
DAY, TODAY = date(2027, 4, 8), date(2027, 3, 29)
DAYS = timedelta(days=1)
AT = datetime(2027, 4, 8, 15, tzinfo=UTC)
ROUND = Round(1, "T1", "2021-09", "U1", "C9", 5, None, AT, AT, None, AT, AT, "key", None)
NASTY = "<!channel> & <@U9>"
OWNER, OTHER = "U0123456OWN", "U0123456OTH"
GOAL = Goal(7, 1, Horizon.YEAR_1, "c4", "c4_01", ("w" * 280) + NASTY, "m" * 150, OWNER, DAY, Status.AT_RISK, "U1", AT)
EVENT = Event(
    5,
    7,
    OTHER,
    AT,
    Status.ON_TRACK,
    Status.AT_RISK,
    DAY,
    DAY,
    OWNER,
    OWNER,
    Details(Obstacle.LEADERSHIP, "h" * 150, "n" * 282 + NASTY),
    None,
)
INSTRUMENT = builtin()
ABOUT = "4.1 " + "a" * 64
MOMENT = Moment(AT, NEW_YORK, frozenset())
SURFACE = Surface(Kind.CHECK_IN, DAY, 2)


def asked(kind: Kind = Kind.CHECK_IN, many: int = A_MESSAGE) -> Asked:
    lines = [Line(replace(GOAL, id=100_000 + number), ABOUT, number < many // 2, EVENT) for number in range(many)]
    return Asked(replace(SURFACE, kind=kind), "C9", tuple(lines), 3, NEW_YORK, left_out=12)


def setting(people: int = 12) -> Setting:
    strip = "".join("0" if item.id.startswith(("c2", "c3")) else "2" for item in INSTRUMENT.items)
    snapshot = collate(INSTRUMENT, [Answers("nursing", strip)] * people, asked=14, minimum=5)
    goals = (replace(GOAL, plan_id=1, horizon=Horizon.MONTH_1),)
    return Setting(ROUND, snapshot, Plan(1, "T1", 1, TODAY, "C9", "U1"), goals, TODAY, ())


def shown(many: int) -> plan.Shown:
    goals = [plan.Planned(replace(GOAL, id=number), ABOUT, EVENT) for number in range(many)]
    goals += [plan.Planned(replace(GOAL, id=900 + number, status=Status.DROPPED), ABOUT, EVENT) for number in range(20)]
    return plan.Shown(setting(), tuple(goals), DAY, NEW_YORK)


GROWN = grown.Beside(
    growth(INSTRUMENT, setting().snapshot, setting().snapshot),
    tuple(replace(GOAL, section=one.id, status=status) for one in INSTRUMENT.sections for status in Status),
    earlier_round=1,
)
DRAFT = story.Draft(
    Telling(1, Horizon.MONTH_1),
    Plan(1, "T1", 1, TODAY, "C9", "U1"),
    ROUND,
    setting().snapshot,
    tuple(replace(GOAL, id=number, status=list(Status)[number % 6]) for number in range(60)),
    None,
)
SAID: dict[str, Message] = {
    "check-in": messages.check_in(asked(), late=True),
    "heads-up": messages.heads_up(asked(Kind.HEADS_UP), late=True),
    "follow-up": messages.follow_up(asked(Kind.FOLLOW_UP), late=True),
    "yours": handing.message([handing.Handed(GOAL, ABOUT, "U1", "Due " + 200 * "x")]),
    "many that are yours": handing.message([handing.Handed(GOAL, ABOUT, f"U{by}", "x" * 200) for by in range(30)]),
    "history": messages.said(GOAL, EVENT, NEW_YORK),
    "undone": messages.said(GOAL, replace(EVENT, undone_by="U2"), NEW_YORK),
    "plan": plan.plan(INSTRUMENT, shown(25), 1),
    "plan after a retake": plan.plan(INSTRUMENT, replace(shown(25), grown=GROWN), 0),
    "empty plan": plan.plan(INSTRUMENT, plan.Shown(replace(setting(), plan=None, goals=()), (), TODAY, NEW_YORK), 0),
    "digest": digest.message(
        digest.Digest(DAY, tuple(replace(GOAL, id=n, due_on=DAY + (n - 20) * DAYS) for n in range(40)), 40, None),
        ["*How far it is*: 12 started."],
        late=True,
    ),
    "retake": retake.message(retake.Offer(ROUND, all_closed=True, is_early=True), NEW_YORK),
    "draft": story.to_coordinator(DRAFT, story.drafted(INSTRUMENT, DRAFT, MOMENT)),
    "story": story.message(Story("&" * 2_500, "U1"), 1, to_all=True),
    "stuck channel": messages.stuck("C9", 1),
    "stuck owner": messages.stuck("U2", None),
}
PRESSED = GoalPressed(Do.BLOCKED, 7, SURFACE, 5, ("C9", "1.2"))
SHOWN: dict[str, Any] = {
    "new goal": views.new_goal(INSTRUMENT, setting(), SetGoal(1, "c2_03"), "U1", TODAY),
    "new goal, small": views.new_goal(INSTRUMENT, setting(6), SetGoal(1), "U1", TODAY),
    "saved": views.saved(GOAL, setting(), TODAY, owner_left_empty=True),
    "details": views.details(PRESSED, GOAL, is_owner=True),
    "move": views.move(PRESSED, GOAL, TODAY),
    "note": views.note(PRESSED, GOAL),
    "hand over": views.hand_over(PRESSED, GOAL),
    "drop": views.drop(PRESSED, GOAL),
    "tell": story.form(DRAFT.telling, "x" * 2_500, ("D01MARISOL", "1795562591.000006")),
    "another channel": views.another_channel("1:1"),
}


@pytest.mark.parametrize("name", SAID)
def test_slack_would_show_the_longest_of_each_message(name: str) -> None:
    message = SAID[name]

    assert complaints("message", {"text": message.text, "blocks": list(message.blocks)}) == []
    assert len(message.text) <= 4_000


@pytest.mark.parametrize("name", SHOWN)
def test_slack_would_show_each_modal(name: str) -> None:
    assert complaints("modal", SHOWN[name]) == []


def test_a_goal_of_signs_that_take_more_room_is_cut_and_slack_shows_it() -> None:
    nasty = replace(GOAL, words="<" * 300, measure="&" * 150)
    details = replace(EVENT, details=Details(Obstacle.OTHER, ">" * 150, "&" * 300))
    lines = tuple(Line(nasty, ABOUT, number > 1, details) for number in range(A_MESSAGE))

    said = messages.check_in(replace(asked(), lines=lines), late=False)

    assert complaints("message", {"text": said.text, "blocks": list(said.blocks)}) == []
    typed = [block["text"]["text"] for block in said.blocks if block["type"] == "section"]
    assert f"{'<' * 300}\nMeasure: {'&' * 79}…" in typed
    assert f"{'&lt;' * 74}…" in said.text
    assert messages.short("a short one", 20) == "a short one"


def test_an_overview_says_that_it_is_late_only_where_it_is() -> None:
    shown_then = digest.Digest(DAY, (GOAL,), 1, None)

    late, in_time = (digest.message(shown_then, [], late=is_late) for is_late in (True, False))

    assert "This overview was due on" in late.text
    assert any("It comes late" in str(block) for block in late.blocks)
    assert "late" not in in_time.text


def rendered(blocks: Iterable[Block]) -> str:
    """All in them that Slack reads as mrkdwn."""
    found: list[str] = []

    def look(part: object) -> None:
        if isinstance(part, dict):
            found.extend([part["text"]] if part.get("type") == "mrkdwn" else [])
            part = list(part.values())
        if isinstance(part, list | tuple):
            for one in part:
                look(one)

    look(list(blocks))
    return "\n".join(found)


def test_nothing_that_was_typed_can_mention_anybody() -> None:
    for message in SAID.values():
        assert "<!channel>" not in message.text + rendered(message.blocks)
        assert "<@U9>" not in message.text + rendered(message.blocks)


MARKED = "> *bold* _lean_ ~gone~ `code` https://example.org <@U9> :tada:"


def test_what_was_typed_is_shown_as_it_was_typed_and_never_rendered() -> None:
    goal = replace(GOAL, words=MARKED, measure=MARKED)
    event = replace(EVENT, details=Details(Obstacle.OTHER, MARKED[:40], MARKED[:50]))
    line = Line(goal, "2 Risk", True, event)
    setting_ = replace(setting(), goals=(goal,))
    typed: dict[str, Sequence[Block]] = {
        "check-in": messages.check_in(replace(asked(), lines=(line,)), late=False).blocks,
        "follow-up": messages.follow_up(replace(asked(), lines=(line,)), late=False).blocks,
        "history": messages.said(goal, event, NEW_YORK).blocks,
        "undone": messages.said(goal, replace(event, undone_by="U2"), NEW_YORK).blocks,
        "yours": handing.message([handing.Handed(goal, "2 Risk", "U1", "Due today.")]).blocks,
        "plan": plan.plan(
            INSTRUMENT, plan.Shown(setting_, (plan.Planned(goal, "2 Risk", event),), DAY, NEW_YORK), 0
        ).blocks,
        "digest": digest.message(digest.Digest(DAY, (goal,), 1, None), [], late=False).blocks,
        "story": story.message(Story(MARKED, "U1"), 1, to_all=True).blocks,
        "draft": story.to_coordinator(DRAFT, MARKED).blocks,
        "saved": views.saved(goal, setting_, TODAY, owner_left_empty=False)["blocks"],
        "move": views.move(PRESSED, goal, TODAY)["blocks"],
        "note": views.note(PRESSED, goal)["blocks"],
        "hand over": views.hand_over(PRESSED, goal)["blocks"],
        "drop": views.drop(PRESSED, goal)["blocks"],
    }

    assert "*bold*" in digest.message(digest.Digest(DAY, (goal,), 1, None), [], late=False).text
    for name, blocks in typed.items():
        assert MARKED in str(blocks), name
        assert "bold" not in rendered(blocks), name
    assert f"Help needed from: {MARKED[:40]}. “{MARKED[:50]}”" in str(typed["check-in"])


def test_the_first_hundred_characters_are_neutral_about_the_topic() -> None:
    for name in ("check-in", "heads-up", "follow-up", "plan", "digest", "story", "yours"):
        assert not [word for word in ("www", "Patient", "traffick", "risk") if word in SAID[name].text[:100]], name


def test_the_buttons_of_every_goal_stand_in_the_same_order() -> None:
    shown = [messages.check_in(asked(many=2), late=False), messages.heads_up(asked(Kind.HEADS_UP, many=2), late=False)]

    for message in shown:
        due, longer = (
            [element["text"]["text"] for element in block["elements"]]
            for block in message.blocks
            if block["type"] == "actions"
        )
        assert due == longer == ["On track", "At risk", "Blocked", "Done", "Move date", "Add note", "Undo"]


def test_a_message_to_an_owner_says_how_many_goals_have_no_room_in_it() -> None:
    assert "And 12 more: check-ins in the channel have all of them." in SAID["follow-up"].text
    assert "And 12 more" in str(SAID["follow-up"].blocks)
    assert "And 25 more" in str(SAID["many that are yours"].blocks)
    assert "more:" not in messages.heads_up(replace(asked(Kind.HEADS_UP), left_out=0), late=False).text


def test_a_date_that_has_passed_is_not_promised_and_another_year_is_named() -> None:
    days = {"late": DAY - DAYS, "today": DAY, "later": date(2027, 12, 4), "next": date(2028, 1, 5)}
    goals = tuple(replace(GOAL, words=words, status=Status.ON_TRACK, due_on=due) for words, due in days.items())

    said = story.drafted(INSTRUMENT, replace(DRAFT, goals=goals), MOMENT)

    assert (
        "We are working on: “late” (running later than planned); “today” (by Thu 8 April); “later” (by Sat 4 December); "
        "“next” (by Wed 5 January 2028)." in said
    )


def test_what_was_said_names_the_year_where_it_is_another() -> None:
    next_year = date(2028, 1, 3)
    moved = replace(EVENT, due_on=next_year, undone_by="U2")

    assert "Thu 8 April 2027, 11:00" in messages.answered(EVENT, NEW_YORK, next_year)
    assert "Thu 8 April, 11:00" in messages.answered(EVENT, NEW_YORK, DAY)
    said = messages.said(replace(GOAL, due_on=next_year), moved, NEW_YORK).text
    assert "moved from Thu 8 April to Mon 3 January 2028. It is at risk, due Mon 3 January 2028" in said


@pytest.mark.parametrize("day", ["2027-02-30", "soon", "2027-04-08", "2035-01-01", None])
def test_a_day_that_is_none_or_cannot_be_is_refused_beside_its_field(day: str | None) -> None:
    submitted = Submission(Who("T1", "U1", "T1"), "V1", "", {form.DAY: day})

    assert isinstance(form.read_day(submitted, DAY), dict)


def test_small_groups_are_offered_whole_sections_and_larger_ones_items() -> None:
    offered = {
        name: [option["value"] for option in SHOWN[name]["blocks"][1]["element"]["option_groups"][0]["options"]]
        for name in ("new goal", "new goal, small")
    }

    assert offered["new goal"] == ["c2_01", "c2_02", "c2_03", "c3_01", "c3_02", "c3_03"]
    assert offered["new goal, small"] == ["c2", "c3"]
    assert SHOWN["new goal"]["blocks"][1]["element"]["initial_option"]["value"] == "c2_03"


def test_dates_that_have_passed_are_not_offered() -> None:
    view = views.new_goal(INSTRUMENT, setting(), SetGoal(1), "U1", date(2027, 4, 29))

    due = next(block for block in view["blocks"] if block.get("block_id") == form.DUE)
    assert [option["text"]["text"] for option in due["element"]["options"]] == [
        "3 months: Tue 29 June",
        "6 months: Wed 29 September",
        "1 year: Wed 29 March 2028",
    ]
    assert views.has_dates(setting(), date(2028, 3, 28))
    assert not views.has_dates(setting(), date(2028, 3, 29))


def press(action_id: str, value: str) -> Press:
    return Press(Who("T1", "U1", "T1"), action_id, value, "", None, "C9", "1.2", None)


@pytest.mark.parametrize("do", Do)
def test_what_is_packed_is_read_again(do: Do) -> None:
    pressed = GoalPressed(do, 7, SURFACE, 0, ("C9", "1.2"))

    assert GoalPressed.read(press(do.action_id, pressed.value)) == pressed
    assert GoalPressed.read(press("goals.v1.more", pressed.choice)) == pressed
    assert GoalPressed.carried(Submission(Who("T1", "U1", "T1"), "V1", pressed.metadata)) == pressed


@pytest.mark.parametrize(
    "value", ["", "2:7:20270408:c0", "1:7:20271308:c0", "1:x:20270408:c0", "1:7:20270408:z0", "1:7:20270408", "1:7"]
)
def test_what_we_never_packed_is_read_as_nothing(value: str) -> None:
    assert GoalPressed.read(press(Do.DONE.action_id, value)) is None
    with pytest.raises(Unreadable):
        GoalPressed.carried(Submission(Who("T1", "U1", "T1"), "V1", f"{value}:done:0:C9:1:"))


def test_a_goal_can_be_asked_for_about_an_item_or_nothing() -> None:
    assert [SetGoal.read(one.value) for one in (SetGoal(3), SetGoal(3, "c2_03"))] == [SetGoal(3), SetGoal(3, "c2_03")]
    assert [SetGoal.read(one) for one in (None, "", "2:3", "1:3:<x>", "1:3:a:b")] == [None] * 5
