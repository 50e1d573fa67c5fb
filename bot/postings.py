"""What kinds of message do we owe?"""

from enum import StrEnum


class Kind(StrEnum):
    INVITATION = "invitation"
    RESULTS = "results"
    RESULTS_STUCK = "results_stuck"
    """To the coordinator: the results channel can't be posted to."""
    RESULTS_READY = "results_ready"
    """To the coordinator: the results can be looked at, and shared."""
    WHAT_CAME_OUT = "what_came_out"
    """To everyone who was asked and did not say no: the results."""
    AUDIENCE_STUCK = "audience_stuck"
    """To the coordinator: the audience can't be read, so that nobody was asked yet."""
    REMINDER = "reminder"
    """To somebody who was asked. Its note: how many came by themselves before it; ":picked" where she picked the time."""
    GOAL_HEADS_UP = "goal_heads_up"
    """To a goal's owner: it is due soon."""
    GOAL_CHECK_IN = "goal_check_in"
    """To a plan's channel: how do the goals go? Its note: which part, where there are too many for one message."""
    GOAL_FOLLOW_UP = "goal_follow_up"
    """To a goal's owner: nobody has answered the check-in yet."""
    GOAL_STUCK = "goal_stuck"
    """To the coordinator: an owner or a channel can't be reached. Its note: the kind that could not go out, and to whom."""
