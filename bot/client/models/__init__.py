"""What the client returns."""
