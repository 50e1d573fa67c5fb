"""The casts of the pretend workspace: a hospital, the same on an Enterprise Grid, and a crowd.

A dozen fictional people, and the few who need care: a bot, a guest, somebody who left, a partner of another organization.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

TEAM_ID = "T0HOSPITAL"
OTHER_TEAM_ID = "T0ELSEWHERE"
SISTER_TEAM_ID = "T0CLINICS"
"""The other workspace of our organization, where there is one."""
ENTERPRISE_ID = "E0RIVERSIDE"
BOT_ID = "U0HTABOT"
APP_ID = "A0HTABOT"
BOT_APP_ID = "B0HTABOT"


class Home(StrEnum):
    """What Slack names as the `team_id` of somebody who belongs to several workspaces of an organization.

    It is any one of them, whichever the payload comes from (bolt-js#1875); the organization (the same thread); or it is
    missing, and only `enterprise_user.teams` tells (lookerbot#184, slack-morphism-rust#215).
    """

    OURS = "ours"
    SISTER = "sister"
    ORGANIZATION = "organization"
    UNNAMED = "unnamed"


@dataclass(frozen=True)
class Enterprise:
    """An organization on Enterprise Grid, with two workspaces: ours and SISTER_TEAM_ID."""

    id: str
    name: str
    domain: str


@dataclass(frozen=True)
class Person:
    """A member. `title` is the job; `tz` the time zone; `is_coordinator` is a hint for whoever starts a bot here.

    On a Grid: `home` is what is named as the team; `global_id` the id in the organization, where it is another than `id`,
    which stands in the roster; `goes_by_global_id`, whether payloads name that one. The rest is false or empty elsewhere.
    """

    id: str
    name: str
    title: str = ""
    is_coordinator: bool = False
    is_bot: bool = False
    is_deactivated: bool = False
    is_guest: bool = False
    is_admin: bool = False
    is_owner: bool = False
    team_id: str = TEAM_ID
    tz: str = "America/New_York"
    home: Home = Home.OURS
    global_id: str = ""
    goes_by_global_id: bool = False

    @property
    def is_stranger(self) -> bool:
        return self.team_id != TEAM_ID

    @property
    def named_team_id(self) -> str | None:
        """What profiles and payloads give as `team_id`; None where they leave it out."""
        named = {Home.SISTER: SISTER_TEAM_ID, Home.ORGANIZATION: ENTERPRISE_ID, Home.UNNAMED: None}
        return named.get(self.home, self.team_id)

    @property
    def payload_id(self) -> str:
        """The id by which payloads name this person."""
        return self.global_id if self.goes_by_global_id else self.id

    @property
    def team_ids(self) -> tuple[str, ...]:
        """The workspaces of the organization that this person belongs to."""
        return (self.team_id,) if self.home is Home.OURS else (SISTER_TEAM_ID, self.team_id)

    @property
    def handle(self) -> str:
        return self.name.lower().replace(" ", ".")


@dataclass
class Channel:
    id: str
    name: str
    members: list[str]
    is_private: bool = False
    is_archived: bool = False


@dataclass(frozen=True)
class Group:
    """A user group."""

    id: str
    handle: str
    members: tuple[str, ...]


@dataclass
class Cast:
    """Everyone and every place. `team` is the workspace's name.

    `enterprise` is its organization on a Grid; None elsewhere. `is_org_install`: the app is installed for the organization,
    not for the workspace.
    """

    team: str
    people: tuple[Person, ...]
    channels: list[Channel]
    groups: tuple[Group, ...] = ()
    bot: Person = field(default_factory=lambda: Person(BOT_ID, "HTA Bot", is_bot=True))
    enterprise: Enterprise | None = None
    is_org_install: bool = False


def hospital() -> Cast:
    """The workspace that `make sandbox` brings up."""
    coordinator = Person("U01MARISOL", "Marisol Vega", "Quality improvement", is_coordinator=True)
    staff = (
        Person("U02AMARA", "Amara Okafor", "Emergency nurse"),
        Person("U03BEN", "Ben Lindqvist", "Pediatric nurse"),
        Person("U04CHIDI", "Chidi Eze", "Physician", tz="America/Chicago"),
        Person("U05DANA", "Dana Whitehorse", "Midwife"),
        Person("U06ELENA", "Elena Petrova", "Psychologist", tz="Europe/Lisbon"),
        Person("U07FARID", "Farid Haddad", "Social worker"),
        Person("U08GRACE", "Grace Kim", "Case manager", tz="America/Los_Angeles"),
        Person("U09HUGO", "Hugo Almeida", "Front office", tz="America/Puerto_Rico"),
        Person("U10INES", "Inés Navarro", "Registration"),
        Person("U11JOSEPH", "Joseph Tran", "Security"),
        Person("U12KEISHA", "Keisha Brown", "Chief nursing officer", is_admin=True),
        Person("U13LIAM", "Liam O'Connor", "Night nurse"),
    )
    edge = (
        Person("U20NOOR", "Noor Aziz", "Agency nurse", is_guest=True),
        Person("U21OLD", "Olga Left", "Deactivated account", is_deactivated=True),
        Person("U22PAT", "Pat Stone", "County partner", team_id=OTHER_TEAM_ID),
        Person("U23TIDE", "Tide", "Another app", is_bot=True),
    )
    everyone = [person.id for person in (coordinator, *staff, *edge)]
    return Cast(
        "Riverside Hospital",
        (coordinator, *staff, *edge),
        [
            Channel("C01ALLSTAFF", "all-staff", [*everyone, BOT_ID]),
            Channel("C02EMERGENCY", "emergency-dept", ["U01MARISOL", "U02AMARA", "U04CHIDI", "U11JOSEPH"]),
            Channel("C03RESULTS", "hta-results", ["U01MARISOL", "U12KEISHA", BOT_ID]),
            Channel("C04LEADERS", "leadership", ["U01MARISOL", "U12KEISHA"], is_private=True),
            Channel("C05OLD", "old-announcements", ["U01MARISOL", BOT_ID], is_archived=True),
        ],
        (Group("S01NIGHT", "night-shift", ("U02AMARA", "U11JOSEPH", "U13LIAM")),),
    )


def grid(*, is_org_install: bool = False) -> Cast:
    """The same hospital in an organization's Enterprise Grid, with two more nurses, who have no id but the organization's."""
    cast = hospital()
    people = tuple(replace(person, **ON_THE_GRID.get(person.id, {})) for person in cast.people)
    more = (
        Person("W14MINA", "Mina Haile", "Clinic nurse"),
        Person("W15OMAR", "Omar Reyes", "Float nurse", home=Home.UNNAMED, tz="America/Chicago"),
    )
    cast.channels[0].members.extend(person.id for person in more)
    (night,) = cast.groups
    return replace(
        cast,
        people=(*people, *more),
        groups=(replace(night, members=(*night.members, "W14MINA")),),
        enterprise=Enterprise(ENTERPRISE_ID, "Riverside Health System", "riverside-health"),
        is_org_install=is_org_install,
    )


ON_THE_GRID: dict[str, dict[str, Any]] = {
    "U01MARISOL": {"global_id": "W01MARISOL"},
    "U03BEN": {"global_id": "W03BEN", "goes_by_global_id": True},
    "U04CHIDI": {"home": Home.SISTER},
    "U05DANA": {"home": Home.SISTER, "global_id": "W05DANA"},
    "U06ELENA": {"home": Home.ORGANIZATION},
    "U07FARID": {"home": Home.ORGANIZATION},
    "U08GRACE": {"home": Home.UNNAMED, "global_id": "W08GRACE", "goes_by_global_id": True},
    "U09HUGO": {"home": Home.UNNAMED},
    "U11JOSEPH": {"home": Home.SISTER},
    "U12KEISHA": {"home": Home.ORGANIZATION},
}
"""What is otherwise with people of the hospital on a Grid. Pat Stone belongs to another organization there, too."""


def crowd(size: int) -> Cast:
    """A workspace of so many plain people in one channel, with one coordinator, for tests and benchmarks."""
    coordinator = Person("U01MARISOL", "Marisol Vega", "Coordinator", is_coordinator=True)
    people = (coordinator, *(Person(f"U{number:07d}", f"Person {number}") for number in range(1, size + 1)))
    members = [*(person.id for person in people[1:]), BOT_ID]
    return Cast(
        "Crowd",
        people,
        [Channel("C01ALLSTAFF", "all-staff", members), Channel("C03RESULTS", "hta-results", ["U01MARISOL", BOT_ID])],
    )
