"""The form "Start a self-assessment", and the other windows about a self-assessment."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from bot.blocks import Block, View, field, modal, option, plain, section, select
from bot.rounds import form as fields
from bot.rounds.audience import Audience, LeftOut
from bot.rounds.buttons import FORM, MORE, MOVE, Do, RoundPressed
from bot.wording import channel, mention
from instrument.disclosure import MINIMUMS
from reports.wording import listed, people, spelled, when
from storage.rounds import Round, Source, SourceKind
from storage.terms import MOST_REMINDERS

TITLE = "Start a self-assessment"
MOVE_TITLE = "Move closing date"
MORE_TITLE = "Invite more people"
TWO_WEEKS = timedelta(days=14)
INVITED_A_MINUTE = 60
CHANNELS = {"include": ["public", "private"], "exclude_bot_users": True}


def start_form(groups: Sequence[tuple[str, str]], now: datetime, zone: ZoneInfo) -> View:
    """The form. `groups` are the workspace's user groups as (id, handle); without any, the field is left out."""
    minimums = [option(str(one), str(one)) for one in MINIMUMS]
    never = option("Never", fields.NEVER)
    cadences = [option(f"Every {days} days", str(days)) for days in fields.CADENCES]
    at_closing = option("At closing", fields.AT_CLOSING)
    after_look = option("After I have looked", fields.AFTER_LOOK)
    also = [
        option("Guests of this workspace", fields.GUESTS),
        option("People who join these channels while it is open", fields.JOINERS),
    ]
    return modal(
        TITLE,
        [
            *audience_fields(groups),
            field(
                "Closes on",
                fields.CLOSES_ON,
                {
                    "type": "datepicker",
                    "action_id": "chosen",
                    "initial_date": (now.astimezone(zone) + TWO_WEEKS).date().isoformat(),
                },
                hint=(
                    f"At 09:00, {zone.key}, within twelve months. Then results are made, and the link from people to answers is "
                    "destroyed."
                ),
            ),
            field(
                "Results channel",
                fields.RESULTS,
                {
                    "type": "conversations_select",
                    "action_id": "chosen",
                    "placeholder": plain("Choose a channel"),
                    "filter": CHANNELS,
                },
                hint="HTA Bot has to be a member of it.",
            ),
            field(
                "Smallest group shown",
                fields.MINIMUM,
                select("chosen", "Choose a number", minimums, minimums[0]),
                hint="5 is the least. 10 is the strict choice. Groups below it are never shown.",
            ),
            field(
                "Remind",
                fields.REMIND,
                select("chosen", "Choose", [never, *cadences], cadences[fields.CADENCES.index(fields.USUAL_CADENCE)]),
                hint=(
                    f"The bot writes to those who have not finished: at most {spelled(MOST_REMINDERS)} times, by day, "
                    "the last time on the "
                    "day before closing. Nobody else learns who they are."
                ),
            ),
            field(
                "Share results",
                fields.SHARE,
                select("chosen", "Choose", [at_closing, after_look], at_closing),
                hint=(
                    "They go to the results channel and to everyone asked who did not say no. After you have looked: when you "
                    "press Share, else by themselves after 5 working days."
                ),
            ),
            field(
                "Also ask",
                fields.ALSO,
                {"type": "checkboxes", "action_id": "chosen", "options": also},
                optional=True,
                hint="Guests are often agency staff.",
            ),
            field(
                "Start on",
                fields.STARTS_ON,
                {"type": "datepicker", "action_id": "chosen", "placeholder": plain("At once")},
                optional=True,
                hint="Invitations go out at 09:00 on this day; left empty, as soon as you press Start now.",
            ),
            field(
                "Link to your announcement",
                fields.ANNOUNCEMENT,
                {"type": "plain_text_input", "action_id": "typed", "max_length": fields.LONGEST_ADDRESS},
                optional=True,
                hint="The invitation links to it: people answer more readily when leaders have said why.",
            ),
            field(
                "Help contacts here",
                fields.CONTACTS,
                {"type": "plain_text_input", "action_id": "typed", "max_length": fields.LONGEST_CONTACTS},
                optional=True,
                hint="For people whom this touches, for example your employee assistance program. Check them today.",
            ),
            field(
                "How many people work here?",
                fields.STAFF,
                {"type": "number_input", "action_id": "chosen", "is_decimal_allowed": False, "min_value": "1"},
                optional=True,
                hint="Results then say of how many. Count those without Slack, too; they are not asked.",
            ),
            field(
                "Target, in percent of those asked",
                fields.TARGET,
                {
                    "type": "number_input",
                    "action_id": "chosen",
                    "is_decimal_allowed": False,
                    "min_value": "1",
                    "max_value": "100",
                },
                optional=True,
                hint="How many of them you would like to finish. /hta-round shows it beside what is reached.",
            ),
        ],
        callback_id=FORM,
        submit="Start",
        close="Cancel",
    )


def audience_fields(groups: Sequence[tuple[str, str]]) -> list[Block]:
    """Whom to ask. Each field may stay empty, but not all of them."""
    return [
        field(
            "Who should answer",
            fields.CHANNELS,
            {
                "type": "multi_conversations_select",
                "action_id": "chosen",
                "placeholder": plain("Choose channels"),
                "filter": CHANNELS,
                "max_selected_items": fields.MOST_CHANNELS,
            },
            optional=True,
            hint="Everyone in these channels is asked, each person once. Bots are left out.",
        ),
        field(
            "People",
            fields.PEOPLE,
            {
                "type": "multi_users_select",
                "action_id": "chosen",
                "placeholder": plain("Choose people"),
                "max_selected_items": fields.MOST_PEOPLE,
            },
            optional=True,
        ),
        *(
            [
                field(
                    "User groups",
                    fields.GROUPS,
                    {
                        "type": "multi_static_select",
                        "action_id": "chosen",
                        "placeholder": plain("Choose user groups"),
                        "options": [option(f"@{handle}"[:75], group_id) for group_id, handle in groups[:100]],
                        "max_selected_items": fields.MOST_CHANNELS,
                    },
                    optional=True,
                )
            ]
            if groups
            else []
        ),
    ]


def counting(title: str = TITLE) -> View:
    return modal(
        title,
        [section("Counting the people. This can take a few minutes in a large workspace; this window updates itself.")],
    )


def move_closing(round_: Round, zone: ZoneInfo) -> View:
    """Another day for the closing."""
    return modal(
        MOVE_TITLE,
        [
            section(
                f"It closes on {when(round_.closes_at, zone, round_.opened_at)}. Messages that go out from now on say the new day."
            ),
            field(
                "Closes on",
                fields.CLOSES_ON,
                {
                    "type": "datepicker",
                    "action_id": "chosen",
                    "initial_date": round_.closes_at.astimezone(zone).date().isoformat(),
                },
                hint=f"At 09:00, {zone.key}, within twelve months.",
            ),
        ],
        callback_id=MOVE,
        submit="Move",
        close="Cancel",
        metadata=RoundPressed(Do.MOVE, round_.id).value,
    )


def invite_more(round_: Round, groups: Sequence[tuple[str, str]]) -> View:
    """More channels, people and user groups for an open round."""
    return modal(
        MORE_TITLE,
        [
            section("Who was asked already is not asked again."),
            *audience_fields(groups),
        ],
        callback_id=MORE,
        submit="Invite",
        close="Cancel",
        metadata=RoundPressed(Do.MORE, round_.id).value,
    )


def done(title: str, words: str) -> View:
    return modal(title, [section(words)])


def problem(words: str) -> View:
    return modal(TITLE, [section(words)])


def too_few(count: int, minimum: int, left: Mapping[LeftOut, int]) -> str:
    """Why an audience under twice the smallest group is refused."""
    without = f" Left out: {left_out(left)}." if left else ""
    return (
        f"{people(count)} could be asked. With a smallest group of {minimum} at least {2 * minimum} are needed, or single "
        f"answers could be guessed.{without} Choose more people."
    )


def more_than_staff(asked: int) -> str:
    """Why a number of staff below that of those asked is refused."""
    return f"{people(asked)} will be asked, so at least that many work here. Correct the number, or leave it empty."


def unreadable(source: Source, error: str) -> str:
    """Why Slack won't say who is in a channel or group, and the way out."""
    if error == "missing_scope" and source.kind is SourceKind.GROUP:
        return "This app may not read user groups. Whoever installed it can add the scope usergroups:read."
    if error in ("missing_scope", "channel_not_found", "not_in_channel"):
        return (
            "HTA Bot can't see who is in one of these channels. For a private channel it needs the scope groups:read and "
            "has to be invited to it. Or choose another channel."
        )
    return f"Slack did not say who is in one of these ({error}). Try again in a minute, or choose others."


def counted(audience: Audience, sources: Iterable[Source]) -> str:
    """ "1,180 from #all-staff and 34 from @night-shift"."""
    from_sources = [(one, audience.from_source(one)) for one in sources if one.kind is not SourceKind.PERSON]
    one_by_one = len(audience.people) - sum(number for _, number in from_sources)
    # Each person counts once, so that a group inside a channel brings nobody else.
    parts = [f"{number:,}" if number else "nobody else" for _, number in from_sources]
    parts = [f"{part} from {source_name(source)}" for part, (source, _) in zip(parts, from_sources, strict=True)]
    return listed(parts + ([f"{one_by_one:,} chosen by name"] if one_by_one else []))


def inviting(count: int) -> str:
    """How long it takes to invite so many: Slack lets us write about one message a second."""
    minutes = ceil(count / INVITED_A_MINUTE)
    if minutes <= 1:
        return "about a minute"
    return f"about {minutes} minutes" if minutes < 90 else f"about {round(minutes / 60)} hours"


def source_name(source: Source) -> str:
    match source.kind:
        case SourceKind.CHANNEL:
            return channel(source.slack_id)
        case SourceKind.GROUP:
            return f"<!subteam^{source.slack_id}>"
        case SourceKind.PERSON:
            return mention(source.slack_id)


def left_out(reasons: Mapping[LeftOut, int]) -> str:
    return listed(reason.counted(number) for reason, number in sorted(reasons.items()))
