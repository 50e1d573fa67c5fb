"""What somebody must know who reads the figures without us beside them."""

from instrument.disclosure import detail_from
from reports.round_report import RoundReport


def notes(closed: RoundReport) -> tuple[tuple[str, str], ...]:
    """What each note is about, and the note: plain text, no Slack marks."""
    instrument, snapshot = closed.instrument, closed.snapshot
    detail = detail_from(snapshot.minimum)
    here = f" {closed.work_here:,} people work here." if closed.work_here else ""
    finished = f"Fewer than {snapshot.minimum}" if snapshot.finished is None else f"{snapshot.finished:,}"
    oddities = tuple(
        (one.where, f"The document prints: {one.printed.rstrip('.')}. Here: {one.here}") for one in instrument.oddities
    )
    return (
        ("Questionnaire", f"{instrument.title}. {instrument.source}."),
        ("Whose words", instrument.credit),
        (
            "Who answered",
            f"{finished} of {snapshot.asked:,} people asked finished.{here} Staff without Slack were not asked. Only what was "
            "submitted counts.",
        ),
        (
            "Confidential",
            f"Groups of fewer than {snapshot.minimum} people are never shown, and never so that they could be worked out from "
            "what is shown. At closing the link from people to answers was destroyed.",
        ),
        (
            "Score",
            "Percent of the maximum, the mean over people. It makes sections of 2 and of 14 items comparable. Never counts "
            "0 points, Occasionally 1, Often 2, Always 3.",
        ),
        (
            "Missing answers",
            "Doesn't apply, Don't know and items left open are left out, and are never 0. A person is scored in a section "
            "with answers to at least half of its items, as if the missing ones had been answered like the rest.",
        ),
        (
            "Likely range",
            "The 95 % interval of the mean by Student's t: where the mean would lie 95 times in 100. Where all agree it "
            "has no width and is not shown.",
        ),
        (
            "Never or Occasionally",
            "The share of these answers, on average over the items. What to work on first goes by it: sections from 50 "
            "percent on, at most three. What to share goes by Often or Always: from 75 percent on. Where a section has only "
            "its score, both go by the scores as they are printed: 50 percent at most, and 67 at least, which is the score "
            "of Often throughout. Those with the same score stand in the questionnaire's order.",
        ),
        (
            "Small groups",
            f"Where fewer than {detail} people rated a section, or one of its items that anybody rated, its score is a whole "
            "percent, told near 0 and 100 as under 10, under 25, over 75 or over 90 only, and nothing else of it is shown. "
            "What is coded how goes by how many people and points there are, not by the answers. Kinds of work always have "
            "whole percents.",
        ),
        (
            "Total",
            f"The sections' points as they are printed, added up, of {instrument.maximum}; only where all sections' points "
            "are shown. None by kind of work.",
        ),
        (
            "Comparing",
            "There are no published norms: compare an organization with itself only. Kinds of work see different things; a gap "
            "is a reason to talk, not a verdict.",
        ),
        *oddities,
    )
