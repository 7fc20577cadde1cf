"""Label quality: votes, agreement, consensus, gold, forecast. Reads labels and numbers only."""
