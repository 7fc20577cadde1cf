"""Slack's Web API: clients, rate limits, sending, files, profiles, groups and modals."""
