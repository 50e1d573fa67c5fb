"""The form "Start a self-assessment", and the review that it leads to."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.blocks import View, context, field, modal, option, plain, section, select
from bot.rounds import form as fields
from bot.rounds.audience import Audience, LeftOut
from bot.rounds.buttons import FORM, REVIEW
from bot.rounds.form import Form
from bot.wording import channel, listed, mention, people, when
from storage.rounds import Source, SourceKind

TITLE = "Start a self-assessment"
TWO_WEEKS = timedelta(days=14)


def start_form(groups: Sequence[tuple[str, str]], now: datetime, zone: ZoneInfo) -> View:
    """The form. `groups` are the workspace's user groups as (id, handle); without any, the field is left out."""
    channels = {"include": ["public", "private"], "exclude_bot_users": True}
    minimums = [option(str(one), str(one)) for one in fields.MINIMUMS]
    never = option("Never", "never")
    at_closing = option("At closing", "at_closing")
    return modal(
        TITLE,
        [
            field(
                "Who should answer",
                fields.CHANNELS,
                {
                    "type": "multi_conversations_select",
                    "action_id": "chosen",
                    "placeholder": plain("Choose channels"),
                    "filter": channels,
                    "max_selected_items": fields.MOST_CHANNELS,
                },
                optional=True,
                hint="Everyone in these channels is asked, each person once. Bots and guests are left out.",
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
            field(
                "Closes on",
                fields.CLOSES_ON,
                {
                    "type": "datepicker",
                    "action_id": "chosen",
                    "initial_date": (now.astimezone(zone) + TWO_WEEKS).date().isoformat(),
                },
                hint=f"At 09:00, {zone.key}. Then the results are made and the key to whose answers are whose is destroyed.",
            ),
            field(
                "Results channel",
                fields.RESULTS,
                {
                    "type": "conversations_select",
                    "action_id": "chosen",
                    "placeholder": plain("Choose a channel"),
                    "filter": channels,
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
                select("chosen", "Choose", [never], never),
                hint="This version sends no reminders.",
            ),
            field(
                "Share results",
                fields.SHARE,
                select("chosen", "Choose", [at_closing], at_closing),
                hint="The results channel gets them as soon as it closes.",
            ),
        ],
        callback_id=FORM,
        submit="Start",
        close="Cancel",
    )


def counting() -> View:
    return modal(
        TITLE,
        [section("Counting the people. This can take a few minutes in a large workspace; this window updates itself.")],
    )


def review(form: Form, audience: Audience, zone: ZoneInfo) -> View:
    """What is about to happen, before it does."""
    count = len(audience.people)
    sources = [
        (source, audience.from_source(source)) for source in form.sources if source.kind is not SourceKind.PERSON
    ]
    one_by_one = count - sum(number for _, number in sources)
    parts = [f"{number:,} from {source_name(source)}" for source, number in sources]
    parts += [f"{one_by_one:,} chosen by name"] if one_by_one else []
    return modal(
        TITLE,
        [
            section(f"*{people(count)} will be asked:* {listed(parts)}."),
            *([section(f"*Left out:* {left_out(audience.left_out)}.")] if audience.left_out else []),
            section(f"*Open until* {when(form.closes_at(zone), zone)}."),
            section(
                f"*Results* go to {channel(form.results_channel)} at closing, in groups of {form.minimum} or more people."
            ),
            context(
                "Each person gets one direct message that names you as the one who asks. While it is open nobody sees "
                "results, you neither. The message names 911, 988, the National Human Trafficking Hotline and your own "
                "protocol: please make sure that people know your protocol."
            ),
        ],
        callback_id=REVIEW,
        submit="Start now",
        close="Cancel",
        metadata=form.packed(),
    )


def started(form: Form, zone: ZoneInfo) -> View:
    return modal(
        TITLE,
        [
            section("*It has started.* The invitations go out now, by direct message."),
            section(
                f"It is open until {when(form.closes_at(zone), zone)}. Type /hta-round to see how it stands or to close it."
            ),
        ],
    )


def problem(words: str) -> View:
    return modal(TITLE, [section(words)])


def too_few(count: int, minimum: int, left: Mapping[LeftOut, int]) -> str:
    """Why an audience under twice the smallest group is refused."""
    without = f" Left out: {left_out(left)}." if left else ""
    return (
        f"{people(count)} could be asked. With a smallest group of {minimum} at least {2 * minimum} are needed, or single "
        f"answers could be guessed.{without} Choose more people."
    )


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
