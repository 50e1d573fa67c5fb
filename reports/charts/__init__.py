"""Results as pictures, each with its words."""
