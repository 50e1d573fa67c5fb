"""Who coordinates, as Home shows it, and what is said when somebody is appointed or removed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bot.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    confirm,
    context,
    field,
    header,
    modal,
    paragraph,
    plain,
    section,
)
from bot.insiders import is_insider
from bot.rounds.audience import LeftOut, reason_left_out
from bot.slack import Identity
from bot.wording import mention
from reports.wording import day
from storage.coordinators import Appointment

ADD, REMOVE, APPOINT, PERSON = "home.v1.add", "home.v1.remove", "home.appoint.v1", "person"
ONE_IS_FEW = "With only one coordinator, nobody can close a self-assessment or show its results while that one is away."

ADMIN = (
    "You administer this workspace, so you can add a coordinator. Being an admin opens no results. Whoever is added is told "
    "by whom, and so are all coordinators."
)

_WHY_NOT = {
    LeftOut.BOT: "This is a bot. Choose a person.",
    LeftOut.DEACTIVATED: "This account is deactivated. Choose somebody who works here now.",
    LeftOut.GUEST: "Guests can't be coordinators. Choose a full member of this workspace.",
    LeftOut.STRANGER: "This person belongs to another organization. Choose somebody of this workspace.",
}


def too_few(count: int) -> str | None:
    """Why a second coordinator is asked for; None where there are two."""
    return f"{ONE_IS_FEW} Please add a second one." if count < 2 else None


def coordination(
    named: Sequence[str], appointed: Sequence[Appointment], zone: ZoneInfo, *, for_admin: bool = False
) -> list[Block]:
    """The section of Home for those who may appoint. `named` are set on the server, and stay until they are changed there.

    Admins of the workspace may add, and not remove.
    """
    by_setting = [section(f"{mention(one)}, set on the server") for one in named]
    by_people = [
        section(
            f"{mention(one.person_id)}, appointed by {mention(one.appointed_by)} on {day(one.appointed_at, zone)}",
            None if for_admin else button("Remove", REMOVE, f"1:{one.person_id}", confirm=_SURE),
        )
        for one in appointed
        if one.person_id not in named
    ]
    few = too_few(len(by_setting) + len(by_people))
    return [
        header("Coordinators"),
        *by_setting,
        *by_people[: 90 - len(by_setting)],
        *([context(few)] if few else []),
        *([context(ADMIN)] if for_admin else []),
        actions(button("Add a coordinator", ADD, "1")),
    ]


_SURE = confirm(
    "Remove?", "They can't start, close or see results any more. All coordinators are told.", "Remove", "Keep"
)


def form() -> View:
    who = {"type": "users_select", "action_id": PERSON, "placeholder": plain("Choose a person")}
    return modal(
        "Add a coordinator",
        [
            section("A coordinator starts and closes self-assessments, and sees the results of groups after closing."),
            field("Coordinator", PERSON, who),
        ],
        callback_id=APPOINT,
        submit="Add",
        close="Cancel",
    )


def why_not(member: Mapping[str, Any], us: Identity, teams: Iterable[str] = ()) -> str | None:
    """Why somebody can't be a coordinator, or None. `member` is what Slack knows of them."""
    if not is_insider(member, us, teams):
        return _WHY_NOT[LeftOut.STRANGER]
    reason = reason_left_out(member, us, teams)
    return _WHY_NOT[reason] if reason else None


def is_admin(member: Mapping[str, Any], us: Identity, teams: Iterable[str] = ()) -> bool:
    """Whether they administer this workspace."""
    able = bool(member.get("is_admin") or member.get("is_owner"))
    return able and why_not(member, us, teams) is None


NOT_TOLD = "Slack does not tell us about this person just now. Try again, or choose somebody else."
NOT_TOLD_OF_YOU = "Slack didn't say in time whether you administer this workspace. Please press again in a minute."
ALREADY = "This person is a coordinator already."


def to_the_appointed(by: str) -> Message:
    return paragraph(
        f"{mention(by)} appointed you coordinator of the self-assessment. Type in any channel: /hta-round to start and close one, "
        "/hta-results to see what came out: results of groups, never a person. Everyone who was asked can see that you "
        "opened them. If you don't want this, press Remove on the Home tab of HTA Bot, or ask them to."
    )


def appointed(by: str, person_id: str) -> Message:
    return paragraph(f"{mention(by)} appointed {mention(person_id)} coordinator.")


def removed(by: str, person_id: str) -> Message:
    return paragraph(f"{mention(by)} removed {mention(person_id)} as coordinator.")
