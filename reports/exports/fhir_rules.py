"""Rules of a FHIR Questionnaire that its Python model lets through.

fhir.resources checks names and kinds of elements. It does not know the value sets of item types and status, and none of
the resource's invariants; the numbers are those of FHIR R4's page on Questionnaire.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

STATUSES = {"draft", "active", "retired", "unknown"}
TYPES = {
    *("group", "display", "boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text", "url"),
    *("choice", "open-choice", "attachment", "reference", "quantity"),
}
WITH_OPTIONS = {"choice", "open-choice", "integer", "date", "time", "string"}
LIMITED = {"boolean", "decimal", "integer", "string", "text", "url", "open-choice"}
NAME = re.compile(r"[A-Z]([A-Za-z0-9_]){0,254}")
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d\d(T.+)?)?)?")
VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9]{0,63}")
USED = re.compile(r"%([A-Za-z_][A-Za-z0-9_]*)")
LINKED = re.compile(r"linkId = '([^']*)'")
GIVEN = {"resource", "context", "questionnaire", "qitem"}
"""The variables that Structured Data Capture gives to every expression."""


def faults(made: Json) -> list[str]:
    """What is wrong with it, each in a few words; empty: nothing that we know of."""
    items = list(_items(made.get("item", [])))
    ids = Counter(item.get("linkId") for item in items)
    found = [*_of_resource(made)]
    found += [f"linkId {id} stands {times} times (que-2)" for id, times in ids.items() if times > 1]
    for item in items:
        found += [f"{item.get('linkId')}: {fault}" for fault in _of_item(item, set(ids))]
    found += _of_expressions(made, set(ids))
    return found


def _of_resource(made: Json) -> Iterator[str]:
    if made.get("resourceType") != "Questionnaire":
        yield "resourceType is not Questionnaire"
    if made.get("status") not in STATUSES:
        yield f"status {made.get('status')} is none of FHIR's"
    if not NAME.fullmatch(made.get("name", "A")):
        yield "name is no name for a program (que-0)"
    if not ID.fullmatch(made.get("id", "a")):
        yield "id has other characters than letters, digits, - and ."
    if not DATE.fullmatch(made.get("date", "2021")):
        yield "date is none"
    if not re.match(r"(https?://|urn:)\S+$", made.get("url", "urn:a")):
        yield "url is no absolute address"
    if not made.get("item"):
        yield "there is no item"


def _of_item(item: Json, ids: set[Any]) -> Iterator[str]:
    kind, link_id = item.get("type"), item.get("linkId")
    if not isinstance(link_id, str) or not link_id.strip() or link_id != link_id.strip() or len(link_id) > 255:
        yield "linkId is empty, too long, or begins or ends with a space"
    if kind not in TYPES:
        yield f"type {kind} is none of FHIR R4's"
    if kind == "group" and not item.get("item"):
        yield "a group without items (que-1)"
    if kind == "display" and (item.get("item") or item.get("code")):
        yield "a display with items or codes (que-1, que-3)"
    if "answerOption" in item and "answerValueSet" in item:
        yield "both answerOption and answerValueSet (que-4)"
    if "answerOption" in item and kind not in WITH_OPTIONS:
        yield f"answerOption on {kind} (que-5)"
    if kind in ("choice", "open-choice") and not (item.get("answerOption") or item.get("answerValueSet")):
        yield "a choice without options"
    if kind == "display" and ("required" in item or "repeats" in item or "readOnly" in item):
        yield "a display that is required, repeats or is read-only (que-6, que-9)"
    if kind in ("group", "display") and "initial" in item:
        yield f"initial on {kind} (que-8)"
    if "maxLength" in item and kind not in LIMITED:
        yield f"maxLength on {kind} (que-10)"
    if "initial" in item and "answerOption" in item:
        yield "both initial and answerOption (que-11)"
    if len(item.get("enableWhen", [])) > 1 and "enableBehavior" not in item:
        yield "several enableWhen without enableBehavior (que-12)"
    yield from (
        f"enableWhen asks {when.get('question')}, which is not there"
        for when in item.get("enableWhen", [])
        if when.get("question") not in ids
    )
    yield from _of_options(item.get("answerOption", []))


def _of_options(options: list[Json]) -> Iterator[str]:
    codings = [option["valueCoding"] for option in options if "valueCoding" in option]
    codes = Counter((coding.get("system"), coding.get("code")) for coding in codings)
    yield from (f"code {code} is offered {times} times" for (_, code), times in codes.items() if times > 1)
    yield from ("an option without a code" for coding in codings if not coding.get("code"))
    for option in options:
        weights = [one.get("valueDecimal") for one in option.get("extension", [])]
        if any(not isinstance(one, int | float) for one in weights) or len(set(weights)) > 1:
            yield "an option whose weights are no numbers or differ"


def _of_expressions(made: Json, ids: set[Any]) -> Iterator[str]:
    """Every expression has a language, and names only variables defined before it and items that are there."""
    known = set(GIVEN)
    for where in (made, *_items(made.get("item", []))):
        for extension in where.get("extension", []):
            if (
                not re.match(r"https?://", extension.get("url", ""))
                or sum(key.startswith("value") for key in extension) != 1
            ):
                yield f"an extension without an address or with another number of values than one: {extension.get('url')}"
            expression = extension.get("valueExpression")
            if expression is None:
                continue
            if expression.get("language") not in ("text/fhirpath", "text/cql", "application/x-fhir-query"):
                yield f"language {expression.get('language')} is none of FHIR's"
            words = expression.get("expression", "")
            yield from (f"%{name} is used and not defined" for name in sorted({*USED.findall(words)} - known))
            yield from (f"linkId {id} is asked for and not there" for id in sorted({*LINKED.findall(words)} - ids))
            if name := expression.get("name"):
                if not VARIABLE.fullmatch(name):
                    yield f"{name} can't be a variable both in FHIR and in FHIRPath"
                known.add(name)


def _items(listed: list[Json]) -> Iterator[Json]:
    for item in listed:
        yield item
        yield from _items(item.get("item", []))
