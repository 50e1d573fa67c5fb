"""Finds what looks like patient information in goals and notes, before anything is kept.

A net has holes: it catches what has a shape (numbers, addresses, "patient Maria"), and nobody may rely on it. What is caught
is shown to whoever typed it, and goes nowhere else: not to the database, not to a log. Source: METHODS, section 5.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import cache

from instrument.definition import builtin

DATE = r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2} [A-Z][a-z]{2,8}\.? \d{4}|[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4})"
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
SHAPES = (
    ADDRESS,
    re.compile(r"(?i:\b(?:MRN|medical record(?: number| no\.?)?|chart(?: number| no\.?)|record no\.?))[\s:#]*\w*\d\w*"),
    re.compile(rf"(?i:\b(?:DOB|D\.O\.B\.|born(?: on)?|date of birth|birth ?date|birthday))[\s:]*{DATE}"),
    re.compile(r"(?<!\d)\d{3}[- ]\d{2}[- ]\d{4}(?!\d)"),  # a social security number
)
PHONES = (
    re.compile(r"(?<![\d-])(?:\+?1[-. ]?)?\(?\d{3}\)?[-. ]{1,2}\d{3}[-. ]\d{4}(?![\d-])"),
    re.compile(r"(?<![\d-])\d{3}[-.]\d{4}(?![\d-])"),
    re.compile(r"(?<!\d)\+\d{1,3}(?:[ -]?\d{2,4}){2,5}(?!\d)"),
)
LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){5,}(?!\d)")
FULL_DATE = re.compile(rf"(?<!\d){DATE}(?!\d)")
YEARS = re.compile(r"(?:19|20)\d{2}[ -](?:(?:19|20)\d{2}|0[1-9]|1[0-2])")
YEAR = re.compile(r"(?:19|20)\d{2}")
SOMEBODY = re.compile(
    r"\b(?i:patients?|pt|client|survivor|victim|mr|mrs|ms|miss)\b\.?(?: (?i:named|called|is))?[ :]+(?P<name>[^\W\d_][\w'’-]+)"
)
HOTLINES = ("911", "988", "1-888-373-7888", "888-373-7888", "233733")
"""The numbers that the bot names itself."""
NO_NAMES = frozenset(
    """
    a about access acuity admission admissions advisory advocacy advocate advocates age aged ambassador an and assessment
    at bill billing board by care centered centred centric charter check choice chart clinic committee communication
    complaint complaints confidentiality contact council data department disclosure discharge do each education
    engagement every evaluation experience facing family feedback first flow focus for form forms from group handbook
    handout has have health history home hotline how identification if in inform information initiated intake interview
    interviews is it journey lead leaflet led liaison line list may meeting must navigation navigator navigators need
    needs no not of office officer on one or outcome outcomes outreach panel partner partners pathway plan poster
    posters preference preferences privacy protection protocol portal questionnaire record records registration
    referral referrals relations report reporting representative representatives resource resources response rights
    room rooms safety satisfaction screening service services session should space specific story stories summary
    support survey surveys team the then to training transport treatment uses voice waiting we week welcome when who
    will with without witness
    """.split()  # noqa: SIM905
)


def catches(text: str, allowed: Iterable[str], today: date) -> tuple[str, ...]:
    """What in `text` looks like patient information, as it was typed; empty where nothing does.

    `allowed` are texts whose numbers and addresses may be repeated: help contacts that a coordinator configured.
    """
    text = unicodedata.normalize("NFKC", text)
    contacts = "; ".join([*HOTLINES, *(unicodedata.normalize("NFKC", one) for one in allowed)]).lower()
    numbers = {_digits(one) for one in re.findall(r"\+?\d[\d\s().-]*", contacts)}
    numbers |= {one.removeprefix("1") for one in numbers}
    addresses = set(ADDRESS.findall(contacts))
    caught: list[str] = []
    for shape in (*SHAPES, FULL_DATE, *PHONES, LONG_NUMBER):
        for match in shape.finditer(text):
            found = match.group().strip()
            if shape is FULL_DATE:
                harmless = not _is_long_past(found, today)
            else:
                harmless = bool(YEARS.fullmatch(found)) or found.lower() in addresses or _digits(found) in numbers
            if not harmless:
                caught.append(found)
        text = shape.sub(lambda match: " " * len(match.group()), text)  # what one shape took, no other takes again
    caught += [match.group() for match in SOMEBODY.finditer(text) if _is_a_name(match["name"])]
    return tuple(dict.fromkeys(caught))


def refusal(caught: Iterable[str]) -> str:
    """What the person reads beside the field; the text that they typed stays in it."""
    shown = ", ".join(f"“{one}”" for one in caught)
    return f"This looks like information about a patient: {shown}. Say it without what points to a person, then save again."


def _is_long_past(day: str, today: date) -> bool:
    """Nobody plans for such a day, so perhaps somebody was born on it."""
    year = YEAR.search(day)
    return year is not None and int(year.group()) < today.year - 1


def _digits(words: str) -> str:
    return re.sub(r"\D", "", words)


def _is_a_name(word: str) -> bool:
    """Whether a word behind "patient" may be a name: it begins large, and is no word that we know."""
    word = re.sub(r"['’]s$", "", word)
    parts = re.split(r"[-–’']", word.lower())
    return word[0].isupper() and not any(part in NO_NAMES or part in _words_of_the_instrument() for part in parts)


@cache
def _words_of_the_instrument() -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]{3,}", " ".join(item.text for item in builtin().items).lower()))
