"""What came out: the scores of a closed round, in Slack."""
