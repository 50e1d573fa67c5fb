"""Buttons that stand under more than one message to a respondent."""

from bot.blocks import Block, button, confirm
from bot.survey.buttons import Do, round_value


def go_on(round_id: int) -> Block:
    return button("Continue", Do.CONTINUE.action_id, round_value(round_id), style="primary")


def who_sees(round_id: int) -> Block:
    return button("Who sees my answers?", Do.PRIVACY.action_id, round_value(round_id))


def help_and_contacts(round_id: int) -> Block:
    return button("Help and contacts", Do.HELP.action_id, round_value(round_id))


def change_an_answer(round_id: int) -> Block:
    return button("Change an answer", Do.CHANGE.action_id, round_value(round_id))


def finish(round_id: int) -> Block:
    return button(
        "Finish with what I have",
        Do.FINISH.action_id,
        round_value(round_id),
        confirm=confirm(
            "Finish?",
            "Your answers so far count, and the other statements count as not answered. Until it closes you can still add "
            "to them.",
            "Finish",
            "Go on later",
        ),
    )


def withdraw(round_id: int) -> Block:
    return button(
        "Withdraw",
        Do.WITHDRAW.action_id,
        round_value(round_id),
        style="danger",
        confirm=confirm(
            "Withdraw?",
            "All your answers to this self-assessment are deleted for good. Nobody is told.",
            "Delete my answers",
            "Keep them",
        ),
    )
