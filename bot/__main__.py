"""The command line: run the bot, try it in the sandbox, migrate its database."""

import argparse
import asyncio
import gc
import sys
from collections.abc import Callable, Sequence


def main(words: Sequence[str] | None = None) -> int:
    """Runs one command; the exit status: 0 fine, 1 it failed, 2 something is set wrong."""
    # Before the imports, which make objects by the hundred thousand and hardly any that go again.
    gc.set_threshold(50_000, 20, 100)
    parser = argparse.ArgumentParser(prog="hta-bot", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("run", help="run the bot: Socket Mode where SLACK_APP_TOKEN is set, else HTTP at HOST:PORT")
    sandbox = commands.add_parser("sandbox", help="try the bot in a pretend Slack workspace, in your browser")
    sandbox.add_argument("--port", type=int, default=8400, help="the page's port (8400)")
    sandbox.add_argument("--no-browser", action="store_true", help="don't open the page")
    commands.add_parser("migrate", help="bring the database to this version (run does it too)")
    chosen = parser.parse_args(words)
    match chosen.command:
        case "run":
            return _told(run_command)
        case "migrate":
            return _told(migrate_command)
        case _:
            from bot.try_out import try_out

            return try_out(chosen.port, open_browser=not chosen.no_browser)


def run_command() -> int:
    from bot import logs
    from bot.config import load
    from bot.serving import serve

    logs.set_up()
    return asyncio.run(serve(load()))


def migrate_command() -> int:
    from bot.config import load
    from storage.database import migrate

    migrate(load().database_url)
    return 0


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
