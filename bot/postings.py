"""What kinds of message do we owe?"""

from enum import StrEnum


class Kind(StrEnum):
    INVITATION = "invitation"
    RESULTS = "results"
    """To the results channel. Its note: who posted them once more; empty the first time."""
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
    COORDINATOR_ADDED = "coordinator_added"
    """To all coordinators. Its note: who added whom."""
    COORDINATOR_REMOVED = "coordinator_removed"
    """To all coordinators, and to whoever was one. Its note: who removed whom."""
    CHART_HOW_OFTEN = "chart_how_often"
    """To the results channel, after the results."""
    CHART_KINDS_OF_WORK = "chart_kinds_of_work"
    """To the results channel, after the results."""
