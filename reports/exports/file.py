"""A file that was made, with its name and its title."""

from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    """`name` is safe in any folder; `title` says in a few words what is in it."""

    name: str
    content: bytes
    title: str
