"""Charts of results: pure functions from a Snapshot, drawn for a phone and said in full for screen readers."""
