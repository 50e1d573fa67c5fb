"""A person answers: invitation, items, review, own scores."""
