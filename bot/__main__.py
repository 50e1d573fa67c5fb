"""The command line: run the bot, try it in the sandbox, migrate its database, export results, rehearse."""

import argparse
import asyncio
import gc
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

FORMATS = ("pdf", "xlsx", "csv", "redcap", "fhir", "sav")
"""Those of bot.results.export.formats, which would take long to load for every other command."""
LONGEST_NUMBER = 9


def main(words: Sequence[str] | None = None) -> int:
    """Runs one command; the exit status: 0 fine, 1 it failed, 2 something is set wrong."""
    gc.set_threshold(50_000, 20, 100)
    parser = argparse.ArgumentParser(prog="hta-bot", description=__doc__)
    parser.add_argument("--version", action=_Version, nargs=0, help="say which version this is")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("run", help="run the bot: Socket Mode where SLACK_APP_TOKEN is set, else HTTP at HOST:PORT")
    sandbox = commands.add_parser("sandbox", help="try the bot in a pretend Slack workspace, in your browser")
    sandbox.add_argument("--port", type=int, default=8400, help="the page's port (8400)")
    sandbox.add_argument("--no-browser", action="store_true", help="don't open the page")
    commands.add_parser("migrate", help="bring the database to this version (run does it too)")
    export = commands.add_parser("export", help="write a closed self-assessment's results to files")
    export.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="the folder to write to; made if missing"
    )
    export.add_argument(
        "--round", type=_number, metavar="ID", help="the self-assessment's number (the last one closed)"
    )
    export.add_argument(
        "--format",
        type=_formats,
        metavar="LIST",
        help=f"some of {','.join(FORMATS)}, with commas between (all of them)",
    )
    export.add_argument(
        "--respondent-level",
        action="store_true",
        help="also one row for each respondent, without name, time or order: keep them as carefully as the answers",
    )
    evidence = commands.add_parser("evidence", help="write a closed self-assessment's evidence pack, one zip")
    evidence.add_argument("--out", type=Path, required=True, metavar="FILE", help="the zip to write")
    evidence.add_argument(
        "--round", type=_number, metavar="ID", help="the self-assessment's number (the last one closed)"
    )
    evidence.add_argument("--organization", metavar="NAME", help="its name, as it shall stand on the papers")
    abandon = commands.add_parser(
        "abandon", help="give up an open self-assessment whose key is lost; stop the bot first"
    )
    abandon.add_argument("--round", type=_number, required=True, metavar="N", help="its number, as the log names it")
    rehearse = commands.add_parser("rehearse", help="list what will be posted about goals, without sending anything")
    rehearse.add_argument("--until", type=_day, required=True, metavar="DATE", help="the last day, like 2027-12-31")
    chosen = parser.parse_args(words)
    match chosen.command:
        case "run":
            return _told(run_command)
        case "migrate":
            return _told(migrate_command)
        case "export":
            return _told(partial(export_command, chosen))
        case "rehearse":
            return _told(partial(rehearse_command, chosen.until))
        case "evidence":
            return _told(partial(evidence_command, chosen))
        case "abandon":
            return _told(partial(abandon_command, chosen.round))
        case _:
            from bot.try_out import try_out

            return try_out(chosen.port, open_browser=not chosen.no_browser)


class _Version(argparse.Action):
    """Says the version. It is looked up only where it is asked for: that takes longer than the rest of the line."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"hta-bot {version('hta-bot')}\n")
        parser.exit()


def run_command() -> int:
    # The imports make objects by the hundred thousand and hardly any that go again; bot/serving.py switches it on.
    gc.disable()
    from bot import logs
    from bot.config import load
    from bot.serving import serve

    logs.set_up()
    return asyncio.run(serve(load()))


def migrate_command() -> int:
    from bot.config import load
    from storage.database import migrate
    from storage.keys import Keyring

    settings = load()
    migrate(settings.database_url, Keyring(settings.key_dir))
    return 0


def export_command(chosen: argparse.Namespace) -> int:
    from bot.config import load
    from bot.results.export.command import NotExported, Wanted, export
    from reports.exports.formats import Format

    formats = tuple(Format(one) for one in chosen.format or FORMATS)
    settings = load()
    try:
        written = export(
            Wanted(chosen.out, chosen.round, formats, chosen.respondent_level), settings.database_url, settings.zone
        )
    except NotExported as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    for one in written:
        sys.stdout.write(f"{one.path}: {one.title}\n")
    return 0


def evidence_command(chosen: argparse.Namespace) -> int:
    from bot.config import load
    from bot.results.evidence.command import Wanted, write
    from bot.results.export.command import NotExported

    settings = load()
    try:
        write(Wanted(chosen.out, chosen.round, chosen.organization), settings.database_url, settings.zone)
    except NotExported as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    sys.stdout.write(f"{chosen.out}: Evidence pack. Begin with “00 Read me first.pdf” in it.\n")
    return 0


def abandon_command(round_id: int) -> int:
    from bot.clock import Clock
    from bot.config import load
    from bot.rounds.abandon import NotAbandoned, abandon

    settings = load()
    try:
        done = asyncio.run(abandon(settings, round_id, Clock(settings.hta_clock_file).now()))
    except NotAbandoned as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    sys.stdout.write(
        f"Self-assessment {round_id} is closed without results, and its answers are deleted. When the bot runs again, "
        f"{done.told:,} people are told. Goals and earlier results are unchanged.\n"
    )
    return 0


def _formats(listed: str) -> tuple[str, ...]:
    """Formats by name, each once. Raises ArgumentTypeError."""
    named = tuple(dict.fromkeys(one.strip() for one in listed.split(",")))
    if strange := [one for one in named if one not in FORMATS]:
        raise argparse.ArgumentTypeError(f'there is no format "{strange[0]}"; the formats are {", ".join(FORMATS)}')
    return named


def _number(typed: str) -> int:
    if not typed.isascii() or not typed.isdigit() or len(typed) > LONGEST_NUMBER:
        raise argparse.ArgumentTypeError(f'"{typed}" is no number of a self-assessment; write it like --round 3')
    return int(typed)


def rehearse_command(until: date) -> int:
    from bot.config import load
    from bot.goals.rehearse import rehearse

    for line in rehearse(load(), until):
        sys.stdout.write(f"{line}\n")
    return 0


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{typed}" is no day; write it like 2027-12-31') from None


def _told(command: Callable[[], int]) -> int:
    """Runs `command`; what an operator can mend is told in one sentence, without a traceback."""
    from bot.config import BadSettings
    from storage.database import DatabaseProblem

    try:
        return command()
    except (BadSettings, DatabaseProblem) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
