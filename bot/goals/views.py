"""The modals about goals: a new one, and what is asked beside a press."""

from datetime import date, timedelta

from bot.blocks import Block, View, context, field, modal, option, plain, plain_section, section, select
from bot.goals import form
from bot.goals.buttons import DETAILS, DROP, HAND_OVER, MOVE, NEW, NEW_CHANNEL, NOTE, GoalPressed, SetGoal
from bot.goals.messages import on, until
from bot.goals.service import Setting
from instrument.definition import Instrument, Item
from instrument.goals import LONGEST_TEXT, Horizon, Obstacle
from reports.wording import listed
from storage.goals import Goal

TITLE = "New goal"
CANDIDATES = 3
NO_PATIENTS = "Please no patient information: what you type is kept, and shown in the channel."


def new_goal(instrument: Instrument, here: Setting, wanted: SetGoal, coordinator: str, today: date) -> View:
    """The form. It offers first what came out lowest, and says for which dates there is no goal yet."""
    open_dates = {horizon: day for horizon, day in here.dates.items() if day > today}
    dates = [option(f"{one.label}: {until(day, today)}", one.value) for one, day in open_dates.items()]
    free = [one.label for one in here.without_goal if one in open_dates]
    still = f"Still without a goal: {listed(free)}." if free else "There is a goal for each date."
    counted = f"All dates count from {on(here.starts_on)} {here.starts_on.year}."
    groups = _groups(instrument, here)
    preset = _preset(groups, wanted.item)
    offered = {"type": "static_select", "action_id": "chosen", "placeholder": plain("Choose"), "option_groups": groups}
    first = next((one for one in dates if one["value"] in here.without_goal), dates[0])
    return modal(
        TITLE,
        [
            context(f"{still} {counted}"),
            field("Competency", form.ABOUT, offered | ({"initial_option": preset} if preset else {})),
            field(
                "Goal",
                form.WORDS,
                _text(LONGEST_TEXT, multiline=True),
                hint=f"What is different when it is reached? Small and specific is best. {NO_PATIENTS}",
            ),
            field(
                "Measure",
                form.MEASURE,
                _text(form.LONGEST_MEASURE),
                optional=True,
                hint="How will you know? For example: 40 of 50 nurses trained; policy signed.",
            ),
            field("Due in", form.DUE, select("chosen", "Choose a date", dates, first)),
            field(
                "Owner",
                form.OWNER,
                {"type": "users_select", "action_id": "chosen", "initial_user": coordinator},
                optional=True,
                hint="One person who answers for it. They hear from HTA Bot before it is due.",
            ),
        ],
        callback_id=NEW,
        submit="Save",
        close="Cancel",
        metadata=wanted.value,
    )


def saved(goal: Goal, here: Setting, today: date, *, owner_left_empty: bool) -> View:
    """What was saved, a kind hint where it is not specific yet, and the dates that are still empty."""
    words = []
    if goal.measure is None:
        words.append("It has no measure yet. A goal is easier to reach when you can tell that it is reached.")
    if owner_left_empty:
        words.append("You left the owner empty, so it is you for now. Choose Hand over to name somebody.")
    free = [one.label for one in here.without_goal if here.dates[one] > today]
    if free:
        words.append(f"Still without a goal: {listed(free)}. Type /hta-goals in any channel to add one.")
    else:
        words.append("There is a goal for each date that is still to come. /hta-goals shows the plan.")
    first = plain_section(f"Saved: {_quoted(goal)}, due {until(goal.due_on, today)}.")
    return modal(TITLE, [first, *(section(one) for one in words)])


def details(pressed: GoalPressed, goal: Goal, *, is_owner: bool) -> View:
    """After At risk or Blocked, which are saved already: what is in the way, and who could help."""
    private = {
        "type": "checkboxes",
        "action_id": "chosen",
        "options": [option("Show this to the coordinators only", "private")],
    }
    return modal(
        pressed.do.label,
        [
            section(f"Saved: {goal.status.label}. If you like, say more; closing this keeps what you pressed."),
            _obstacle(),
            field("Help needed from", form.HELP, _text(form.LONGEST_HELP), optional=True, hint=NO_PATIENTS),
            _note(),
            *([field("Who sees it", form.PRIVATE, private, optional=True)] if is_owner else []),
        ],
        callback_id=DETAILS,
        submit="Save",
        close="Close",
        metadata=pressed.metadata,
    )


def move(pressed: GoalPressed, goal: Goal, today: date) -> View:
    """A new date; the old one stays in the history."""
    later = max(goal.due_on, today) + timedelta(days=14)
    picker = {"type": "datepicker", "action_id": "chosen", "initial_date": later.isoformat()}
    return modal(
        pressed.do.label,
        [
            plain_section(f"Due {until(goal.due_on, today)}: {goal.words}"),
            field("New date", form.DAY, picker, hint="The old date stays in the history."),
            _obstacle(),
            _note(),
        ],
        callback_id=MOVE,
        submit="Save",
        close="Cancel",
        metadata=pressed.metadata,
    )


def note(pressed: GoalPressed, goal: Goal) -> View:
    return modal(
        pressed.do.label,
        [plain_section(goal.words), _note(optional=False)],
        callback_id=NOTE,
        submit="Save",
        close="Cancel",
        metadata=pressed.metadata,
    )


def hand_over(pressed: GoalPressed, goal: Goal) -> View:
    picker = {"type": "users_select", "action_id": "chosen", "placeholder": plain("Choose a person")}
    return modal(
        pressed.do.label,
        [plain_section(goal.words), field("New owner", form.OWNER, picker)],
        callback_id=HAND_OVER,
        submit="Save",
        close="Cancel",
        metadata=pressed.metadata,
    )


def drop(pressed: GoalPressed, goal: Goal) -> View:
    return modal(
        pressed.do.label,
        [
            section("Drop this goal? Nobody is asked about it any more, and it stays in the plan as dropped."),
            plain_section(_quoted(goal)),
            _note(),
        ],
        callback_id=DROP,
        submit="Drop",
        close="Cancel",
        metadata=pressed.metadata,
    )


def another_channel(metadata: str) -> View:
    picker = {
        "type": "conversations_select",
        "action_id": "chosen",
        "placeholder": plain("Choose a channel"),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return modal(
        "Another channel",
        [field("Channel for check-ins", form.CHANNEL, picker, hint="HTA Bot has to be a member of it.")],
        callback_id=NEW_CHANNEL,
        submit="Save",
        close="Cancel",
        metadata=metadata,
    )


def told(title: str, words: str) -> View:
    """A modal that says one thing."""
    return modal(title, [section(words)])


def _groups(instrument: Instrument, here: Setting) -> list[Block]:
    """What a goal can be about: first what came out lowest, then whole sections, then every item."""
    lowest = _lowest(instrument, here)
    labels = {one.id: one.heading for one in instrument.sections} | {one.id: _item(one) for one in instrument.items}
    ids = [one.id for one in instrument.sections if one.id not in lowest]
    groups = [("Lowest in your results", lowest), ("A whole section", ids)]
    groups += [(one.heading, [item.id for item in one.items if item.id not in lowest]) for one in instrument.sections]
    return [
        {"label": plain(label), "options": [option(_short(labels[one]), one) for one in chosen]}
        for label, chosen in groups
        if chosen
    ]


def _lowest(instrument: Instrument, here: Setting) -> list[str]:
    """The goal candidates: the priorities' three lowest items each, or whole sections where the group is small."""
    found: list[str] = []
    for priority in here.snapshot.priorities:
        found += priority.items[:CANDIDATES] or [priority.section]
    return [one for one in dict.fromkeys(found) if instrument.item(one) or one in {s.id for s in instrument.sections}]


def _preset(groups: list[Block], wanted: str | None) -> Block | None:
    return next((one for group in groups for one in group["options"] if one["value"] == wanted), None)


def _item(item: Item) -> str:
    return f"{item.label} {item.short}"


def _short(words: str) -> str:
    return words if len(words) <= 75 else f"{words[:74]}…"


def _text(longest: int, *, multiline: bool = False) -> Block:
    return {"type": "plain_text_input", "action_id": "typed", "max_length": longest, "multiline": multiline}


def _obstacle() -> Block:
    offered = [option(one.label, one.value) for one in Obstacle]
    return field("What is in the way", form.OBSTACLE, select("chosen", "Choose", offered), optional=True)


def _note(*, optional: bool = True) -> Block:
    return field("Progress in a line", form.NOTE, _text(LONGEST_TEXT), optional=optional, hint=NO_PATIENTS)


def _quoted(goal: Goal) -> str:
    return f"“{goal.words}”"


def has_dates(here: Setting, today: date) -> bool:
    """Whether a date of the plan is still to come."""
    return any(here.dates[one] > today for one in Horizon)
