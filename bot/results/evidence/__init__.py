"""The evidence pack: what was done and what came out, for whoever asks a hospital to show it."""
