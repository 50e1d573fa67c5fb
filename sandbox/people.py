"""Who is in the workspace? A dozen fictional people of a hospital, and the few who need care: a bot, a guest, a stranger."""

from dataclasses import dataclass, field

TEAM_ID = "T0HOSPITAL"
OTHER_TEAM_ID = "T0ELSEWHERE"
BOT_ID = "U0HTABOT"
APP_ID = "A0HTABOT"
BOT_APP_ID = "B0HTABOT"


@dataclass(frozen=True)
class Person:
    """A member. `title` is the job; `tz` the time zone; `is_coordinator` is a hint for whoever starts a bot here."""

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

    @property
    def is_stranger(self) -> bool:
        return self.team_id != TEAM_ID

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
    """Everyone and every place. `team` is the workspace's name."""

    team: str
    people: tuple[Person, ...]
    channels: list[Channel]
    groups: tuple[Group, ...] = ()
    bot: Person = field(default_factory=lambda: Person(BOT_ID, "HTA Bot", is_bot=True))


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
