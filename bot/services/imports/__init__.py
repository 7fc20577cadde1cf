"""Uploaded files and import jobs."""
