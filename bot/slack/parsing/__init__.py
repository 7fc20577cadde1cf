"""Parsers of what Slack sends: action ids, command arguments, message text."""
