"""The evidence pack: one zip with six files, the same bytes from the same facts."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from reports.evidence.index import index
from reports.evidence.method import method
from reports.evidence.paper import printed
from reports.evidence.record import Audience, participation, plan
from reports.exports import workbook
from reports.exports.file import File
from reports.leaders_page.page import report_pdf, shortened
from reports.round_report import RoundReport
from reports.sentences import open_between

TITLE = "Evidence pack"
INDEX = "00 Read me first.pdf"
PAGE = "01 Results on one page.pdf"
WORKBOOK = "02 Results.xlsx"
METHOD = "03 Method.pdf"
TOOK_PART = "04 Participation.pdf"
PLAN = "05 Goals and check-ins.pdf"
LONGEST_NAME = 60

FILES = (
    (PAGE, "For leaders: what came out, what to work on, what is asked of them"),
    (WORKBOOK, "All figures that may be shown, with a codebook"),
    (METHOD, "How it was asked, scored and kept, and what it can't tell"),
    (TOOK_PART, "How many were asked and finished"),
    (PLAN, "What is planned, by whom, until when, and how far it is"),
)


@dataclass(frozen=True)
class Evidence:
    """What the pack is made from.

    check_ins: what was said of each goal of the round, a line each. organization: its name, where that is known.
    """

    closed: RoundReport
    audiences: Sequence[Audience] = ()
    check_ins: Sequence[Sequence[str]] = ()
    organization: str | None = None


def evidence_pack(evidence: Evidence) -> bytes:
    """The zip. Heavy: keep it off the event loop."""
    closed = evidence.closed
    foot = " · ".join(
        [*_named(evidence.organization), f"Self-assessment, {open_between(closed)}", "Not endorsed by HHS"]
    )
    return _zipped(
        closed,
        {
            INDEX: printed(index(closed, FILES, foot)),
            PAGE: report_pdf(closed, organization=evidence.organization),
            WORKBOOK: workbook.xlsx(closed).content,
            METHOD: printed(method(closed, foot)),
            TOOK_PART: printed(participation(closed, evidence.audiences, foot)),
            PLAN: printed(plan(closed, evidence.check_ins, foot)),
        },
    )


def pack_file(evidence: Evidence) -> File:
    """The zip with the name that it gets in Slack."""
    return File(evidence.closed.named("evidence.zip"), evidence_pack(evidence), TITLE)


def _named(organization: str | None) -> list[str]:
    return [shortened(organization, LONGEST_NAME)] if organization else []


def _zipped(closed: RoundReport, files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    day = closed.closed_on
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            # The only date that a file tells is one that everybody knows.
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.external_attr = 0o600 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            zipped.writestr(entry, content)
    return made.getvalue()
