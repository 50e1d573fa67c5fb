"""The questionnaire in FHIR R4, with weights for choices, and scores as FHIRPath that any engine can follow.

It holds the instrument and nothing of any round. The expressions read the codes of the answers, 0 to 3, and need none of
the functions that engines disagree about (`weight()`, `ordinal()`, `sum()`). Sources: FHIR R4 Questionnaire; Structured
Data Capture 3.0 (variable, calculatedExpression).
"""

import json
import uuid
from collections.abc import Iterator
from typing import Any

from instrument.definition import HIGHEST_POINTS, Instrument, Item, Section
from instrument.progress import OPEN
from reports.exports.cells import text
from reports.exports.fhir_rules import faults
from reports.exports.file import File
from reports.exports.respondents import REASONS
from reports.round_report import RoundReport

Json = dict[str, Any]

CORE = "http://hl7.org/fhir/StructureDefinition"
WEIGHTS = (f"{CORE}/ordinalValue", f"{CORE}/itemWeight")
"""R4's own name of a weight, and the one that replaced it: programs look for either."""
VARIABLE = f"{CORE}/variable"
CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
FHIRPATH = "text/fhirpath"


def questionnaire_file(closed: RoundReport) -> File:
    """The questionnaire that the round used, as JSON."""
    made = json.dumps(questionnaire(closed.instrument), ensure_ascii=False, indent=1)
    return File(closed.named("questionnaire.fhir.json"), made.encode(), "Questionnaire with scoring (FHIR R4)")


def questionnaire(instrument: Instrument) -> Json:
    """The resource. Raises ValueError where it breaks a rule of FHIR's: then the code is wrong."""
    made: Json = {
        "resourceType": "Questionnaire",
        "id": f"hta-{instrument.version}",
        "extension": [one for section in instrument.sections for one in _variables(section)],
        "url": _url(instrument),
        "version": instrument.version,
        "name": "HTASelfAssessment",
        "title": text(instrument.title),
        "status": "active",
        "subjectType": ["Organization"],
        "date": instrument.version,
        "description": text(" ".join(instrument.introduction)),
        "copyright": text(f"{instrument.source}. {instrument.credit}"),
        "item": [*(_section(instrument, one) for one in instrument.sections), _total(instrument)],
    }
    if found := faults(made):
        raise ValueError(f"the questionnaire is no FHIR: {'; '.join(found)}")
    return made


def _url(instrument: Instrument) -> str:
    """The same for the same version everywhere: nobody has to run a server for it."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'hta-self-assessment:{instrument.version}')}"


def _section(instrument: Instrument, section: Section) -> Json:
    subs = [
        {
            "linkId": sub.id,
            "text": text(sub.title),
            "type": "group",
            "item": [_item(instrument, item) for item in sub.items],
        }
        for sub in section.sub_competencies
    ]
    percent = _score(
        f"{section.id}_percent",
        f"{section.heading}: percent of maximum",
        f"iif(2 * %{section.id}Answered >= {len(section.items)}, "
        f"100.0 * %{section.id}Raw / ({HIGHEST_POINTS} * %{section.id}Answered), {{}})",
        "Percent of the points that the answered items can give; nothing with answers to fewer than half of the items.",
    )
    points = _score(
        f"{section.id}_points",
        f"{section.heading}: points out of {section.maximum}",
        _points(section),
        "As if the missing items had been answered like the rest.",
    )
    return {
        "linkId": section.id,
        "prefix": section.number,
        "text": text(section.title),
        "type": "group",
        "item": [*subs, percent, points],
    }


def _item(instrument: Instrument, item: Item) -> Json:
    choices = [
        _option(instrument, str(choice.points), choice.label)
        | {"extension": [_weight(url, choice.points) for url in WEIGHTS]}
        for choice in instrument.choices
    ]
    reasons = [_option(instrument, mark, label) for mark, (_, label) in REASONS.items() if mark != OPEN]
    return {
        "linkId": item.id,
        "prefix": item.label,
        "text": text(item.text),
        "type": "choice",
        "required": False,
        "repeats": False,
        "answerOption": [*choices, *reasons],
    }


def _option(instrument: Instrument, code: str, label: str) -> Json:
    return {"valueCoding": {"system": f"{_url(instrument)}#answers", "code": code, "display": text(label)}}


def _weight(url: str, points: int) -> Json:
    return {"url": url, "valueDecimal": points}


def _variables(section: Section) -> Iterator[Json]:
    """The section's answers with a choice: how many they are, and their points together."""
    codes = f"%resource.item.where(linkId = '{section.id}').item.item.answer.value.code"
    chosen = " or ".join(f"$this = '{points}'" for points in range(HIGHEST_POINTS + 1))
    marks = f"{codes}.where({chosen}).select(toInteger())"
    yield _expression(VARIABLE, f"{marks}.count()", "How many items have a choice", f"{section.id}Answered")
    yield _expression(VARIABLE, f"{marks}.aggregate($this + $total, 0)", "Their points together", f"{section.id}Raw")


def _total(instrument: Instrument) -> Json:
    points = " + ".join(f"({_points(section)})" for section in instrument.sections)
    return _score(
        "total_points",
        f"All sections: points out of {instrument.maximum}",
        points,
        "Nothing where a section has too few answers: a sum would mislead.",
    )


def _points(section: Section) -> str:
    items = len(section.items)
    return f"iif(2 * %{section.id}Answered >= {items}, {items}.0 * %{section.id}Raw / %{section.id}Answered, {{}})"


def _score(link_id: str, words: str, expression: str, told: str) -> Json:
    return {
        "extension": [_expression(CALCULATED, expression, told)],
        "linkId": link_id,
        "text": text(words),
        "type": "decimal",
        "readOnly": True,
    }


def _expression(url: str, expression: str, told: str, name: str | None = None) -> Json:
    named = {"name": name} if name else {}
    return {
        "url": url,
        "valueExpression": {"description": told, **named, "language": FHIRPATH, "expression": expression},
    }
