"""Reads the tables of a TOML file, and says what is wrong where they are.

Whoever edits an instrument reads these sentences, so each gives the file and the place, the fault and the fix, in that
order: `hta_2021_09.toml: item "c2_03": "short" is missing; add short = "..."`.
"""

from typing import Any, Self


class BrokenInstrument(Exception):
    """The file is no instrument. str() is one sentence for the person who edits it: place, fault and fix."""


class Table:
    """One table of the file, read key by key; `end()` then refuses whatever nobody asked for."""

    def __init__(self, file: str, place: str, values: dict[str, Any]) -> None:
        self.file = file
        self.place = place
        self._values = values
        self._asked: list[str] = []

    def text(self, key: str) -> str:
        """A text that is not empty, its line breaks folded: in the file they only keep the lines short."""
        folded = " ".join(self._value(key, str, '"..."').split())
        if not folded:
            raise self.broken(f'"{key}" is empty', "write the text or remove the table")
        return folded

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of at least one text, each read like `text`."""
        values = self._value(key, list, '["..."]')
        if not values:
            raise self.broken(f'"{key}" is empty', "name at least one")
        for number, value in enumerate(values, start=1):
            if not isinstance(value, str) or not value.strip():
                raise self.broken(f'entry {number} of "{key}" is no text', f'write {key} = ["..."]')
        return tuple(" ".join(value.split()) for value in values)

    def labels(self, key: str) -> dict[str, str]:
        """A table of at least one `id = "label"`, in the file's order."""
        inner = self.table(key, key)
        if not inner._values:
            raise self.broken(f'"{key}" is empty', "name at least one")
        return {id: inner.text(id) for id in inner._values}

    def number(self, key: str) -> int:
        """A whole number of 0 or more."""
        value: int = self._value(key, int, "0")
        if isinstance(value, bool) or value < 0:
            raise self.broken(f'"{key}" must be a whole number of 0 or more', f"write {key} = 0")
        return value

    def table(self, key: str, noun: str) -> Self:
        """The table under `key`, called `noun` in sentences."""
        return type(self)(self.file, noun, self._value(key, dict, "{ ... }"))

    def tables(self, key: str, noun: str) -> tuple[Self, ...]:
        """The list of at least one table under `key`, each called `noun` and its id, or its number if it has none."""
        values: list[Any] = self._value(key, list, "[{ ... }]") if key in self._values else []
        if not values:
            raise self.broken(f"it has no {noun}", "add one or remove it" if self.place else "add one")
        for number, value in enumerate(values, start=1):
            if not isinstance(value, dict):
                raise self.broken(f'entry {number} of "{key}" is no table', f"write each {noun} as a table")
        within = f" of {self.place}" if self.place else ""
        return tuple(
            type(self)(self.file, f'{noun} "{value["id"]}"' if "id" in value else f"{noun} {number}{within}", value)
            for number, value in enumerate(values, start=1)
        )

    def end(self) -> None:
        """Raises BrokenInstrument where the table holds a key that was never asked for: most often a misspelled one."""
        for key in self._values:
            if key not in self._asked:
                raise self.broken(f'"{key}" is no key here', f"the keys are {', '.join(self._asked)}")

    def broken(self, fault: str, fix: str) -> BrokenInstrument:
        """What to raise for a fault in this table."""
        return BrokenInstrument(": ".join(part for part in (self.file, self.place, f"{fault}; {fix}") if part))

    def _value(self, key: str, kind: type[Any], example: str) -> Any:
        self._asked.append(key)
        if key not in self._values:
            raise self.broken(f'"{key}" is missing', f"add {key} = {example}")
        value = self._values[key]
        if not isinstance(value, kind):
            raise self.broken(f'"{key}" is of the wrong type ({type(value).__name__})', f"write {key} = {example}")
        return value
