"""What runs from the checkout runs from the wheel: built, unpacked elsewhere, and tried without any file of the checkout."""

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from places import ROOT
from tried_out import LONG, TriedOut, tried_out

pytestmark = pytest.mark.slow

# Python imports it at each start: it writes down every file of the checkout that is opened, but for those of the
# environment, which may stand in it.
WITNESS = """
import os, sys

checkout, opened = os.environ["CHECKOUT"] + os.sep, os.open(os.environ["OPENED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

def hear(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        path = os.path.abspath(os.fsdecode(arguments[0]))
        if path.startswith(checkout) and not path.startswith(sys.prefix + os.sep):
            os.write(opened, path.encode() + b"\\n")

sys.addaudithook(hear)
"""
BOT = (sys.executable, "-m", "bot")


@dataclass(frozen=True)
class Unpacked:
    """The wheel's files, and what of the checkout its processes opened so far."""

    site: Path
    witness: Path
    opened: Path

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the machine's own settings, and nothing of the checkout."""
        path = os.pathsep.join([str(self.site), str(self.witness)])
        return {"PATH": os.environ["PATH"], "PYTHONPATH": path, "CHECKOUT": str(ROOT), "OPENED": str(self.opened)}

    def run(self, folder: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(  # noqa: S603
            [*BOT, *words],
            cwd=folder,
            env=self.environment | settings,
            capture_output=True,
            text=True,
            timeout=LONG,
            check=False,
        )

    def opened_in_checkout(self) -> list[str]:
        return self.opened.read_text().splitlines()


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Unpacked:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    (folder / "witness").mkdir()
    (folder / "witness" / "sitecustomize.py").write_text(WITNESS)
    return Unpacked(folder / "site", folder / "witness", folder / "opened")


@pytest.fixture
def sandbox(unpacked: Unpacked, tmp_path: Path) -> Iterator[TriedOut]:
    with tried_out([*BOT, "sandbox", "--no-browser"], tmp_path, unpacked.environment) as up:
        yield up


def test_the_sandbox_starts_with_its_page_and_a_bot_that_it_has_greeted(unpacked: Unpacked, sandbox: TriedOut) -> None:
    assert [sandbox.status("/"), sandbox.status("/page/page.js"), sandbox.status("/readyz", of_bot=True)] == [200] * 3
    assert "No self-assessment is open" in sandbox.says_to("/hta")
    assert {one["command"] for one in sandbox.ask("/view/U02AMARA")["commands"]} == set(
        re.findall(r"command: (/\S+)", (ROOT / "manifest.yml").read_text())
    )
    assert sandbox.stop() == 0
    assert unpacked.opened_in_checkout() == []


def test_the_command_line_works_from_there(unpacked: Unpacked, tmp_path: Path) -> None:
    helped = unpacked.run(tmp_path, "--help")
    migrated = unpacked.run(tmp_path, "migrate", SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="s")

    assert "hta-bot" in helped.stdout
    assert (helped.returncode, migrated.returncode, migrated.stderr) == (0, 0, "")
    assert (tmp_path / "hta.db").stat().st_size > 0
    assert unpacked.opened_in_checkout() == []


def test_the_witness_sees_a_file_of_the_checkout(unpacked: Unpacked, tmp_path: Path) -> None:
    """Else the tests above would see nothing, whatever was opened."""
    witnessed = unpacked.environment | {"OPENED": str(tmp_path / "opened")}
    program = f"open({str(ROOT / 'manifest.yml')!r}).close()"

    subprocess.run([sys.executable, "-c", program], env=witnessed, check=True)  # noqa: S603

    assert (tmp_path / "opened").read_text().splitlines() == [str(ROOT / "manifest.yml")]


def test_the_wheels_manifest_is_the_checkouts(unpacked: Unpacked) -> None:
    assert (unpacked.site / "bot" / "manifest.yml").read_bytes() == (ROOT / "manifest.yml").read_bytes()
    assert not (ROOT / "bot" / "manifest.yml").exists(), "there is one source"
