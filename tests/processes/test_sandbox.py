"""`hta-bot sandbox` as a visitor starts it: once, twice, and on ports that somebody else has."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tried_out import LONG, TriedOut, tried_out, two_free_ports, until

pytestmark = pytest.mark.slow

HTA_BOT = Path(sys.executable).with_name("hta-bot")
# Stands in for a browser: writes down what it is opened on, and whether the bot beside it is ready by then.
BROWSER = """
import sys
from urllib.parse import urlsplit
from urllib.request import urlopen

port = urlsplit(sys.argv[2]).port
with urlopen(f"http://127.0.0.1:{port + 1}/readyz") as answer, open(sys.argv[1], "a") as opened:
    opened.write(f"{sys.argv[2]} {answer.status}\\n")
"""


@dataclass(frozen=True)
class Browser:
    """`environment` has it opened; `opened` is what it was opened on."""

    environment: dict[str, str]
    file: Path

    @property
    def opened(self) -> list[str]:
        return self.file.read_text().splitlines() if self.file.exists() else []


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    program, file = tmp_path / "browser.py", tmp_path / "opened"
    program.write_text(BROWSER)
    return Browser({"PATH": os.environ["PATH"], "BROWSER": f"{sys.executable} {program} {file} %s"}, file)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TriedOut]:
    folder, environment = tmp_path_factory.mktemp("running"), {"PATH": os.environ["PATH"]}
    with tried_out([str(HTA_BOT), "sandbox", "--no-browser"], folder, environment) as up:
        yield up


def refused(folder: Path, port: int, environment: dict[str, str]) -> str:
    """What it says where it does not start."""
    done = subprocess.run(  # noqa: S603
        [HTA_BOT, "sandbox", "--port", str(port)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONG,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done.stderr


def test_the_browser_is_opened_once_the_bot_is_ready_and_ctrl_c_ends_it_all(tmp_path: Path, browser: Browser) -> None:
    with tried_out([str(HTA_BOT), "sandbox"], tmp_path, browser.environment) as here:
        until(lambda: browser.opened)
        answered = here.says_to("/hta")
        ended = here.stop()

    assert browser.opened == [f"{here.address} 200"]
    assert "No self-assessment is open" in answered
    assert ended == 0
    assert [here.status("/"), here.status("/healthz", of_bot=True)] == [0, 0]


def test_a_second_one_says_where_the_first_is_and_opens_no_browser(
    tmp_path: Path, running: TriedOut, browser: Browser
) -> None:
    said = refused(tmp_path, running.port, browser.environment)

    assert f"Port {running.port} is taken by another sandbox, which is running at {running.address}." in said
    assert "hta-bot sandbox --port " in said
    assert "SLACK_BOT_TOKEN" not in said
    assert browser.opened == []
    assert running.status("/readyz", of_bot=True) == 200, "the first goes on"


@pytest.mark.parametrize("away", [-1, 1])
def test_neither_page_nor_bot_takes_a_port_of_the_first(
    tmp_path: Path, running: TriedOut, browser: Browser, away: int
) -> None:
    said = refused(tmp_path, running.port + away, browser.environment)

    assert f"is taken by another sandbox, which is running at {running.address}." in said
    assert browser.opened == []


@pytest.mark.parametrize("place", ["page", "bot"])
def test_a_port_that_another_program_has_is_named(tmp_path: Path, browser: Browser, place: str) -> None:
    port = two_free_ports()
    taken = port + (place == "bot")
    with socket.create_server(("127.0.0.1", taken)):
        said = refused(tmp_path, port, browser.environment)

    assert f"Port {taken} is taken by another program." in said
    assert "--port" in said
    assert browser.opened == []


def test_a_port_that_there_is_not_is_said_to_be_none(tmp_path: Path, browser: Browser) -> None:
    assert "70000 can't be the page's port." in refused(tmp_path, 70_000, browser.environment)
