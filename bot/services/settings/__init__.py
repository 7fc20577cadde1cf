"""Settings of the whole workspace."""
