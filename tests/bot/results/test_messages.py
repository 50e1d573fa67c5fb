"""What results say: every figure is what the answers say, nothing is said that is hidden, and Slack takes all of it."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from statistics import fmean, variance

import pytest

from bot.blocks import NEUTRAL, Message, button
from bot.payloads import Press, Who
from bot.results import messages, offers
from bot.results.buttons import PATTERN, Do, ResultsPressed
from bot.results.by_function import by_function
from bot.results.closed import Closed
from bot.results.compare import FALL, compare
from bot.results.details import FIRST, TALK, details, rows
from bot.results.huddle import huddle
from bot.results.messages import results
from example_results import BEFORE, CLOSED, EARLIER, FEW, HTA, LARGE, LAST_YEAR, NOW, WORKS, ZONE, table
from instrument.collation import Answers, collate
from instrument.growth import OtherItems, growth
from instrument.snapshot import Cell, FunctionRow, Gap, Snapshot
from rounding import rounded
from said import ROUND, labels
from sandbox.strictness import complaints
from sections import named

SMALL = collate(HTA, FEW, asked=20, minimum=5)
OF_LARGE = "60 of 90 people asked finished. 300 people work here. Staff without Slack were not asked."


def compared(now: Snapshot, before: Snapshot, others: int = 1) -> Message:
    rounds = [replace(EARLIER, id=100 + number) for number in range(others)]
    return compare(
        HTA,
        Closed(CLOSED, now, work_here=300),
        Closed(rounds[0], before),
        growth(HTA, before, now),
        ZONE,
        rounds,
    )


def page(snapshot: Snapshot, name: str, *, private: bool = True) -> Message:
    return details(HTA, CLOSED, snapshot, name, private=private, work_here=300)


def pages_of(snapshot: Snapshot) -> list[str]:
    """The ids of all pages, as the list of them offers."""
    *_, turning = page(snapshot, FIRST).blocks
    return [one["value"].split(":")[2] for one in turning["elements"][-1]["options"]]


SAID = {
    "results": messages.results(HTA, CLOSED, LARGE, ZONE, private=True, work_here=300),
    "results held back": messages.results(HTA, CLOSED, SMALL, ZONE, private=True, held_back=True),
    "results in the channel": messages.results(HTA, CLOSED, LARGE, ZONE, private=False, posted_by="U1"),
    "by function": by_function(HTA, LARGE, 300),
    "by function, from before gaps": by_function(HTA, replace(LARGE, gaps=None)),
    "by function of few": by_function(HTA, SMALL),
    "compared": compared(LARGE, LAST_YEAR, 30),
    "compared with few": compared(SMALL, LAST_YEAR),
    "huddle": huddle(HTA, CLOSED, LARGE, ZONE, 300),
    "huddle of few": huddle(HTA, CLOSED, SMALL, ZONE),
} | {
    f"details of {size}, {name}": page(it, name) for size, it in [("60", LARGE), ("8", SMALL)] for name in pages_of(it)
}


def lines(message: Message) -> list[str]:
    """What the sections say, line by line."""
    return [
        line
        for block in message.blocks
        if block["type"] == "section"
        for line in block["text"]["text"].split("\n")
        if line
    ]


def pages(snapshot: Snapshot, name: str) -> list[str]:
    """What all pages of a section say, line by line."""
    ids = [one for one in pages_of(snapshot) if one.split("_")[0] == name]
    return [line for id in ids for line in lines(page(snapshot, id))]


def shown(value: float) -> str:
    return f"{rounded(value)} %"


# What Slack takes, and a screen reader reads


@pytest.mark.parametrize("name", SAID)
def test_slack_takes_it_and_the_first_hundred_characters_are_neutral(name: str) -> None:
    message = SAID[name]
    lead = message.text[:NEUTRAL].lower()

    assert complaints("message", message.payload()) == []
    assert not [word for word in ("traffick", "trauma", "survivor", "competenc", "risk", "%") if word in lead]


@pytest.mark.parametrize("name", SAID)
def test_all_that_is_shown_is_in_the_text(name: str) -> None:
    message = SAID[name]
    text = " ".join(message.text.split())

    for line in lines(message):
        if re.search("Leadership beside|: Leadership [^;]+ %;", line):
            continue  # the very cells of the table, which are read out with it
        assert " ".join(line.replace("*", "").replace("_", "").split()) in text, line


@pytest.mark.parametrize(
    "name", [name for name in SAID if "60" in name] + ["results", "by function", "compared", "huddle"]
)
def test_it_says_of_how_many(name: str) -> None:
    assert OF_LARGE in str(SAID[name].blocks)
    assert OF_LARGE in SAID[name].text


def test_pages_fit_with_every_statement_a_finding_and_a_goal_beside_the_candidates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The worst that there can be: each statement split, three priorities, long notes everywhere."""
    monkeypatch.setattr(offers, "BESIDE_A_CANDIDATE", lambda _: button("Set a goal", "goals.v1.set", "1:" + "9" * 40))
    torn = collate(HTA, [Answers("nursing", mark * 62) for mark in "033000ddddnnnn" * 1000], asked=99_999, minimum=5)
    findings = [*torn.dont_know, *torn.doesnt_apply]
    torn = replace(torn, dont_know=tuple(findings * 62)[:62], doesnt_apply=tuple(findings * 62)[:62])

    for name in pages_of(torn):
        assert complaints("message", page(torn, name).payload()) == [], name


def test_the_grid_fits_with_eight_kinds_of_work_that_all_stand_apart() -> None:
    gaps = tuple(Gap(where.id, one.id, -100) for where in HTA.sections for one in HTA.functions)
    rows = tuple(FunctionRow(one.id, (Cell(1_000, 100.0),) * 7) for one in HTA.functions)
    crowd = replace(LARGE, asked=99_999, finished=88_888, gaps=gaps, by_function=rows)

    assert complaints("message", by_function(HTA, crowd, 777_777).payload()) == []


# Item details


def counts(item: int, responses: Sequence[Answers]) -> list[int]:
    return [sum(it.strip[item] == mark for it in responses) for mark in "0123nd"]


def test_every_statement_says_how_many_of_those_who_rated_it_chose_what() -> None:
    for where in HTA.sections:
        said = pages(LARGE, where.id)
        for item in where.items:
            *chosen, doesnt_apply, dont_know = counts(item.position, NOW)
            place = said.index(f"*{item.label}* {item.text}") + 1 + len(item.glosses)
            if sum(chosen) < 10:
                assert said[place] == "Fewer than 10 people rated it, so their choices are not shown."
                continue
            each = [
                f"{choice.label} {shown(100 * count / sum(chosen))}"
                for choice, count in zip(HTA.choices, chosen, strict=True)
            ]
            assert said[place] == f"{', '.join(each)} of {sum(chosen)} people."
            assert said[place + 1] == (
                f"Don't know {shown(100 * dont_know / 60)}, Doesn't apply {shown(100 * doesnt_apply / 60)} "
                "of all who finished."
            )


BY_HAND = [
    ("0000011122", "Never 50 %, Occasionally 30 %, Often 20 %, Always 0 % of 10 people."),
    ("012301230123nd", "Never 25 %, Occasionally 25 %, Often 25 %, Always 25 % of 12 people."),
    ("33333333333ddddd", "Never 0 %, Occasionally 0 %, Often 0 %, Always 100 % of 11 people."),
    ("0123" * 3 + "333", "Never 20 %, Occasionally 20 %, Often 20 %, Always 40 % of 15 people."),
    ("012" * 9 + "0", "Never 36 %, Occasionally 32 %, Often 32 %, Always 0 % of 28 people."),
]


@pytest.mark.parametrize(("marks", "expected"), BY_HAND)
def test_shares_of_choices_by_hand(marks: str, expected: str) -> None:
    one_item = [Answers("nursing", "3" * 14 + mark + "3" * 47) for mark in marks]

    said = pages(collate(HTA, one_item, asked=40, minimum=5), "c1")

    first = HTA.sections[1].items[0]
    assert said[said.index(f"*1.1* {first.text}") + 1 + len(first.glosses)] == expected


def test_what_a_respondent_reads_of_statements_is_what_the_pages_say() -> None:
    said = [line for where in HTA.sections for line in pages(LARGE, where.id)]

    told = rows(HTA, LARGE)

    assert len(told) == len(LARGE.items)
    for line, item in zip(told, LARGE.items, strict=True):
        known = HTA.item(item.item)
        assert known is not None
        place = said.index(f"*{known.label}* {known.text}") + 1 + len(known.glosses)
        assert line == f"*{known.label}* {known.short}: {said[place]} {said[place + 1]}"


def low_of(items: Sequence[int], responses: Sequence[Answers]) -> float:
    """The mean share of Never and Occasionally over the items that ten people or more rated."""
    found = [counts(item, responses)[:4] for item in items]
    return fmean(100 * (each[0] + each[1]) / sum(each) for each in found if sum(each) >= 10)


def test_sub_competencies_and_statements_stand_lowest_first_with_their_share() -> None:
    for where in HTA.sections:
        said = pages(LARGE, where.id)
        subs = {sub.title: low_of([item.position for item in sub.items], NOW) for sub in where.sub_competencies}

        headed = [line for line in said if line.endswith("Never or Occasionally")]

        in_order = sorted(subs, key=lambda title: -subs[title])
        assert headed == [f"*{title}*: {shown(subs[title])} Never or Occasionally" for title in in_order]
        for sub in where.sub_competencies:
            own = [line.split("*")[1] for line in said if any(line == f"*{it.label}* {it.text}" for it in sub.items)]
            rated = [it for it in sub.items if sum(counts(it.position, NOW)[:4]) >= 10]
            lows = {it.label: low_of([it.position], NOW) for it in rated}
            in_lows = [lows[label] for label in own if label in lows]
            assert in_lows == sorted(in_lows, reverse=True)


def test_the_first_page_goes_from_a_priority_to_its_lowest_statements_in_full_words() -> None:
    said = pages(LARGE, FIRST)

    assert len(LARGE.priorities) == 3
    for one in LARGE.priorities:
        where = named(HTA, one.section)
        place = said.index(f"*Work on: {where.heading}*")
        assert said[place + 1] == f"{shown(low_of([it.position for it in where.items], NOW))} Never or Occasionally"
        lows = {it.id: low_of([it.position], NOW) for it in where.items if sum(counts(it.position, NOW)[:4]) >= 10}
        assert sorted((lows[id] for id in one.items), reverse=True) == sorted(lows.values(), reverse=True)[:3]
        for id in one.items:
            item = HTA.item(id)
            assert item is not None
            assert f"*{item.label}* {item.text}" in said[place:]
    for words in (*HTA.closing.guidance, HTA.closing.plan):
        assert f"• {words}" in said


def is_split(chosen: Sequence[int]) -> bool:
    """30 % or more on either side, and an agreement a_wg below .50."""
    points = [worth for worth, people in enumerate(chosen) for _ in range(people)]
    people, mean = len(points), fmean(points)
    if people < 10 or min(sum(chosen[:2]), sum(chosen[2:])) < 0.3 * people:
        return False
    return 1 - 2 * variance(points) / ((3 * mean - mean**2) * people / (people - 1)) < 0.5


def test_what_people_disagree_on_cant_tell_or_would_leave_out_is_named_to_be_talked_about() -> None:
    said = pages(LARGE, TALK)

    torn = [f"• *{item.label}* {item.short}" for item in HTA.items if is_split(counts(item.position, NOW)[:4])]
    assert said[0] == "*We disagree here: discuss before you decide.*"
    assert len(torn) > 12
    assert said[2:14] == torn[:12]
    assert said[14] == f"and {len(torn) - 12} more, on the sections' pages"
    dont_know = counts(21, NOW)[5]
    assert f"• *2.6* Protocol that limits assessments to appointed staff: {shown(100 * dont_know / 60)}" in said
    doesnt_apply = counts(22, NOW)[4]
    assert f"• *3.1* Trained, supervised individual needs assessments: {shown(100 * doesnt_apply / 60)}" in said
    risk = pages(LARGE, "c2")
    assert (
        f"*{shown(100 * dont_know / 60)} don't know:* staff are not told. That is a finding, not a low score." in risk
    )
    assert "*We disagree here: discuss before you decide.*" in risk
    needs = pages(LARGE, "c3")
    assert f"*{shown(100 * doesnt_apply / 60)} say that it doesn't apply:* ask whether it applies here." in needs


def test_terms_have_their_notes_marked_as_ours() -> None:
    said = pages(LARGE, "c6")

    assert "_HCPs: health care providers, such as doctors, nurses, and therapists (our note)_" in said


def test_of_few_people_statements_are_read_and_none_has_a_figure() -> None:
    for where in HTA.sections:
        said = pages(SMALL, where.id)
        assert all(f"*{item.label}* {item.text}" in said for item in where.items)
        assert not [line for line in said if "%" in line]
        assert said[0].startswith("Single statements are shown from 10 people on; fewer have finished.")
    assert not [line for line in pages(SMALL, TALK) if "%" in line]


def test_a_section_that_too_few_rated_says_so() -> None:
    hardly = collate(HTA, [Answers("nursing", "3" * 14 + "d" * 48)] * 12, asked=20, minimum=5)

    said = pages(hardly, "c2")

    assert said[0] == "Fewer than 5 people rated at least half of this section's statements, so nothing of it is shown."


@pytest.mark.parametrize(
    ("name", "expected"),
    [(FIRST, ["Next"]), ("c2", ["Previous", "Next"]), ("c6_2", ["Previous"]), ("nonsense", ["Next"])],
)
def test_pages_are_turned(name: str, expected: list[str]) -> None:
    message = page(LARGE, name)
    *_, turning = message.blocks
    select = turning["elements"][-1]

    assert labels(message) == [expected]
    titles = [one["text"]["text"] for one in select["options"]]
    assert titles[0] == "Where to look first, 1 of 2"
    assert titles[-2:] == ["6 Prevention, 1 of 2", "6 Prevention, 2 of 2"]
    assert select["initial_option"]["value"] == f"1:{ROUND.id}:{FIRST if name == 'nonsense' else name}"


@pytest.mark.parametrize(("snapshot", "offered"), [(LARGE, 8), (SMALL, 3)])
def test_goals_are_offered_to_coordinators_alone_beside_each_priority(
    snapshot: Snapshot, offered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def set_a_goal(candidate: offers.Candidate) -> dict[str, object]:
        return button("Set a goal", "goals.v1.set", f"{candidate.section}:{candidate.item}")

    monkeypatch.setattr(offers, "BESIDE_A_CANDIDATE", set_a_goal)

    def beside(*, private: bool) -> list[str]:
        ids = [id for id in pages_of(snapshot) if id.startswith(FIRST)]
        blocks = [block for id in ids for block in page(snapshot, id, private=private).blocks]
        return [block["accessory"]["value"] for block in blocks if "accessory" in block]

    expected = [
        f"{one.section}:{item}"
        for one in snapshot.priorities
        for item in (one.items or (None,))  # a whole section
    ]
    assert beside(private=True) == expected
    assert len(expected) == offered
    assert beside(private=False) == []


# By function


def test_each_cell_is_the_mean_of_the_people_of_that_kind_scored_in_that_section() -> None:
    grid = table(SAID["by function"])
    heads = {HTA.function(one).label: one for one in set(WORKS)}  # type: ignore[union-attr]

    assert grid[0] == ["Kind of work", "U", "1", "2", "3", "4", "5", "6"]
    assert [row[0] for row in grid[1:]] == ["Health care provider", "Nursing", "Leadership", "Not shown separately"]
    for row in grid[1:4]:
        for place, where in enumerate(HTA.sections, start=1):
            scores = percents(where.positions, [it for it in NOW if it.function == heads[row[0]]])
            assert row[place] == shown(fmean(scores))


def percents(positions: slice, responses: Sequence[Answers]) -> list[float]:
    found = []
    for response in responses:
        marks = response.strip[positions]
        points = [int(mark) for mark in marks if mark.isdigit()]
        if points and 2 * len(points) >= len(marks):
            found.append(100 * sum(points) / (3 * len(points)))
    return found


def test_who_stands_apart_is_named_section_by_section_and_leadership_stands_beside_the_others() -> None:
    said = lines(SAID["by function"])
    risk = HTA.sections[2]
    ours = percents(risk.positions, [it for it in NOW if it.function == "leadership"])
    rest = percents(risk.positions, [it for it in NOW if it.function != "leadership"])

    apart = next(line for line in said if line.startswith("2 Risk: "))
    beside = [line for line in said if line.startswith("2 Risk: Leadership")][-1]

    (points,) = re.findall(r"Leadership (\d+) points higher", apart)
    assert int(points) == pytest.approx(fmean(ours) - fmean(rest), abs=1.5)
    row = {name: figures[2] for name, *figures in table(SAID["by function"])[1:]}
    assert beside == (
        f"2 Risk: Leadership {row['Leadership']}; Health care provider {row['Health care provider']} and "
        f"Nursing {row['Nursing']}."
    )


def test_without_gaps_it_says_so_and_from_before_gaps_it_says_that() -> None:
    none = lines(by_function(HTA, replace(LARGE, gaps=())))
    before = lines(SAID["by function, from before gaps"])

    assert none[0].startswith("*No kind of work stands apart* from the rest (15 points or more, beyond chance, with 10")
    assert before[0] == "Whether a kind of work stands apart was not yet looked for when these results were taken."


def test_where_no_kind_of_work_may_stand_alone_it_says_so() -> None:
    assert "No kind of work can be shown on its own" in SAID["by function of few"].text
    assert not [block for block in SAID["by function of few"].blocks if block["type"] == "table"]


# Compare rounds


def test_each_section_has_both_means_and_their_difference() -> None:
    grid = table(SAID["compared"])

    assert grid[0] == ["Section", "Now", "Before", "Difference", "Likely range", "In a word"]
    for row, where in zip(grid[1:], HTA.sections, strict=True):
        now, before = fmean(percents(where.positions, NOW)), fmean(percents(where.positions, BEFORE))
        assert row[:3] == [where.heading, shown(now), shown(before)]
        apart = rounded(now) - rounded(before)
        assert row[3] == f"{'+' if apart > 0 else '−' if apart else ''}{abs(apart)}", "of the figures beside it"
        assert row[5] in ("lower", "about the same", "too few answers to tell")


def test_what_changed_is_said_in_a_word_and_a_fall_with_its_caution() -> None:
    said = lines(SAID["compared"])

    assert "*Lower:*" in said[0]
    assert re.search(r"2 Risk \(−\d+ points\)", said[0])
    assert FALL in str(SAID["compared"].blocks)
    assert FALL not in str(compared(LARGE, LARGE).blocks)
    assert "an organization is compared only with itself" in SAID["compared"].text


def test_totals_are_compared_where_both_rounds_have_one() -> None:
    coded = collate(HTA, [Answers("nursing", "3" * 62)] * 7, asked=20, minimum=5)

    assert re.search(r"Total: [\d.]+ of 186 points \(\d+ %\); before, [\d.]+ of 186 points", SAID["compared"].text)
    assert "Total" not in compared(coded, LAST_YEAR).text


def test_with_few_people_differences_are_whole_and_have_neither_range_nor_word() -> None:
    for row in table(SAID["compared with few"])[1:]:
        assert row[3] == "not shown" if row[1].startswith("under") else re.fullmatch(r"[−+]?\d+", row[3]), row
        assert row[4:] == ["not shown", "too few people to tell"]
    assert lines(SAID["compared with few"]) == [
        "No section has 15 people or more in both, so none is called higher or lower."
    ]


def test_with_other_earlier_rounds_one_can_choose() -> None:
    (select,) = SAID["compared"].blocks[-1]["elements"]

    assert len(select["options"]) == 20
    assert select["initial_option"]["value"] == f"1:{ROUND.id}:100"
    assert SAID["compared with few"].blocks[-1]["type"] == "context"


def test_a_round_with_other_statements_or_too_few_people_is_not_compared() -> None:
    nobody = replace(LAST_YEAR, sections=(replace(LAST_YEAR.sections[0], n=None), *LAST_YEAR.sections[1:]))

    row = table(compared(LARGE, nobody))[1]
    others = compare(HTA, Closed(CLOSED, LARGE), Closed(EARLIER, LAST_YEAR), [OtherItems("u")], ZONE)

    assert row[1:] == ["not shown"] * 4 + ["too few people"]
    assert "fewer than 6 rated half of that section in one of the two" in compared(LARGE, nobody).text
    assert table(others)[1] == [HTA.sections[0].heading, *["not shown"] * 4, "other statements"]
    assert "was worded otherwise then" in others.text


# Results, their buttons and the huddle


def test_coordinators_have_more_buttons_than_everyone_in_the_channel() -> None:
    everyone = ["By function", "Item details", "Compare rounds", "Copy for huddle"]

    more = ["Pictures", "Export", "Evidence pack"]
    assert labels(SAID["results"]) == [["Post to channel", *everyone[:3], "Set a goal", *everyone[3:], *more]]
    assert labels(SAID["results in the channel"]) == [everyone]


def test_before_results_are_posted_it_says_where_they_go_and_to_whom_else() -> None:
    def question(name: str) -> str:
        return json.dumps(
            next(block for block in SAID[name].blocks if block["type"] == "actions")["elements"][0]["confirm"]
        )

    assert f"They go to <#{ROUND.results_channel}>" in question("results")
    assert "Everyone who was asked" not in question("results")
    assert "Everyone who was asked and did not say no gets a message" in question("results held back")


def test_results_say_who_set_them_up_who_posted_them_again_and_what_people_are() -> None:
    said = SAID["results in the channel"].text

    assert "Set up by <@U0COORD>. Posted again by <@U1>." in said
    assert "People: those who rated at least half of the section's items" in said
    assert "the document prints “out of 22” for 11 items" in said
    assert "only its whole percent is shown" not in said
    assert "The lists go by score" not in said
    few = SAID["results held back"].text
    assert (
        few.count("Where fewer than 10 people rated a section, or one of its statements, only its whole percent") == 1
    )
    assert "The lists go by score: work on first at 50 % or less, share from 67 % on" in few


def test_a_section_with_its_score_only_has_a_dash_for_the_rest_and_the_reason_once() -> None:
    grid = table(SAID["results held back"])

    assert all(row[3] == row[5] == "–" for row in grid[1:])
    assert "–" not in SAID["results held back"].text.replace("– ", "")


def test_the_total_is_what_the_points_in_the_table_add_up_to() -> None:
    grid = table(SAID["results"])
    printed = round(sum(float(row[2].split(" of ")[0]) for row in grid[1:]), 1)

    total = f"Total: {printed} of 186 points ({rounded(100 * printed / 186)} %)"
    assert total in SAID["results"].text
    assert any(total in str(block) for block in SAID["results"].blocks)
    coded = collate(HTA, [Answers("nursing", "3" * 62)] * 7, asked=20, minimum=5)
    assert "Total" not in results(HTA, CLOSED, coded, ZONE, private=True).text


def test_a_strength_says_how_much_of_it_is_often() -> None:
    strong = collate(HTA, [Answers("nursing", mark * 62) for mark in "2" * 8 + "3" * 4], asked=20, minimum=5)

    assert "(100 % Often or Always, 67 % Often alone" in messages.share(HTA, strong)


@pytest.mark.parametrize("name", ["huddle", "huddle of few"])
def test_a_huddle_is_four_lines_of_plain_text(name: str) -> None:
    block = SAID[name].blocks[0]

    assert block["text"]["type"] == "plain_text"
    first, work_on, share, talk = block["text"]["text"].split("\n")
    assert first.startswith("Self-assessment, 31 March 2026: ")
    assert re.match("Work on first: (By score: )?(3 Needs Evaluation|1 Nature and Epidemiology) [(]", work_on)
    assert share.startswith("Share with others: ")
    assert talk.startswith("Talk about: “")


# The wire


@pytest.mark.parametrize("do", Do)
@pytest.mark.parametrize("detail", ["", "c2", "17"])
def test_a_button_is_read_as_it_was_drawn(do: Do, detail: str) -> None:
    drawn = ResultsPressed(do, 12, detail)

    assert PATTERN.search(do.action_id)
    assert ResultsPressed.read(pressed(do.action_id, drawn.value)) == drawn


@pytest.mark.parametrize("value", ["", "1", "1:x", "2:1", "1:1:", "1:1:a b", "1:9999999999", "1:²"])
def test_other_values_are_not_read(value: str) -> None:
    assert ResultsPressed.read(pressed(Do.POST.action_id, value)) is None


def pressed(action_id: str, value: str) -> Press:
    return Press(Who("T1", "U1", "T1"), action_id, value, "", None, None, None, None)


# Order


@pytest.mark.parametrize(
    "surface",
    [
        lambda snapshot: by_function(HTA, snapshot),
        lambda snapshot: page(snapshot, "c2"),
        lambda snapshot: page(snapshot, FIRST),
        lambda snapshot: compared(snapshot, LAST_YEAR),
        lambda snapshot: huddle(HTA, CLOSED, snapshot, ZONE),
    ],
)
def test_the_order_of_people_changes_nothing_that_is_said(surface: Callable[[Snapshot], Message]) -> None:
    chance = Random(5)  # noqa: S311 -- the same order at each run

    other = collate(HTA, chance.sample(NOW, len(NOW)), asked=90, minimum=6)

    assert surface(other) == surface(LARGE)


def test_where_statements_are_not_shown_only_the_score_of_their_section_is() -> None:
    """Of twelve people nine rated each of the two statements, so neither is shown."""
    marks = ["2" * 14 + pair + "2" * 46 for pair in ["d1"] * 3 + ["3d"] * 3 + ["31"] * 6]
    snapshot = collate(HTA, [Answers("nursing", one) for one in marks], asked=20, minimum=5)

    shown_of = results(HTA, CLOSED, snapshot, ZONE, private=True)

    rows = next(block["rows"] for block in shown_of.blocks if block["type"] == "table")
    assert [cell["text"] for cell in rows[2]][1:] == ["67 %", "4 of 6", "–", "12", "–"]
    assert [cell["text"] for cell in rows[3]][-1] == "0 %"
