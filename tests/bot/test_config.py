"""What is set is checked before anything starts, and every fault is named at once."""

from pathlib import Path

import pytest

from bot.config import BadSettings, Settings, load

GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "s",
    "HTA_COORDINATORS": "U1, W2",
}
NAMES = [name.upper() for name in Settings.model_fields]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_the_few_that_are_needed_are_enough(environment: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        environment.setenv(name, value)

    settings = load(None)

    assert settings.coordinators == ("U1", "W2")
    assert settings.zone.key == "America/New_York"
    assert settings.key_dir == Path("keys").absolute()


def test_an_env_file_serves_as_well_and_empty_lines_in_it_mean_unset(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    file.write_text("SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN=xapp-1\nHTA_KEY_DIR=\nPORT=\n")

    settings = load(file)

    assert settings.port is None
    assert settings.slack_app_token is not None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SLACK_BOT_TOKEN": None}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_SIGNING_SECRET": None}, "SLACK_SIGNING_SECRET is missing"),
        ({"HTA_TIMEZONE": "Mars/Base"}, '"Mars/Base" is no time zone'),
        ({"HTA_COORDINATORS": "U1,jo@example.org"}, "jo@example.org: no Slack member id"),
        ({"HTA_HOLIDAYS": "US-Mars"}, 'no holidays are known of "US-Mars"'),
        ({"PORT": "many"}, "PORT"),
        ({"HTA_CLOSE_NOW_AFTER": "-1"}, "HTA_CLOSE_NOW_AFTER"),
        ({"SLACK_CLIENT_ID": "1.2"}, "SLACK_CLIENT_ID is set"),
        ({"DATABASE_URL": "postgresql://h/d"}, "HTA_KEY_DIR is missing"),
    ],
)
def test_a_fault_is_named_with_its_way_out(
    environment: pytest.MonkeyPatch, changed: dict[str, str | None], said: str
) -> None:
    for name, value in (GOOD | changed).items():
        if value is not None:
            environment.setenv(name, value)

    with pytest.raises(BadSettings, match=said):
        load(None)


def test_all_faults_are_named_at_once(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HTA_TIMEZONE", "Mars/Base")
    environment.setenv("PORT", "many")

    with pytest.raises(BadSettings) as caught:
        load(None)

    assert [name for name in ("SLACK_BOT_TOKEN", "HTA_TIMEZONE", "PORT") if name not in str(caught.value)] == []


def test_no_secret_shows_in_a_complaint_or_in_print(environment: pytest.MonkeyPatch) -> None:
    for name, value in (GOOD | {"SLACK_BOT_TOKEN": "xoxb-very-secret"}).items():
        environment.setenv(name, value)

    assert "very-secret" not in repr(load(None))
