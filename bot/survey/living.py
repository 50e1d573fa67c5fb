"""Knows which message leads each person on. An older one loses its buttons when another takes over.

Kept in memory only: stored, it would tell by name who has begun, and when. After a restart an old message keeps its buttons
until it is pressed, and then leads to where the person is.
"""

from dataclasses import dataclass, field

Place = tuple[str, str]
"""Channel and ts."""


@dataclass
class Living:
    """The last message of each person that leads on, by round and person."""

    _places: dict[tuple[int, str], Place] = field(default_factory=dict)

    def move(self, round_id: int, person_id: str, place: Place) -> Place | None:
        """From now on this one leads on. The one that did before; None: it is the same, or none is known."""
        before = self._places.get((round_id, person_id))
        self._places[round_id, person_id] = place
        return None if before == place else before

    def begin(self, round_id: int, person_id: str, place: Place) -> None:
        """The invitation leads on, unless another message does already."""
        self._places.setdefault((round_id, person_id), place)

    def of(self, round_id: int, person_id: str) -> Place | None:
        """The one that leads this person on, where it is known."""
        return self._places.get((round_id, person_id))

    def leave(self, round_id: int, person_id: str, place: Place | None) -> None:
        """This message leads on no more, and keeps what it shows."""
        if self._places.get((round_id, person_id)) == place:
            self._places.pop((round_id, person_id), None)

    def of_round(self, round_id: int) -> dict[str, Place]:
        """By person."""
        return {person: place for (of, person), place in self._places.items() if of == round_id}

    def forget(self, round_id: int) -> dict[str, Place]:
        """The round has closed: nothing leads on. Where what did so stands, by person."""
        forgotten = self.of_round(round_id)
        self._places = {key: place for key, place in self._places.items() if key[0] != round_id}
        return forgotten
