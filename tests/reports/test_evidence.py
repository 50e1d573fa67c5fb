"""The evidence pack: what is in it, what it claims and does not, and that it names nobody."""

import io
import stat
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from sqlalchemy import Connection

from bot.__main__ import main
from bot.results.evidence.command import Wanted, write
from bot.results.evidence.service import Gathered, gathered
from bot.results.export.command import NotExported, known
from bot.rounds import service
from closed_rounds import closed_round
from closed_rounds import responses as answers
from instrument.collation import Answers
from instrument.goals import Horizon, Obstacle, Status
from printed import opened, tags_of, words_of
from reports.evidence.pack import INDEX, METHOD, PAGE, PLAN, TOOK_PART, WORKBOOK, Evidence, evidence_pack
from reports.evidence.record import TOGETHER, Audience, audiences
from reports.round_report import Planned
from sealed import CIPHER, submit_all
from storage import goals, invitations, rounds, snapshots
from storage.database import Database
from storage.goals import Details, NewEvent, NewGoal
from storage.rounds import NewRound, Opened, Round, Source, SourceKind

ZONE = ZoneInfo("America/New_York")
PAPERS = (INDEX, PAGE, METHOD, TOOK_PART, PLAN)
DONE = Planned(
    "10 days",
    date(2027, 4, 9),
    "6 Prevention",
    "Put the hotline's number in every room",
    "Rooms that have it",
    "Marisol Vega",
    "Done",
)
SAID = (("9 April 2027: Done. Note: All rooms but two.",),)
CLOSED = closed_round()
PLANNED = replace(CLOSED, planned=(DONE,))
ASKED = (Audience("#all-staff", 50), Audience(TOGETHER, 13))


def unzipped(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


@pytest.fixture(scope="module")
def pack() -> dict[str, bytes]:
    return unzipped(evidence_pack(Evidence(PLANNED, ASKED, SAID, organization="St. Brigid's Hospital")))


@pytest.fixture(scope="module")
def said(pack: dict[str, bytes]) -> dict[str, str]:
    return {name: words_of(pack[name]) for name in PAPERS}


# The papers


def test_the_index_comes_first_and_names_every_other_file(pack: dict[str, bytes], said: dict[str, str]) -> None:
    names = list(pack)

    assert names == [INDEX, PAGE, WORKBOOK, METHOD, TOOK_PART, PLAN]
    assert [name for name in names[1:] if name not in said[INDEX]] == []


@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_is_tagged_and_has_a_title_and_a_language(pack: dict[str, bytes], name: str) -> None:
    reader, kinds = opened(pack[name]), [kind for kind, _ in tags_of(pack[name])]

    assert reader.metadata is not None
    assert reader.metadata.title
    assert str(reader.root_object["/Lang"]) == "en"
    assert kinds.count("H1") == 1
    assert kinds.index("H1") < kinds.index("H2")
    assert {"Table", "TH"} <= set(kinds)


def test_the_workbook_is_the_one_of_the_export(pack: dict[str, bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(pack[WORKBOOK]))

    assert len(book.sheetnames) >= 5


def test_it_claims_no_compliance(said: dict[str, str]) -> None:
    index = said[INDEX]

    for words in (
        "It is no certificate and claims no compliance.",
        "have not seen, endorsed or approved it",
        "It is no survey of the safety culture and can't take the place of one.",
        "Nothing in this pack makes one of them true by itself.",
        "It does not count as one.",
        "Read this year's text of whoever asks",
    ):
        assert words in index
    assert [
        word for word in ("complies", "meets the", "satisfies", "fulfills") if word in " ".join(said.values())
    ] == []


def test_it_maps_its_papers_to_what_leapfrog_and_cms_ask_for(said: dict[str, str]) -> None:
    index = said[INDEX]

    assert [word for word in ("Awareness", "Accountability", "Ability", "Action") if f"{word} " not in index] == []
    assert "Patient Safety Structural Measure, domain 3" in index
    assert "Culture of Safety and Learning Health System" in index
    assert "The Leapfrog Group, Hospital Ratings: Staff Work Together to Prevent Errors (2022)" in index


def test_participation_stands_with_its_shares_and_where_people_came_from(said: dict[str, str]) -> None:
    took_part = said[TOOK_PART]

    assert "Work here 431 as the coordinator said at the start Asked 63 15 % of those who work here" in took_part
    assert "Finished 40 63 % of those asked; 9 % of those who work here" in took_part
    assert "#all-staff 50 people Others, together 13 people" in took_part


def test_goals_stand_with_what_was_said_at_their_check_ins(said: dict[str, str]) -> None:
    for words in (
        "10 days: 9 April 2027 Put the hotline's number in every room Marisol Vega Done",
        "About: 6 Prevention. Measure: Rooms that have it",
        "9 April 2027: Done. Note: All rooms but two.",
    ):
        assert words in said[PLAN]
    assert "Put the hotline's number in every room" in said[PAGE]


def test_where_there_are_no_goals_it_says_so() -> None:
    made = unzipped(evidence_pack(Evidence(CLOSED)))

    assert "There are none yet." in words_of(made[PLAN])
    assert "None are set yet." in words_of(made[PAGE])
    assert "St. Brigid's" not in words_of(made[INDEX])


def test_the_method_tells_what_it_cannot_tell(said: dict[str, str]) -> None:
    for words in (
        "confidential, not anonymous",
        "Groups of fewer than 5 people are never shown",
        "There are no published norms and no pass mark.",
        "Nobody looked at records, policies or care.",
        "“Score: out of 22”",
        "It was open from 1 March 2027 to 29 March 2027.",
    ):
        assert words in said[METHOD]


def test_the_same_facts_make_the_same_bytes() -> None:
    made = [evidence_pack(Evidence(PLANNED, ASKED, SAID)) for _ in range(2)]

    assert made[0] == made[1]


def test_no_name_and_no_goal_is_markup() -> None:
    hostile = '#panic("no") *b* $x$'
    goal = replace(DONE, words=hostile, measure=hostile, owner=hostile)
    closed = replace(CLOSED, planned=(goal,))

    made = unzipped(evidence_pack(Evidence(closed, [Audience(hostile, 20)], [[hostile]], organization=hostile)))

    assert all(hostile in words_of(made[name]) for name in (TOOK_PART, PLAN, INDEX))


# Who was asked


@pytest.mark.parametrize(
    ("brought", "told"),
    [
        ({"#a": 20, "#b": 9}, (Audience("#a", 20), Audience("#b", 9))),
        ({"#a": 20, "#b": 9, "by name": 3}, (Audience("#a", 20), Audience(TOGETHER, 12))),
        ({"#a": 20, "#b": 9, "#c": 3, "by name": 2}, (Audience("#a", 20), Audience("#b", 9), Audience(TOGETHER, 5))),
        ({"#a": 20, "by name": 2}, ()),
        ({}, ()),
    ],
)
def test_small_audiences_stand_together_so_that_none_can_be_worked_out(
    brought: dict[str, int], told: tuple[Audience, ...]
) -> None:
    assert audiences(brought, minimum=5) == told


# From the database


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLite alone where nothing else is said."""
    url: str = request.getfixturevalue(f"new_{request.param}_url")
    return url


async def close(
    database: Database, round_: Round, submitted: Sequence[Answers], asked: Sequence[tuple[str, str]]
) -> None:
    await database.write(partial(invitations.ask, round_id=round_.id, people=asked))
    await database.write(partial(submit_all, round_id=round_.id, answers=submitted))
    await database.write(partial(service.close, cipher=CIPHER, round_id=round_.id, now=round_.closes_at))


def people(source: str, count: int) -> list[tuple[str, str]]:
    return [(f"U{source}{number}", source) for number in range(count)]


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
async def test_the_pack_is_written_beside_a_bot_that_runs(
    database: Database, database_url: str, open_round: Round, tmp_path: Path
) -> None:
    await database.write(
        partial(
            rounds.add_sources, round_id=open_round.id, sources=[Source(SourceKind.PERSON, f"U{n}") for n in range(6)]
        )
    )
    asked = [*people("C1", 20), *((f"U{n}", f"U{n}") for n in range(6))]
    await close(database, open_round, answers(12), asked)
    out = tmp_path / "new" / "evidence.zip"

    write(Wanted(out, None, "St. Brigid's Hospital"), database_url, ZONE)

    made = unzipped(out.read_bytes())
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "Channel C1 20 people Chosen by name 6 people" in words_of(made[TOOK_PART])
    assert "12 of 26 people asked finished" in words_of(made[INDEX])
    assert "12 of 26 people asked finished" in words_of(made[PAGE])


async def test_a_second_self_assessment_is_compared_with_the_one_before(database: Database, open_round: Round) -> None:
    await close(database, open_round, answers(12), people("C1", 20))
    again = NewRound(
        open_round.team_id,
        open_round.instrument_version,
        opened_by="U1",
        results_channel="C9",
        minimum=5,
        remind_every_days=None,
        closes_at=open_round.closes_at.replace(year=2028),
        key_name="again",
        key_half=b"x",
        sources=(),
    )
    opened_again = await database.write(
        partial(rounds.open_round, new=again, now=open_round.closes_at.replace(month=12))
    )
    assert isinstance(opened_again, Opened)
    await close(database, opened_again.round, answers(15, seed=2), people("C1", 30))

    first = await database.read(partial(_gathered, round_id=open_round.id))
    second = await database.read(partial(_gathered, round_id=opened_again.round.id))

    assert first.closed.earlier is None
    assert second.closed.earlier == first.closed
    assert "Since 29 March 2027" in words_of(unzipped(evidence_pack(second.evidence({}, None)))[PAGE])


def _gathered(connection: Connection, round_id: int) -> Gathered:
    round_, snapshot = rounds.by_id(connection, round_id), snapshots.of(connection, round_id)
    assert round_
    assert snapshot
    return gathered(connection, known(connection, round_, snapshot, ZONE))


async def test_check_ins_are_told_without_who_said_them_and_without_what_was_undone_or_for_the_coordinator(
    database: Database, open_round: Round
) -> None:
    await close(database, open_round, answers(12), people("C1", 20))
    plan = await database.write(
        partial(
            goals.begin_plan,
            team_id="T1",
            round_id=open_round.id,
            starts_on=date(2027, 4, 1),
            channel_id="C9",
            started_by="U1",
        )
    )
    due, now = date(2027, 4, 11), open_round.closes_at
    new = NewGoal(Horizon.DAYS_10, "c6", "c6_06", "Train everyone", None, "UOWNER", due, "U1")
    goal = await database.write(partial(goals.set_goal, plan_id=plan.id, new=new, now=now))
    details = Details(Obstacle.BANDWIDTH, note="Soon.")
    moved = NewEvent("UOWNER", Status.AT_RISK, due + timedelta(days=7), "UOTHER", details)
    between_us = Details(Obstacle.BANDWIDTH, note="Between us.", for_coordinator=True)
    secret = replace(moved, details=between_us, owner="UOWNER", due_on=due)
    for said in (moved, secret, replace(moved, details=Details(note="Wrong goal."))):
        event = await database.write(partial(goals.record, goal=goal, new=said, now=now))
    await database.write(partial(goals.undo, event=event, by="UOWNER", now=now))

    found = await database.read(partial(_gathered, round_id=open_round.id))

    assert found.check_ins == (
        (
            "29 March 2027: At risk. Due date moved from 11 April 2027 to 18 April 2027. Handed over to another owner. "
            "In the way: Bandwidth. Note: Soon.",
            "29 March 2027: At risk.",
        ),
    )
    (stored,) = found.closed.planned
    (named,) = found.evidence({stored.owner: "Amara"}, None).closed.planned
    assert named == replace(stored, owner="Amara")


async def test_what_stands_in_the_way_is_told_in_a_sentence_and_nothing_is_written(
    database: Database, database_url: str, open_round: Round, tmp_path: Path
) -> None:
    out = tmp_path / "evidence.zip"

    with pytest.raises(NotExported, match=r"No self-assessment has closed yet"):
        write(Wanted(out, None, None), database_url, ZONE)
    with pytest.raises(NotExported, match=r"Self-assessment 1 is open"):
        write(Wanted(out, open_round.id, None), database_url, ZONE)
    with pytest.raises(NotExported, match="is a folder, and the pack is one file"):
        write(Wanted(tmp_path, None, None), database_url, ZONE)
    assert not out.exists()
    out.write_text("kept")
    with pytest.raises(NotExported, match="is there already"):
        write(Wanted(out, None, None), database_url, ZONE)
    assert out.read_text() == "kept"


async def test_the_command_says_what_is_missing_and_where_it_wrote_what(
    database: Database,
    database_url: str,
    open_round: Round,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "DATABASE_URL": database_url}.items():
        monkeypatch.setenv(name, value)

    assert main(["evidence", "--out", "pack.zip"]) == 2
    assert "No self-assessment has closed yet" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        main(["evidence", "--out", "pack.zip", "--round", "x"])
    assert stopped.value.code == 2
    assert '"x" is no number of a self-assessment' in capsys.readouterr().err
    await close(database, open_round, answers(7), people("C1", 20))
    assert main(["evidence", "--out", "pack.zip", "--organization", "St. Brigid's"]) == 0
    assert capsys.readouterr().out == "pack.zip: Evidence pack. Begin with “00 Read me first.pdf” in it.\n"
    assert "St. Brigid's" in words_of(unzipped((tmp_path / "pack.zip").read_bytes())[INDEX])
