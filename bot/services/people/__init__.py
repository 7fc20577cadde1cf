"""Personal data: what is stored about a person, and its erasure."""
