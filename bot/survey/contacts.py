"""Whom a person can turn to: the numbers, as a line under a message and as a page of their own."""

from bot.blocks import View, context, modal, plain_section, section

HOTLINES = (
    "If someone is in danger now, follow your organization's protocol or call 911. For yourself: your employee "
    "assistance program, 988 by phone or text, or the National Human Trafficking Hotline, 1-888-373-7888 "
    "(text 233733)."
)


def contacts(here: str | None = None) -> View:
    """Whom to turn to. `here`: what the coordinator names for this organization."""
    return modal(
        "Help and contacts",
        [
            section("This topic can be hard, and you may know it from your own life. You can stop at any time."),
            section("*Danger now:* your organization's protocol, or 911."),
            *([plain_section(f"Here: {here}")] if here else []),
            section("*Someone to talk to:* your employee assistance program, or 988 by phone or text, day and night."),
            section("*National Human Trafficking Hotline:* 1-888-373-7888, or text 233733. It is confidential."),
            context("This self-assessment is not for reports, and nobody reads along."),
        ],
    )
