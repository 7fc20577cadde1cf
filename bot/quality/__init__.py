"""How good it is: votes, agreement, consensus, gold, pace. It sees labels and numbers alone."""
