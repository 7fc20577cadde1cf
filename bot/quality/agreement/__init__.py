"""Agreement between experts, one coefficient per module."""
