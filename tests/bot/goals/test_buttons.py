"""Which numbers of a button or a modal are taken? A value that nobody made of ours does nothing."""

from functools import partial

import pytest

from bot.goals.buttons import GoalPressed, numbered
from bot.payloads import Submission, Unreadable, Who
from bot.results.export.buttons import round_carried
from bot.rounds.buttons import RoundPressed
from bot.survey.buttons import ChangeOpened

LARGE = "9" * 30
"""No database takes it."""


@pytest.mark.parametrize("value", [None, "", "1", "2:7", "1:-7", "1:x", "1:7:8", f"1:{LARGE}", "1:٧"])
def test_a_button_with_another_number_has_none(value: str | None) -> None:
    assert numbered(value) is None


def test_a_button_with_a_number_has_it() -> None:
    assert numbered("1:7") == 7


@pytest.mark.parametrize("number", [LARGE, "-7", "٧", ""])
def test_a_modal_with_a_number_of_no_row_is_not_read(number: str) -> None:
    carried = Submission(Who("T1", "U1", "T1"), "V1", f"1:7:20270408:c0:move:{number}:C1:1.2:https://here")

    for read in (
        partial(round_carried, f"1:{number}"),
        partial(RoundPressed.round_of, f"1:{number}"),
        partial(ChangeOpened.read, f"1:{number}:c1"),
        partial(GoalPressed.carried, carried),
    ):
        with pytest.raises(Unreadable):
            read()
