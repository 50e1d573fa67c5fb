"""What stands behind a section: sub-competencies and statements in full words, a page at a time.

Pages are turned in the message that only the reader sees: what to look at first, what to talk about, then each section.
Lines rather than tables, so that a phone shows them. Within a section the lowest stands first.
"""

from collections.abc import Iterable, Sequence

from bot.blocks import Block, Message, context, escape, header, neutral, section
from bot.results import offers
from bot.results.paging import Page, parts, spoken, turning
from instrument.definition import Instrument, Item, Section, SubCompetency
from instrument.disclosure import detail_from
from instrument.snapshot import Finding, ItemResult, Ranked, SectionResult, Snapshot, SubCompetencyResult
from reports.figures import high, is_small, low, of_how_many, score
from reports.wording import people, percent
from storage.rounds import Round

FIRST, TALK = "first", "talk"
TITLES = {FIRST: "Where to look first", TALK: "What to talk about"}
DISAGREE = "We disagree here: discuss before you decide."
MOST_NAMED = 12
"""Statements named in one list of what to talk about; each is on its section's page, too."""


def details(
    instrument: Instrument,
    round_: Round,
    snapshot: Snapshot,
    page: str,
    *,
    private: bool,
    work_here: int | None = None,
) -> Message:
    """One page; the first where there is none of that name.

    private: for a coordinator, who may set goals. work_here: how many people the organization has, where that is known.
    """
    pages = _pages(instrument, round_, snapshot, private=private)
    page = page if page in pages else FIRST
    title, blocks = pages[page]
    blocks = [context(of_how_many(snapshot, work_here)), *blocks]
    return Message(
        neutral(
            "Self-assessment results, statement by statement. What this page says follows here, line by line, in full.",
            f"{escape(title)}. {spoken(blocks)}",
        ),
        (header(title), *blocks, turning(round_.id, {id: name for id, (name, _) in pages.items()}, page)),
    )


def rows(instrument: Instrument, snapshot: Snapshot) -> list[str]:
    """All that the pages tell of single statements, a line for each that is shown, by its short label; mrkdwn."""
    return [
        f"*{it.label}* {escape(it.short)}: {_shares(instrument, found)} {_reasons(found)}"
        for it, found in _pairs(instrument.items, snapshot)
        if found
    ]


# Pages


def _pages(instrument: Instrument, round_: Round, snapshot: Snapshot, *, private: bool) -> dict[str, Page]:
    """All pages in order, by id."""
    pages = parts(FIRST, TITLES[FIRST], [], _where_to_look(instrument, round_, snapshot, private=private))
    pages |= parts(TALK, TITLES[TALK], [], _to_talk_about(instrument, snapshot))
    for one in instrument.sections:
        head, blocks = _section_page(instrument, round_, snapshot, one, private=private)
        pages |= parts(one.id, one.heading, head, blocks)
    return pages


# Where to look first


def _where_to_look(instrument: Instrument, round_: Round, snapshot: Snapshot, *, private: bool) -> list[Block]:
    blocks = [] if snapshot.items else [section(_why_no_items(snapshot))]
    for one in snapshot.priorities:
        blocks += _priority(instrument, round_, snapshot, one, private=private)
    for one in snapshot.strengths:
        result = _of(snapshot, one.section)
        named = [_short(instrument, item) for item in one.items]
        lines = [
            f"*Share: {escape(instrument.heading(one.section))}*",
            _why_listed(snapshot, f"{high(result)} Often or Always", result),
        ]
        blocks.append(section("\n".join([*lines, *(f"• {it}" for it in named)])))
    guidance = [*instrument.closing.guidance, instrument.closing.plan]
    return [*blocks, section("\n".join(["*What the document says*", *(f"• {escape(words)}" for words in guidance)]))]


def _priority(instrument: Instrument, round_: Round, snapshot: Snapshot, one: Ranked, *, private: bool) -> list[Block]:
    """A section to work on: its sub-competencies from the lowest, and its three lowest statements in full."""
    where, result = instrument.section(one.section), _of(snapshot, one.section)
    if where is None:
        return [section(f"*Work on: {escape(instrument.heading(one.section))}*")]
    inside = {sub.id: sub for sub in where.sub_competencies}
    lines = [
        f"*Work on: {escape(where.heading)}*",
        _why_listed(snapshot, f"{low(result)} Never or Occasionally", result),
    ]
    lines += [f"• {_sub_line(inside[id], _of_sub(snapshot, id))}" for id in one.sub_competencies]
    if one.items:
        lines.append("Its lowest statements:")
    offered = None if one.items else _goal(round_, where, None, private=private)
    blocks = [section("\n".join(lines), offered)]
    for id in one.items:
        item = next(it for it in where.items if it.id == id)
        found = next(it for it in snapshot.items if it.item == id)
        blocks.append(
            section(_statement(instrument, snapshot, item, found), _goal(round_, where, item, private=private))
        )
    return blocks


def _why_listed(snapshot: Snapshot, share: str, result: SectionResult) -> str:
    return f"By score: {score(result)} of the maximum" if snapshot.by_score else share


def _goal(round_: Round, where: Section, item: Item | None, *, private: bool) -> Block | None:
    offer = offers.BESIDE_A_CANDIDATE
    return offer(offers.Candidate(round_.id, where.id, item.id if item else None)) if private and offer else None


# What to talk about


def _to_talk_about(instrument: Instrument, snapshot: Snapshot) -> list[Block]:
    split = [_short(instrument, it.item) for it in snapshot.items if it.split]
    lists = [
        (DISAGREE, "Many on either side; the mean hides it.", split),
        (
            "Don't know",
            "So many of all who finished can't tell. That is a finding in itself: staff are not told. It is no low score.",
            [_found(instrument, it) for it in snapshot.dont_know],
        ),
        (
            "Doesn't apply",
            "So many of all who finished say that it has no place here. Ask whether it applies.",
            [_found(instrument, it) for it in snapshot.doesnt_apply],
        ),
    ]
    blocks = [section("\n".join([f"*{head}*", why, *_listed(named)])) for head, why, named in lists if named]
    nothing = "On no statement do people disagree strongly, and on none do strikingly many lack a choice."
    return blocks or [section(nothing if snapshot.items else _why_no_items(snapshot))]


def _listed(named: Sequence[str]) -> list[str]:
    more = len(named) - MOST_NAMED
    rest = [f"and {more} more, on the sections' pages"] if more > 0 else []
    return [*(f"• {one}" for one in named[:MOST_NAMED]), *rest]


def _found(instrument: Instrument, finding: Finding) -> str:
    return f"{_short(instrument, finding.item)}: {percent(finding.share)}"


# One section


def _section_page(
    instrument: Instrument, round_: Round, snapshot: Snapshot, where: Section, *, private: bool
) -> tuple[list[Block], list[Block]]:
    """What stands at the head of each of its pages, and what follows."""
    result = _of(snapshot, where.id)
    if result.n is None:
        words = f"Fewer than {snapshot.minimum} people rated at least half of this section's statements, so nothing of it is shown."
        return [section(words)], [section(_only_words(sub)) for sub in where.sub_competencies]
    shares = "" if result.whole_only else f" · {low(result)} Never or Occasionally · {high(result)} Often or Always"
    base = context(f"{people(result.n)} · {score(result)} of the maximum{shares}")
    if not any(found for _, found in _pairs(where.items, snapshot)):
        why = section(_why_no_items(snapshot))
        return [base, why], [section(_only_words(sub)) for sub in where.sub_competencies]
    candidates = {id for one in snapshot.priorities for id in one.items}
    blocks = []
    for sub, measured in _lowest_subs_first(where, snapshot):
        head = f"{_sub_line(sub, measured)}\n"
        for item, found in _lowest_first(_pairs(sub.items, snapshot)):
            offered = _goal(round_, where, item, private=private) if item.id in candidates else None
            blocks.append(section(f"{head}{_statement(instrument, snapshot, item, found)}", offered))
            head = ""
    return [base], blocks


def _only_words(sub: SubCompetency) -> str:
    return "\n".join([f"*{escape(sub.title)}*", *(f"*{it.label}* {escape(it.text)}" for it in sub.items)])


def _sub_line(sub: SubCompetency, measured: SubCompetencyResult | None) -> str:
    title = f"*{escape(sub.title)}*"
    return f"{title}: {percent(measured.low)} Never or Occasionally" if measured else title


def _statement(instrument: Instrument, snapshot: Snapshot, item: Item, found: ItemResult | None) -> str:
    """A statement in full words, what people chose, and what that asks for."""
    lines = [f"*{item.label}* {escape(item.text)}"]
    lines += [f"_{escape(gloss.term)}: {escape(gloss.meaning)} (our note)_" for gloss in item.glosses]
    if found is None:
        lines.append(f"Fewer than {detail_from(snapshot.minimum)} people rated it, so their choices are not shown.")
    else:
        lines += [_shares(instrument, found), _reasons(found)]
        if found.split:
            lines.append(f"*{DISAGREE}*")
    for finding in snapshot.dont_know:
        if finding.item == item.id:
            lines.append(
                f"*{percent(finding.share)} don't know:* staff are not told. That is a finding, not a low score."
            )
    for finding in snapshot.doesnt_apply:
        if finding.item == item.id:
            lines.append(f"*{percent(finding.share)} say that it doesn't apply:* ask whether it applies here.")
    return "\n".join(lines)


def _shares(instrument: Instrument, found: ItemResult) -> str:
    each = [
        f"{choice.label} {percent(100 * count / found.n)}"
        for choice, count in zip(instrument.choices, found.counts, strict=True)
    ]
    return f"{', '.join(each)} of {people(found.n)}."


def _reasons(found: ItemResult) -> str:
    return f"Don't know {percent(found.dont_know)}, Doesn't apply {percent(found.doesnt_apply)} of all who finished."


# What is where


def _why_no_items(snapshot: Snapshot) -> str:
    least = detail_from(snapshot.minimum)
    if is_small(snapshot.finished or 0, snapshot):
        return f"Single statements are shown from {least} people on; fewer have finished. Whole sections are what there is."
    return f"Single statements are shown where {least} or more people rated every one of their section's."


def _of(snapshot: Snapshot, section_id: str) -> SectionResult:
    return next(it for it in snapshot.sections if it.section == section_id)


def _of_sub(snapshot: Snapshot, sub_competency_id: str) -> SubCompetencyResult | None:
    return next((it for it in snapshot.sub_competencies if it.sub_competency == sub_competency_id), None)


def _pairs(items: Iterable[Item], snapshot: Snapshot) -> list[tuple[Item, ItemResult | None]]:
    results = {it.item: it for it in snapshot.items}
    return [(item, results.get(item.id)) for item in items]


def _lowest_first(pairs: Iterable[tuple[Item, ItemResult | None]]) -> list[tuple[Item, ItemResult | None]]:
    """As priorities rank them: by low share, then Never, then the mean; those not shown at the end."""

    def rank(pair: tuple[Item, ItemResult | None]) -> tuple[float, float, float]:
        found = pair[1]
        return (-found.low, -found.counts[0] / found.n, found.mean) if found else (1, 0, 0)

    return sorted(pairs, key=rank)


def _lowest_subs_first(where: Section, snapshot: Snapshot) -> list[tuple[SubCompetency, SubCompetencyResult | None]]:
    def rank(pair: tuple[SubCompetency, SubCompetencyResult | None]) -> tuple[float, float, float]:
        found = pair[1]
        # Less often, less always: a lower mean.
        return (-found.low, -found.never, found.often + 2 * found.always) if found else (1, 0, 0)

    return sorted(((sub, _of_sub(snapshot, sub.id)) for sub in where.sub_competencies), key=rank)


def _short(instrument: Instrument, item_id: str) -> str:
    item = instrument.item(item_id)
    return f"*{item.label}* {escape(item.short)}" if item else ""
