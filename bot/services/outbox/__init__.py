"""The outbox: messages that were not delivered, and what operators do with them."""
