"""How long does it take to draw a picture, and does anybody who presses wait for it?

The first one loads the library. Then each is drawn a few times, and all of them again and again on a thread while the
event loop is looked at: how late it comes back, beside a loop that has nothing else to do.
"""

import asyncio
import resource
import time
from statistics import median, quantiles

from benchmarks.made_up import results
from benchmarks.report import say, show
from instrument.definition import builtin
from instrument.growth import growth
from reports.charts.growth import since_last_time
from reports.charts.how_often import how_often
from reports.charts.kinds_of_work import kinds_of_work
from reports.charts.paper import Chart

PEOPLE, TIMES = 120, 20
TICK = 0.001
WATCHED = 3.0
"""Seconds that the loop is looked at."""


async def main() -> None:
    charts = _charts()
    before = _megabytes()
    began = time.perf_counter()
    charts[0].png()
    first, after = time.perf_counter() - began, _megabytes()
    rows = [(one, *_drawn(one)) for one in charts]
    idle = await _lateness()
    drawing = asyncio.create_task(_draw(charts))
    busy = await _lateness()
    count = await drawing
    say(f"The three pictures of {PEOPLE} people, {TIMES} times each, medians")
    show(
        [
            ["", "ms", "KB"],
            ["the first, with the loading of the library", f"{first * 1000:.0f}", ""],
            *([one.title, f"{seconds * 1000:.0f}", f"{size / 1024:.0f}"] for one, seconds, size in rows),
        ]
    )
    say(f"  memory: {before:.0f} MB before, {after:.0f} after the first, {_megabytes():.0f} at the end")
    say(f"How late the event loop comes back, ms, in {WATCHED:.0f} s ({count} pictures drawn meanwhile)")
    show(
        [["", "median", "p99", "most"], ["nothing else to do", *_row(idle)], ["while pictures are drawn", *_row(busy)]]
    )


def _charts() -> list[Chart]:
    hta = builtin()
    now, then = results(hta, PEOPLE, seed=1), results(hta, PEOPLE, seed=1, better=-0.2)
    found = (
        how_often(hta, now, "3 December 2026"),
        kinds_of_work(hta, now, "3 December 2026"),
        since_last_time(hta, growth(hta, then, now), (then, "3 December 2025"), (now, "3 December 2026")),
    )
    return [one for one in found if one]


def _drawn(chart: Chart) -> tuple[float, int]:
    """Seconds, and bytes."""
    seconds, size = [], 0
    for _ in range(TIMES):
        began = time.perf_counter()
        size = len(chart.png())
        seconds.append(time.perf_counter() - began)
    return median(seconds), size


async def _draw(charts: list[Chart]) -> int:
    """Draws one after the other while the loop is looked at; how many."""
    until, count = time.perf_counter() + WATCHED, 0
    while time.perf_counter() < until:
        await asyncio.to_thread(charts[count % len(charts)].png)
        count += 1
    return count


async def _lateness() -> list[float]:
    """By how many seconds each sleep was too long."""
    late, until = [], time.perf_counter() + WATCHED
    while (began := time.perf_counter()) < until:
        await asyncio.sleep(TICK)
        late.append(max(0.0, time.perf_counter() - began - TICK))
    return late


def _row(late: list[float]) -> list[str]:
    return [f"{1000 * value:.1f}" for value in (median(late), quantiles(late, n=100)[-1], max(late))]


def _megabytes() -> float:
    """The most that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
