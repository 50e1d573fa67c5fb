"""The instrument: sections, items and kinds of work, read from a file and checked.

The questionnaire is data: one TOML file a version, read once. Ids are for ever, since buttons, exports and stored
answers carry them; a change of wording is a new version in a new file. Source: METHODS, section 1.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path

from instrument.reading import BrokenInstrument as BrokenInstrument
from instrument.reading import Table

HIGHEST_POINTS = 3
LONGEST_SHORT = 70
# Collation adds a section up in one byte a respondent: 85 items of 3 points are 255.
MOST_ITEMS_IN_SECTION = 85
# What answers are stored under after closing where their function may not stand alone (see disclosure).
MERGED = "merged"
NO_SUCH_SECTION = "a section that this version doesn't have"


class UnknownVersion(LookupError):
    """No instrument of that version is shipped. str() names those that are."""


@dataclass(frozen=True)
class Choice:
    """One of the four columns of the form: 0 Never to 3 Always."""

    points: int
    label: str


@dataclass(frozen=True)
class Function:
    """A kind of work. Ours: the document only asks for "multiple staff members from various functions"."""

    id: str
    label: str


@dataclass(frozen=True)
class Gloss:
    """A term that not everybody at work knows, spelled as in the items, explained in one line of ours."""

    term: str
    meaning: str

    def explains(self, text: str) -> bool:
        """Whether the term stands in `text`, as words of its own."""
        before, term, behind = text.partition(self.term)
        return bool(term) and not before[-1:].isalnum() and not behind[:1].isalnum()


@dataclass(frozen=True)
class Item:
    """One statement to rate: `text` is the document's to the letter, `short` (at most 70 characters) is ours.

    `position` counts from 0 through the whole document: the place of its answer in a strip.
    """

    id: str
    label: str
    text: str
    short: str
    position: int
    glosses: tuple[Gloss, ...]


@dataclass(frozen=True)
class SubCompetency:
    """A heading of the document and the items under it. Its id (`u_a`, `c2_b`) is ours."""

    id: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Section:
    """One of the seven competencies; `heading` is its number and title as we show them.

    `maximum` is what its items add up to; `printed_maximum` is what the document says, which is wrong for section 6.
    """

    id: str
    number: str
    title: str
    heading: str
    printed_maximum: int
    sub_competencies: tuple[SubCompetency, ...]

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(chain.from_iterable(sub.items for sub in self.sub_competencies))

    @property
    def maximum(self) -> int:
        return HIGHEST_POINTS * len(self.items)

    @property
    def positions(self) -> slice:
        """Where the section's answers stand in a strip."""
        return slice(self.items[0].position, self.items[-1].position + 1)


@dataclass(frozen=True)
class Closing:
    """The document's last page, verbatim: what to do with the results."""

    opening: str
    guidance: tuple[str, ...]
    plan: str
    thanks: str


@dataclass(frozen=True)
class Oddity:
    """A place where the document slips: what it prints, and what we do about it."""

    where: str
    printed: str
    here: str


@dataclass(frozen=True)
class Instrument:
    """The questionnaire. Its texts are the document's own, except where a docstring here says that they are ours.

    minutes: what the document says that the form takes. obstacles, horizons: as its closing page names them.
    credit: our sentence on whose words are whose.
    """

    version: str
    title: str
    source: str
    credit: str
    minutes: int
    introduction: tuple[str, ...]
    instructions: str
    choices: tuple[Choice, ...]
    functions: tuple[Function, ...]
    sections: tuple[Section, ...]
    closing: Closing
    obstacles: tuple[str, ...]
    horizons: tuple[str, ...]
    partners: tuple[str, ...]
    oddities: tuple[Oddity, ...]

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All items in the document's order: the order of a strip."""
        return tuple(chain.from_iterable(section.items for section in self.sections))

    @property
    def maximum(self) -> int:
        return sum(section.maximum for section in self.sections)

    def item(self, id: str) -> Item | None:
        return self._item_by_id.get(id)

    def section(self, id: str) -> Section | None:
        return self._section_by_id.get(id)

    def heading(self, section_id: str) -> str:
        """The heading of the section of that id; words that say so where this version has no such section."""
        section = self.section(section_id)
        return section.heading if section else NO_SUCH_SECTION

    def section_of(self, item: Item) -> Section:
        return self._place_of[item.id][0]

    def sub_competency_of(self, item: Item) -> SubCompetency:
        return self._place_of[item.id][1]

    def function(self, id: str) -> Function | None:
        return next((function for function in self.functions if function.id == id), None)

    @cached_property
    def _item_by_id(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def _section_by_id(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections}

    @cached_property
    def _place_of(self) -> dict[str, tuple[Section, SubCompetency]]:
        return {
            item.id: (section, sub)
            for section in self.sections
            for sub in section.sub_competencies
            for item in sub.items
        }


@lru_cache
def builtin(version: str = "2021-09") -> Instrument:
    """The shipped instrument of that version, read once in a process.

    Raises UnknownVersion, and BrokenInstrument where somebody edited the file.
    """
    folder = Path(__file__).parent
    path = folder / f"hta_{version.replace('-', '_')}.toml"
    if not path.is_file():
        shipped = ", ".join(file.stem[4:].replace("_", "-") for file in sorted(folder.glob("hta_*.toml")))
        raise UnknownVersion(f'there is no instrument "{version}"; the versions are {shipped}')
    return load(path)


def load(path: Path) -> Instrument:
    """The instrument in that file. Raises BrokenInstrument with the place, the fault and the fix."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BrokenInstrument(f"{path.name}: there is no such file; check its name and its folder") from None
    except OSError as error:
        raise BrokenInstrument(f"{path.name}: it cannot be read ({error.strerror}); check what it is") from error
    except UnicodeDecodeError as error:
        raise BrokenInstrument(f"{path.name}: byte {error.start} is no UTF-8; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise BrokenInstrument(f"{path.name}: {error}: this is no TOML; mend that line") from error
    return _instrument(Table(path.name, "", values))


# Each of these reads one kind of table: the line where a table of the file becomes a value of ours.


def _instrument(top: Table) -> Instrument:
    instrument = Instrument(
        version=top.text("version"),
        title=top.text("title"),
        source=top.text("source"),
        credit=top.text("credit"),
        minutes=top.number("minutes"),
        introduction=top.texts("introduction"),
        instructions=top.text("instructions"),
        choices=_choices(top),
        functions=_functions(top),
        sections=_sections(top),
        closing=_closing(top.table("closing", "closing")),
        obstacles=top.texts("obstacles"),
        horizons=top.texts("horizons"),
        partners=top.texts("partners"),
        oddities=tuple(_oddity(table) for table in top.tables("oddities", "oddity")),
    )
    top.end()
    return instrument


def _choices(top: Table) -> tuple[Choice, ...]:
    labels = top.texts("choices")
    if len(labels) != HIGHEST_POINTS + 1:
        raise top.broken(f'"choices" has {len(labels)} labels', "name the four for 0, 1, 2 and 3 points, in this order")
    return tuple(Choice(points, label) for points, label in enumerate(labels))


def _functions(top: Table) -> tuple[Function, ...]:
    labels = top.labels("functions")
    if MERGED in labels:
        raise top.broken(f'function id "{MERGED}" is taken by answers stored without their function', "choose another")
    return tuple(Function(id, label) for id, label in labels.items())


def _sections(top: Table) -> tuple[Section, ...]:
    glosses = tuple(Gloss(term, meaning) for term, meaning in top.labels("glosses").items())
    sections: list[Section] = []
    for table in top.tables("sections", "section"):
        sections.append(_section(table, sections[-1].positions.stop if sections else 0, glosses))
    items = [item for section in sections for item in section.items]
    _refuse_twice(top, "section", (section.id for section in sections))
    _refuse_twice(top, "sub-competency", (sub.id for section in sections for sub in section.sub_competencies))
    _refuse_twice(top, "item", (item.id for item in items))
    for gloss in glosses:
        if not any(gloss in item.glosses for item in items):
            raise top.broken(f'gloss "{gloss.term}" stands in no item', "correct its spelling or remove it")
    return tuple(sections)


def _section(table: Table, first: int, glosses: tuple[Gloss, ...]) -> Section:
    id, number, title = table.text("id"), table.text("number"), table.text("title")
    heading, printed_maximum = table.text("heading"), table.number("printed_maximum")
    subs: list[SubCompetency] = []
    position = first
    for sub in table.tables("sub_competencies", "sub-competency"):
        subs.append(_sub_competency(sub, id, number, position, glosses))
        position += len(subs[-1].items)
    table.end()
    if position - first > MOST_ITEMS_IN_SECTION:
        raise table.broken(
            f"it has {position - first} items", f"split it into sections of at most {MOST_ITEMS_IN_SECTION}"
        )
    return Section(id, number, title, heading, printed_maximum, tuple(subs))


def _sub_competency(table: Table, section: str, number: str, first: int, glosses: tuple[Gloss, ...]) -> SubCompetency:
    id, title = table.text("id"), table.text("title")
    if not re.fullmatch(rf"{re.escape(section)}_[a-z]", id):
        raise table.broken(f'it stands in section "{section}"', f"its id must be {section}_ and a letter, rename it")
    items = tuple(
        _item(item, section, number, position, glosses)
        for position, item in enumerate(table.tables("items", "item"), start=first)
    )
    table.end()
    return SubCompetency(id, title, items)


def _item(table: Table, section: str, number: str, position: int, glosses: tuple[Gloss, ...]) -> Item:
    id, short, text = table.text("id"), table.text("short"), table.text("text")
    table.end()
    if not re.fullmatch(rf"{re.escape(section)}_\d\d", id):
        raise table.broken(f'it stands in section "{section}"', f"its id must be {section}_ and two digits, rename it")
    if len(short) > LONGEST_SHORT:
        raise table.broken(f'"short" has {len(short)} characters', f"shorten it to {LONGEST_SHORT}")
    # The label is text, never a number: 5.10 comes after 5.9.
    return Item(id, f"{number}.{int(id[-2:])}", text, short, position, tuple(g for g in glosses if g.explains(text)))


def _closing(table: Table) -> Closing:
    closing = Closing(table.text("opening"), table.texts("guidance"), table.text("plan"), table.text("thanks"))
    table.end()
    return closing


def _oddity(table: Table) -> Oddity:
    oddity = Oddity(table.text("where"), table.text("printed"), table.text("here"))
    table.end()
    return oddity


def _refuse_twice(top: Table, noun: str, ids: Iterable[str]) -> None:
    for id, times in Counter(ids).items():
        if times > 1:
            often = "twice" if times == 2 else f"{times} times"
            raise top.broken(f'{noun} id "{id}" appears {often}', "ids must be unique, rename one")
