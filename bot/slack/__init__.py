"""How it looks and travels in Slack: texts, cards, modals, and the outbox that delivers them."""
