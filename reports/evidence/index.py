"""The paper that says what is in the pack and what it may stand beside; it proves nothing to anybody by itself.

What Leapfrog and CMS ask for is told in our words and in short, from public pages named at its end. Both change every
year, so the paper sends its reader to the year's own text.
"""

from collections.abc import Sequence

from reports.evidence.paper import Paper, Part, Table, points
from reports.round_report import RoundReport
from reports.sentences import base, open_between

TITLE = "Evidence pack: self-assessment on human trafficking response"

Named = tuple[str, str]
"""A file of the pack, and what it holds."""


def index(closed: RoundReport, files: Sequence[Named], foot: str) -> Paper:
    """The first paper: what the others are, and where they may help."""
    instrument, snapshot = closed.instrument, closed.snapshot
    return Paper(
        TITLE,
        f"Self-assessment open from {open_between(closed)}. {base(snapshot, closed.work_here)}",
        foot,
        (
            Part("What this is", (points(_what(instrument.title)),)),
            Part("What is in it", (Table(("File", "What it holds"), tuple(files), (2, 3)),)),
            Part("Beside Leapfrog's four A's", (LEAPFROG_INTRO, Table(LEAPFROG_HEADS, LEAPFROG, (3, 5, 6, 6)))),
            Part(
                "Beside CMS's Patient Safety Structural Measure, domain 3",
                (CMS_INTRO, Table(CMS_HEADS, CMS, (3, 6, 6, 5))),
            ),
            Part("Before you attach it", (points(BEFORE),)),
            Part("Where this was read", (points(READ),)),
        ),
    )


def _what(title: str) -> list[str]:
    return [
        f"A record of how people who work here rated the organization with the form “{title}”, published by the U.S. "
        "Department of Health and Human Services, and of what was planned then. Item texts are the document's, all other "
        "sentences are HTA Bot's.",
        "It is no certificate and claims no compliance. Nobody but you has checked it. HHS, CMS and The Leapfrog Group have "
        "not seen, endorsed or approved it. Whether it counts for anything is for those to say who ask you for evidence.",
        "It is no survey of the safety culture and can't take the place of one.",
        "It names nobody who answered. The paper on goals names the owners of goals.",
    ]


LEAPFROG_INTRO = (
    "Leapfrog's safe practice Culture Measurement, Feedback, and Intervention looks at a survey of the safety culture in four "
    "dimensions. This pack is about one safety subject and no such survey. It can stand beside yours, as an example of "
    "how you measure, tell and act."
)
LEAPFROG_HEADS = ("Dimension", "What it is about, in short", "What this pack can show", "What it does not show")
LEAPFROG = (
    (
        "Awareness",
        "Measure the culture, report against benchmarks, talk the results over with staff.",
        "Who was asked and how many finished (04); what came out (01, 02). Results are sent to everyone who was asked.",
        "A survey of the safety culture; benchmarks: there are none for this form; talks with staff: attach notes of them.",
    ),
    (
        "Accountability",
        "Bring the results to senior leaders, and hold them to taking part and to using what came out.",
        "The page made for leaders, with what they are asked for (01); how many took part (04).",
        "That leaders have read it and answer for it: attach minutes, or objectives that name it.",
    ),
    (
        "Ability",
        "Teach staff, and provide what the next survey needs.",
        "Goals on training and resources, where you set such goals (05); how to ask again in the same way (03).",
        "That trainings took place and money was given: attach attendance and budget.",
    ),
    (
        "Action",
        "Choose what to improve, spread the results widely, set policies and procedures.",
        "What to work on first, and why (01, 02); goals with owners, dates and check-ins (05).",
        "That care has changed: attach the policy, protocol or figures that changed.",
    ),
)

CMS_INTRO = (
    "Domain 3, Culture of Safety and Learning Health System, has five statements. A hospital attests to them itself, and a "
    "domain counts only where all of its statements are true. Nothing in this pack makes one of them true by itself."
)
CMS_HEADS = ("Statement on", "What it is about, in short", "What this pack can show beside it", "What it does not show")
CMS = (
    (
        "Survey",
        "A hospital-wide survey of the safety culture with a validated form, in regular turns; its results shared and used.",
        "That staff were asked about one safety subject, across kinds of work (04); what came out (01, 02); goals, where you "
        "set them (05).",
        "This form is no survey of the safety culture. It does not count as one.",
    ),
    (
        "Events",
        "A team that analyzes serious safety events by an evidence-based method.",
        "Nothing. It may tell such a team which practices staff see as rare (02).",
        "Any event, or its analysis.",
    ),
    (
        "Dashboard",
        "A dashboard of safety metrics, with outside benchmarks, for leaders and the board.",
        "Scores and shares as figures that a dashboard of yours can take in (02).",
        "Outside benchmarks: this form has none.",
    ),
    (
        "High reliability",
        "Several practices of high reliability, such as huddles, leaders' rounds, teamwork training and a method of improvement.",
        "Goals with owners, dates and check-ins, as part of a method of improvement (05).",
        "The other practices.",
    ),
    (
        "Learning network",
        "Taking part in a large network that learns about safety, and taking up what it found.",
        "What you could share with others: the sections that were answered Often or Always most (01).",
        "Membership in a network.",
    ),
)

BEFORE = (
    "Read this year's text of whoever asks: the Leapfrog Hospital Survey with its endnotes, and CMS's specification and "
    "attestation guide. What stands above is shorter than they are, and may be out of date.",
    "Decide who may see it. Results are about the organization, and some may not be for everyone. Owners of goals are named.",
    "Add what it lacks: minutes, trainings, policies. Say in a cover note what you show it for.",
    "Keep it as it is. A figure that is not shown is left out to protect people: don't work it out or ask around for it.",
)

READ = (
    "The Leapfrog Group, Hospital Ratings: Staff Work Together to Prevent Errors (2022), and Safe Practices.",
    "Agency for Healthcare Research and Quality, National Action Alliance: Resources by the CMS Patient Safety Structural "
    "Measure Domains.",
    "Centers for Medicare & Medicaid Services: Patient Safety Structural Measure, in the Hospital Inpatient Quality Reporting "
    "program since the reporting year 2025; its statements as told in a webinar of Compass HCC on domain 3.",
)
