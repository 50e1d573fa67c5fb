"""Messages that we owe: each is owed once, and posted by one at a time."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from storage import postings
from storage.database import Database
from storage.postings import Failure, NewPosting, Posting
from storage.rounds import Round

NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = 60 * MINUTE
NUDGE = NewPosting("nudge", "T1", None, "U1", NOW, "second")


async def owe(database: Database, *new: NewPosting) -> None:
    await database.write(partial(postings.owe, postings=new))


async def claim(database: Database, now: datetime = NOW, limit: int = 100) -> tuple[Posting, ...]:
    return await database.write(partial(postings.claim_due, now=now, lease=5 * MINUTE, limit=limit))


def targets(claimed: Iterable[Posting]) -> list[str]:
    return [posting.target for posting in claimed]


async def test_a_claimed_posting_is_what_was_owed(database: Database, open_round: Round) -> None:
    await owe(database, replace(NUDGE, round_id=open_round.id))

    (claimed,) = await claim(database)

    assert claimed == Posting(claimed.id, "nudge", "T1", open_round.id, "U1", NOW, attempts=0, note="second")


@pytest.mark.parametrize("of_a_round", [True, False])
async def test_the_same_posting_is_owed_once_however_often_it_is_said(
    database: Database, open_round: Round, of_a_round: bool
) -> None:
    nudge = replace(NUDGE, round_id=open_round.id if of_a_round else None)

    await owe(database, nudge, nudge)
    await asyncio.gather(*(owe(database, replace(nudge, note=f"{number}")) for number in range(4)))

    assert [posting.note for posting in await claim(database)] == ["second"]


async def test_what_differs_in_kind_round_target_or_due_date_is_owed_too(database: Database, open_round: Round) -> None:
    await owe(
        database,
        NUDGE,
        replace(NUDGE, kind="results"),
        replace(NUDGE, round_id=open_round.id),
        replace(NUDGE, target="U2"),
        replace(NUDGE, due_at=NOW - MINUTE),
    )

    assert len(await claim(database)) == 5


async def test_nothing_can_be_owed(database: Database) -> None:
    await owe(database)

    assert await claim(database) == ()


async def test_what_is_due_is_claimed_the_oldest_first_and_nothing_before_its_time(database: Database) -> None:
    await owe(
        database,
        replace(NUDGE, target="now"),
        replace(NUDGE, target="later", due_at=NOW + timedelta(microseconds=1)),
        replace(NUDGE, target="long ago", due_at=NOW - 9 * MINUTE),
        replace(NUDGE, target="just before", due_at=NOW - MINUTE),
    )

    assert targets(await claim(database, limit=2)) == ["long ago", "just before"]
    assert targets(await claim(database)) == ["now"]
    assert targets(await claim(database)) == []
    assert targets(await claim(database, NOW + MINUTE)) == ["later"]


async def test_claimers_at_once_never_get_the_same_posting(database: Database) -> None:
    await owe(database, *(replace(NUDGE, target=f"U{number}") for number in range(60)))

    claimed = await asyncio.gather(*(claim(database, limit=7) for _ in range(12)))

    got = [target for batch in claimed for target in targets(batch)]
    assert len(got) == len(set(got))
    assert sorted(got + targets(await claim(database))) == sorted(f"U{number}" for number in range(60))


async def test_a_claim_waits_for_no_other_claim(database: Database, database_url: str) -> None:
    """SKIP LOCKED: while one process has not committed its claim yet, the next gets the others."""
    if database_url.startswith("sqlite"):
        pytest.skip("one thread writes to SQLite")
    await owe(database, NUDGE, replace(NUDGE, target="U2"))
    loop = asyncio.get_running_loop()

    def claim_and_look_what_is_left(connection: Connection) -> tuple[list[str], list[str]]:
        mine = postings.claim_due(connection, NOW, 5 * MINUTE, limit=1)
        theirs = asyncio.run_coroutine_threadsafe(claim(database), loop).result(timeout=10)
        return targets(mine), targets(theirs)

    assert await database.write(claim_and_look_what_is_left) == (["U1"], ["U2"])


async def test_a_lease_that_ran_out_is_handed_again(database: Database) -> None:
    await owe(database, NUDGE)
    first = await claim(database)

    before = await claim(database, NOW + 5 * MINUTE - timedelta(microseconds=1))
    after = await claim(database, NOW + 5 * MINUTE)

    assert (before, after) == ((), first)


async def test_what_was_posted_is_not_owed_any_more(database: Database) -> None:
    await owe(database, NUDGE)
    (claimed,) = await claim(database)

    await database.write(partial(postings.mark_posted, posting_id=claimed.id, now=NOW))
    await owe(database, NUDGE)

    assert await claim(database, NOW + 60 * MINUTE) == ()
    assert await database.read(postings.next_due_at) is None


@pytest.mark.parametrize("is_unfit", [False, True])
async def test_what_was_put_off_comes_back_then_and_counts_how_often_it_did_not_fit(
    database: Database, is_unfit: bool
) -> None:
    await owe(database, NUDGE)
    (claimed,) = await claim(database)

    await database.write(partial(postings.put_off, posting_id=claimed.id, until=NOW + HOUR, is_unfit=is_unfit))

    assert await claim(database, NOW + HOUR - MINUTE) == ()
    assert await claim(database, NOW + HOUR) == (replace(claimed, attempts=int(is_unfit)),)


async def test_what_cannot_reach_somebody_is_given_up_and_told(database: Database, open_round: Round) -> None:
    await owe(database, replace(NUDGE, round_id=open_round.id), replace(NUDGE, round_id=open_round.id, target="U2"))
    claimed, _ = await claim(database)

    await database.write(partial(postings.mark_failed, posting_id=claimed.id, reason="account_inactive"))

    assert targets(await claim(database, NOW + 60 * MINUTE)) == ["U2"]
    failures = await database.read(partial(postings.failures, round_id=open_round.id))
    assert failures == (Failure("U1", "account_inactive"),)


async def test_the_next_is_due_when_it_can_be_claimed(database: Database) -> None:
    assert await database.read(postings.next_due_at) is None
    await owe(database, NUDGE, replace(NUDGE, due_at=NOW + 20 * MINUTE))
    assert await database.read(postings.next_due_at) == NOW

    await claim(database)

    assert await database.read(postings.next_due_at) == NOW + 5 * MINUTE


async def test_a_closed_round_owes_nothing_and_nobody_can_see_that_it_did(
    database: Database, open_round: Round
) -> None:
    await owe(database, replace(NUDGE, round_id=open_round.id), NUDGE)
    await claim(database)

    await database.write(partial(postings.forget_round, round_id=open_round.id))

    left = await claim(database, NOW + 60 * MINUTE)
    assert [posting.round_id for posting in left] == [None]


async def test_a_message_on_its_way_while_its_round_closes_marks_no_other(
    database: Database, open_round: Round
) -> None:
    """A deleted posting's id given again would mark the results as posted."""
    await owe(database, replace(NUDGE, round_id=open_round.id))
    (on_its_way,) = await claim(database)
    await database.write(partial(postings.forget_round, round_id=open_round.id))
    await owe(database, replace(NUDGE, kind="results", target="C9"))

    await database.write(partial(postings.mark_posted, posting_id=on_its_way.id, now=NOW))

    assert targets(await claim(database)) == ["C9"]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("owe"), st.integers(0, 5)),
        st.tuples(st.just("claim"), st.integers(1, 3)),
        st.tuples(st.just("post"), st.integers(0, 5)),
        st.tuples(st.just("die"), st.integers(0, 0)),
    ),
    max_size=14,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_whatever_happens_nothing_is_lost_and_nothing_posted_comes_back(
    database: Database, steps: list[tuple[str, int]]
) -> None:
    """Against a model: owed, claimed and posted are sets. To die is to wait until every lease is over."""
    await database.write(lambda connection: connection.execute(text("DELETE FROM posting")).close())
    now, owed, held, posted = NOW, set[str](), dict[str, int](), set[str]()

    for step, number in steps:
        match step:
            case "owe":
                await owe(database, replace(NUDGE, target=f"U{number}"))
                owed |= {f"U{number}"} - posted
            case "claim":
                claimed = await claim(database, now, limit=number)
                assert set(targets(claimed)) <= owed - set(held)
                assert len(claimed) == min(number, len(owed - set(held)))
                held |= {posting.target: posting.id for posting in claimed}
            case "post" if f"U{number}" in held:
                await database.write(partial(postings.mark_posted, posting_id=held.pop(f"U{number}"), now=now))
                owed -= {f"U{number}"}
                posted |= {f"U{number}"}
            case "die":
                now += 5 * MINUTE
                held.clear()
            case _:
                """Nobody holds what would be posted."""

    assert set(targets(await claim(database, now + 5 * MINUTE))) == owed


async def test_what_is_patient_lets_all_else_go_first(database: Database) -> None:
    await owe(database, replace(NUDGE, kind="invitation"), replace(NUDGE, kind="results", due_at=NOW + MINUTE))

    claimed = await database.write(
        partial(postings.claim_due, now=NOW + MINUTE, lease=MINUTE, limit=1, patient=["invitation"])
    )

    assert [posting.kind for posting in claimed] == ["results"]


async def test_what_waits_no_longer_is_due_as_before(database: Database, open_round: Round) -> None:
    ours = replace(NUDGE, round_id=open_round.id)
    await owe(database, ours, replace(ours, target="U2"), NUDGE)
    for posting in await claim(database):
        late = posting.target == "U2"
        await database.write(partial(postings.put_off, posting_id=posting.id, until=NOW + (HOUR if late else MINUTE)))

    await database.write(partial(postings.wait_no_longer, round_id=open_round.id, until=NOW + MINUTE))

    assert [(one.round_id, one.target) for one in await claim(database)] == [(open_round.id, "U1")]


async def test_what_a_claim_that_nobody_knows_of_took_is_anyones_at_once(database: Database) -> None:
    await owe(database, NUDGE, replace(NUDGE, target="U2"))
    claimed = await claim(database)

    await database.write(partial(postings.release_claim, claimed_until=NOW + 5 * MINUTE))

    assert await claim(database) == claimed


async def test_what_is_released_is_anyones_at_once(database: Database) -> None:
    await owe(database, NUDGE, replace(NUDGE, target="U2"))
    first, second = await claim(database)

    await database.write(partial(postings.release, posting_ids=[second.id], claimed_until=NOW + 5 * MINUTE))

    assert await claim(database) == (second,)
    assert first.id != second.id


async def test_what_somebody_else_has_claimed_since_is_not_released(database: Database) -> None:
    await owe(database, NUDGE)
    (ours,) = await claim(database)
    later = NOW + 6 * MINUTE
    assert await claim(database, later) == (ours,), "our lease is over"

    await database.write(partial(postings.release, posting_ids=[ours.id], claimed_until=NOW + 5 * MINUTE))

    assert await claim(database, later) == ()


async def test_a_lease_that_a_wrong_clock_gave_holds_nobody_off(database: Database) -> None:
    await owe(database, NUDGE)
    (ahead,) = await claim(database, NOW + HOUR)

    assert await claim(database, NOW) == (ahead,), "no lease ends an hour from now"


async def test_a_process_that_starts_tries_at_once_what_was_put_off(database: Database) -> None:
    await owe(database, NUDGE)
    (nudge,) = await claim(database)
    await database.write(partial(postings.put_off, posting_id=nudge.id, until=NOW + HOUR))

    await database.write(partial(postings.start_afresh, is_alone=False))

    assert await claim(database) == (nudge,)


async def test_what_a_dead_process_had_claimed_is_free_where_no_other_shares_the_database(database: Database) -> None:
    await owe(database, NUDGE)
    (nudge,) = await claim(database)

    await database.write(partial(postings.start_afresh, is_alone=False))
    assert await claim(database) == (), "another process may be posting it"
    await database.write(partial(postings.start_afresh, is_alone=True))

    assert await claim(database) == (nudge,)


async def test_what_was_given_up_can_be_tried_again(database: Database, open_round: Round) -> None:
    invitation = replace(NUDGE, kind="invitation", round_id=open_round.id)
    await owe(database, invitation, replace(invitation, target="U2"), replace(invitation, kind="nudge"))
    for one in await claim(database):
        await database.write(partial(postings.mark_failed, posting_id=one.id, reason="user_disabled"))

    tried = await database.write(partial(postings.try_again, round_id=open_round.id, kind="invitation"))

    assert tried == 2
    assert sorted(targets(await claim(database))) == ["U1", "U2"]


async def test_since_when_something_is_late_is_known(database: Database) -> None:
    assert await database.read(partial(postings.waiting_since, now=NOW)) is None
    await owe(database, NUDGE, replace(NUDGE, target="U2", due_at=NOW - HOUR), replace(NUDGE, due_at=NOW + HOUR))

    assert await database.read(partial(postings.waiting_since, now=NOW)) == NOW - HOUR
