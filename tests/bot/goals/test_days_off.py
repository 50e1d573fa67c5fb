"""Which days an organization does not work: those of the calendar that it set."""

import subprocess
import sys
from datetime import date

import pytest

from bot.config import Settings
from bot.goals.days_off import DaysOff, UnknownPlace
from instrument.goals import check_in_on
from places import ROOT

CESAR_CHAVEZ = date(2027, 3, 31)
INDEPENDENCE_OBSERVED = date(2027, 7, 5)


def test_federal_holidays_and_the_days_on_which_they_are_observed_are_off() -> None:
    off = DaysOff("US")

    assert [date(2027, 7, 4) in off, INDEPENDENCE_OBSERVED in off, date(2027, 11, 25) in off] == [True] * 3
    assert date(2031, 12, 25) in off, "of every year"
    assert date(2027, 7, 6) not in off


def test_a_state_has_more_and_none_has_none() -> None:
    assert CESAR_CHAVEZ in DaysOff("US-CA")
    assert CESAR_CHAVEZ not in DaysOff("US")
    assert INDEPENDENCE_OBSERVED not in DaysOff("none")


def test_a_check_in_moves_past_a_long_weekend() -> None:
    assert check_in_on(date(2027, 7, 3), DaysOff("US")) == date(2027, 7, 6)


def test_an_unknown_place_is_told() -> None:
    with pytest.raises(UnknownPlace):
        assert INDEPENDENCE_OBSERVED in DaysOff("Atlantis")


def test_the_usual_place_is_known_and_settings_do_not_wait_for_the_library() -> None:
    usual = Settings.model_fields["hta_holidays"].default
    program = "import sys; from bot.config import Settings; Settings(_env_file=None, slack_bot_token='x', "
    program += f"slack_signing_secret='s', hta_holidays='{usual}'); sys.exit('holidays' in sys.modules)"

    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)  # noqa: S603

    assert ran.returncode == 0
    assert date(2027, 12, 24) in DaysOff(usual), "Christmas 2027 is a Saturday"
