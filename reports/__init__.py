"""Results as sentences, tables, pictures and files. Knows nothing of Slack."""
