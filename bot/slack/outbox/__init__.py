"""Delivery of the outbox to Slack, with one function for each message type."""
