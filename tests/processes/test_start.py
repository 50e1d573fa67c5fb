"""Starting is cheap: what draws, prints and exports is loaded when it is needed, not before."""

import subprocess
import sys
from pathlib import Path

HEAVY = ("typst", "numpy", "pandas", "pyreadstat", "xlsxwriter", "holidays", "fhir")
RUN = """
import asyncio, socket, sys
from pathlib import Path
from pydantic import SecretStr
import bot.__main__, bot.server, bot.serving
from bot.app import running
from bot.config import Settings

folder = Path(sys.argv[1])
settings = Settings(
    _env_file=None,
    slack_bot_token=SecretStr("xoxb-none"),
    slack_signing_secret=SecretStr("none"),
    slack_api_url="http://127.0.0.1:9/",
    database_url=f"sqlite:///{folder / 'hta.db'}",
    hta_key_dir=folder / "keys",
)

async def run():
    async with running(settings) as bot:
        assert bot.bolt

asyncio.run(run())
print(",".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_the_bot_runs_without_the_libraries_that_draw_print_and_export(tmp_path: Path, migrated_file: Path) -> None:
    (tmp_path / "hta.db").write_bytes(migrated_file.read_bytes())

    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", RUN, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.strip().split(","))
    assert {"bot", "slack_bolt", "sqlalchemy"} <= loaded
    assert loaded.isdisjoint(HEAVY)
