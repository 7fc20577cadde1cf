"""Who acts and what they may do: interactions, actors, roles and the audit log."""
