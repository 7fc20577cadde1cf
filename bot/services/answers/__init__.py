"""Submitting, undoing, skipping, confirming and freezing answers; answers as labels."""
