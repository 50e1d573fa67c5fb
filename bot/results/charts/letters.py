"""The charts that follow the results in their channel: postings of their own, owed once the results are there."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.blocks import Upload
from bot.context import Context
from bot.delivery import Letter, Letters
from bot.postings import Kind
from bot.results.charts import gallery, messages
from bot.results.closed import Closed
from bot.rounds import service as rounds_service
from reports.charts.paper import Chart
from storage import postings, snapshots
from storage.postings import NewPosting, Posting


def mark_and_owe(connection: Connection, context: Context, results: Posting, now: datetime) -> None:
    """The results are posted, and their charts owed, in one transaction: a crash loses none of them."""
    postings.mark_posted(connection, results.id, now)
    snapshot = snapshots.of(connection, results.round_id or 0)
    if snapshot and snapshot.finished is not None:
        kinds = [Kind.CHART_HOW_OFTEN, *([Kind.CHART_KINDS_OF_WORK] if snapshot.by_function else [])]
        owed = [NewPosting(kind, results.team_id, results.round_id, results.target, results.due_at) for kind in kinds]
        postings.owe(connection, owed)


async def how_often(context: Context, posting: Posting) -> Upload | None:
    return await _drawn(context, posting, gallery.of_how_often)


async def kinds_of_work(context: Context, posting: Posting) -> Upload | None:
    return await _drawn(context, posting, gallery.of_kinds_of_work)


async def _drawn(
    context: Context, posting: Posting, chart_of: Callable[[Closed, ZoneInfo], Chart | None]
) -> Upload | None:
    """None: nothing of it can be shown."""
    found = await context.unhurried.read(partial(rounds_service.result, round_id=posting.round_id or 0))
    if found is None:
        return None
    closed = Closed(*found)
    chart = chart_of(closed, context.settings.zone)
    if chart is None:
        return None
    return replace(await asyncio.to_thread(gallery.drawn, chart), comment=messages.beside(closed.round, chart))


LETTERS: Letters = {
    Kind.CHART_HOW_OFTEN: Letter(how_often),
    Kind.CHART_KINDS_OF_WORK: Letter(kinds_of_work),
}
