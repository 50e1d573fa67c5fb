"""The section of an instrument that a test names, which is there."""

from instrument.definition import Instrument, Section


def named(instrument: Instrument, id: str) -> Section:
    found = instrument.section(id)
    assert found is not None, id
    return found
