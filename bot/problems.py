"""What keeps the bot from running, in a sentence for whoever runs it."""


class CannotRun(Exception):
    """The message says what is wrong, and the way out."""


def bot_token_refused(word: str) -> CannotRun:
    return CannotRun(
        f"Slack refuses SLACK_BOT_TOKEN ({word}). Copy the Bot User OAuth Token (xoxb-...) from OAuth & Permissions of "
        "your app, and install the app to the workspace first."
    )


def app_token_refused(word: str) -> CannotRun:
    return CannotRun(
        f"Slack refuses SLACK_APP_TOKEN ({word}). Make one with the scope connections:write under Basic Information, "
        "App-Level Tokens (xapp-...), and switch Socket Mode on."
    )
