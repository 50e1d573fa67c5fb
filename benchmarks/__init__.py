"""What does it cost, beside the least that any right program would do? Printed, never asserted."""
