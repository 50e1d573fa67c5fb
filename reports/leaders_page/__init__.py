"""One page for leaders."""
