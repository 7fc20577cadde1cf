"""Webhooks: who gets events, what an event contains, and how its delivery ends."""
