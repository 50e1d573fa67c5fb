"""People answer on their own terms: when we write to them again, at most three times, and how they stop it."""
