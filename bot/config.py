"""What the operator has set: the only reader of the environment."""

import re
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.goals.days_off import DaysOff, UnknownPlace, holidays_of

MEMBER_ID = re.compile(r"^[UW][A-Z0-9]+$")
HOLIDAYS = "US"
SOME_YEAR = 2027


class Settings(BaseSettings):
    """The settings, checked. `load` is how they are made; `.env.example` explains each one."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    slack_bot_token: SecretStr
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_client_id: str | None = None
    slack_api_url: str = "https://slack.com/api/"
    database_url: str = "sqlite:///hta.db"
    hta_coordinators: str = ""
    hta_timezone: str = "America/New_York"
    hta_holidays: str = HOLIDAYS
    hta_clock_file: Path | None = None
    hta_key_dir: Path | None = None
    hta_close_now_after: int = Field(3600, ge=0)
    host: str = "127.0.0.1"
    port: int | None = Field(None, ge=1, le=65535)

    @field_validator("hta_timezone")
    @classmethod
    def _a_known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(f'"{name}" is no time zone; use a name like America/Chicago') from None
        return name

    @field_validator("hta_holidays")
    @classmethod
    def _a_known_place(cls, place: str) -> str:
        try:
            if place != HOLIDAYS:  # the usual one is known, and a start need not wait for the library
                holidays_of(place, SOME_YEAR)
        except UnknownPlace:
            raise ValueError(f'no holidays are known of "{place}"; use US, a state like US-CA, or none') from None
        return place

    @field_validator("hta_coordinators")
    @classmethod
    def _member_ids(cls, listed: str) -> str:
        strange = [name for name in _split(listed) if not MEMBER_ID.match(name)]
        if strange:
            raise ValueError(f"{', '.join(strange)}: no Slack member id; copy it from the person's profile (U...)")
        return listed

    @field_validator("slack_api_url")
    @classmethod
    def _with_a_slash(cls, url: str) -> str:
        return url if url.endswith("/") else url + "/"

    @model_validator(mode="after")
    def _whole(self) -> "Settings":
        if self.slack_app_token is None and self.slack_signing_secret is None:
            raise ValueError(
                "SLACK_SIGNING_SECRET is missing; copy it from Basic Information of your app, "
                "or set SLACK_APP_TOKEN for Socket Mode"
            )
        if self.slack_client_id is not None:
            raise ValueError(
                "SLACK_CLIENT_ID is set, but this version serves one workspace; unset it and use SLACK_BOT_TOKEN"
            )
        if self.hta_key_dir is None and not self.database_url.startswith("sqlite"):
            raise ValueError("HTA_KEY_DIR is missing; without SQLite it has to be a folder that all processes share")
        return self

    @property
    def is_on_this_machine(self) -> bool:
        """Whether Slack is a pretend one beside the bot, which no proxy leads to."""
        return urlsplit(self.slack_api_url).hostname in ("127.0.0.1", "localhost", "::1")

    @property
    def coordinators(self) -> tuple[str, ...]:
        """Slack member ids of those who are coordinators from the start."""
        return tuple(_split(self.hta_coordinators))

    @property
    def zone(self) -> ZoneInfo:
        """The organization's time zone."""
        return ZoneInfo(self.hta_timezone)

    @property
    def off(self) -> DaysOff:
        """Days on which no goal is asked about, and which don't count as working days."""
        return DaysOff(self.hta_holidays)

    @property
    def key_dir(self) -> Path:
        """Where the secrets of open self-assessments lie: beside the SQLite file unless set."""
        if self.hta_key_dir is not None:
            return self.hta_key_dir
        return Path(self.database_url.removeprefix("sqlite:///")).absolute().parent / "keys"


class BadSettings(Exception):
    """One message that names every setting that is missing or wrong, each with its way out."""


def load(env_file: Path | None = Path(".env")) -> Settings:
    """The settings from the environment and `env_file`. Raises BadSettings."""
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as error:
        raise BadSettings("\n".join(_complaint(detail["loc"], detail["msg"]) for detail in error.errors())) from None


def _complaint(place: tuple[int | str, ...], fault: str) -> str:
    name = str(place[0]).upper() if place else ""
    fault = fault.removeprefix("Value error, ")
    if fault == "Field required":
        return f"{name} is missing; see .env.example for where to find it."
    return f"{name}: {fault}." if name else f"{fault}."


def _split(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]
