"""Signed webhooks by the specification Standard Webhooks: signature, and delivery to an address."""
