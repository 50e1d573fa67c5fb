"""The evidence pack: what was done, with the files that show it."""
