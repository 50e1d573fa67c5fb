"""Whom we asked, and who said no. Identity's side: no start, no finish, no function, no answer."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, delete, func, insert, select, update

from storage import tables

INVITATION = tables.table(tables.Invitation)


class Standing(StrEnum):
    """How somebody stands towards the round: asked until they say otherwise."""

    ASKED = "asked"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Invitation:
    """`brought_by` is the Slack id of what brought the person into the audience: a channel, a user group, or themselves."""

    round_id: int
    person_id: str
    standing: Standing
    brought_by: str


def ask(connection: Connection, round_id: int, people: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Asks those who were not asked yet, and says who they are. `people` are pairs (person id, brought by)."""
    known = set(connection.execute(select(INVITATION.c.person_id).where(INVITATION.c.round_id == round_id)).scalars())
    # The first that brought somebody counts.
    new = {person: source for person, source in reversed([*people]) if person not in known}
    _write(connection, round_id, [(person, Standing.ASKED.value, source) for person, source in new.items()])
    return tuple(sorted(new))


def of(connection: Connection, round_id: int, person_id: str) -> Invitation | None:
    """The person's invitation; None: they are not among those asked."""
    query = select(INVITATION.c.standing, INVITATION.c.brought_by).where(
        INVITATION.c.round_id == round_id, INVITATION.c.person_id == person_id
    )
    row = connection.execute(query).first()
    return Invitation(round_id, person_id, Standing(row.standing), row.brought_by) if row else None


def stand(connection: Connection, round_id: int, person_id: str, standing: Standing) -> None:
    """From now on the person stands so."""
    theirs = (INVITATION.c.round_id == round_id, INVITATION.c.person_id == person_id)
    connection.execute(update(INVITATION).where(*theirs).values(standing=standing.value))


def count(connection: Connection, round_id: int) -> int:
    """How many were asked."""
    query = select(func.count()).select_from(INVITATION).where(INVITATION.c.round_id == round_id)
    return connection.execute(query).scalar_one()


def asked_by_source(connection: Connection, round_id: int) -> dict[str, int]:
    """How many each channel or group brought, by its Slack id; who was chosen by name stands under their own id."""
    query = select(INVITATION.c.brought_by, func.count()).where(INVITATION.c.round_id == round_id)
    return {source: number for source, number in connection.execute(query.group_by(INVITATION.c.brought_by))}


def declined(connection: Connection, round_id: int) -> int:
    """How many said no."""
    query = select(func.count()).where(
        INVITATION.c.round_id == round_id, INVITATION.c.standing == Standing.DECLINED.value
    )
    return connection.execute(query).scalar_one()


def not_declined(connection: Connection, round_id: int) -> tuple[str, ...]:
    """Who was asked and did not say no, in the order of their ids.

    After closing these are all who may hear of the round again: neither who withdrew nor who stopped the messages is among them.
    """
    query = select(INVITATION.c.person_id).where(
        INVITATION.c.round_id == round_id, INVITATION.c.standing == Standing.ASKED.value
    )
    return tuple(connection.execute(query.order_by(INVITATION.c.person_id)).scalars())


def reduce_at_closing(connection: Connection, round_id: int, stopped: Collection[str]) -> None:
    """Leaves nothing but asked or declined. Who withdrew, or is one of `stopped`, reads declined: each gets nothing more.

    One word for all three: that somebody withdrew would say that they had begun (REVIEW, 25). All are written anew, in the
    order of their names: PostgreSQL's xmin and ctid would tell who had changed their mind.
    """
    query = select(INVITATION.c.person_id, INVITATION.c.standing, INVITATION.c.brought_by)
    rows = connection.execute(query.where(INVITATION.c.round_id == round_id)).all()
    connection.execute(delete(INVITATION).where(INVITATION.c.round_id == round_id))
    _write(
        connection,
        round_id,
        [
            (
                person,
                standing if standing == Standing.ASKED and person not in stopped else Standing.DECLINED.value,
                brought_by,
            )
            for person, standing, brought_by in rows
        ],
    )


def _write(connection: Connection, round_id: int, rows: list[tuple[str, str, str]]) -> None:
    named = [
        {"round_id": round_id, "person_id": person, "standing": standing, "brought_by": brought_by}
        for person, standing, brought_by in sorted(rows)
    ]
    if named:
        connection.execute(insert(INVITATION), named)
