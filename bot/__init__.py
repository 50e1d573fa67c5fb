"""What happens in Slack, and when."""
