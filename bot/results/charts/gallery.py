"""The charts that there are of a closed self-assessment."""

from zoneinfo import ZoneInfo

from bot.blocks import Upload
from bot.results.closed import Closed
from bot.results.service import Compared
from instrument.definition import builtin
from reports.charts.growth import since_last_time
from reports.charts.how_often import how_often
from reports.charts.kinds_of_work import kinds_of_work
from reports.charts.paper import Chart
from reports.wording import day
from storage.rounds import Round


def of_how_often(closed: Closed, zone: ZoneInfo) -> Chart | None:
    """None: no section can be shown."""
    return how_often(builtin(closed.snapshot.instrument_version), closed.snapshot, closed_on(closed.round, zone))


def of_kinds_of_work(closed: Closed, zone: ZoneInfo) -> Chart | None:
    """None: no kind of work can stand alone in any section."""
    return kinds_of_work(builtin(closed.snapshot.instrument_version), closed.snapshot, closed_on(closed.round, zone))


def of_growth(compared: Compared, zone: ZoneInfo) -> Chart | None:
    """None: no section can be compared."""
    now, before = compared.now, compared.before
    instrument = builtin(now.snapshot.instrument_version)
    earlier, later = ((one.snapshot, closed_on(one.round, zone)) for one in (before, now))
    return since_last_time(instrument, compared.growth, earlier, later)


def all_of(closed: Closed, compared: Compared | None, zone: ZoneInfo) -> tuple[Chart, ...]:
    """In the order in which they are shown."""
    found = (
        of_how_often(closed, zone),
        of_kinds_of_work(closed, zone),
        of_growth(compared, zone) if compared else None,
    )
    return tuple(chart for chart in found if chart)


def drawn(chart: Chart) -> Upload:
    """The picture with its words. It takes a tenth of a second and more: call it on a thread of its own."""
    return Upload(chart.name, chart.title, chart.png(), chart.alt_text)


def closed_on(round_: Round, zone: ZoneInfo) -> str:
    return day(round_.closed_at or round_.closing_at, zone)
