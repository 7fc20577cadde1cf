"""A Slack bot through which subject-matter experts label data for language models."""

__version__ = "0.1.0"
