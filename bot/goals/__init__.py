"""What the organization means to change, and how it goes: goals and check-ins in Slack."""
