"""The paper that says how it was asked, scored and kept, and what it can't tell, for somebody who was not there."""

from reports.evidence.paper import Paper, Part, Table, points
from reports.exports.method import notes
from reports.round_report import RoundReport
from reports.sentences import day_of
from reports.wording import spelled
from storage.terms import MOST_REMINDERS

TITLE = "Method"


def method(closed: RoundReport, foot: str) -> Paper:
    """The paper on the method. What is said of figures is what the workbook says of them."""
    return Paper(
        TITLE,
        "How people were asked, how their answers were scored, what is shown and what is not, and what this can't tell.",
        foot,
        (
            Part("How people were asked", (points(_asked(closed)),)),
            Part("How it was scored, and what is shown", (Table(("About", "What was done"), notes(closed), (1, 3)),)),
            Part("What is promised to those who answer", (points(PROMISED),)),
            Part("What it can't tell", (points(LIMITS),)),
            Part("Sources", (points(_sources(closed)),)),
        ),
    )


def _asked(closed: RoundReport) -> list[str]:
    count = len(closed.instrument.items)
    choices = ", ".join(choice.label for choice in closed.instrument.choices)
    return [
        f"It was open from {day_of(closed.opened_on)} to {day_of(closed.closed_on)}.",
        "Each person who was asked got a direct message in Slack from HTA Bot. It named the coordinator who asks, and said "
        "what for, how long it takes, who sees the answers, that saying no has no effect on the job, and where to "
        "turn for help.",
        f"The {count} statements came one at a time, in the document's order and words. Under each stood one question of the "
        "bot's: how often do we do this here, as far as you can see; a policy or plan: how often is it followed.",
        f"The answers were the document's own: {choices}. Beside them stood Don't know (you can't see it from your work) "
        "and Doesn't apply (it has no place in an organization like ours).",
        "People could stop and go on, change their answers until it closed, and withdraw. "
        f"At most {spelled(MOST_REMINDERS)} reminders "
        "came by themselves, and none to people who had said no.",
        "While it was open nobody saw results.",
    ]


PROMISED = (
    "It is confidential, not anonymous: Slack knows who presses which button. Whom the bot asked and what was answered were "
    "stored apart, and the answers were encrypted under a key.",
    "At closing the key was destroyed and the database rewritten. Since then neither the bot nor those who run it can tell "
    "whose answers are whose. Copies of both the database and the key taken before closing could, for as long as they are kept.",
    "All figures come from one snapshot, taken at closing. What could show single people was taken out when it was made.",
    "One exception is named in the promise: whoever runs the server can export single responses, without names, times and "
    "order, and with small kinds of work merged. They are no part of this pack.",
)

LIMITS = (
    "It is what people see and say of their own organization. Nobody looked at records, policies or care.",
    "Those who answered may see things differently from those who did not, and from staff without Slack, who were not asked. "
    "The likely range says nothing about them.",
    "There are no published norms and no pass mark. The marks of 50 and 75 percent, from which a section is named as one to "
    "work on or to share, are the bot's.",
    "The document names no study of how well its scores measure what an organization does, and none that higher scores "
    "mean less harm.",
    "Two self-assessments can't be compared person by person, and staff change. After training, people may rate lower "
    "because they know more.",
    "It is no survey of the safety culture, and takes the place of none.",
)


def _sources(closed: RoundReport) -> list[str]:
    return [
        f"The questionnaire: {closed.instrument.title}. {closed.instrument.source}. HHS does not endorse HTA Bot.",
        "Shares of answers as the mean over a section's items, and leaving out Don't know and Doesn't apply: as in the Surveys "
        "on Patient Safety Culture of the Agency for Healthcare Research and Quality (AHRQ).",
        "Likely ranges: Student's t. Between two self-assessments: Welch's interval, with Satterthwaite's degrees of freedom.",
        "Where people disagree: the agreement index a_wg (Brown and Hauenstein, 2005).",
    ]
