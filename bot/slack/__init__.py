"""Slack: rendered messages and modals, parsed input, the client and the outbox."""
