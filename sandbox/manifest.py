"""What does the app's manifest allow? Its commands, scopes, events and tabs."""

import json
from dataclasses import dataclass
from pathlib import Path

import yaml

from sandbox.refusals import Json
from sandbox.slack.check import complaints

SCHEMA = Path(__file__).parent / "slack" / "manifest.schema.json"


class BrokenManifest(Exception):
    """Slack would not take this manifest; the message says where and why."""


@dataclass(frozen=True)
class Command:
    command: str
    description: str
    usage_hint: str


@dataclass(frozen=True)
class Manifest:
    """`scopes` are all the bot's, the optional ones too: they are granted unless somebody takes them away."""

    bot_name: str
    commands: tuple[Command, ...]
    scopes: frozenset[str]
    events: frozenset[str]
    has_home: bool
    has_messages: bool
    is_read_only: bool
    is_interactive: bool


def read(path: Path) -> Manifest:
    """Raises BrokenManifest, OSError."""
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise BrokenManifest(f"{path.name}: {error}") from None
    if found := complaints(json.loads(SCHEMA.read_text()), written):
        raise BrokenManifest("\n".join(f"{path.name}: {complaint}" for complaint in found))
    return of(written)


def of(written: Json) -> Manifest:
    features, settings = written.get("features", {}), written.get("settings", {})
    tabs = features.get("app_home", {})
    return Manifest(
        bot_name=features.get("bot_user", {}).get("display_name", written["display_information"]["name"]),
        commands=tuple(
            Command(one["command"], one["description"], one.get("usage_hint", ""))
            for one in features.get("slash_commands", ())
        ),
        scopes=frozenset(written.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
        has_home=tabs.get("home_tab_enabled", False),
        has_messages=tabs.get("messages_tab_enabled", True),
        is_read_only=tabs.get("messages_tab_read_only_enabled", False),
        is_interactive=settings.get("interactivity", {}).get("is_enabled", False),
    )
