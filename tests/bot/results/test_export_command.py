"""What an operator gets from hta-bot export, and what she is told where she gets nothing."""

import csv
import gc
import os
import resource
import sqlite3
import stat
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from sqlalchemy import text

from bot.__main__ import FORMATS, main
from bot.payloads import Who
from bot.results.export.command import NotExported, Wanted, export
from bot.results.export.service import exportable
from bot.rounds import service
from bot_process import ended
from closed_rounds import responses as answers
from instrument.collation import Answers
from instrument.disclosure import merged
from instrument.goals import Horizon
from reports.exports.formats import Format
from reports.round_report import with_names
from sealed import CIPHER, submit_all
from storage import goals, responses
from storage.database import Database, DatabaseProblem, read_once
from storage.goals import NewGoal
from storage.rounds import Round
from storage.versions import LATEST
from stored_rounds import next_round

ZONE = ZoneInfo("America/New_York")
ALL = tuple(Format)
WHO, STRANGER = Who("T1", "U1", "T1"), Who("T2", "U1", "T2")
STARTS: dict[str, Any] = {"starts_on": date(2027, 3, 30), "channel_id": "C9", "started_by": "U1"}
FILES = [
    *("hta-{}-questionnaire.fhir.json", "hta-{}-redcap-dictionary.csv", "hta-{}-redcap-results.csv"),
    "hta-{}-report.pdf",
    *("hta-{}-results.csv", "hta-{}-results.sav", "hta-{}-results.xlsx"),
]


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLite alone where nothing else is said."""
    url: str = request.getfixturevalue(f"new_{request.param}_url")
    return url


async def close(database: Database, round_: Round, submitted: Sequence[Answers]) -> None:
    await database.write(partial(submit_all, round_id=round_.id, answers=submitted))
    await database.write(partial(service.close, cipher=CIPHER, round_id=round_.id, now=round_.closes_at))


def wanted(folder: Path, **chosen: object) -> Wanted:
    values = {"out": folder / "out", "round_id": None, "formats": ALL, "with_rows": False} | chosen
    return Wanted(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
async def test_it_writes_every_format_of_the_last_closed_round_beside_a_bot_that_runs(
    database: Database, database_url: str, open_round: Round, tmp_path: Path
) -> None:
    await close(database, open_round, answers(12))

    written = export(wanted(tmp_path), database_url, ZONE)

    made = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in made] == [name.format(open_round.id) for name in FILES]
    assert sorted(one.path for one in written) == made
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert "2027-03-29" in made[4].read_text("utf-8")
    assert "finished,12,exact" in made[4].read_text("utf-8")


async def test_it_reads_a_file_that_no_bot_has_open_and_the_bot_starts_after_it(
    database: Database, database_url: str, open_round: Round, tmp_path: Path
) -> None:
    await close(database, open_round, answers(12))
    await database.close()

    export(wanted(tmp_path, formats=(Format.FHIR,)), database_url, ZONE)

    again = Database(database_url)
    await again.open()
    assert len(await again.read(partial(responses.settled, round_id=open_round.id))) == 12
    await again.close()


async def test_rows_of_respondents_leave_only_where_they_are_asked_for(
    database: Database, database_url: str, open_round: Round, tmp_path: Path
) -> None:
    submitted = [*answers(22), Answers("security", "3" * 62)]
    await close(database, open_round, submitted)

    export(wanted(tmp_path, with_rows=True, formats=(Format.CSV, Format.XLSX)), database_url, ZONE)

    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert made == {"hta-1-results.csv", "hta-1-results.xlsx", "hta-1-respondents.csv"}
    with (tmp_path / "out" / "hta-1-respondents.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    plan = merged(Counter(one.function for one in submitted), 5)
    assert Counter(row["function"] for row in rows) == Counter(plan[one.function] for one in submitted)
    assert Counter(row["function"] for row in rows)["merged"] >= 5
    assert "security" not in {row["function"] for row in rows}, "one person alone"
    assert stat.S_IMODE((tmp_path / "out" / "hta-1-respondents.csv").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("people", "chosen", "said"),
    [
        (0, {"round_id": 8}, r"There is no self-assessment 8; those that are closed: 1\."),
        (0, {}, r"Fewer than 5 people finished self-assessment 1: nothing can be shown\."),
        (7, {"with_rows": True}, "Fewer than 10 people finished self-assessment 1, so no single answers"),
        (12, {"with_rows": True, "formats": (Format.FHIR,)}, "makes rows for csv, redcap and sav: name one"),
    ],
)
async def test_what_cannot_be_exported_is_told_in_a_sentence_and_nothing_is_written(
    database: Database,
    database_url: str,
    open_round: Round,
    tmp_path: Path,
    people: int,
    chosen: dict[str, object],
    said: str,
) -> None:
    await close(database, open_round, answers(people))

    with pytest.raises(NotExported, match=said):
        export(wanted(tmp_path, **chosen), database_url, ZONE)

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("round_id", "said"), [(1, "Self-assessment 1 is open"), (None, "No self-assessment has closed")]
)
async def test_while_it_is_open_nothing_is_exported(
    database_url: str, open_round: Round, tmp_path: Path, round_id: int | None, said: str
) -> None:
    with pytest.raises(NotExported, match=rf"{said}.*no results, for anyone\."):
        export(wanted(tmp_path, round_id=round_id), database_url, ZONE)


async def test_what_is_there_is_never_overwritten(
    database: Database, database_url: str, open_round: Round, tmp_path: Path
) -> None:
    await close(database, open_round, answers(12))
    (tmp_path / "out").mkdir()
    kept = tmp_path / "out" / "hta-1-results.csv"
    kept.write_text("mine")

    with pytest.raises(NotExported, match=r"has hta-1-results\.csv already: name another folder, or move them away"):
        export(wanted(tmp_path), database_url, ZONE)

    assert kept.read_text() == "mine"
    assert [*(tmp_path / "out").iterdir()] == [kept]


async def test_a_link_is_not_followed(database: Database, database_url: str, open_round: Round, tmp_path: Path) -> None:
    await close(database, open_round, answers(12))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "hta-1-results.csv").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(NotExported, match="already"):
        export(wanted(tmp_path, formats=(Format.CSV,)), database_url, ZONE)

    assert not (tmp_path / "elsewhere").exists()


async def test_a_folder_that_is_none_is_told(
    database: Database, database_url: str, open_round: Round, tmp_path: Path
) -> None:
    await close(database, open_round, answers(12))
    (tmp_path / "out").write_text("a file")

    with pytest.raises(NotExported, match=r"out can't be written to: .*\. Name another folder in --out"):
        export(wanted(tmp_path), database_url, ZONE)


async def test_where_the_disk_is_full_nothing_is_left_half_written(
    database: Database, database_url: str, open_round: Round, tmp_path: Path
) -> None:
    await close(database, open_round, answers(12))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(NotExported, match="out can't be written to: File too large"):
            export(wanted(tmp_path, formats=(Format.REDCAP, Format.FHIR)), database_url, ZONE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert [*(tmp_path / "out").iterdir()] == []


async def test_a_coordinator_cannot_export_where_too_few_finished(
    database: Database, database_url: str, open_round: Round
) -> None:
    await close(database, open_round, answers(4))

    assert read_once(database_url, partial(exportable, who=WHO, round_id=open_round.id, zone=ZONE)) is None


async def test_a_snapshot_of_a_newer_bot_is_told(
    database: Database, database_url: str, open_round: Round, tmp_path: Path
) -> None:
    await close(database, open_round, answers(12))
    await database.write(lambda connection: connection.execute(text("""UPDATE snapshot SET body = '{"format": 99}'""")))

    with pytest.raises(NotExported, match=r"Self-assessment 1 can't be read: the stored snapshot has format 99"):
        export(wanted(tmp_path), database_url, ZONE)


async def test_the_command_says_what_it_wrote_and_what_is_wrong(
    database: Database, database_url: str, open_round: Round, tmp_path: Path
) -> None:
    await close(database, open_round, answers(12))
    settings = {"slack_bot_token": "xoxb-1", "slack_signing_secret": "s", "database_url": database_url}

    first = await ended(tmp_path, "export --out out --format csv,redcap", settings)
    again = await ended(tmp_path, "export --out out --round 1 --format csv", settings)

    assert (first.status, first.err) == (0, "")
    assert first.out.splitlines()[0] == "out/hta-1-results.csv: All figures, one a row (CSV)"
    assert len(first.out.splitlines()) == 3
    assert (again.status, again.out) == (2, "")
    assert again.err == "out has hta-1-results.csv already: name another folder, or move them away.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "xlsx,docx"], 'there is no format "docx"; the formats are pdf, xlsx, csv, redcap, fhir, sav'),
        (["--format", ""], 'there is no format ""'),
        (["--round", "last"], '"last" is no number of a self-assessment; write it like --round 3'),
        (["--round", "9" * 30], "is no number of a self-assessment"),
    ],
)
def test_what_is_typed_wrong_is_told_before_anything_is_read(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    thresholds = gc.get_threshold()

    with pytest.raises(SystemExit) as ended:
        main(["export", "--out", "out", *words])

    gc.set_threshold(*thresholds)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_the_command_line_knows_every_format() -> None:
    assert tuple(format.value for format in Format) == FORMATS


async def test_the_round_before_and_the_goals_are_gathered(
    database: Database, database_url: str, open_round: Round, tmp_path: Path
) -> None:
    await close(database, open_round, answers(12))
    again = await next_round(database, open_round, open_round.team_id)
    await close(database, again, answers(14, seed=2))
    new = NewGoal(Horizon.MONTH_1, "c2", "c2_01", "Post the signs.", None, "U02AMARA", date(2027, 4, 29), "U1")
    plan = await database.write(partial(goals.begin_plan, team_id="T1", round_id=again.id, **STARTS))
    await database.write(partial(goals.set_goal, plan_id=plan.id, new=new, now=again.opened_at))

    found = read_once(database_url, partial(exportable, who=WHO, round_id=again.id, zone=ZONE))
    first = read_once(database_url, partial(exportable, who=WHO, round_id=open_round.id, zone=ZONE))
    other = read_once(database_url, partial(exportable, who=STRANGER, round_id=again.id, zone=ZONE))

    assert found is not None
    assert found.earlier is not None
    assert first is not None
    assert found.earlier.round_id == open_round.id == first.round_id
    (goal,) = with_names(found, {"U02AMARA": "Amara"}).planned
    assert (goal.due_in, goal.owner, goal.status) == ("1 month", "Amara", "Not started")
    assert goal.about.startswith("2.1 ")
    assert (first.earlier, first.planned, other) == (None, (), None)

    export(wanted(tmp_path, formats=(Format.XLSX,)), database_url, ZONE)
    book = openpyxl.load_workbook(tmp_path / "out" / f"hta-{again.id}-results.xlsx")
    assert [cell.value for cell in book["Goals"][2]][3:6] == ["Post the signs.", None, "U02AMARA"]


# Reading beside the bot.


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
async def test_reading_once_cannot_write(database: Database, database_url: str) -> None:
    with pytest.raises(DatabaseProblem, match=r"read-?only"):
        read_once(database_url, lambda connection: connection.execute(text("DELETE FROM round")))


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
async def test_reading_once_refuses_another_version(database: Database, database_url: str) -> None:
    for version, said in (("0001", "run hta-bot migrate first"), ("9999", "install the newer bot")):
        changed = text(f"UPDATE alembic_version SET version_num = '{version}'")  # noqa: S608
        await database.write(lambda connection, changed=changed: connection.execute(changed))  # type: ignore[misc]
        with pytest.raises(DatabaseProblem, match=said):
            read_once(database_url, lambda _: None)
    restored = text(f"UPDATE alembic_version SET version_num = '{LATEST}'")  # noqa: S608
    await database.write(lambda connection: connection.execute(restored))


def test_reading_once_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(DatabaseProblem, match="There is no database"):
        read_once(f"sqlite:///{tmp_path / 'hta.db'}", lambda _: None)
    assert os.listdir(tmp_path) == []  # noqa: PTH208

    (tmp_path / "hta.db").write_bytes(b"no database at all, but long enough to be looked at" * 20)
    with pytest.raises(DatabaseProblem, match="can't be used: file is not a database"):
        read_once(f"sqlite:///{tmp_path / 'hta.db'}", lambda _: None)

    sqlite3.connect(tmp_path / "new.db").close()
    with pytest.raises(DatabaseProblem, match="has no tables yet"):
        read_once(f"sqlite:///{tmp_path / 'new.db'}", lambda _: None)
