"""A coordinator starts a self-assessment, sees that it is open, and closes it."""
