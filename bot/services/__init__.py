"""Use cases, packaged by feature: plain functions that take a Session and never commit."""
