"""Charts of results, which people read as pictures: drawn for a phone, and said in full for screen readers."""
