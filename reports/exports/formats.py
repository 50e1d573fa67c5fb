"""The formats that there are, and the files that each makes."""

from collections.abc import Sequence
from enum import StrEnum

from reports.exports.file import File
from reports.exports.respondents import Row
from reports.round_report import RoundReport


class Format(StrEnum):
    """In the order in which people are shown them."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    REDCAP = "redcap"
    FHIR = "fhir"
    SAV = "sav"


LABELS = {
    Format.PDF: "PDF, one page for leaders",
    Format.XLSX: "Excel workbook with codebook",
    Format.CSV: "CSV, one figure a row",
    Format.REDCAP: "REDCap data dictionary and results",
    Format.FHIR: "FHIR questionnaire with scoring",
    Format.SAV: "SPSS file with labels",
}
WITH_ROWS = (Format.CSV, Format.REDCAP, Format.SAV)
"""Those in which respondents' rows can leave the server."""


def files(format: Format, closed: RoundReport) -> tuple[File, ...]:
    """The files of one format, made from the snapshot alone. Heavy: keep it off the event loop."""
    from reports.exports import fhir, long, redcap, spss, workbook  # a start goes without them

    match format:
        case Format.PDF:
            return (page(closed),)
        case Format.XLSX:
            return (workbook.xlsx(closed),)
        case Format.CSV:
            return (long.csv(closed),)
        case Format.REDCAP:
            return redcap.dictionary(closed), redcap.results(closed)
        case Format.FHIR:
            return (fhir.questionnaire_file(closed),)
        case Format.SAV:
            return (spss.sav(closed),)


def page(closed: RoundReport) -> File:
    from reports.leaders_page.page import report_pdf

    return File(closed.named("report.pdf"), report_pdf(closed), "One page for leaders (PDF)")


def respondents_files(format: Format, closed: RoundReport, rows: Sequence[Row]) -> tuple[File, ...]:
    """The respondents' rows in one format; none in those that are for other things."""
    from reports.exports import long, redcap, spss

    match format:
        case Format.CSV:
            return (long.people(closed, rows),)
        case Format.REDCAP:
            return (redcap.people(closed, rows),)
        case Format.SAV:
            return (spss.people(closed, rows),)
        case _:
            return ()
