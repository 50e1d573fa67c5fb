"""What looks like a patient is caught and shown; what a goal needs to say goes through."""

from datetime import date

import pytest

from bot.goals.net import catches, refusal
from instrument.definition import builtin

TODAY = date(2027, 4, 8)


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("Follow up on MRN 448812 next week", "MRN 448812"),
        ("chart number A-77 was wrong", ""),
        ("medical record number: 88A1", "medical record number: 88A1"),
        ("she has 123-45-6789", "123-45-6789"),
        ("id 123 45 6789", "123 45 6789"),
        ("account 4488123", "4488123"),
        ("account 4488 1234", "4488 1234"),
        ("DOB 4/5/2009 in the file", "DOB 4/5/2009"),
        ("born on May 4, 2009", "born on May 4, 2009"),
        ("came in, 04/05/1999", "04/05/1999"),
        ("call (555) 010-4477", "(555) 010-4477"),
        ("call 555-010-4477 today", "555-010-4477"),
        ("call 010-4477", "010-4477"),
        ("call +44 20 7946 0018", "+44 20 7946 0018"),
        ("write to maria.lopez@example.org", "maria.lopez@example.org"),
        ("train staff as with patient Maria", "patient Maria"),
        ("see Patient: Élodie", "Patient: Élodie"),
        ("pt named Jo-Ann came twice", "pt named Jo-Ann"),
        ("Ms. Okafor asked for it", "Ms. Okafor"),
        ("full-width digits １２３４５６７", "1234567"),
    ],
)
def test_what_has_the_shape_of_a_patient_is_caught_as_it_was_typed(text: str, caught: str) -> None:
    assert catches(text, [], TODAY) == ((caught,) if caught else ())


@pytest.mark.parametrize(
    "text",
    [
        "Train 80 % of the 1,200 staff by 30 June 2027",
        "Screen each patient alone, 24/7, in 3 of 4 wards",
        "Patient Safety Committee adopts the policy on 4/8/2027",
        "Patient Advocate and Client Services agree on the form",
        "Post the hotline 1-888-373-7888 and text 233733 in 12 rooms",
        "Policy 2021-09 is reviewed by 2027-10-01",
        "Patient-Centered Care: survivor Led panel",
        "Budget of 45,000 dollars for 2027-2028",
        "ICD-10 codes T74.51 and Z04.81 in the record",
        "",
    ],
)
def test_what_a_goal_has_to_say_goes_through(text: str) -> None:
    assert catches(text, [], TODAY) == ()


def test_no_item_of_the_instrument_is_caught() -> None:
    assert [item.id for item in builtin().items if catches(item.text, [], TODAY)] == []


def test_configured_contacts_may_be_repeated_and_nothing_else() -> None:
    contacts = ["Employee assistance: 555-010-9000, eap@example.org"]

    assert catches("Post (555) 010-9000 and EAP@example.org", contacts, TODAY) == ()
    assert catches("Post 555-010-9001", contacts, TODAY) == ("555-010-9001",)
    assert catches("Post p@example.org", contacts, TODAY) == ("p@example.org",)


def test_everything_that_was_caught_is_shown_with_a_way_out() -> None:
    said = refusal(catches("patient Maria, MRN 7, patient Maria", [], TODAY))

    assert said == (
        "This looks like information about a patient: “MRN 7”, “patient Maria”. "
        "Say it without what points to a person, then save again."
    )
