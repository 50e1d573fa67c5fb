"""The arrows: bot → reports → storage → instrument, and the sandbox beside them. What is written down is true."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from bot import scopes
from bot.config import Settings
from bot.readiness import Reason
from places import ROOT
from storage.problems import FAILED, FULL, GONE, LOCKED, READ_ONLY, SILENT, UNREACHABLE

MAY_IMPORT = {
    "instrument": {"instrument"},
    "storage": {"storage", "instrument"},
    "reports": {"reports", "storage", "instrument"},
    "bot": {"bot", "reports", "storage", "instrument"},
    "sandbox": {"sandbox"},
}


def imported_packages(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_packages_import_only_along_the_arrows(package: str) -> None:
    ours = set(MAY_IMPORT)

    crossed = {
        str(path.relative_to(ROOT)): wrong
        for path in (ROOT / package).rglob("*.py")
        if (wrong := (imported_packages(path) & ours) - MAY_IMPORT[package])
    }

    assert not crossed


def test_the_instrument_needs_the_standard_library_only() -> None:
    import sys

    outside = set().union(*(imported_packages(path) for path in (ROOT / "instrument").rglob("*.py")))

    assert outside - set(sys.stdlib_module_names) == {"instrument"}


def test_only_config_reads_the_environment() -> None:
    readers = {
        path.name
        for package in ("bot", "reports", "storage", "instrument")
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"os\.environ|os\.getenv", path.read_text())
    }

    assert readers == {"try_out.py"}, "the sandbox's process inherits the environment; nobody else looks at it"


def test_env_example_names_every_setting_and_no_other() -> None:
    named = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    settings = {name.upper() for name in Settings.model_fields}

    assert named == settings - {"SLACK_CLIENT_ID"}, "SLACK_CLIENT_ID is refused until many workspaces are served"


def test_operations_says_of_every_reason_and_every_word_for_a_database_what_to_do() -> None:
    pages = (ROOT / "docs" / "operations.md").read_text().split("\n## ")
    tables = {page.splitlines()[0]: set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) for page in pages}

    assert tables["Is it well?"] == set(Reason)
    assert tables["The database"] == {LOCKED, FULL, GONE, READ_ONLY, SILENT, UNREACHABLE, FAILED}


def test_the_manifest_has_every_command_and_event_that_is_heard() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text())
    heard = "".join(path.read_text() for path in (ROOT / "bot").rglob("handlers.py"))

    assert {command["command"] for command in manifest["features"]["slash_commands"]} == set(
        re.findall(r'@app\.command\("(/[a-z-]+)"\)', heard)
    )
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == set(
        re.findall(r'@app\.event\("(\w+)"\)', heard)
    )


SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "users.list": "users:read",
    "users.info": "users:read",
    "conversations.members": "channels:read",
    "conversations.info": "channels:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
}


def test_the_manifest_asks_for_the_scopes_of_the_methods_that_are_called_and_no_more() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text())
    code = "".join(path.read_text() for path in (ROOT / "bot").rglob("*.py"))
    called = set(re.findall(r'"((?:chat|files|users|conversations|usergroups)\.[a-zA-Z.]+)"', code))

    needed = {SCOPES[method] for method in called} | {"commands", "groups:read"}

    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed
    assert needed == {*scopes.NEEDED, *scopes.OPTIONAL}
    assert set(manifest["oauth_config"]["scopes"]["bot_optional"]) == set(scopes.OPTIONAL)


def test_no_test_imports_another() -> None:
    importing = {
        path.name
        for path in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[-1].startswith("test_")
    }

    assert importing == set()


def test_every_test_that_the_docs_name_exists() -> None:
    named = {
        (path.name, *found)
        for path in [*(ROOT / "docs").rglob("*.md"), ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]
        for found in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", path.read_text())
    }

    lacking = [
        (page, file, name)
        for page, file, name in sorted(named)
        if not (ROOT / file).is_file() or (name and f"def {name}(" not in (ROOT / file).read_text())
    ]

    assert named
    assert lacking == []
