"""A Slack workspace of our own, in a browser, for trying and testing. It meets a bot through Slack's protocols only."""
