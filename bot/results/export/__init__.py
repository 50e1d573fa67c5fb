"""Files: what came out of a closed round, for other programs. Pure functions of the stored snapshot."""
