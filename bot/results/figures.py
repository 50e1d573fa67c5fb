"""How is one figure of a snapshot said? In the same words in every table, line and sentence."""

from bot.wording import people, percent
from instrument.definition import Instrument
from instrument.disclosure import detail_from
from instrument.snapshot import Cell, SectionResult, Snapshot

HIDDEN = "not shown"
NOT_SEPARATE = "Not shown separately"
"""The kinds of work that have no row of their own, together."""


def of_how_many(snapshot: Snapshot, work_here: int | None = None) -> str:
    """Whom results are of; every one says it. work_here: how many people the organization has, where that is known."""
    workplace = f" {work_here:,} people work here." if work_here else ""
    return f"{snapshot.finished or 0:,} of {people(snapshot.asked)} asked finished.{workplace} Staff without Slack were not asked."


def is_small(count: int, snapshot: Snapshot) -> bool:
    """Whether so few stand behind a figure that it is whole or coded."""
    return count < detail_from(snapshot.minimum)


def score(result: SectionResult, snapshot: Snapshot) -> str:
    """A section's mean in percent of the maximum."""
    return _share(result, "mean", snapshot)


def low(result: SectionResult, snapshot: Snapshot) -> str:
    """The share of Never or Occasionally."""
    return _share(result, "low", snapshot)


def high(result: SectionResult, snapshot: Snapshot) -> str:
    """The share of Often or Always."""
    return _share(result, "high", snapshot)


def _share(result: SectionResult, figure: str, snapshot: Snapshot) -> str:
    if result.n is None:
        return HIDDEN
    # Where its items are not shown, a section's shares are whole, of however many people.
    whole = is_small(result.n, snapshot) or (figure != "mean" and result.never is None)
    return percent(getattr(result, figure), small=whole)


def cell(shown: Cell | None) -> str:
    """One kind of work in one section."""
    return HIDDEN if shown is None else percent(shown.mean, small=True)


def kind_of_work(instrument: Instrument, function_id: str | None) -> str:
    """A kind of work as people chose it; None: those without a row of their own, together."""
    known = instrument.function(function_id) if function_id else None
    return known.label if known else NOT_SEPARATE


def exact(share: float) -> str:
    """A share of ten people or more."""
    return percent(share, small=False)


def points(difference: float, *, small: bool) -> str:
    """A difference of two percents, with its sign: "+14.5", "–3", "0.0"."""
    digits = f"{abs(difference):.0f}" if small else f"{abs(difference):.1f}"
    if not float(digits):
        return digits
    return f"{'+' if difference > 0 else '–'}{digits}"
